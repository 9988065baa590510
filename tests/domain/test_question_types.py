"""Every type on the shelf keeps the same promises."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.assembly import PaperItem, facts_of
from quizapp.domain.bank import Question
from quizapp.domain.ids import VersionId
from quizapp.domain.papers import show_item
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.question_types.scoring_rules import SCORING_RULES

EXAMPLES = {
    "single": Question("single", "问", ("甲", "乙", "丙", "丁"), (2,)),
    "multiple": Question("multiple", "问", ("甲", "乙", "丙", "丁"), (0, 2, 3)),
    "indefinite": Question("indefinite", "问", ("甲", "乙", "丙", "丁"), (1,)),
    "judge": Question("judge", "问", (), False),
    "blank": Question("blank", "问", ("五日", "5日"), (0, 1)),
    "ordering": Question("ordering", "问", ("立案", "调查", "告知", "决定"), (0, 1, 2, 3)),
}
CHOSEN = ("single", "multiple", "indefinite", "judge")
ANSWERED = [kind for kind in QUESTION_TYPES if kind.key != "case"]
each_answered = pytest.mark.parametrize("kind", ANSWERED, ids=lambda kind: kind.key)
each_chosen = pytest.mark.parametrize("kind", [QUESTION_TYPES.get(key) for key in CHOSEN])
each_rule = pytest.mark.parametrize("rule", list(SCORING_RULES), ids=lambda rule: rule.key)


def shown_key(kind: QuestionType, question: Question) -> str:
    return kind.shown_key(question, range(len(question.options)))


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
    assert kind.mark(key, kind.right_response(key), 150, rule.key) == 150
    assert kind.mark(key, "", 150, rule.key) == 0


@each_chosen
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
        ("blank", ["五日"], True), ("blank", [], True), ("blank", ["五", "日"], False),
        ("blank", ["五" * 201], False), ("blank", ["五\n日"], False),
        ("ordering", "DCBA", True), ("ordering", "A--B", True), ("ordering", "", True),
        ("ordering", "AA", False), ("ordering", "ABCDA", False), ("ordering", "E", False),
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
        (Question("blank", "问", (), ()), ["wording_count"]),
        (Question("blank", "问", ("。",), (0,)), ["wording_empty"]),
        (Question("blank", "问", ("五日", "5日"), (0,)), ["key_not_all"]),
        (Question("ordering", "问", ("甲", "乙"), (0, 1)), ["step_count"]),
        (Question("ordering", "问", ("甲", "乙", "丙"), (0, 1)), ["key_not_all"]),
        (Question("ordering", "问", ("甲", "乙", "丙"), True), ["key_not_letters"]),
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


@pytest.mark.parametrize(
    ("written", "is_right"),
    [
        ("五日", True), (" 五 日。", True), ("５日", True), ("5日", True), ("“五日”", True),
        ("五日内", False), ("十日", False), ("", False), ("。", False),
    ],
)  # fmt: skip
def test_a_blank_takes_the_accepted_wordings_and_nothing_like_them(
    written: str, is_right: bool
) -> None:
    kind = QUESTION_TYPES.get("blank")
    stored = kind.pack((written,))
    assert kind.mark("五日\n5日", stored, 200, "half") == (200 if is_right else 0)
    assert "".join(kind.unpack(stored)) == written


@pytest.mark.parametrize(
    ("accepted", "written"), [("1.5%", "15%"), ("1.5%", "1.5"), ("应当", "可以"), ("15", "1.5")]
)
def test_a_point_and_a_per_cent_sign_count_in_a_blank(accepted: str, written: str) -> None:
    assert QUESTION_TYPES.get("blank").mark(accepted, f"={written}", 100, "half") == 0


def test_what_is_right_in_a_blank_never_reaches_the_paper() -> None:
    facts = facts_of(EXAMPLES["blank"])
    assert facts.options == 0
    item = PaperItem(VersionId(1), "blank", 100, ())
    assert show_item(1, item, {1: EXAMPLES["blank"]}, None).options == ()


@given(st.permutations(range(4)))
def test_an_order_is_right_however_its_steps_are_shown(order: list[int]) -> None:
    kind, question = QUESTION_TYPES.get("ordering"), EXAMPLES["ordering"]
    key = kind.shown_key(question, order)
    assert [order["ABCD".index(letter)] for letter in key] == [0, 1, 2, 3]
    assert kind.mark(key, kind.pack(tuple(key)), 200, "half") == 200
    assert kind.mark(key, kind.pack((*key[:3], "-")), 200, "half") == 0


@each_answered
@given(seed=st.integers(0, 50))
def test_an_invented_wrong_response_can_be_given_and_earns_less(
    kind: QuestionType, seed: int
) -> None:
    question = EXAMPLES[kind.key]
    key, count = shown_key(kind, question), kind.shown_count(question)
    stored = kind.wrong_response(key, count, random.Random(seed))
    assert kind.is_response_valid(kind.unpack(stored), count)
    assert kind.mark(key, stored, 100, "all_or_nothing") < 100


def test_a_form_gives_each_step_one_place() -> None:
    kind = QUESTION_TYPES.get("ordering")
    assert kind.from_form(["B", "", "B", "A"]) == ("B", "-", "-", "A")
    assert kind.from_form(["", ""]) == ()
    assert QUESTION_TYPES.get("blank").from_form([" 五日 "]) == ("五日",)
