"""From the rows of sheets to questions: nothing that is written there vanishes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped, TableFound
from quizapp.domain.question_headings import (
    HeadingRow,
    columns_of,
    field_of,
    find_heading_row,
    is_heading,
    may_name_stem,
    with_options_spread,
)
from quizapp.domain.sheets import FileRefused, Row
from quizapp.domain.type_notation import Section, section_of, type_named_in, type_of
from quizapp.formats.base import check_questions
from quizapp.formats.questions.blocks import blocks_of
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.record import Layout, layout_of, question_of
from quizapp.formats.questions.remarks import NOTE, is_total, remark_in
from quizapp.formats.questions.running_text import read_running
from quizapp.formats.questions.unused_columns import unused_columns

SAMPLES = 3
_HEADING_CELL = 20


def read_grids(grids: Sequence[Grid], mapping: Mapping | None = None) -> ReadResult:
    """Return the questions of all sheets, each understood by its own heading row.

    Hidden sheets and rows give no questions but are listed, as are rows above a heading and sheets
    without one. Raises FileRefused("file_empty") when nothing is written anywhere.
    """
    result = ReadResult()
    result.skipped += [
        Skipped(grid.place(no), text, why, grid.name, no)
        for grid in grids
        for no, why, text in grid.asides
    ]
    grids = [grid for grid in grids if not all(row.is_empty for row in grid.rows)]
    if not grids:
        raise FileRefused("file_empty")
    visible = [grid for grid in grids if not grid.is_hidden]
    headings = [None if grid.is_hidden else _heading(grid, (mapping or {}).get(grid.name))
                for grid in grids]  # fmt: skip
    has_table = any(headings)
    for grid, heading in zip(grids, headings, strict=True):
        if grid.is_hidden:
            _skip(result, grid, grid.rows, "隐藏工作表")
        elif heading is not None:
            _read_table(grid, heading, result, given=bool(mapping and grid.name in mapping))
        elif has_table or not _ran_on(grid, result):
            _skip(result, grid, grid.rows, "说明" if NOTE.fullmatch(grid.name) else "没有表头")
            result.tables.append(TableFound(grid.name, 0, (), {}, _samples(grid, 0)))
    if visible and not has_table and not result.questions:
        first = next(row.no for row in visible[0].rows if not row.is_empty)
        place, sheet = visible[0].place(first), visible[0].name
        result.findings.append(Finding(place, "heading_missing", sheet=sheet, no=first))
    return result


def _ran_on(grid: Grid, result: ReadResult) -> bool:
    """Put the questions of a sheet without columns into the result; False when it is no such."""
    found = None if grid.is_text else read_running(grid)
    if found is None:
        return False
    _skip(result, grid, (row for row in grid.rows if row.no in grid.hidden_rows), "隐藏行")
    result.questions += found.questions
    result.findings += found.findings
    result.skipped += found.skipped
    return True


def _read_table(grid: Grid, heading: HeadingRow, result: ReadResult, *, given: bool) -> None:
    """Put a sheet with columns into the result."""
    no = heading.row.no
    samples = _samples(grid, heading.last)
    if not given:
        heading = _preferring_visible(grid, heading)
    for at in sorted(grid.hidden_columns & set(heading.columns)):
        text = f"{get_column_letter(at + 1)} “{heading.row.cell(at)}”"
        result.skipped.append(Skipped(grid.place(no), text, "隐藏列，其内容已读取", grid.name, no))
    blocks = [(grid, heading)] if grid.hidden_columns else blocks_of(grid, heading, given=given)
    columns = {at: field for _, block in blocks for at, field in block.columns.items()}
    readings = [_Reading(part, block, result) for part, block in blocks]
    codes = {code: key for each in readings for code, key in each.layout.codes.items()}
    result.tables.append(TableFound(grid.name, no, heading.row.cells, columns, samples, codes))
    for each in readings:
        each.run()
    asked = {question.no for question in result.questions if question.sheet == grid.name}
    used = columns.keys() | {at for each in readings for places in each.layout.columns.values()
                             for at in places}  # fmt: skip
    if not given and (unused := unused_columns(grid, heading, used, asked)):
        result.skipped.append(Skipped(grid.place(no), unused, "未用到的列", grid.name, no))
    result.skipped += [
        Skipped(grid.place(each), "（图片）", "图片未导入", grid.name, each)
        for each in sorted(grid.pictured - asked)
    ]


def _preferring_visible(grid: Grid, heading: HeadingRow) -> HeadingRow:
    """Return the heading with hidden columns only for what no column in view holds."""
    if not grid.hidden_columns & set(heading.columns):
        return heading
    shown = columns_of(
        ["" if at in grid.hidden_columns else cell for at, cell in enumerate(heading.row.cells)]
    )
    hidden = {at: field for at, field in heading.columns.items() if field not in shown.values()}
    return replace(heading, columns=shown | hidden)


def _heading(grid: Grid, given: dict[int, str] | None) -> HeadingRow | None:
    found = find_heading_row(row for row in grid.rows if row.no not in grid.hidden_rows)
    if given is None:
        return with_options_spread(found, grid.rows) if found else None
    columns = {at: field for at, field in given.items() if field not in ("", "ignored")}
    row = found.row if found else Row(0, ())
    return HeadingRow(row, columns, found.last if found else 0)


def _samples(grid: Grid, below: int) -> tuple[tuple[str, ...], ...]:
    rows = [row.cells for row in grid.rows if row.no > below and not row.is_empty]
    return tuple(rows[:SAMPLES])


def _skip(result: ReadResult, grid: Grid, rows: Iterable[Row], why: str) -> None:
    for row in rows:
        if not row.is_empty:
            text = "　".join(cell.strip() for cell in row.cells if cell.strip())
            result.skipped.append(Skipped(grid.place(row.no), text, why, grid.name, row.no))


class _Reading:
    """One sheet being read from its heading downwards."""

    def __init__(self, grid: Grid, heading: HeadingRow, result: ReadResult) -> None:
        self.grid = grid
        self.result = result
        self.section = Section(grid.name if type_of(grid.name) else type_named_in(grid.name), "")
        self.heading = heading
        self.layout = self._laid_out(heading)

    def _laid_out(self, heading: HeadingRow) -> Layout:
        below = [row for row in self.grid.rows if row.no > heading.last]
        return layout_of(heading.row, heading.columns, below)

    def run(self) -> None:
        """Put every row that is not empty into the result."""
        waiting: list[Row] = []
        for row in self.grid.rows:
            if self.heading.row.no <= row.no <= self.heading.last:
                continue
            if waiting and self._continues(waiting[0], row):
                waiting.append(row)
                continue
            self._finish(waiting)
            waiting = [row] if self._is_question(row) else []
        self._finish(waiting)

    def _continues(self, first: Row, row: Row) -> bool:
        """Say whether a row belongs to the question above, whose cell is merged down to it."""
        top = self.grid.merged.get(row.no, {}).get(self.layout.stem)
        return top is not None and top <= first.no and row.no not in self.grid.hidden_rows

    def _finish(self, rows: list[Row]) -> None:
        if rows:
            check_questions(len(self.result.questions) + 1)
            question = question_of(self.grid, self.layout, rows, self.section)
            self.result.questions.append(question)

    def _is_question(self, row: Row) -> bool:
        """Say whether a row begins a question; what does not is noted as what it is."""
        if row.no in self.grid.broken:
            self.result.questions.append(self._broken(row))
            return False
        own = self.grid.own(row)
        if not own:
            return False
        why = self._why_not(row, own)
        if why:
            _skip(self.result, self.grid, [row], why)
        return not why

    def _why_not(self, row: Row, own: dict[int, str]) -> str:
        if row.no in self.grid.hidden_rows:
            return "隐藏行"
        if section := self._section(own):
            self.section = section
            return "分节标题"
        if row.no < self.heading.row.no:
            return "表头以上"
        if self._is_other_heading(row):
            return "表头"
        texts = list(own.values())
        remark = "" if self.layout.has_answer(own) else remark_in(texts)
        if remark or is_total(texts):
            return remark or "说明"
        return "" if self.layout.begins(own) else "没有题目内容"

    def _section(self, own: dict[int, str]) -> Section | None:
        """Return the section that a row without answer and options announces."""
        if self.layout.has_body(own) or len(own) > 2:  # noqa: PLR2004
            return None
        stem = own.get(self.layout.stem)
        texts = own.values() if stem is None else [stem]
        return next((found for text in texts if (found := section_of(text))), None)

    def _is_other_heading(self, row: Row) -> bool:
        likely = (
            cell for cell in row.cells if 1 < len(cell) <= _HEADING_CELL and may_name_stem(cell)
        )
        if all((field_of(cell) or ("", 0))[0] != "stem" for cell in likely):
            return False
        columns = columns_of(row.cells)
        written = [cell for cell in row.cells if cell.strip()]
        if not is_heading(columns) or len(columns) < min(3, len(written)):
            return False
        self.layout = self._laid_out(HeadingRow(row, columns, row.no))
        return True

    def _broken(self, row: Row) -> RawQuestion:
        place, text = self.grid.place(row.no), "　".join(row.cells)
        found = Finding(
            place, "row_unreadable", {}, "row", self.grid.broken[row.no], self.grid.name, row.no
        )
        return RawQuestion(place, text, sheet=self.grid.name, no=row.no, findings=(found,))
