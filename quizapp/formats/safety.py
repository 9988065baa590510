"""Files from elsewhere: what is refused before any reader sees it, whatever the format."""

import io
import re
import zipfile
from collections.abc import Iterator

from quizapp.domain.sheets import FileRefused
from quizapp.formats.archives import BROKEN, check_archive

MAX_FILE_MB = 20
MAX_LINE = 100_000
MAX_LINES = 200_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_ZIP = b"PK\x03\x04"
_ZIP_NAMES = (".xlsx", ".xlsm", ".docx", ".docm", ".zip")
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"MZ\x90", b"\x7fELF",
           b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")  # fmt: skip
_BLANK_BYTES = b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_BINARY_BOOK = b"xl/workbook.bin"
_MAY_BE_LONG = (b"<", b"{", b"[")
"""How XML and JSON begin: their lines mean nothing."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0\s]*<")
_BOM16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f]")
_BLANKS = str.maketrans("\x0b\x0c", "  ")


def check_outside(content: bytes) -> None:
    """Pass a file that is worth a look inside; only its size and its first bytes tell, at no cost.

    Raises FileRefused.
    """
    if len(content) > MAX_FILE_MB * 1024 * 1024:
        raise FileRefused("file_too_large", mb=MAX_FILE_MB)
    if not content.strip(_BLANK_BYTES):
        raise FileRefused("file_empty")
    code = _foreign(content)
    if code:
        raise FileRefused(code)


def check_file(name: str, content: bytes) -> None:
    """Pass a file that may be read: of bearable size, no old or locked document, no trap.

    Only the first bytes and, of an archive, its directory and its XML are looked at. The content
    decides: text named as a workbook is text; `name` tells why what is neither cannot be read.
    Raises FileRefused.
    """
    check_outside(content)
    if content.startswith(b"PK"):
        check_archive(content)
    elif name.lower().endswith(_ZIP_NAMES) and not _is_text(content):
        raise FileRefused("file_broken")
    elif not content.lstrip(_BLANK_BYTES).startswith(_MAY_BE_LONG):
        _check_lines(content)


def _is_text(content: bytes) -> bool:
    try:
        decode(content)
    except FileRefused:
        return False
    return True


def _check_lines(content: bytes) -> None:
    """Pass running text of bearable length, before anybody decodes it and looks what it is."""
    if content.count(b"\n") > MAX_LINES or content.count(b"\r") > MAX_LINES:
        raise FileRefused("file_too_many_lines", lines=MAX_LINES)


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
