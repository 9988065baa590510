"""A correction needs an exam that is over, and what is over does not open again.

So no paper is ever marked after a correction of its exam took effect: every attempt there can be is
closed before one may be drafted, and is marked anew by it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from quizapp.domain.errors import Conflict, Refusal
from quizapp.service import attempts, closing, corrections, enforcing, exam_times
from quizapp.service.exam_times import ALL, Target
from quizapp.service.people import find_viewer
from quizapp.store import tallies
from quizapp.store.db import reading
from tests.factories import NOW
from tests.sat import OVER, Sat, draft_ruling, sit_exam
from tests.service.test_corrections import by_number, now_scored, other, put_in_force, ruling

CLOSE = NOW + timedelta(hours=7)
MOMENT = timedelta(milliseconds=1)
TARGETS = (ALL, Target(unit_code="130502"), Target(unit_code="130500"))


def reopen(sat: Sat, target: Target, *, now: datetime) -> int:
    return exam_times.move_window(
        sat.organizer, sat.exam.id, target, opens_at=sat.exam.opens_at,
        closes_at=CLOSE + timedelta(days=1), reason="停电", now=now,
    )  # fmt: skip


def more_time(sat: Sat, target: Target, *, now: datetime) -> int:
    return exam_times.grant_extra(
        sat.organizer, sat.exam.id, target, extra_s=3600, reason="停电", now=now
    )


def start(sat: Sat, *, now: datetime) -> int:
    viewer = find_viewer(sat.officers[0], 1, "test")
    assert viewer is not None
    return attempts.start(viewer, sat.exam.id, pledged=True, now=now).attempt_id


def draft(sat: Sat, *, now: datetime) -> int:
    return corrections.draft(sat.organizer, ruling(sat, "new_key", "B"), now=now)


def test_a_correction_begins_where_time_cannot_be_changed_any_more(app: Flask) -> None:
    sat = sit_exam(by_number, people=2)
    with pytest.raises(Conflict, match="window_still_open"):
        draft(sat, now=CLOSE - MOMENT)
    for target in TARGETS:
        for change in (reopen, more_time):
            with pytest.raises(Conflict, match="exam_over"):
                change(sat, target, now=CLOSE)
    assert draft(sat, now=CLOSE)


def test_an_own_window_of_one_unit_keeps_corrections_away(app: Flask) -> None:
    sat = sit_exam(by_number, people=2)
    reopen(sat, Target(unit_code="130502"), now=CLOSE - MOMENT)
    with pytest.raises(Conflict, match="window_still_open"):
        draft(sat, now=OVER)
    attempt_id = start(sat, now=OVER)
    after = CLOSE + timedelta(days=1)
    with pytest.raises(Conflict, match="attempts_still_open"):
        draft(sat, now=after)
    closing.close_expired(now=after + timedelta(minutes=5), allowance_s=0)
    sat.attempts.append(attempt_id)
    later = after + timedelta(hours=1)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=later)
    enforcing.approve(other(), correction_id, now=later)
    assert now_scored(sat)[-1] == 100


@pytest.mark.parametrize("change", [reopen, more_time, start])
def test_nothing_opens_an_exam_whose_correction_is_in_force(
    app: Flask, change: Callable[..., int]
) -> None:
    sat = sit_exam(by_number, people=2)
    put_in_force(sat, ruling(sat, "new_key", "B"))
    scores = now_scored(sat)
    for target in TARGETS if change is not start else (None,):
        given = (target,) if target else ()
        with pytest.raises(Refusal):
            change(sat, *given, now=OVER + timedelta(days=1))
    with reading() as tx:
        assert tallies.count_open(tx, sat.exam.id) == 0
    assert now_scored(sat) == scores
