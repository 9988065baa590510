"""What every file format shares: limits, refusals, and cells that no program runs."""

from datetime import date, datetime
from typing import Protocol

from quizapp.domain.clock import CHINA
from quizapp.domain.sheets import FileRefused, Row, Sheet

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "MAX_ROWS", "Cell", "FileRefused", "Row", "Sheet", "Tabular"]

MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_CELLS = 1_500_000
MAX_QUESTIONS = 20_000
"""In one file: four times as many as anybody brings; each takes its time."""
Cell = str | int | float | bool | date | datetime | None
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－")
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


class Tabular(Protocol):
    """A member of the shelf of table formats."""

    key: str
    mimetype: str

    def read(self, content: bytes) -> list[Sheet]:
        """Return the sheets of a file. Raises FileRefused."""

    def write(self, title: str, header: list[str], rows: list[list[Cell]]) -> bytes:
        """Return a file of one sheet."""


def check_questions(count: int) -> None:
    """Pass a bearable number of questions. Raises FileRefused("file_too_many_questions")."""
    if count > MAX_QUESTIONS:
        raise FileRefused("file_too_many_questions", most=MAX_QUESTIONS)


def starts_formula(text: str) -> bool:
    """Say whether a spreadsheet could take the text for a formula."""
    return text.startswith(_STARTS_FORMULA)


def clean(text: str) -> str:
    """Return the text without signs that no file of text may hold."""
    return text.translate(CONTROLS)


def plain(cell: Cell) -> str | int | float:
    """Return a cell as it is written: numbers stay numbers, moments are China's civil time."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    return clean(cell) if isinstance(cell, str) else cell


def check_size(rows: int, columns: int) -> None:
    """Pass a table of bearable size. Raises FileRefused("file_too_many_rows")."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise FileRefused("file_too_many_rows", rows=MAX_ROWS, columns=MAX_COLUMNS)
