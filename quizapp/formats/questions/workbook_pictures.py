"""Where pictures lie on a sheet: they are not imported, and their questions must not lack them."""

import posixpath
import zipfile
from collections.abc import Iterator

from defusedxml.ElementTree import fromstring

_DRAWING = "/relationships/drawing"


def pictured_rows(archive: zipfile.ZipFile, part: str) -> frozenset[int]:
    """Return the rows (1-based) at which the pictures of a sheet begin."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    names = set(archive.namelist())
    if links not in names:
        return frozenset()
    drawings = [
        posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
        for link in fromstring(archive.read(links), forbid_dtd=True)
        if link.get("Type", "").endswith(_DRAWING)
    ]
    return frozenset(
        row for each in drawings if each in names for row in _pictured(archive.read(each))
    )


def _pictured(drawing: bytes) -> Iterator[int]:
    for anchor in fromstring(drawing, forbid_dtd=True):
        row = anchor.findtext("{*}from/{*}row")
        if row is not None and anchor.find(".//{*}pic") is not None:
            yield int(row) + 1
