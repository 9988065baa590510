"""Marking is pure: only the answers that count, the key and the rule decide."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer, current
from quizapp.domain.bank import Question
from quizapp.domain.ids import VersionId
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.scoring import mark_paper, regrade, shown_key
from tests.factories import NOW

FOUR = ("甲", "乙", "丙", "丁")
QUESTIONS = {
    1: Question("single", "一", FOUR, (0,)),
    2: Question("multiple", "二", FOUR, (0, 1, 2)),
    3: Question("judge", "三", key=False),
    4: Question(
        "case",
        "案例",
        parts=(Question("single", "四", FOUR, (3,)), Question("multiple", "五", FOUR, (1, 3))),
    ),
}
PAPER = (
    PaperItem(VersionId(1), "single", 100, (3, 2, 1, 0)),
    PaperItem(VersionId(2), "multiple", 250, (3, 0, 1, 2)),
    PaperItem(VersionId(3), "judge", 100, ()),
    PaperItem(VersionId(4), "single", 200, (3, 0, 1, 2), part=0, case_no=1),
    PaperItem(VersionId(4), "multiple", 200, (0, 1, 2, 3), part=1, case_no=1),
)
RIGHT = {1: "D", 2: "BCD", 3: "F", 4: "A", 5: "BD"}


def answers(responses: dict[int, str]) -> dict[int, Answer]:
    return {
        no: Answer(no, 1, r, flagged=False, given_at=NOW, received_at=NOW)
        for no, r in responses.items()
    }


def mark(responses: dict[int, str], scoring: str = "all_or_nothing"):
    return mark_paper(PAPER, QUESTIONS, answers(responses), scoring=scoring)


def test_the_right_answers_earn_full_marks_under_every_rule():
    for rule in SCORING_RULES:
        marks = mark(RIGHT, rule.key)
        assert (marks.score_cp, marks.right_count, marks.answered) == (850, 5, 5)
        assert marks.item_cp == (100, 250, 100, 200, 200)


def test_nothing_answered_earns_nothing():
    assert mark({}) == mark({1: "", 5: ""})
    assert (mark({}).score_cp, mark({}).answered) == (0, 0)


@pytest.mark.parametrize(
    ("response", "scoring", "points_cp"),
    [
        ("BC", "all_or_nothing", 0),
        ("BC", "half", 150),  # 1.25 points, half up to half a point
        ("BC", "sum", 166),
        ("B", "sum", 83),
        ("ABC", "half", 0),
        ("ABCD", "sum", 0),
    ],
)
def test_an_incomplete_choice_earns_what_the_rule_says(response, scoring, points_cp):
    assert mark({2: response}, scoring).item_cp[1] == points_cp


def test_keys_are_read_in_the_order_of_the_paper():
    assert shown_key(PAPER[1], QUESTIONS[2]) == "BCD"


RESPONSES = ("", "A", "BD", "BCD", "F", "D")
history = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 6), st.sampled_from(RESPONSES)),
    max_size=25,
    unique_by=lambda entry: entry[:2],
)  # fmt: skip


@given(history, st.randoms(), st.sampled_from(SCORING_RULES.keys()))
def test_the_score_does_not_depend_on_how_the_answers_arrived(found, chance, scoring):
    events = [
        Answer(no, seq, r, flagged=False, given_at=NOW, received_at=NOW) for no, seq, r in found
    ]
    mixed = events[:]
    chance.shuffle(mixed)
    assert mark_paper(PAPER, QUESTIONS, current(events), scoring=scoring) == mark_paper(
        PAPER, QUESTIONS, current(mixed), scoring=scoring
    )


@given(history, st.sampled_from(SCORING_RULES.keys()))
def test_regrading_with_an_unchanged_key_changes_nothing(found, scoring):
    latest = current(
        Answer(no, seq, r, flagged=False, given_at=NOW, received_at=NOW) for no, seq, r in found
    )
    before = mark_paper(PAPER, QUESTIONS, latest, scoring=scoring)
    again = regrade(PAPER, QUESTIONS, latest, scoring=scoring, before_cp=before.score_cp)
    assert (again.change_cp, again.after) == (0, before)


def test_ten_thousand_histories_give_one_score_each(counted):
    """Save, outbox and automatic close bring the same events in other orders and repeatedly."""
    chance = random.Random(24)
    losses = 0
    for _ in range(10_000):
        events = [
            Answer(no, seq, chance.choice(RESPONSES), False, NOW, NOW)
            for no in range(1, 6)
            for seq in range(1, chance.randint(1, 4))
        ]
        replayed = (
            chance.sample(events, len(events)) + chance.choices(events, k=3) if events else []
        )
        one = mark_paper(PAPER, QUESTIONS, current(events), scoring="half")
        losses += one != mark_paper(PAPER, QUESTIONS, current(replayed), scoring="half")
    counted("D24", 10_000, losses)
