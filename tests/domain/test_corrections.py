"""Rulings on one item: an unchanged key changes nothing; nobody loses where that was promised."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer
from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.corrections import RULINGS, Draft, ScoreChange, with_answer
from quizapp.domain.errors import Invalid
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId, VersionId
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.regrading import (
    best_of,
    change_of,
    key_of,
    points_of,
    rescored,
    total_of,
)
from quizapp.domain.scoring import mark_paper, question_of
from quizapp.domain.standings import DEFAULT_TIES, Best
from tests.factories import NOW

FOUR = ("甲", "乙", "丙", "丁")
QUESTIONS = {
    1: Question("single", "一", FOUR, (0,)),
    2: Question("multiple", "二", FOUR, (0, 2)),
    3: Question("judge", "三", key=False),
    4: Question("blank", "四", ("五日", "5日"), (0, 1)),
    5: Question("ordering", "五", ("立案", "调查", "决定"), (0, 1, 2)),
    6: Question("case", "六", parts=(Question("single", "七", FOUR, (3,)),)),
}
SAME = {1: "A", 2: "AC", 3: "F", 4: "五日\n5日", 5: "ABC", 6: "D"}
"""The keys as an organizer types them."""
PAPER = (
    PaperItem(VersionId(1), "single", 100, (3, 2, 1, 0)),
    PaperItem(VersionId(2), "multiple", 250, (3, 0, 1, 2)),
    PaperItem(VersionId(3), "judge", 100, ()),
    PaperItem(VersionId(4), "blank", 100, ()),
    PaperItem(VersionId(5), "ordering", 100, (2, 0, 1)),
    PaperItem(VersionId(6), "single", 150, (1, 0, 3, 2), part=0, case_no=1),
)
VERSIONS = st.sampled_from(sorted(QUESTIONS))
SEEDS = st.integers(0, 10**6)
SCORINGS = st.sampled_from([rule.key for rule in SCORING_RULES])


def responses(seed: int) -> list[str]:
    """Right, wrong, or nothing, by chance."""
    chance = random.Random(seed)
    found = []
    for item in PAPER:
        kind = QUESTION_TYPES.get(item.type)
        key = kind.shown_key(question_of(item, QUESTIONS), item.order)
        some = [kind.right_response(key), kind.wrong_response(key, len(item.order), chance), ""]
        found.append(chance.choice(some))
    return found


def corrected(
    seed: int, version: int, scoring: str, ruling: str, answer: str = "", *,
    policy: str = "recalculate", before: tuple[Draft, ...] = (),
) -> tuple[int, ScoreChange | None]:  # fmt: skip
    """Return the score before and what the ruling changes."""
    given_responses = responses(seed)
    latest = {
        no: Answer(no, 1, r, flagged=False, given_at=NOW, received_at=NOW)
        for no, r in enumerate(given_responses, 1)
    }
    marks = mark_paper(PAPER, QUESTIONS, latest, scoring=scoring)
    at = version - 1
    new = Draft(ExamId(1), version, key_of(PAPER[at])[1], ruling, answer, policy, "理由")
    change = change_of(
        AttemptId(1),
        PAPER,
        marks.item_cp,
        score_cp=marks.score_cp,
        response=given_responses[at],
        question=question_of(PAPER[at], QUESTIONS),
        rulings=[*before, new],
        in_force=[],
        scoring=scoring,
    )
    return marks.score_cp, change


@given(SEEDS, VERSIONS, SCORINGS, st.sampled_from(["new_key", "accept_also"]))
def test_an_unchanged_key_leaves_scores_unchanged(
    seed: int, version: int, scoring: str, ruling: str
) -> None:
    assert corrected(seed, version, scoring, ruling, SAME[version])[1] is None


@given(SEEDS, VERSIONS, SCORINGS, st.sampled_from(sorted(RULINGS)))
def test_nobody_loses_where_nobody_may(seed: int, version: int, scoring: str, ruling: str) -> None:
    other = {1: "B", 2: "BD", 3: "T", 4: "七日", 5: "CBA", 6: "A"}[version]
    before, change = corrected(seed, version, scoring, ruling, other, policy="no_loss")
    assert change is None or change.new_cp >= before


@given(SEEDS, VERSIONS, SCORINGS)
def test_what_was_accepted_stays_accepted_and_full_marks_are_full(
    seed: int, version: int, scoring: str
) -> None:
    for ruling in ("accept_also", "void_full"):
        other = {1: "B", 2: "BD", 3: "T", 4: "七日", 5: "CBA", 6: "A"}[version]
        before, change = corrected(seed, version, scoring, ruling, other)
        assert change is None or change.new_cp >= before
    after = corrected(seed, version, scoring, "void_full")[1]
    assert after is None or after.new_item_cp[version - 1] == PAPER[version - 1].points_cp


OTHER = {1: "B", 2: "BD", 3: "T", 4: "七日", 5: "CBA", 6: "A"}
CHAINS = st.lists(st.tuples(st.sampled_from(sorted(RULINGS)), st.booleans()), max_size=4)


@given(SEEDS, VERSIONS, SCORINGS, CHAINS, st.sampled_from(["no_loss", "recalculate"]))
def test_no_chain_of_rulings_leaves_the_bounds_of_the_paper(
    seed: int, version: int, scoring: str, chain: list[tuple[str, bool]], policy: str
) -> None:
    """After any rulings on one item: 0 ≤ score ≤ full marks, the item ≤ its points."""
    item = PAPER[version - 1]
    drafts = tuple(
        Draft(ExamId(1), version, key_of(item)[1], ruling,
              (SAME if same else OTHER)[version], policy, "理由")
        for ruling, same in chain
    )  # fmt: skip
    whole = sum(one.points_cp for one in PAPER)
    for ruling in sorted(RULINGS):
        before, change = corrected(
            seed, version, scoring, ruling, OTHER[version], policy=policy, before=drafts
        )
        assert 0 <= before <= whole
        if change is not None:
            assert 0 <= change.new_cp <= whole
            assert change.new_item_cp[version - 1] <= item.points_cp
            assert policy == "recalculate" or change.new_cp >= before
            others = [no for no in range(len(PAPER)) if no != version - 1]
            assert all(change.new_item_cp[no] == change.old_item_cp[no] for no in others)


@given(SEEDS, SCORINGS, st.permutations(["B", "C", "D"]))
def test_accepting_several_answers_does_not_depend_on_their_order(
    seed: int, scoring: str, letters: list[str]
) -> None:
    item, response = PAPER[0], responses(seed)[0]

    def points(order: list[str]) -> int:
        made = [
            Draft(ExamId(1), 1, -1, "accept_also", letter, "recalculate", "理由")
            for letter in order
        ]
        return points_of(item, QUESTIONS[1], response, made, scoring)

    assert points(letters) == points(sorted(letters))


@given(SEEDS, st.sets(st.sampled_from([1, 2, 3, 4, 5, 6]), min_size=1))
def test_items_not_counted_scale_alike_in_any_order(seed: int, versions: set[int]) -> None:
    chance = random.Random(seed)
    item_cp = [chance.choice((0, item.points_cp)) for item in PAPER]
    out = [(version, key_of(PAPER[version - 1])[1]) for version in versions]
    score = total_of(PAPER, item_cp, out)
    assert score == total_of(PAPER, item_cp, list(reversed(out)))
    assert 0 <= score <= sum(item.points_cp for item in PAPER)


def test_a_question_not_counted_scales_the_rest_to_full_marks() -> None:
    everything = tuple(item.points_cp for item in PAPER)
    assert total_of(PAPER, (0, *everything[1:]), [(1, -1)]) == sum(everything)
    # 250 of 700 left, scaled to 800: 285.714…
    assert total_of(PAPER, (100, 250, 0, 0, 0, 0), [(1, -1)]) == 286
    assert total_of(PAPER, (100, 250, 0, 0, 0, 0), []) == 350
    assert total_of(PAPER[:1], (0,), [(1, -1)]) == 0


def test_the_last_ruling_counts_and_accepting_adds_to_it() -> None:
    item, question = PAPER[0], QUESTIONS[1]

    def ruled(ruling: str, answer: str = "") -> Draft:
        return Draft(ExamId(1), 1, -1, ruling, answer, "recalculate", "理由")

    def points(response: str, *rulings: Draft) -> int:
        return points_of(item, question, response, rulings, "all_or_nothing")

    b, c = ruled("accept_also", "B"), ruled("new_key", "C")
    assert [points(shown, b, c) for shown in "ABCD"] == [0, 100, 0, 0]
    assert [points(shown, c, b) for shown in "ABCD"] == [0, 100, 100, 0]
    assert [points(shown, ruled("void_none"), c) for shown in "ABCD"] == [0, 100, 0, 0]
    assert points("", ruled("void_full")) == 100


@pytest.mark.parametrize(
    ("version", "answer"),
    [(1, ""), (1, "AB"), (1, "E"), (1, "甲"), (2, "A"), (2, "AA"), (3, "A"), (4, " \n "),
     (4, "、"), (5, "AB"), (5, "AAB")],
)  # fmt: skip
def test_answers_that_cannot_be_keys_are_refused(version: int, answer: str) -> None:
    with pytest.raises(Invalid, match="correction_answer_wrong"):
        with_answer(QUESTIONS[version], answer)


@pytest.mark.parametrize("write", [str.lower, " ".join, str])
def test_answers_may_be_typed_loosely(write: Callable[[str], str]) -> None:
    assert with_answer(QUESTIONS[2], write("CA")).key == (0, 2)
    assert with_answer(QUESTIONS[5], write("CAB")).key == (2, 0, 1)
    assert with_answer(QUESTIONS[3], "对").key is True
    assert set(LETTERS) > set("ABCD")


def test_the_attempt_that_counts_is_chosen_anew() -> None:
    """Of two tries the second counts when its score passes the first's, and back."""

    def tried(no: int, score_cp: int) -> Best:
        return Best(OfficerId(1), AttemptId(no), UnitId(1), UnitId(1), score_cp, 60, NOW, 3)

    tries = [tried(1, 700), tried(2, 650)]
    assert best_of(tries, DEFAULT_TIES)[OfficerId(1)].attempt_id == 1
    after = rescored(tries, {2: (750, 4)})
    best = best_of(after, DEFAULT_TIES)[OfficerId(1)]
    assert (best.attempt_id, best.score_cp, best.right_count) == (2, 750, 4)
    back = best_of(rescored(after, {2: (700, 3)}), DEFAULT_TIES)
    assert back[OfficerId(1)].attempt_id == 1
