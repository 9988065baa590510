"""XLSX workbooks of questions: cells as shown, merged cells, hidden rows and sheets."""

import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import from_excel

from quizapp.domain.imports import Mapping as Columns
from quizapp.domain.imports import ReadResult
from quizapp.domain.sheets import FileRefused, Row
from quizapp.domain.text import Text
from quizapp.formats.base import MAX_CELLS, check_size
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.cell_text import shown
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.table import read_grids
from quizapp.formats.xlsx import BROKEN

_CHUNK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_NO = re.compile(rb'\br\s*=\s*"(\d+)"')
_HIDDEN = re.compile(rb'\bhidden\s*=\s*"(?:1|true)"|\bht\s*=\s*"0(?:\.0*)?"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*"([A-Z]+\d+:[A-Z]+\d+)"')
_CHINESE_DATES = {
    **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月"),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日"),
    30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒",
    34: "上午/下午h时mm分", 35: "上午/下午h时mm分ss秒",
}  # fmt: skip
_MERGED_MAX = 20_000
_ODD = re.compile(r"_x000[dD]_|[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_workbook(content: bytes) -> list[Grid]:
    """Return every worksheet, hidden ones too. Raises FileRefused."""
    try:
        with warnings.catch_warnings():
            # the library warns of styles and drop-downs it leaves out; they hold no question
            warnings.simplefilter("ignore")
            return _grids(content)
    except BROKEN as error:
        raise FileRefused("file_broken") from error


def _grids(content: bytes) -> list[Grid]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        return [_grid(book, sheet) for sheet in book.worksheets]
    finally:
        book.close()


def _grid(book: Any, sheet: Any) -> Grid:
    # a wrong <dimension>, common in files of other programs, would cut the sheet
    sheet.reset_dimensions()
    hidden, ranges = _marks(book, sheet)
    rows: list[Row] = []
    cells_seen = 0
    for no, cells in enumerate(sheet.iter_rows(), start=1):
        row = _row(no, cells)
        if not row.cells:
            continue  # sheets are often formatted far below their last line
        cells_seen += len(row.cells)
        check_size(len(rows), len(row.cells))
        if cells_seen > MAX_CELLS:
            raise FileRefused("file_unpacks_too_large")
        rows.append(row)
    merged = _downwards(ranges, [row.no for row in rows])
    return Grid(
        name=str(sheet.title),
        rows=tuple(_carried(rows, merged)),
        is_hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(hidden),
        merged=merged,
    )


def _row(no: int, cells: Any) -> Row:
    texts: list[str] = []
    formulas: list[int] = []
    for at, cell in enumerate(cells):
        value = cell.value
        if value is None:
            texts.append("")
        elif isinstance(value, str):
            if cell.data_type == "f":
                formulas.append(at)
            texts.append(value if value.isprintable() else _ODD.sub("", value))
        elif hasattr(value, "text") or hasattr(value, "ref"):
            formulas.append(at)
            texts.append(str(getattr(value, "text", None) or "="))
        else:
            texts.append(_shown(cell, value))
    while texts and not texts[-1]:
        texts.pop()
    return Row(no, tuple(texts), frozenset(formulas))


def _shown(cell: Any, value: Any) -> str:
    """Return a number or moment as its owner sees it.

    The numbers 27 to 58 of the formats built into a Chinese spreadsheet are dates, which the
    library does not know.
    """
    number_format = cell.number_format
    if number_format == "General" and cell._style_id and isinstance(value, int | float):
        built_in = cell.parent.parent._cell_styles[cell._style_id].numFmtId
        if built_in in _CHINESE_DATES:
            return shown(from_excel(value), _CHINESE_DATES[built_in])
    return shown(value, number_format)


def _marks(book: Any, sheet: Any) -> tuple[set[int], list[tuple[int, int, int, int]]]:
    """Return the hidden rows and merged ranges, which a streaming reader does not tell."""
    hidden: set[int] = set()
    ranges: list[tuple[int, int, int, int]] = []
    no = 0
    with book._archive.open(sheet._worksheet_path) as part:
        for piece in _pieces(part):
            for tag in _ROW.findall(piece):
                number = _ROW_NO.search(tag)
                no = int(number.group(1)) if number else no + 1
                if _HIDDEN.search(tag):
                    hidden.add(no)
            ranges += [_bounds(ref.decode()) for ref in _MERGED.findall(piece)]
            if len(ranges) > _MERGED_MAX:
                raise FileRefused("file_unpacks_too_large")
    return hidden, ranges


def _pieces(part: Any) -> Iterator[bytes]:
    """Yield the part in pieces that cut no tag."""
    rest = b""
    while chunk := part.read(_CHUNK):
        rest += chunk
        cut = rest.rfind(b"<")
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _bounds(ref: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(ref)
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def _downwards(
    ranges: list[tuple[int, int, int, int]], numbers: list[int]
) -> Mapping[int, dict[int, int]]:
    """Return row → column → first row of its merged cell, for cells merged over several rows.

    `numbers`: the rows that hold anything, ascending; a merged cell may reach far below them.
    """
    merged: defaultdict[int, dict[int, int]] = defaultdict(dict)
    seen = 0
    for left, top, _, bottom in ranges:
        if bottom > top:
            covered = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            seen += len(covered)
            if seen > MAX_CELLS:
                raise FileRefused("file_unpacks_too_large")
            for no in covered:
                merged[no][left - 1] = top
    return merged


def _carried(rows: list[Row], merged: Mapping[int, dict[int, int]]) -> Iterator[Row]:
    """Yield the rows with the first cell's value in every row of a merged cell."""
    by_no = {row.no: row for row in rows}
    nothing = Row(0, ())
    for row in rows:
        below = {at: top for at, top in merged.get(row.no, {}).items() if top < row.no}
        if not below:
            yield row
            continue
        texts = [*row.cells, *[""] * (max(below) + 1 - len(row.cells))]
        formulas = set(row.formulas)
        for at, top in below.items():
            first = by_no.get(top, nothing)
            texts[at] = first.cells[at] if at < len(first.cells) else ""
            formulas |= {at} & first.formulas
        yield Row(row.no, tuple(texts), frozenset(formulas))


class Workbook(QuestionReader):
    """XLSX on the shelf of question formats."""

    key = "xlsx"
    label = Text("Excel 表格（.xlsx）", "Excel workbook (.xlsx)")

    def sniff(self, _name: str, content: bytes) -> bool:
        """Say whether it is an archive that names a workbook."""
        if not content.startswith(b"PK"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return any(name.lstrip("/").startswith("xl/") for name in archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    def read(self, content: bytes, mapping: Columns | None = None) -> ReadResult:
        """Return the questions of all sheets. Raises FileRefused."""
        return read_grids(read_workbook(content), mapping)
