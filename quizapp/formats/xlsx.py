"""XLSX workbooks: read within limits, written so that nothing in them runs."""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain, islice, zip_longest
from typing import Any, TypeVar

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from quizapp.formats import archives
from quizapp.formats.base import MAX_CELLS, Cell, FileRefused, Row, Sheet, check_size, plain
from quizapp.formats.xlsx_mending import is_strict, mended

Book = TypeVar("Book")
_LOOKED_AT, _NARROWEST, _WIDEST = 50, 6, 60
EXACT = 1e15
"""Below it every whole number has a float of its own."""
BROKEN = (*archives.BROKEN, InvalidFileException, TypeError, AttributeError, IndexError)
"""What the reader raises on files that are no workbook; all of them are the file's fault."""


def opened(content: bytes, load: Callable[[bytes], Book]) -> Book:
    """Return what `load` makes of a workbook, mended where the library does not take it as it is.

    Raises what BROKEN lists.
    """
    try:
        return load(mended(content) if is_strict(content) else content)
    except BROKEN:
        return load(mended(content))


def _loaded(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content), read_only=True, keep_links=False)


def read_xlsx(content: bytes) -> list[Sheet]:
    """Return the visible sheets that hold anything. Raises FileRefused.

    Numbers read as shown (leading zeros of a zero format included), dates as YYYY-MM-DD, formulas
    as their own text and marked.
    """
    try:
        archives.check_archive(content)
        book = opened(content, _loaded)
        try:
            sheets = [
                _read_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"
            ]
        finally:
            book.close()
    except BROKEN as error:
        raise FileRefused("file_broken") from error
    sheets = [sheet for sheet in sheets if not all(row.is_empty for row in sheet.rows)]
    if not sheets:
        raise FileRefused("file_empty")
    return sheets


def _read_sheet(sheet: Any) -> Sheet:
    rows: list[Row] = []
    cells_seen = 0
    for no, row in enumerate(sheet.iter_rows(), start=1):
        cells = row[
            : max((at for at, cell in enumerate(row, 1) if cell.value is not None), default=0)
        ]
        cells_seen += len(cells)
        check_size(no, len(cells))
        if cells_seen > MAX_CELLS:
            raise FileRefused("file_unpacks_too_large")
        formulas = frozenset(at for at, cell in enumerate(cells) if cell.data_type == "f")
        rows.append(Row(no, tuple(_shown(cell) for cell in cells), formulas))
    return Sheet(str(sheet.title), tuple(rows))


def _shown(cell: Any) -> str:
    """Return the text that the cell's owner sees."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)
    if isinstance(value, int):
        zeros = str(cell.number_format)
        return str(value).zfill(len(zeros)) if set(zeros) == {"0"} else str(value)
    return str(value)


def write_xlsx(sheets: Sequence[tuple[str, Iterable[Iterable[Cell]]]]) -> bytes:
    """Return a workbook of (name, rows); the first row of a sheet is its heading and stays in view.

    Text is stored as text, whatever it looks like; numbers are numbers.
    """
    book = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "Sheet")
        sheet.freeze_panes = "A2"
        remaining = iter(rows)
        first = [list(row) for row in islice(remaining, _LOOKED_AT)]
        for at, width in enumerate(_widths(first), start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        for no, row in enumerate(chain(first, remaining)):
            sheet.append([_cell(sheet, plain(cell), is_heading=no == 0) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return how wide each column must be for what stands in it; Han characters take two places."""
    widths = [
        max(sum(2 if sign > "\u2e80" else 1 for sign in str(plain(cell))) for cell in column)
        for column in zip_longest(*rows, fillvalue="")
    ]
    return [min(max(width + 2, _NARROWEST), _WIDEST) for width in widths]


def _cell(sheet: Any, value: str | float, *, is_heading: bool) -> Any:
    if not is_heading and not (isinstance(value, str) and value.startswith("=")):
        return value
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if is_heading:
        cell.font = Font(bold=True)
    return cell


class Xlsx:
    """XLSX on the shelf of table formats."""

    key = "xlsx"
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def read(self, content: bytes) -> list[Sheet]:
        """Return the sheets with content."""
        return read_xlsx(content)

    def write(self, title: str, header: list[str], rows: list[list[Cell]]) -> bytes:
        """Return a workbook of one sheet named after the title."""
        return write_xlsx([(title, [header, *rows])])
