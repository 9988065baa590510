"""The spreadsheet template, as given out and as trainers fill it in."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from quizapp.domain.imports import ImportReport, check_rows
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.formats.questions.all import find_reader
from quizapp.service.import_template import template
from tests.formats.question_files import saved

OTHERS = "填空排序案例"


def report(content: bytes) -> ImportReport:
    return check_rows(find_reader("模板", content).read(content))


def filled(*rows: tuple[int, dict[str, Any]]) -> ImportReport:
    """The template's second sheet with other words in some cells: (row, column → words)."""
    book = load_workbook(io.BytesIO(template("xlsx")))
    sheet = book[OTHERS]
    for no, cells in rows:
        for column, words in cells.items():
            sheet[f"{column}{no}"] = words
    return report(saved(book))


@pytest.mark.parametrize("kind", ["xlsx", "csv", "docx"])
def test_a_template_imports_without_a_fault_and_never_changes(kind: str) -> None:
    assert report(template(kind)).problems == ()
    assert template(kind) == template(kind)


def test_the_workbook_shows_every_type_there_is() -> None:
    found = report(template("xlsx"))
    assert {each.type for each in found.questions} == set(QUESTION_TYPES.keys())
    assert {each.why for each in found.skipped} == {"说明"}


def test_answers_of_the_second_sheet_may_be_written_loosely() -> None:
    found = filled(
        (2, {"C": "填空", "K": None}),
        (3, {"C": " 排序题 ", "K": "ｂ、d、A，C"}),
        (6, {"K": "√"}),
    )
    assert found.problems == ()
    blank, ordering, case = (each.exact for each in found.questions[-3:])
    assert blank is not None
    assert blank.key == (0, 1)
    assert ordering is not None
    assert ordering.key == (1, 3, 0, 2)
    assert case is not None
    assert case.parts[1].key is True


@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        ({"K": "=A1"}, "第 3 行的单元格是公式或错误值"),
        ({"G": "#N/A"}, "第 3 行的单元格是公式或错误值"),
        ({"C": "连线题"}, "第 3 行的题型不在模板中"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(cells: dict[str, str], detail: str) -> None:
    (problem,) = filled((3, cells)).problems
    assert (problem.code, problem.detail) == ("row_unreadable", detail)


def test_a_hidden_row_of_the_second_sheet_is_named() -> None:
    book = load_workbook(io.BytesIO(template("xlsx")))
    book[OTHERS].row_dimensions[3].hidden = True
    found = report(saved(book))
    assert "ordering" not in {each.type for each in found.questions}
    assert (f"{OTHERS} 第 3 行", "隐藏行") in {(each.place, each.why) for each in found.skipped}
