"""Archives from elsewhere: what is refused before any reader unpacks them."""

import io
import re
import struct
import zipfile
import zlib
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizapp.domain.sheets import FileRefused
from quizapp.formats.base import MAX_COLUMNS, MAX_ROWS

MAX_UNPACKED = 80 * 1024 * 1024
MAX_MEMBER = 60 * 1024 * 1024
MAX_OFFICE_MEMBERS = 500
MAX_MEMBERS = 12_000
"""A package of an exchange format holds one file per question."""
MAX_RATIO = 200
"""How many times larger than its packed form a large member may be."""
LARGE = 5_000_000
MAX_TAGS = 1_500_000
"""Of cells and shared texts; each begins with “<”, opening or closing."""
MAX_OTHER_TAGS = 200_000
"""Of a workbook's styles, names, links and whatever else stands beside its cells."""
MOST_PER_TAG = 10_000
"""How many bytes a large part may hold for each tag: endless text has few."""
MAX_SHEETS = 200
MAX_LINKS = 20_000
"""From one part of a document to others; each picture is one."""
MAX_STYLES = 65_490
"""As many formats of cells as a spreadsheet program can hold."""
MAX_TAG = 1_000_000
"""The longest single tag or comment (bytes): pictures may be written into one."""
MOST_UNCLOSED = 10_000
"""Tags that neither close nor are closed: comments and the like. A parser keeps what is open."""

DIRECTORY_ENTRY = b"PK\x01\x02"
_ARCHIVES = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)  # fmt: skip
_ENCRYPTED = 0x1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE = "[Content_Types].xml"
_FORBIDDEN = re.compile(r"vbaProject|/externalLinks?/|/embeddings/|/activeX/", re.IGNORECASE)
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\0-\x1f]")
_TABLE_ROW, _CELLS, _SHEET_ID, _STYLE = b"<row ", b"sheetData", b"sheetId=", b"<xf "
_SHARED = "sharedstrings"
_LONG_FORMAT = re.compile(rb"formatCode\s*=\s*(?:\"[^\"]{2000}|'[^']{2000})")
_XML_NAMES = (".xml", ".rels", ".vml", ".dat")
_DTD = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_HARMLESS_ABROAD = ("/hyperlink", "/image")
"""A link that a person clicks, and a picture that is named and never fetched."""
_LOCAL_TEMPLATE = re.compile(r"(?!\w+://)|file:", re.IGNORECASE)
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, SyntaxError, KeyError,
    ValueError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What archives and parsers raise on unsound files; a fault of XML is a SyntaxError everywhere."""
_CHUNK = 1 << 16


def check_archive(content: bytes) -> None:
    """Pass an archive that unpacks to a bearable size and holds no trap.

    Refused: too many members, too large together, packed too densely, locked, names that lead out
    of a folder, archives in the archive, programs, links abroad, XML with declarations of its own
    or of more tags than any document has. Raises FileRefused.
    """
    # counted in the raw bytes, since merely listing a hundred thousand members takes seconds
    if content.count(DIRECTORY_ENTRY) > MAX_MEMBERS:
        raise FileRefused("file_unpacks_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            is_office = any(member.filename == _OFFICE for member in members)
            _check_sizes(members, MAX_OFFICE_MEMBERS if is_office else MAX_MEMBERS)
            for member in members:
                _check_member(archive, member, is_office=is_office)
    except BROKEN as error:
        raise FileRefused("file_broken") from error


def _check_sizes(members: list[zipfile.ZipInfo], most: int) -> None:
    dense = any(
        m.file_size > LARGE and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members
    )
    if (
        dense
        or len(members) > most
        or sum(member.file_size for member in members) > MAX_UNPACKED
        or any(member.file_size > MAX_MEMBER for member in members)
    ):
        raise FileRefused("file_unpacks_too_large")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, is_office: bool) -> None:
    name = member.filename
    # Python cuts a name at its first NUL and turns the separators; the name as packed decides
    if _UNSAFE_NAME.search(member.orig_filename) or _FORBIDDEN.search(name):
        raise FileRefused("file_unsafe")
    if member.flag_bits & _ENCRYPTED:
        raise FileRefused("file_encrypted")
    if member.compress_type not in _PACKED:
        raise FileRefused("file_broken")
    if name.lower().endswith(_XML_NAMES):
        part = _unpacked(archive, member)
        if is_office:
            _check_tags(name, part)
        _check_part(name, part)
        return
    with archive.open(member) as opened:
        if opened.read(8).startswith(_ARCHIVES):
            raise FileRefused("file_nested")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's content, never more than it says it has. Raises what BROKEN lists."""
    pieces = []
    with archive.open(member) as opened:
        # a read of everything at once unpacks all there is before its size is looked at
        while piece := opened.read(_CHUNK):
            pieces.append(piece)
    return b"".join(pieces)


def _check_tags(name: str, part: bytes) -> None:
    """Pass a part of a document with as many tags as the libraries read in bearable time."""
    if part.count(_TABLE_ROW) > MAX_ROWS:
        # said here, since reading a million rows only to refuse them takes minutes
        raise FileRefused("file_too_many_rows", rows=MAX_ROWS, columns=MAX_COLUMNS)
    begins, ends = part.find(_CELLS), part.rfind(_CELLS)
    tags = part.count(b"<")
    beside = tags if begins < 0 else part.count(b"<", 0, begins) + part.count(b"<", ends)
    is_text = name.startswith("word/") or _SHARED in name.lower()
    if (
        tags > MAX_TAGS
        or (beside > MAX_OTHER_TAGS and not is_text)
        or part.count(_SHEET_ID) > MAX_SHEETS
        or part.count(_STYLE) > MAX_STYLES
        or len(part) > max(LARGE, tags * MOST_PER_TAG)
        or _LONG_FORMAT.search(part)
    ):
        raise FileRefused("file_unpacks_too_large")
    if tags - 2 * part.count(b"</") - part.count(b"/>") > MOST_UNCLOSED:
        raise FileRefused("file_broken")


def _check_part(name: str, part: bytes) -> None:
    """Pass the XML of an archive that declares nothing of its own and leads nowhere abroad."""
    if any(mark in part for mark in _DTD):
        raise FileRefused("file_unsafe")
    if name == _OFFICE and (b"macroEnabled" in part or b"vbaProject" in part):
        raise FileRefused("file_unsafe")
    if name.endswith(".rels") and part.count(b"<") > MAX_LINKS:
        raise FileRefused("file_unpacks_too_large")
    if name.endswith(".rels") and _leads_abroad(part):
        raise FileRefused("file_unsafe")
    check_tag_length(part)


def check_tag_length(xml: bytes) -> None:
    """Pass XML without a single tag of a million attributes: parsers keep all of one at once.

    What is no XML passes; its parser says so. Raises FileRefused("file_unpacks_too_large").
    """
    if len(xml) <= MAX_TAG:
        return
    parser = ParserCreate()
    try:
        for at in range(0, len(xml), _CHUNK):
            parser.Parse(xml[at : at + _CHUNK], False)
            if at - parser.CurrentByteIndex > MAX_TAG:
                raise FileRefused("file_unpacks_too_large")
    except ExpatError:
        return


def _leads_abroad(relations: bytes) -> bool:
    """Say whether what the document is made of lies elsewhere.

    Templates beside it are named by nearly every document of an office; none is ever opened.
    """
    try:
        root = fromstring(relations, forbid_dtd=True)
    except DefusedXmlException:
        return True
    return any(
        link.get("TargetMode", "").lower() == "external" and not _is_harmless(link.attrib)
        for link in root.iter()
    )


def _is_harmless(link: dict[str, str]) -> bool:
    kind = link.get("Type", "")
    is_template = kind.endswith("/attachedTemplate")
    return kind.endswith(_HARMLESS_ABROAD) or (
        is_template and _LOCAL_TEMPLATE.match(link.get("Target", "")) is not None
    )
