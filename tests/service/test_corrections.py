"""Key corrections: two persons, all scores at once, old ones kept, hours and boards after them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.assembly import PaperItem
from quizapp.domain.corrections import Draft
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.service import corrections, enforcing, results, review
from quizapp.service.enforcing import OwnCorrection
from quizapp.store import score_changes, training
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from tests.factories import NOW, make_viewer
from tests.sat import OVER, Sat, draft_ruling, scores, sit_exam

LATER = OVER + timedelta(hours=1)


def by_number(no: int, item: PaperItem, key: str) -> str:
    """Even officers know all; odd ones take the second stored option in every single choice."""
    if item.type == "single" and no % 2:
        return "ABCD"[item.order.index(1)]
    return key


def other(role: str = "organizer", unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, role, unit)


def ruling(sat: Sat, ruling: str, answer: str = "", *, at: int = 0, **over: Any) -> Draft:
    values = {"part": -1, "policy": "recalculate", "reason": "答案与法条不符", "kind": "single"}
    values |= over
    return Draft(
        sat.exam.id,
        sat.versions[values.pop("kind")][at],
        ruling=ruling,
        answer=answer,
        **values,
    )


def put_in_force(sat: Sat, draft: Draft) -> int:
    """Draft by the organizer, approve by another one; return the id."""
    correction_id = draft_ruling(sat.organizer, draft, now=LATER)
    enforcing.approve(other(), correction_id, now=LATER)
    return correction_id


def now_scored(sat: Sat) -> list[int]:
    with reading() as tx:
        return scores(tx, sat)


@pytest.mark.parametrize(
    ("kind", "answer", "policy", "expected"),
    [
        ("accept_also", "B", "recalculate", (1000, 700)),
        ("new_key", "B", "recalculate", (900, 700)),
        ("new_key", "B", "no_loss", (1000, 700)),
        ("new_key", "A", "recalculate", (1000, 600)),
        ("void_full", "", "recalculate", (1000, 700)),
        ("void_none", "", "recalculate", (1000, 667)),
        ("new_key", "D", "recalculate", (900, 600)),
    ],
)
def test_every_ruling_does_what_it_says_and_the_dry_run_foretells_it(
    app: Flask, kind: str, answer: str, policy: str, expected: tuple[int, int]
) -> None:
    sat = sit_exam(by_number, people=4)
    assert now_scored(sat) == [1000, 600, 1000, 600]
    correction_id = draft_ruling(sat.organizer, ruling(sat, kind, answer, policy=policy), now=LATER)
    second = other()
    moves = corrections.dry_run(second, correction_id, now=LATER).moves
    assert moves is not None
    foretold = {m.officer_id: m.score_after for m in moves.officers}
    assert now_scored(sat) == [1000, 600, 1000, 600]
    enforcing.approve(second, correction_id, now=LATER)
    now = now_scored(sat)
    assert now == [*expected, *expected]
    changed = {o for o, a, b in zip(sat.officers, [1000, 600] * 2, now, strict=True) if a != b}
    assert {o for o in foretold if o in changed} == changed
    after = dict(zip(sat.officers, now, strict=True))
    assert all(after[officer] == cp for officer, cp in foretold.items())
    assert moves.scored == len(changed)


def test_who_did_not_draw_the_question_keeps_the_score(app: Flask) -> None:
    sat = sit_exam(by_number, people=8, spare=6)
    before = now_scored(sat)
    put_in_force(sat, ruling(sat, "void_full"))
    with reading() as tx:
        drew = score_changes.which_hold(tx, sat.attempts, sat.versions["single"][0])
    for attempt_id, old, new in zip(sat.attempts, before, now_scored(sat), strict=True):
        assert new == old + (100 if attempt_id in drew and old == 600 else 0)


def test_nobody_approves_the_own_draft_nor_outside_the_scope(app: Flask) -> None:
    sat = sit_exam(by_number, people=2)
    correction_id = corrections.draft(sat.organizer, ruling(sat, "void_full"), now=LATER)
    with pytest.raises(OwnCorrection):
        enforcing.approve(sat.organizer, correction_id, now=LATER)
    for role, unit in (("organizer", "130500"), ("trainer", "130000")):
        with pytest.raises(NotAllowed):
            enforcing.approve(other(role, unit), correction_id, now=LATER)
    with pytest.raises(Conflict, match="correction_waiting"):
        corrections.draft(other("trainer"), ruling(sat, "void_none"), now=LATER)
    corrections.drop(sat.organizer, correction_id, "答案无误", now=LATER)
    with pytest.raises(Conflict, match="correction_decided"):
        enforcing.approve(other(), correction_id, now=LATER)
    assert now_scored(sat) == [1000, 600]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"reason": "长" * 301}, "reason_long"),
        ({"policy": "?"}, "correction_policy_unknown"),
        ({"ruling": "?"}, "correction_ruling_unknown"),
        ({"ruling": "new_key", "answer": "AB"}, "correction_answer_wrong"),
        ({"ruling": "new_key", "answer": "F"}, "correction_answer_wrong"),
        ({"ruling": "new_key", "answer": "\x00"}, "correction_answer_wrong"),
        ({"ruling": "accept_also", "answer": ""}, "correction_answer_wrong"),
        ({"part": 3}, "correction_item_unknown"),
    ],
)
def test_drafts_that_make_no_sense_are_refused(app: Flask, over: dict[str, Any], code: str) -> None:
    sat = sit_exam(by_number, people=1)
    with pytest.raises(Invalid) as refused:
        corrections.draft(sat.organizer, ruling(sat, **({"ruling": "void_full"} | over)), now=LATER)
    assert refused.value.name == code


def test_old_scores_stay_and_the_officer_reads_both(app: Flask) -> None:
    sat = sit_exam(by_number, people=2, score_release="handed_in")
    put_in_force(sat, ruling(sat, "accept_also", "B"))
    put_in_force(sat, ruling(sat, "void_full", at=1))
    officer = sat.organizer.__class__(sat.officers[1], "x", "李", sat.organizer.place)
    shown = review.get_result(officer, sat.attempts[1], now=LATER)
    assert shown.score_cp == 800
    assert [(n.old_cp, n.new_cp) for n in shown.corrections] == [(600, 700), (700, 800)]
    assert shown.corrections[0].reason == "答案与法条不符"
    with reading() as tx:
        actions = list(tx.execute(sa.select(journal.c.action)).scalars())
    assert actions.count("correction.applied") == 2


def test_a_published_board_is_withdrawn_and_published_anew(app: Flask) -> None:
    sat = sit_exam(by_number, people=3)
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    put_in_force(sat, ruling(sat, "void_full"))
    with reading() as tx:
        exam = corrections.exams.get_exam(tx, sat.exam.id)
    assert exam.results_published_at is None
    assert results.publish_results(sat.organizer, sat.exam.id, now=LATER) == 3


def test_hours_follow_the_pass_there_and_back_and_there_again(app: Flask) -> None:
    """Pass at 7 of 10: odd officers have 6."""
    sat = sit_exam(by_number, people=2, pass_bp=7000, good_bp=8000, excellent_bp=9000)

    def held() -> list[int]:
        with reading() as tx:
            return [
                sum(p.times for p in training.list_postings(tx, officer))
                for officer in sat.officers
            ]

    assert held() == [1, 0]
    put_in_force(sat, ruling(sat, "accept_also", "B"))
    assert held() == [1, 1]
    put_in_force(sat, ruling(sat, "new_key", "A"))
    assert (now_scored(sat), held()) == ([1000, 600], [1, 0])
    put_in_force(sat, ruling(sat, "void_full"))
    assert (now_scored(sat), held()) == ([1000, 700], [1, 1])


def test_cities_that_move_are_named(app: Flask) -> None:
    sat = sit_exam(by_number, people=2, units=("130502", "130102"))
    correction_id = draft_ruling(sat.organizer, ruling(sat, "new_key", "B"), now=LATER)
    moves = corrections.dry_run(other(), correction_id, now=LATER).moves
    assert moves is not None
    assert {m.name for m in moves.effects.cities} == {"邢台市", "石家庄市"}
    assert len(moves.effects.counties) == 2


def test_the_clock_of_an_approval_has_fractions(app: Flask) -> None:
    sat = sit_exam(by_number, people=2)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=LATER)
    enforcing.approve(other(), correction_id, now=LATER + timedelta(microseconds=1234))
    assert now_scored(sat) == [1000, 700]


def test_not_while_somebody_sits(app: Flask) -> None:
    sat = sit_exam(by_number, people=1)
    with pytest.raises(Conflict, match="window_still_open"):
        corrections.draft(sat.organizer, ruling(sat, "void_full"), now=NOW)
