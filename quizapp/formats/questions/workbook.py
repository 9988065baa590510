"""XLSX workbooks of questions: merged cells carried down, hidden rows and sheets named."""

import io
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from quizapp.domain.imports import Mapping as Columns
from quizapp.domain.imports import ReadResult
from quizapp.domain.pace import counted
from quizapp.domain.sheets import FileRefused, Row
from quizapp.domain.text import Text
from quizapp.formats.base import MAX_CELLS, check_size
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.table import read_grids
from quizapp.formats.questions.workbook_beside import Beside
from quizapp.formats.questions.workbook_xml import (
    HiddenColumns,
    MergedCells,
    SheetRow,
    WorkbookXml,
)
from quizapp.formats.xlsx import BROKEN, opened

_MERGED_MAX = 20_000
_MOST_COLUMNS = 256
"""As many as old workbooks have: a stray sign far to the right does no harm."""


def read_workbook(content: bytes) -> list[Grid]:
    """Return every worksheet, hidden ones too. Raises FileRefused."""
    try:
        with warnings.catch_warnings():
            # the library warns of styles and drop-downs it leaves out; they hold no question
            warnings.simplefilter("ignore")
            book = opened(content, WorkbookXml)
            return [
                _with(_grid(name, book.rows(part), is_visible=is_visible), book.beside(part))
                for name, is_visible, part in book.sheets()
            ]
    except BROKEN as error:
        raise FileRefused("file_broken") from error


def _grid(
    name: str, found: Iterator[HiddenColumns | SheetRow | MergedCells], *, is_visible: bool
) -> Grid:
    rows: list[Row] = []
    hidden: set[int] = set()
    columns: set[int] = set()
    ranges: list[MergedCells] = []
    cells_seen = 0
    for each in counted(found):
        if isinstance(each, HiddenColumns):
            columns.update(range(each.first - 1, min(each.last, _MOST_COLUMNS)))
        elif not isinstance(each, SheetRow):
            ranges.append(each)
        elif each.cells:  # sheets are often formatted far below their last line
            width = max(each.cells).at + 1
            check_size(len(rows), width if width > _MOST_COLUMNS else 0)
            row = _row(each)
            cells_seen += len(row.cells)
            rows.append(row)
            if each.is_hidden:
                hidden.add(each.no)
        if cells_seen > MAX_CELLS or len(ranges) > _MERGED_MAX:
            raise FileRefused("file_unpacks_too_large")
    merged = _downwards(ranges, [row.no for row in rows])
    return Grid(
        name=name,
        rows=tuple(_carried(rows, merged)),
        is_hidden=not is_visible,
        hidden_rows=frozenset(hidden),
        hidden_columns=frozenset(columns),
        merged=merged,
    )


def _with(grid: Grid, beside: Beside) -> Grid:
    return replace(grid, pictured=beside.pictured, asides=beside.asides)


def _row(found: SheetRow) -> Row:
    texts: list[str] = []
    for cell in found.cells:
        texts += [""] * (cell.at + 1 - len(texts))
        texts[cell.at] = cell.text
    return Row(
        found.no,
        tuple(texts),
        frozenset(cell.at for cell in found.cells if cell.is_formula),
        frozenset(cell.at for cell in found.cells if cell.is_error and not cell.is_formula),
    )


def _downwards(ranges: list[MergedCells], numbers: list[int]) -> Mapping[int, dict[int, int]]:
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
        formulas, errors = set(row.formulas), set(row.errors)
        for at, top in below.items():
            first = by_no.get(top, nothing)
            texts[at] = first.cells[at] if at < len(first.cells) else ""
            formulas |= {at} & first.formulas
            errors |= {at} & first.errors
        yield Row(row.no, tuple(texts), frozenset(formulas), frozenset(errors))


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
                names = (name.replace("\\", "/").lstrip("/") for name in archive.namelist())
                return any(name.startswith("xl/") for name in names)
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    def read(self, content: bytes, mapping: Columns | None = None) -> ReadResult:
        """Return the questions of all sheets. Raises FileRefused."""
        return read_grids(read_workbook(content), mapping)
