"""What could be a key or words: no question takes a key that another part of it contradicts."""

import pytest

from tests.formats.question_files import saved, workbook
from tests.formats.test_cells_of_trainers import report
from tests.formats.test_notation_text import brief, faults, read

OPTIONS = "A.国务院\nB.省政府\nC.市政府\n"


@pytest.mark.parametrize("answer", ["B. 国务院", "B、市政府。", "B（国务院）", "A、B 市政府"])
def test_a_letter_with_the_words_of_another_option_is_no_answer(answer: str) -> None:
    found = read(f"1.由谁规定（ ）\n{OPTIONS}答案：{answer}\n")
    (fault,) = faults(found)
    assert fault[1] in ("answer_not_in_options", "answer_unrecognised")


@pytest.mark.parametrize("answer", ["B. 省政府", "B、省政府。", "B（省政府）"])
def test_a_letter_with_the_words_of_its_own_option(answer: str) -> None:
    (question,) = read(f"1.由谁规定（ ）\n{OPTIONS}答案：{answer}\n").questions
    assert (question.answer, question.explanation) == (("B",), "")


def test_a_letter_in_words_is_no_answer_beside_an_empty_bracket() -> None:
    unanswered = read(f"1.对（A）级景区由（ ）规定\n{OPTIONS}")
    assert [code for _, code in faults(unanswered)] == ["answer_missing"]
    (question,) = read(f"1.对（A）级景区由（ ）规定\n{OPTIONS}答案：A\n").questions
    assert (question.stem, question.answer) == ("对（A）级景区由（ ）规定", ("A",))
    last = read(f"1.（ ）规定由（A）\n{OPTIONS}")
    assert brief(last)[0][-1] == "A"


def test_a_row_whose_bracket_and_column_differ() -> None:
    rows = workbook(
        ("题干", "A", "B", "答案"),
        ("由谁规定（B）", "国务院", "省政府", "A"),
        ("对（B）级景区由谁规定（ ）", "国务院", "省政府", "A"),
        ("由谁批准（B）", "国务院", "省政府", "省政府"),
    )
    found = report(saved(rows))
    assert [one.stem for one in found.questions] == ["对（B）级景区由谁规定（ ）", "由谁批准（ ）"]
    assert [one.code for one in found.problems] == ["answer_unrecognised"]
