"""The file of a trainer again, with a column that says what is wrong with each row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import load_workbook

from quizapp.domain.imports import RawQuestion
from quizapp.domain.sheets import Row
from quizapp.domain.uploads import is_error_column
from quizapp.formats.base import Cell
from quizapp.formats.csv_text import write_csv
from quizapp.formats.questions.all import find_reader
from quizapp.formats.questions.separated import read_separated
from quizapp.formats.questions.workbook import read_workbook
from quizapp.formats.xlsx import write_xlsx

Reasons = dict[tuple[str, int], str]
"""Sheet and row → what is wrong there."""
TITLE = "错误行"
_OTHERS = ("答案", "解析", "依据", "分值", "难度", "分类", "位置")


def with_reasons(order: Mapping[str, Any], content: bytes) -> bytes:
    """Return the file with a column 错误原因, or only its faulty rows in the same columns.

    A workbook stays a workbook with all that is in it. What was no table becomes one that can be
    corrected and imported. `order`: name, format, kind (xlsx | csv), only_failed, the heading of
    the new column, and for each faulty row [sheet, row, reason].
    """
    reasons = {(sheet, no): reason for sheet, no, reason in order["reasons"]}
    headings, column = dict(order["headings"]), order["column"]
    if order["format"] == "xlsx" and order["kind"] == "xlsx" and not order["only_failed"]:
        return _marked(content, headings, reasons, column)
    if order["format"] in ("xlsx", "csv"):
        grids = read_workbook(content) if order["format"] == "xlsx" else [read_separated(content)]
        sheets = [
            (grid.name, _rows(grid.name, grid.rows, headings[grid.name], reasons, column,
                              only_failed=order["only_failed"]))
            for grid in grids if grid.name in headings
        ]  # fmt: skip
    else:
        raws = find_reader(order["name"], content).read(content).questions
        sheets = [(TITLE, _table(raws, reasons, column, only_failed=order["only_failed"]))]
    if order["kind"] == "csv":
        return write_csv(row for _, rows in sheets for row in rows)
    return write_xlsx([sheet for sheet in sheets if len(sheet[1]) > 1] or sheets[:1])


def _marked(content: bytes, headings: Mapping[str, int], reasons: Reasons, column: str) -> bytes:
    book = load_workbook(io.BytesIO(content), keep_links=False)
    for sheet in book.worksheets:
        if sheet.title not in headings:
            continue
        top = headings[sheet.title] or 1
        told = [at for at, cell in enumerate(sheet[top], 1) if is_error_column(cell.value)]
        at = told[0] if told else sheet.max_column + 1
        for no in range(top + 1, sheet.max_row + 1):
            reason = reasons.get((sheet.title, no))
            if reason or sheet.cell(no, at).value is not None:
                sheet.cell(no, at).value = reason
        sheet.cell(top, at).value = column
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(
    sheet: str,
    rows: Sequence[Row],
    heading_no: int,
    reasons: Reasons,
    column: str,
    *,
    only_failed: bool,
) -> list[list[Cell]]:
    width = max((len(row.cells) for row in rows), default=0)
    heading = next((row for row in rows if row.no == heading_no), Row(0, ()))
    kept = [at for at in range(width) if not is_error_column(heading.cell(at))]
    out: list[list[Cell]] = [[*(heading.cell(at) for at in kept), column]]
    for row in rows:
        reason = reasons.get((sheet, row.no), "")
        if row.no > heading_no and not row.is_empty and (reason or not only_failed):
            out.append([*(row.cell(at) for at in kept), reason])
    return out


def _table(
    raws: Iterable[RawQuestion], reasons: Reasons, column: str, *, only_failed: bool
) -> list[list[Cell]]:
    shown = [raw for raw in raws if not only_failed or (raw.sheet, raw.no) in reasons]
    width = max((len(raw.options) for raw in shown), default=4)
    letters = [f"选项{chr(ord('A') + at)}" for at in range(min(width, 26))]
    out: list[list[Cell]] = [["题型", "题干", *letters, *_OTHERS, column]]
    for raw in shown:
        texts = [text for _, text in raw.options[: len(letters)]]
        out.append(
            [
                raw.type_text or raw.section_type,
                raw.stem,
                *texts,
                *[""] * (len(letters) - len(texts)),
                raw.answer_text,
                raw.explanation,
                raw.source,
                raw.points_text or raw.section_points,
                raw.difficulty_text,
                raw.category,
                raw.place,
                reasons.get((raw.sheet, raw.no), ""),
            ]
        )
    return out
