"""What lies on a sheet beside its cells: pictures, text boxes and comments.

Pictures are not imported, and their questions must not lack them; words are listed.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import coordinate_from_string

_DRAWING, _COMMENTS = "/relationships/drawing", "/relationships/comments"


class Aside(NamedTuple):
    """Words beside the cells. `row`: 1-based; `why`: what they are, in Chinese."""

    row: int
    why: str
    text: str


class Beside(NamedTuple):
    """What lies on a sheet; `pictured`: the rows (1-based) at which its pictures begin."""

    pictured: frozenset[int] = frozenset()
    asides: tuple[Aside, ...] = ()


def beside_cells(archive: zipfile.ZipFile, part: str) -> Beside:
    """Return the pictures, text boxes and comments of a sheet."""
    pictured: set[int] = set()
    asides: list[Aside] = []
    for kind, linked in _linked(archive, part):
        if kind.endswith(_COMMENTS):
            asides += _comments(linked)
        for row, anchor in _anchors(linked) if kind.endswith(_DRAWING) else ():
            pictured |= {row} if anchor.find(".//{*}pic") is not None else set()
            asides += [
                Aside(row, "文本框", text)
                for box in anchor.iterfind(".//{*}txBody")
                if (text := "\n".join(filter(None, map(_words, box.iterfind("{*}p")))))
            ]
    return Beside(frozenset(pictured), tuple(asides))


def _linked(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    """Yield the kind and the content of each drawing and each comments part of a sheet."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    names = set(archive.namelist())
    for link in fromstring(archive.read(links), forbid_dtd=True) if links in names else ():
        path = posixpath.join("/", folder, link.get("Target", ""))
        target = posixpath.normpath(path).lstrip("/")
        kind = link.get("Type", "")
        if kind.endswith((_DRAWING, _COMMENTS)) and target in names:
            yield kind, fromstring(archive.read(target), forbid_dtd=True)


def _comments(root: Element) -> Iterator[Aside]:
    for comment in root.iterfind(".//{*}comment"):
        if text := _words(comment):
            yield Aside(coordinate_from_string(comment.get("ref", "A1"))[1], "单元格批注", text)


def _anchors(drawing: Element) -> Iterator[tuple[int, Element]]:
    for anchor in drawing:
        row = anchor.findtext("{*}from/{*}row")
        if row is not None:
            yield int(row) + 1, anchor


def _words(element: Element) -> str:
    return "".join(each.text or "" for each in element.iterfind(".//{*}t")).strip()
