"""The reviewed paper after rulings: which key is shown, what was the first, what is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.attempts import Answer
from quizapp.domain.corrections import RULINGS, Correction, Draft
from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.regrading import key_of, points_of
from quizapp.domain.reviewed import ItemRuling, ReviewedItem, review_items
from quizapp.domain.scoring import mark_paper, question_of
from tests.domain.test_corrections import (
    PAPER,
    QUESTIONS,
    SAME,
    SCORINGS,
    SEEDS,
    VERSIONS,
    responses,
)
from tests.factories import NOW

OTHER = {1: "B", 2: "BD", 3: "T", 4: "七日", 5: "CBA", 6: "A"}


def correction(version: int, ruling: str, answer: str = "") -> Correction:
    draft = Draft(ExamId(1), version, key_of(PAPER[version - 1])[1], ruling, answer,
                  "recalculate", "理由")  # fmt: skip
    return Correction(1, draft, "applied", OfficerId(1), "甲", NOW, OfficerId(2), "乙", NOW)


def review(seed: int, scoring: str, version: int, *made: Correction) -> list[ReviewedItem]:
    given_responses = responses(seed)
    latest = {
        no: Answer(no, 1, response, flagged=False, given_at=NOW, received_at=NOW)
        for no, response in enumerate(given_responses, 1)
    }
    marks = mark_paper(PAPER, QUESTIONS, latest, scoring=scoring)
    item_cp = list(marks.item_cp)
    item = PAPER[version - 1]
    drafts = [one.draft for one in made]
    item_cp[version - 1] = points_of(
        item, question_of(item, QUESTIONS), given_responses[version - 1], drafts, scoring
    )
    rulings = {(version, key_of(item)[1]): made} if made else {}
    return list(review_items(PAPER, QUESTIONS, latest, item_cp, scoring=scoring, rulings=rulings))


@given(SEEDS, SCORINGS, VERSIONS, st.sampled_from(["new_key", "accept_also"]), st.booleans())
def test_the_shown_key_earns_the_shown_points(
    seed: int, scoring: str, version: int, ruling: str, unchanged: bool
) -> None:
    answer = (SAME if unchanged else OTHER)[version]
    shown = review(seed, scoring, version, correction(version, ruling, answer))[version - 1]
    item = PAPER[version - 1]
    kind = QUESTION_TYPES.get(item.type)
    key = "\n".join(shown.key) if item.type == "blank" else "".join(shown.key)
    assert kind.mark(key, responses(seed)[version - 1], item.points_cp, scoring) == shown.score_cp


@given(SEEDS, SCORINGS, VERSIONS, st.sampled_from(sorted(RULINGS)))
def test_other_items_are_shown_as_before(
    seed: int, scoring: str, version: int, ruling: str
) -> None:
    before = review(seed, scoring, version)
    after = review(seed, scoring, version, correction(version, ruling, OTHER[version]))
    assert [i for i in before if i.item.no != version] == [i for i in after if i.item.no != version]
    assert before[version - 1].ruling is None


@pytest.mark.parametrize(
    ("made", "accepted", "is_void"),
    [
        ([("new_key", "C")], [("B",)], False),
        ([("accept_also", "B")], [("D",), ("C",)], False),
        ([("accept_also", "B"), ("new_key", "C")], [("B",)], False),
        ([("void_full", "")], [("D",)], True),
        ([("void_none", ""), ("accept_also", "B")], [("D",), ("C",)], False),
    ],
)
def test_a_ruling_names_the_first_key_and_those_accepted(
    made: list[tuple[str, str]], accepted: list[tuple[str, ...]], is_void: bool
) -> None:
    """Item 1 shows its options in reverse: the stored key A is D on the paper."""
    ruled = review(0, "all_or_nothing", 1, *(correction(1, *one) for one in made))[0].ruling
    assert ruled == ItemRuling(made[-1][0], "理由", NOW, ("D",), tuple(accepted))
    assert ruled.is_void is is_void
