"""Every written row of a sheet is a question, a problem or skipped, and only one of them."""

import io
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from quizapp.domain.imports import ImportReport, check_rows
from quizapp.formats.csv_text import write_csv
from quizapp.formats.questions.all import find_reader

HEADINGS = ("序号", "题型", "题干", "选项A", "选项B", "答案", "分值")
CELLS = st.sampled_from([
    "", "", "", " ", "1", "单选题", "多选", "判断题", "连连看", "简答题", "罚款由谁决定", "（ A ）",
    "A", "B", "AB", "对", "×", "甲", "乙", "A.甲 B.乙", "2分", "零", "=1+1", "#N/A",
    "一、单选题（每题2分）", "出题人：张三", "共 5 题", "备注", "题干", "答案", "第一章 总则",
    "第一行\n第二行", "<script>", "答案：A", "1. 甲乙",
])  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=len(HEADINGS), max_size=len(HEADINGS)), max_size=12)


def report(name: str, content: bytes) -> ImportReport:
    return check_rows(find_reader(name, content).read(content))


def told(found: ImportReport, places: Sequence[object]) -> None:
    """Pass when the places of questions, problems and skipped rows are these, each in one part."""
    parts = [
        {each.no for each in found.questions},
        {each.no for each in found.problems},
        {each.no for each in found.skipped},
    ]
    assert sorted(no for part in parts for no in part) == list(places)
    for rows in (found.questions, found.skipped):
        assert len({each.no for each in rows}) == len(rows)


def written(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sets(st.integers(2, 13)), st.sets(st.integers(2, 13)))
def test_a_workbook(rows: list[list[str]], hidden: set[int], merged: set[int]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for no, row in enumerate(rows, start=2):
        for at, cell in enumerate(row, start=1):
            sheet.cell(no, at).value = cell or None
        sheet.row_dimensions[no].hidden = no in hidden
        if no in merged:
            sheet.merge_cells(start_row=no, end_row=no, start_column=2, end_column=4)
    out = io.BytesIO()
    book.save(out)
    kept = [
        no
        for no, row in enumerate(rows, start=2)
        if written([*row[:2], *row[4:]] if no in merged else row)
    ]
    told(report("题库.xlsx", out.getvalue()), kept)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_a_text_file(rows: list[list[str]]) -> None:
    content = write_csv([HEADINGS, *rows])
    told(report("题库.csv", content), [no for no, row in enumerate(rows, 2) if written(row)])
