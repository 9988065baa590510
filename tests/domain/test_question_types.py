"""Every type on the shelf keeps the same promises."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.bank import Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.question_types.scoring_rules import SCORING_RULES

EXAMPLES = {
    "single": Question("single", "问", ("甲", "乙", "丙", "丁"), (2,)),
    "multiple": Question("multiple", "问", ("甲", "乙", "丙", "丁"), (0, 2, 3)),
    "indefinite": Question("indefinite", "问", ("甲", "乙", "丙", "丁"), (1,)),
    "judge": Question("judge", "问", (), False),
}
ANSWERED = [kind for kind in QUESTION_TYPES if kind.key != "case"]
each_answered = pytest.mark.parametrize("kind", ANSWERED, ids=lambda kind: kind.key)
each_rule = pytest.mark.parametrize("rule", list(SCORING_RULES), ids=lambda rule: rule.key)


def shown_key(kind: QuestionType, question: Question) -> str:
    return kind.key_as_shown(question.key, range(len(question.options)))


def test_letters_in_shapes_are_unique() -> None:
    letters = [kind.letter for kind in QUESTION_TYPES]
    assert len(set(letters)) == len(letters)


@each_answered
def test_its_example_is_sound(kind: QuestionType) -> None:
    assert kind.check(EXAMPLES[kind.key]) == []


@each_answered
@each_rule
def test_the_right_answer_earns_everything_and_nothing_earns_nothing(
    kind: QuestionType, rule: object
) -> None:
    key = shown_key(kind, EXAMPLES[kind.key])
    assert kind.mark(key, key, 150, rule.key) == 150
    assert kind.mark(key, "", 150, rule.key) == 0


@each_answered
@each_rule
@given(data=st.data(), max_cp=st.integers(1, 1000))
def test_marks_lie_between_nothing_and_everything_and_a_wrong_letter_earns_nothing(
    kind: QuestionType, rule: object, data: st.DataObject, max_cp: int
) -> None:
    question = EXAMPLES[kind.key]
    letters = kind.shown_letters(len(question.options))
    response = "".join(sorted(data.draw(st.sets(st.sampled_from(letters)))))
    key = shown_key(kind, question)
    points = kind.mark(key, response, max_cp, rule.key)
    assert 0 <= points <= max_cp
    if not set(response) <= set(key):
        assert points == 0
    assert points == kind.mark(key, list(response)[::-1], max_cp, rule.key)


@pytest.mark.parametrize(
    ("rule", "max_cp", "response", "points"),
    [
        ("all_or_nothing", 200, "AC", 0),
        ("half", 200, "AC", 100),
        ("half", 200, "A", 100),
        ("half", 150, "A", 100),  # 0.75 is rounded half up to half a point
        ("half", 300, "A", 150),
        ("half", 50, "A", 50),
        ("sum", 200, "A", 66),
        ("sum", 200, "AC", 133),
        ("sum", 200, "AB", 0),
    ],
)
def test_an_incomplete_multiple_choice_earns_by_the_rule(
    rule: str, max_cp: int, response: str, points: int
) -> None:
    assert QUESTION_TYPES.get("multiple").mark("ACD", response, max_cp, rule) == points


@given(st.integers())
def test_the_shown_key_follows_the_options_wherever_they_stand(seed: int) -> None:
    question = EXAMPLES["multiple"]
    order = random.Random(seed).sample(range(4), 4)
    shown = QUESTION_TYPES.get("multiple").key_as_shown(question.key, order)
    assert {order["ABCD".index(letter)] for letter in shown} == set(question.key)


@pytest.mark.parametrize(
    ("type_key", "response", "fits"),
    [
        ("single", "", True), ("single", "D", True), ("single", "E", False),
        ("single", "AB", False), ("single", "T", False), ("single", "a", False),
        ("multiple", "ABCD", True), ("multiple", ["B", "D"], True), ("multiple", "AA", False),
        ("multiple", ["AB"], False), ("multiple", ["A", ""], False), ("multiple", "E", False),
        ("judge", "T", True), ("judge", "F", True), ("judge", "TF", False), ("judge", "A", False),
        ("case", "", False), ("case", "A", False),
    ],
)  # fmt: skip
def test_only_what_can_be_chosen_on_the_paper_is_a_response(
    type_key: str, response: object, fits: bool
) -> None:
    assert QUESTION_TYPES.get(type_key).is_response_valid(response, 4) is fits


@pytest.mark.parametrize(
    ("question", "faults"),
    [
        (Question("single", "问", ("甲", "乙"), (0,)), ["option_count"]),
        (Question("single", "问", ("甲", "乙", "丙", "丁"), (0, 1)), ["key_count"]),
        (Question("single", "问", ("甲", "乙", "丙", "丁"), (4,)), ["key_not_an_option"]),
        (Question("single", "问", ("甲", "乙", "丙", "丁"), True), ["key_not_letters"]),
        (Question("multiple", "问", ("甲", "乙", "丙", "丁"), (0,)), ["key_count"]),
        (Question("judge", "问", ("甲",), True), ["options_in_judge"]),
        (Question("judge", "问", (), (0,)), ["key_not_true_or_false"]),
        (Question("case", "材料", parts=(EXAMPLES["single"],)), ["part_count"]),
        (Question("case", "材料", parts=(Question("case", "材料"),) * 2), ["case_in_case"]),
        (
            Question("case", "材料", key=True, parts=(EXAMPLES["single"],) * 3),
            ["key_in_case"],
        ),
    ],
)
def test_what_is_wrong_with_options_and_key_is_named(question: Question, faults: list[str]) -> None:
    assert QUESTION_TYPES.get(question.type).check(question) == faults
