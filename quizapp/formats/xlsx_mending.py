"""Workbooks that the reading library does not take, put into the form that it knows.

“Strict” workbooks name their parts otherwise; programs that are no spreadsheet write styles, sheets
of charts and names of parts that the library does not bear. Nothing of the cells is lost.
"""

import io
import re
import zipfile
from html import escape
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMESPACES = (
    (_STRICT + b"spreadsheetml/main", _MAIN.encode()),
    (
        _STRICT + b"officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATIONS, _TYPES, _STYLES = "_rels/.rels", "[Content_Types].xml", "xl/styles.xml"
_NO_CELLS = re.compile(r"docProps/|customXml/|xl/(?:chartsheets|charts|theme|media)/")
_ONE_OF_EACH = (
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills>"
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
)
_NORMAL = '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'


def is_strict(content: bytes) -> bool:
    """Say whether a workbook is one of strict Open XML. Raises what broken archives raise."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _RELATIONS in archive.namelist() and _STRICT in archive.read(_RELATIONS)


def mended(content: bytes) -> bytes:
    """Return the workbook in the form that the library knows: cells and formats of numbers only.

    Raises what broken archives and broken XML raise.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept,
    ):
        members = {member.filename.replace("\\", "/"): member for member in given.infolist()}
        declared = _declared(given.read(members[_TYPES])) if _TYPES in members else {}
        for name, member in members.items():
            if _NO_CELLS.match(name):
                continue
            part = given.read(member)
            for strict, common in _NAMESPACES:
                part = part.replace(strict, common)
            called = declared.get(name.lower(), name)
            kept.writestr(called, _number_formats(part) if called == _STYLES else part)
    return out.getvalue()


def _declared(types: bytes) -> dict[str, str]:
    """Return the names of parts as the workbook itself writes them, by their small letters."""
    names = (part.get("PartName", "").lstrip("/") for part in fromstring(types, forbid_dtd=True))
    return {name.lower(): name for name in names if name}


def _number_formats(styles: bytes) -> bytes:
    """Return styles that say how numbers look and nothing else."""
    root = fromstring(styles, forbid_dtd=True)
    formats = "".join(
        f"<numFmt numFmtId={_quoted(each.get('numFmtId', '0'))}"
        f" formatCode={_quoted(each.get('formatCode', ''))}/>"
        for each in _below(root, "numFmts")
    )
    cells = "".join(
        f"<xf numFmtId={_quoted(each.get('numFmtId', '0'))}/>" for each in _below(root, "cellXfs")
    )
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>{_ONE_OF_EACH}'
        f"<cellXfs>{cells or '<xf/>'}</cellXfs>{_NORMAL}</styleSheet>"
    ).encode()


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'


def _below(root: Element, name: str) -> list[Element]:
    return [each for part in root if part.tag.endswith(f"}}{name}") for each in part]
