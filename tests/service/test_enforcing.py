"""A correction takes effect in slices and is seen all at once, whatever dies in between."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.awards.base import Terms
from quizapp.domain.errors import Conflict
from quizapp.service import (
    award_acts,
    corrections,
    enforcing,
    laying,
    results,
    review,
    standings,
    training,
)
from quizapp.service.results import CorrectionUnderWay
from quizapp.store import past_boards, ranked, score_changes, tallies, watch
from quizapp.store.attempts import attempts
from quizapp.store.db import reading
from tests.factories import NOW
from tests.sat import OVER, Sat, draft_ruling, scores, sit_exam
from tests.service.test_corrections import by_number, other, ruling

LATER = OVER + timedelta(hours=1)
MUCH_LATER = LATER + timedelta(minutes=5)
OLD, NEW = [1000, 600, 1000, 600], [1000, 700, 1000, 700]


class DeadError(RuntimeError):
    """The process is gone."""


def dies_after(slices: int) -> Callable[[], None]:
    """Return a rest that after so many of them does not come back."""
    left = [slices]

    def rest() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise DeadError

    return rest


@dataclass
class Patch:
    """Slices of one paper, and a death between two of them."""

    monkeypatch: pytest.MonkeyPatch

    def die(self, part: object, slices: int) -> None:
        for name in ("SLICE", "WRITTEN"):
            self.monkeypatch.setattr(part, name, 1, raising=False)
        self.monkeypatch.setattr(part, "rest", dies_after(slices))

    def live(self, part: object) -> None:
        self.monkeypatch.setattr(part, "rest", lambda: None)


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> Patch:
    return Patch(monkeypatch)


def half_written(patch: Patch) -> tuple[Sat, int]:
    """Approve what gives two officers another score; the process dies after the first of them."""
    sat = sit_exam(by_number, people=4, score_release="handed_in", pass_bp=7000, good_bp=8000)
    award_acts.declare(sat.organizer, sat.exam.id, "city_prizes", Terms((1, 0, 0)), now=NOW)
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=LATER)
    patch.die(enforcing, 0)
    with pytest.raises(DeadError):
        enforcing.approve(other(), correction_id, now=LATER)
    return sat, correction_id


def seen_scores(sat: Sat) -> list[list[int | None]]:
    """Return what their officers, the live board, the check list and the sums show."""
    people = [
        sat.organizer.__class__(officer, "x", "李", sat.organizer.place) for officer in sat.officers
    ]
    own = [
        review.get_result(who, attempt, now=MUCH_LATER).score_cp
        for who, attempt in zip(people, sat.attempts, strict=True)
    ]
    with reading() as tx:
        best = {one.officer_id: one.score_cp for one in ranked.list_best(tx, sat.exam)}
        fast = watch.list_fast(tx, sat.exam.id, faster_than_s=10**6, least_cp=0, span=None, limit=9)
        whole = sum(tally.score_sum_cp for tally in tallies.unit_tallies(tx, sat.exam))
    by_attempt = {one.attempt_id: one.score_cp for one in fast}
    return [
        own,
        [best[officer] for officer in sat.officers],
        [by_attempt[attempt] for attempt in sat.attempts],
        [whole],
    ]


def test_until_all_scores_are_written_everybody_reads_the_old_ones(
    app: Flask, patch: Patch
) -> None:
    sat, correction_id = half_written(patch)
    with reading() as tx:
        assert sorted(scores(tx, sat)) == [600, 700, 1000, 1000]
    assert seen_scores(sat) == [OLD, OLD, OLD, [sum(OLD)]]
    board = standings.officer_board(None, sat.exam.id, now=LATER, cache_s=0)
    assert [row.score_cp for row in board.rows] == [1000, 1000, 600, 600]
    stand = corrections.dry_run(sat.organizer, correction_id, now=MUCH_LATER).stand
    assert stand is not None
    assert (stand.step, stand.done, stand.total, stand.is_idle) == ("writing", 1, 2, True)


def test_nothing_is_decided_on_scores_that_are_being_written(app: Flask, patch: Patch) -> None:
    sat, correction_id = half_written(patch)
    results.withdraw_results(sat.organizer, sat.exam.id, "更正", now=LATER)
    with pytest.raises(CorrectionUnderWay):
        results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    with pytest.raises(CorrectionUnderWay):
        award_acts.lock(sat.organizer, sat.exam.id, "city_prizes", now=LATER)
    with pytest.raises(Conflict, match="correction_waiting"):
        corrections.draft(sat.organizer, ruling(sat, "void_none"), now=LATER)
    with pytest.raises(Conflict, match="correction_decided"):
        corrections.drop(sat.organizer, correction_id, "不对", now=LATER)


def test_the_next_round_completes_what_died(app: Flask, patch: Patch) -> None:
    sat, correction_id = half_written(patch)
    patch.live(enforcing)
    assert enforcing.resume(now=LATER) == 0
    assert enforcing.resume(now=MUCH_LATER) == 1
    assert seen_scores(sat) == [NEW, NEW, NEW, [sum(NEW)]]
    assert enforcing.resume(now=MUCH_LATER + timedelta(hours=1)) == 0
    hours = [training.year_of(officer, 2026, now=MUCH_LATER).credit_ch for officer in sat.officers]
    assert len(set(hours)) == 1
    assert hours[0] > 0
    with reading() as tx:
        (past,) = past_boards.list_past(tx, sat.exam.id)
        kept = past_boards.officers_of(tx, past.id, sat.officers)
        assert [kept[officer][1] for officer in sat.officers] == OLD
        (changed,) = corrections.store.list_corrections(tx, sat.exam.id)
    assert (changed.id, changed.state, changed.changed) == (correction_id, "applied", 2)


def test_who_looks_again_completes_hours_that_were_cut_off(app: Flask, patch: Patch) -> None:
    sat = sit_exam(by_number, people=4, pass_bp=7000, good_bp=8000)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=LATER)
    patch.die(enforcing, 2)
    with pytest.raises(DeadError):
        enforcing.approve(other(), correction_id, now=LATER)

    def held() -> list[bool]:
        return [training.year_of(one, 2026, now=MUCH_LATER).credit_ch > 0 for one in sat.officers]

    assert sum(held()) == 3
    patch.live(enforcing)
    enforcing.carry_on(correction_id, now=MUCH_LATER)
    assert held() == [True] * 4
    assert corrections.dry_run(sat.organizer, correction_id, now=MUCH_LATER).stand is None


def test_a_dry_run_goes_on_where_it_stopped(app: Flask, patch: Patch) -> None:
    sat = sit_exam(by_number, people=4)
    correction_id = corrections.draft(sat.organizer, ruling(sat, "void_full"), now=LATER)
    patch.die(laying, 2)  # the first rest is after clearing
    with pytest.raises(DeadError):
        laying.lay_down(correction_id, now=LATER)
    stand = corrections.dry_run(sat.organizer, correction_id, now=LATER).stand
    assert stand is not None
    assert (stand.step, stand.done, stand.total, stand.is_idle) == ("laying", 2, 4, False)
    with pytest.raises(Conflict, match="dry_run_not_ready"):
        enforcing.approve(other(), correction_id, now=LATER)
    with pytest.raises(Conflict, match="dry_run_not_ready"):
        corrections.list_everybody(sat.organizer, correction_id, now=LATER)
    patch.live(laying)
    laying.lay_down(correction_id, now=LATER + timedelta(seconds=1))  # somebody may be at it
    assert corrections.dry_run(sat.organizer, correction_id, now=LATER).moves is None
    laying.lay_down(correction_id, now=MUCH_LATER)
    moves = corrections.dry_run(sat.organizer, correction_id, now=MUCH_LATER).moves
    assert moves is not None
    assert (moves.attempts, moves.scored) == (2, 2)
    enforcing.approve(other(), correction_id, now=MUCH_LATER)
    with reading() as tx:
        assert scores(tx, sat) == NEW


def test_of_two_that_lay_down_the_later_one_wins(app: Flask, patch: Patch) -> None:
    sat = sit_exam(by_number, people=4)
    correction_id = corrections.draft(sat.organizer, ruling(sat, "void_full"), now=LATER)
    turns = iter([None, lambda: laying.lay_down(correction_id, now=MUCH_LATER)])

    def rest() -> None:
        begin_another = next(turns, None)
        if begin_another is not None:
            begin_another()

    patch.die(laying, 0)
    patch.monkeypatch.setattr(laying, "rest", rest)
    laying.lay_down(correction_id, now=LATER)
    seen = corrections.dry_run(sat.organizer, correction_id, now=MUCH_LATER)
    assert seen.moves is not None
    assert seen.moves.attempts == 2
    with reading() as tx:
        assert len(score_changes.new_scores(tx, correction_id)) == 2


def test_a_dropped_draft_leaves_nothing(app: Flask) -> None:
    sat = sit_exam(by_number, people=4)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=LATER)
    corrections.drop(sat.organizer, correction_id, "答案无误", now=LATER)
    with reading() as tx:
        assert score_changes.new_scores(tx, correction_id) == {}
        assert scores(tx, sat) == OLD
        marked = sa.select(sa.func.count()).where(attempts.c.score_cp.is_not(None))
        assert tx.execute(marked).scalar_one() == 4
