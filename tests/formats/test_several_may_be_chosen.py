"""A choice of several with one right answer, in the formats that say how many may be chosen."""

from quizapp.domain.imports import check_rows
from quizapp.formats.questions.gift import GIFT
from tests.formats.test_moodle_qti import answers, codes, item_two, moodle, quiz, read


def test_one_right_answer_where_several_may_be_chosen_is_a_fault() -> None:
    many = "<single>false</single>" + answers(("100", "甲"), ("0", "乙"))
    assert codes(read(quiz(moodle("multichoice", "哪些？", many)), "moodle_xml")) == [
        ("quiz/question[1]", "multiple_needs_two")
    ]
    assert codes(read(item_two(("x1",), cardinality="multiple"), "qti")) == [
        ("assessmentItem", "multiple_needs_two")
    ]


def test_one_weight_of_gift_marks_the_one_right_answer() -> None:
    (weighted,) = check_rows(GIFT.read("哪项？{~%100%甲 ~乙}".encode())).questions
    assert (weighted.type, weighted.answer) == ("single", ("A",))
