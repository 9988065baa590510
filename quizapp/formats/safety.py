"""Files from elsewhere: what is refused before any reader sees it, whatever the format."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizapp.domain.sheets import FileRefused
from quizapp.formats.base import MAX_COLUMNS, MAX_ROWS

MAX_FILE_MB = 20
MAX_UNPACKED = 80 * 1024 * 1024
MAX_MEMBER = 60 * 1024 * 1024
MAX_OFFICE_MEMBERS = 500
MAX_MEMBERS = 12_000
"""A package of an exchange format holds one file per question."""
MAX_RATIO = 200
"""How many times larger than its packed form a large member may be."""
LARGE = 5_000_000
MAX_LINE = 100_000
MAX_LINES = 200_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_ZIP = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ARCHIVES = (_ZIP, b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", _OLE)
_ZIP_NAMES = (".xlsx", ".xlsm", ".docx", ".docm", ".zip")
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"MZ\x90", b"\x7fELF", *_ARCHIVES[2:5])
_BLANK_BYTES = b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_BINARY_BOOK = b"xl/workbook.bin"
_ENCRYPTED = 0x1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE = "[Content_Types].xml"
_FORBIDDEN = re.compile(r"vbaProject|/externalLinks?/|/embeddings/|/activeX/", re.IGNORECASE)
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\0-\x1f]")
_TABLE_ROW = b"<row "
_XML_NAMES = (".xml", ".rels", ".vml", ".dat")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\s]*<")
_DTD = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, SyntaxError, KeyError,
    ValueError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What archives and parsers raise on unsound files; a fault of XML is a SyntaxError everywhere."""
_BOM16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f]")
_BLANKS = str.maketrans("\x0b\x0c", "  ")


def check_file(name: str, content: bytes) -> None:
    """Pass a file that may be read: of bearable size, no old or locked document, no trap.

    Only the first bytes and, of an archive, its directory and its XML are looked at; `name` tells
    no more than what its owner believes it to be. Raises FileRefused.
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        raise FileRefused("file_too_large", mb=MAX_FILE_MB)
    if not content.strip(_BLANK_BYTES):
        raise FileRefused("file_empty")
    code = _foreign(content)
    if code:
        raise FileRefused(code)
    if content.startswith(b"PK"):
        check_archive(content)
    elif name.lower().endswith(_ZIP_NAMES):
        raise FileRefused("file_broken")


def _foreign(content: bytes) -> str:
    """Return why a file of another kind is refused, told by its first bytes, or ""."""
    if content.startswith(_BINARY):
        return "file_not_text"
    if content.startswith(_RTF):
        return "file_old_word"
    if content.startswith(_ZIP) and (_OPEN_DOCUMENT in content[:200] or _BINARY_BOOK in content):
        return "file_other_office"
    if not content.startswith(_OLE):
        return ""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "file_encrypted"
    is_word = "WordDocument".encode("utf-16-le") in content
    return "file_old_word" if is_word else "file_old_excel"


def check_archive(content: bytes) -> None:
    """Pass an archive that unpacks to a bearable size and holds no trap.

    Refused: too many members, too large together, packed too densely, locked, names that lead out
    of a folder, archives in the archive, programs, links abroad, XML with declarations of its own.
    Raises FileRefused.
    """
    # counted in the raw bytes, since merely listing a hundred thousand members takes seconds
    if content.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
        raise FileRefused("file_unpacks_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            for member in members:
                _check_member(archive, member)
    except BROKEN as error:
        raise FileRefused("file_broken") from error


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    office = any(member.filename == _OFFICE for member in members)
    dense = any(
        m.file_size > LARGE and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members
    )
    if (
        dense
        or len(members) > (MAX_OFFICE_MEMBERS if office else MAX_MEMBERS)
        or sum(member.file_size for member in members) > MAX_UNPACKED
        or any(member.file_size > MAX_MEMBER for member in members)
    ):
        raise FileRefused("file_unpacks_too_large")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename
    # Python cuts a name at its first NUL and turns the separators; the name as packed decides
    if _UNSAFE_NAME.search(member.orig_filename) or _FORBIDDEN.search(name):
        raise FileRefused("file_unsafe")
    if member.flag_bits & _ENCRYPTED:
        raise FileRefused("file_encrypted")
    if member.compress_type not in _PACKED:
        raise FileRefused("file_broken")
    if name.lower().endswith(_XML_NAMES):
        _check_part(name, archive.read(member))
        return
    with archive.open(member) as opened:
        if opened.read(8).startswith(_ARCHIVES):
            raise FileRefused("file_nested")


def _check_part(name: str, part: bytes) -> None:
    """Pass the XML of an archive that declares nothing of its own and leads nowhere abroad."""
    if any(mark in part for mark in _DTD):
        raise FileRefused("file_unsafe")
    if part.count(_TABLE_ROW) > MAX_ROWS:
        # said here, since reading a million rows only to refuse them takes minutes
        raise FileRefused("file_too_many_rows", rows=MAX_ROWS, columns=MAX_COLUMNS)
    if name == _OFFICE and (b"macroEnabled" in part or b"vbaProject" in part):
        raise FileRefused("file_unsafe")
    if name.endswith(".rels") and _leads_abroad(part):
        raise FileRefused("file_unsafe")


def _leads_abroad(relations: bytes) -> bool:
    """Say whether a part of the document lies elsewhere; a link that a person clicks does not."""
    try:
        root = fromstring(relations, forbid_dtd=True)
    except DefusedXmlException:
        return True
    return any(
        link.get("TargetMode", "").lower() == "external"
        and not link.get("Type", "").endswith("/hyperlink")
        for link in root.iter()
    )


def decode(content: bytes) -> str:
    """Return the text of a file, exactly: UTF-8 or UTF-16 by its mark, UTF-8, else GB18030.

    Line ends stay as they are; page breaks and vertical tabs are blanks; a closing Ctrl-Z of old
    editors is dropped. Raises FileRefused("file_encoding" | "file_not_text").
    """
    encoding = "utf-16" if content.startswith(_BOM16) else "utf-8-sig"
    content = content.removesuffix(b"\x1a")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise FileRefused("file_encoding") from error
    if _CONTROLS.search(text):
        raise FileRefused("file_not_text")
    return text.translate(_BLANKS) if "\x0b" in text or "\x0c" in text else text


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a text file without their ends, as many as an editor counts.

    Raises FileRefused also for one endless line or too many.
    """
    lines = decode(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise FileRefused("file_too_many_lines", lines=MAX_LINES)
    for no, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            raise FileRefused("file_broken_line", line=no)
    return lines


def members_of(content: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Yield each file of a checked archive in its order: XML with its content, others with None.

    Some systems call their XML “.dat”.

    Nothing is ever written under a member's name. Raises FileRefused("file_broken").
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.is_dir():
                    continue
                name = member.filename.lower()
                part = archive.read(member) if name.endswith((".xml", ".dat")) else b""
                is_xml = name.endswith(".xml") or _MARKUP.match(part)
                yield member.filename, part if is_xml else None
    except BROKEN as error:
        raise FileRefused("file_broken") from error


def names_in(content: bytes) -> list[str]:
    """Return the names of an archive's members; none for what is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except BROKEN:
        return []
