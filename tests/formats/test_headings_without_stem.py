"""A heading row in which only the name of the question itself is unknown, or missing."""

import pytest

from quizapp.domain.imports import ImportReport, Mapping, check_rows
from quizapp.formats.questions.all import find_reader
from tests.question_files import HEADER, row, sheet

NAMED = ["内容" if name == "题干" else name for name in HEADER]
LETTERS_ONLY = ["内容", "A", "B", "C", "D", "答案"]


def report(content: bytes, mapping: Mapping | None = None) -> ImportReport:
    return check_rows(find_reader("题库", content).read(content, mapping))


def codes(found: ImportReport) -> list[tuple[int, str]]:
    return [(each.no, each.code) for each in found.problems]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_row_lacks_its_question_until_somebody_says_where_it_stands(kind: str) -> None:
    content = sheet([row(1), row(2)], kind, NAMED)
    found = report(content)
    assert codes(found) == [(2, "stem_missing"), (3, "stem_missing")]
    (table,) = found.tables
    assert (table.heading_no, table.headings[1], table.columns.get(1)) == (1, "内容", None)
    mended = report(content, {table.sheet: table.columns | {1: "stem"}})
    assert [each.stem for each in mended.questions] == [row(1)[1], row(2)[1]]
    assert (mended.problems, mended.skipped) == ((), ())


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["答案", "选项"], ["B", "A.甲B.乙"]),
        (["选项A", "选项B", "答案"], ["甲", "乙", "B"]),
        (LETTERS_ONLY, ["谁？", "甲", "乙", "丙", "丁", "B"]),
    ],
)
def test_answer_and_options_make_a_heading(header: list[str], cells: list[str]) -> None:
    found = report(sheet([cells], header=header))
    assert codes(found) == [(2, "stem_missing")]
    assert found.tables[0].heading_no == 1


def test_a_row_that_names_the_question_is_the_heading_wherever_it_stands() -> None:
    found = report(sheet([HEADER, row(1)], header=["答案填在选项后", "选项A", "选项B", "答案"]))
    assert [each.stem for each in found.questions] == [row(1)[1]]
    assert found.tables[0].heading_no == 2


def test_running_text_with_commas_is_no_table() -> None:
    text = "1．甲，谁？\nA．选项，答案\nB．选项A，选项B\n答案，A\n2．谁？\nA．甲\nB．乙\n答案：A\n"
    assert [each.stem for each in report(text.encode()).questions][-1] == "谁？"
