"""Tables from and to files, whatever their format."""

from collections.abc import Iterable

from quizapp.domain.sheets import Sheet
from quizapp.formats.all import TABULAR
from quizapp.formats.base import Cell, FileRefused

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"


def read(name: str, content: bytes) -> list[Sheet]:
    """Return the tables of a file, its format told by content; the name serves for advice only.

    Raises FileRefused("file_empty" | "file_old_excel" | "file_broken" | "file_unsafe" | …).
    """
    if not content.strip(b"\0 \r\n\t"):
        raise FileRefused("file_empty")
    if content.startswith(_OLD_EXCEL):
        raise FileRefused("file_old_excel")
    if content.startswith(_ZIP):
        return TABULAR.get("xlsx").read(content)
    if name.lower().endswith((".xlsx", ".xlsm", ".docx", ".zip")):
        raise FileRefused("file_broken")
    return TABULAR.get("csv").read(content)


def write(kind: str, title: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return a file of one table; `kind`: xlsx or csv. Raises Invalid("unknown_table_format")."""
    return TABULAR.get(kind).write(title, list(header), [list(row) for row in rows])


def mimetype(kind: str) -> str:
    """Return the media type of a kind. Raises Invalid("unknown_table_format")."""
    return TABULAR.get(kind).mimetype
