"""The gate: what is visible to whom and when."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.people import Grant, Place, Viewer
from quizapp.domain.visibility import (
    SETTLING,
    Relation,
    Visible,
    relation_of,
    what_is_visible,
)
from tests.domain.test_timing import EXAM, at

PROVINCE = EXAM.unit
XINGTAI = Place(UnitId(2), "130500", "邢台市", "city", UnitId(1), UnitId(2))
TANGSHAN = Place(UnitId(3), "130200", "唐山市", "city", UnitId(1), UnitId(3))
XINDU = Place(UnitId(4), "130503", "信都区", "county", UnitId(2), UnitId(2))
DURING, AFTER, SETTLED, LATER = at(4), at(8), at(8) + SETTLING, at(48)
PUBLISHED = replace(EXAM, results_published_at=at(24))
NOTHING = Visible()


def somebody(role: str = "", place: Place = PROVINCE) -> Viewer:
    grants = (Grant(role, place),) if role else ()
    return Viewer(OfficerId(1), "0001", "李队", place, grants)


@pytest.mark.parametrize(
    ("viewer", "unit", "relation"),
    [
        (None, PROVINCE, Relation.STRANGER),
        (somebody(), PROVINCE, Relation.OFFICER),
        (somebody("trainer"), PROVINCE, Relation.OFFICER),
        (somebody("administrator"), PROVINCE, Relation.OFFICER),
        (somebody("organizer"), PROVINCE, Relation.ORGANIZER),
        (somebody("organizer", XINGTAI), PROVINCE, Relation.LOCAL_ORGANIZER),
        (somebody("organizer", XINGTAI), XINGTAI, Relation.ORGANIZER),
        (somebody("organizer", XINGTAI), TANGSHAN, Relation.OFFICER),
        (somebody("organizer", XINDU), XINGTAI, Relation.LOCAL_ORGANIZER),
        (somebody("organizer"), XINDU, Relation.ORGANIZER),
    ],
)
def test_relation(viewer: Viewer | None, unit: Place, relation: Relation) -> None:
    assert relation_of(replace(EXAM, unit=unit), viewer) is relation


@pytest.mark.parametrize("relation", [Relation.STRANGER, Relation.OFFICER, Relation.SELF])
@pytest.mark.parametrize("now", [at(-1), DURING, AFTER, SETTLED, LATER])
def test_no_board_and_no_rank_before_publication(relation: Relation, now: datetime) -> None:
    seen = what_is_visible(EXAM, relation, now)
    assert (seen.board, seen.rank, seen.live) == (False, False, False)


@pytest.mark.parametrize("relation", [Relation.STRANGER, Relation.OFFICER, Relation.SELF])
def test_withdrawn_results_are_hidden_again(relation: Relation) -> None:
    assert what_is_visible(PUBLISHED, relation, LATER).board
    withdrawn = replace(PUBLISHED, results_published_at=None)
    assert not what_is_visible(withdrawn, relation, LATER).board


@pytest.mark.parametrize(
    ("release", "seen"),
    [
        ("handed_in", [True, True, True, True]),
        ("closed", [False, True, True, True]),
        ("published", [False, False, False, True]),
        ("never", [False, False, False, False]),
    ],
)
def test_own_score_by_the_rule_of_the_exam(release: str, seen: list[bool]) -> None:
    exam = replace(PUBLISHED, score_release=release)
    assert [
        what_is_visible(exam, Relation.SELF, now).score for now in (DURING, AFTER, SETTLED, LATER)
    ] == seen


@pytest.mark.parametrize(
    ("release", "seen"),
    [
        ("handed_in", [True, True, True, True]),
        ("closed", [False, False, True, True]),
        ("published", [False, False, False, True]),
        ("never", [False, False, False, False]),
    ],
)
def test_keys_wait_until_late_answers_have_arrived(release: str, seen: list[bool]) -> None:
    exam = replace(PUBLISHED, answers_release=release)
    assert [
        what_is_visible(exam, Relation.SELF, now).answers for now in (DURING, AFTER, SETTLED, LATER)
    ] == seen


def test_keys_wait_for_the_last_window_of_anybody() -> None:
    exam = replace(EXAM, answers_release="closed", last_closes_at=at(30))
    assert not what_is_visible(exam, Relation.SELF, LATER - timedelta(hours=20)).answers
    assert what_is_visible(exam, Relation.SELF, LATER).answers


def test_of_others_only_the_published_board_is_seen() -> None:
    for relation in (Relation.STRANGER, Relation.OFFICER):
        assert what_is_visible(PUBLISHED, relation, LATER) == Visible(board=True, rank=True)


@pytest.mark.parametrize("state", ["draft", "cancelled"])
@pytest.mark.parametrize("relation", [Relation.STRANGER, Relation.OFFICER, Relation.SELF])
def test_a_draft_or_cancelled_exam_shows_officers_nothing(state: str, relation: Relation) -> None:
    assert what_is_visible(replace(PUBLISHED, state=state), relation, LATER) == NOTHING


def test_a_board_that_is_never_shown_stays_hidden() -> None:
    exam = replace(PUBLISHED, board_release="never")
    assert not what_is_visible(exam, Relation.OFFICER, LATER).board


def test_a_local_organizer_sees_live_figures() -> None:
    mine = somebody("organizer", XINGTAI)
    assert what_is_visible(EXAM, relation_of(EXAM, mine), DURING).live


def test_a_local_organizer_sees_nothing_of_a_draft_and_never_the_keys() -> None:
    draft = replace(EXAM, state="draft")
    assert what_is_visible(draft, Relation.LOCAL_ORGANIZER, DURING) == NOTHING
    assert not what_is_visible(PUBLISHED, Relation.LOCAL_ORGANIZER, LATER).answers
