"""Tables from and to files, whatever their format."""

from collections.abc import Iterable

from quizapp.domain.sheets import Sheet
from quizapp.formats.all import TABULAR
from quizapp.formats.base import Cell
from quizapp.formats.safety import check_file


def read(name: str, content: bytes) -> list[Sheet]:
    """Return the tables of a file, its format told by content; the name serves for advice only.

    Raises FileRefused("file_empty" | "file_old_excel" | "file_broken" | "file_unsafe" | …).
    """
    check_file(name, content)
    if content.startswith(b"PK"):
        return TABULAR.get("xlsx").read(content)
    return TABULAR.get("csv").read(content)


def write(kind: str, title: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return a file of one table; `kind`: xlsx or csv. Raises Invalid("unknown_table_format")."""
    return TABULAR.get(kind).write(title, list(header), [list(row) for row in rows])


def mimetype(kind: str) -> str:
    """Return the media type of a kind. Raises Invalid("unknown_table_format")."""
    return TABULAR.get(kind).mimetype
