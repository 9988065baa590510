"""What could be a key or words: no question takes a key that another part of it contradicts."""

import pytest

from tests.formats.question_files import saved, workbook
from tests.formats.test_cells_of_trainers import report
from tests.formats.test_notation_text import brief, faults, read

OPTIONS = "A.国务院\nB.省政府\nC.市政府\n"


@pytest.mark.parametrize(
    "answer", ["B. 国务院", "B、市政府。", "B（国务院）", "A、B 市政府", "AB. 省政府"]
)
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


@pytest.mark.parametrize("answer", ["A、\nC", "A\n、C", "Ａ\nＣ"])
def test_letters_over_two_lines_are_one_answer(answer: str) -> None:
    found = read(f"1.由谁规定（ ）\n{OPTIONS}答案：{answer}\n2.题二（ ）\nA.甲\nB.乙\n答案：A\n")
    assert [one.answer for one in found.questions] == [("A", "C"), ("A",)]


@pytest.mark.parametrize("first", ["答案：省政府", "答案：b", "答案：(B)", "答案：ｂ"])
def test_two_answers_that_differ_in_other_words(first: str) -> None:
    found = read(f"1.由谁规定（ ）\n{first}\n{OPTIONS}答案：A、国务院。\n")
    assert [code for _, code in faults(found)] == ["answer_unrecognised"]


def test_the_same_answer_twice_in_other_words() -> None:
    found = read(f"1.由谁规定（ ）\n答案：国务院\n{OPTIONS}答案：(a)\n")
    assert [one.answer for one in found.questions] == [("A",)]


@pytest.mark.parametrize("key", ["1. AB . ABC", "1 AB   BC", "1、AB；C"])
def test_entries_of_a_key_that_lost_their_number_are_told(key: str) -> None:
    text = f"多选题\n1.题一（ ）\n{OPTIONS}2.题二（ ）\n{OPTIONS}参考答案\n{key}\n"
    assert {code for _, code in faults(read(text))} == {"answer_unrecognised", "answer_missing"}
    assert not read(text).questions


@pytest.mark.parametrize("key", ["1、A；2、A\nC；3、B", "1、A 2、AB\nC\n3、B", "1-2 AB\nC 3、B"])
def test_an_entry_of_a_key_that_its_line_breaks_in_two_is_told(key: str) -> None:
    questions = "".join(f"{no}.题{no}（ ）\n{OPTIONS}" for no in (1, 2, 3))
    found = read(f"选择题\n{questions}参考答案\n{key}\n")
    assert [(one.stem, one.answer) for one in found.questions] == [
        ("题1（ ）", ("A",)),
        ("题3（ ）", ("B",)),
    ]
    assert {code for _, code in faults(found)} == {"answer_unrecognised", "answer_missing"}
    assert not any("C" in skipped.text for skipped in found.skipped)
