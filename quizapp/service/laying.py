"""The dry run of a correction, laid down once: paper by paper, apart from any request.

Nothing is lost when the process dies: who looks next goes on where it stopped. When scores, roster
or awards have changed since, it is computed anew and says so.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from quizapp.domain.corrections import Correction
from quizapp.domain.exams import Exam
from quizapp.service.apart import rest, run_apart
from quizapp.service.moved import moves_of
from quizapp.service.regrading import case_of, changes_of
from quizapp.service.results import check_over
from quizapp.store import awards, correction_runs, exams, score_changes, tallies
from quizapp.store import corrections as store
from quizapp.store.correction_runs import LAYING, Run
from quizapp.store.db import Tx, dialect, reading, transaction

SLICE = 200
GIVEN_UP = timedelta(seconds=20)
"""Without a sign of life for so long, a run has been interrupted: by a restart for example."""


class Clock:
    """The moment that `now` has become since the work began."""

    def __init__(self, now: datetime) -> None:
        self._now, self._begun = now, time.monotonic()

    def __call__(self) -> datetime:
        """Return that moment."""
        return self._now + timedelta(seconds=time.monotonic() - self._begun)


def marks_of(tx: Tx, exam_id: int) -> tuple[Any, ...]:
    """Return what changes whenever a mark, the roster or an award of the exam does."""
    declared = sorted(awards.list_awards(tx, exam_id).items())
    stamp = sha256(repr(declared).encode()).hexdigest()[:16]
    return (*tallies.state_of_marks(tx, exam_id), stamp)


def is_alive(run: Run, now: datetime) -> bool:
    """Say whether somebody is going on with it."""
    return now - run.moved_at < GIVEN_UP


def lay_down(correction_id: int, *, now: datetime) -> None:
    """Leave the dry run of a draft complete in the store, unless it is there or being made.

    Raises NotFound, and what `check_over` raises.
    """
    clock = Clock(now)
    run = _begin(correction_id, now)
    if run is None:
        return
    with reading() as tx:
        correction = store.get_correction(tx, correction_id)
        exam = exams.get_exam(tx, correction.draft.exam_id)
        ids = [one for one in score_changes.list_marked_ids(tx, exam.id) if one > run.last_id]
    if run.last_id == 0:
        clear(correction_id)
    if _lay_papers(correction, exam, run, ids, clock):
        with reading() as tx:
            moves, found = moves_of(tx, exam, correction_id)
        values = correction_runs.laid_values(moves, found)
        with transaction() as tx:
            correction_runs.move_run(tx, run, clock(), **values)


def _begin(correction_id: int, now: datetime) -> Run | None:
    """Return the run to go on with; None when there is nothing to do."""
    with reading() as tx:
        exam = exams.get_exam(tx, store.get_correction(tx, correction_id).draft.exam_id)
        check_over(tx, exam, now)
        marks = marks_of(tx, exam.id)
    with transaction() as tx:
        if store.get_correction(tx, correction_id, lock=True).state != "draft":
            return None
        known = correction_runs.find_run(tx, correction_id)
        if known is not None and known.marks == marks:
            if known.step != LAYING or is_alive(known, now):
                return None
            correction_runs.move_run(tx, known, now, begun_at=now)
            return replace(known, begun_at=now)
        correction_runs.put_run(tx, correction_id, marks, is_redone=known is not None, now=now)
        return correction_runs.find_run(tx, correction_id)


def clear(correction_id: int) -> None:
    """Remove in slices what a draft or a dropped correction has laid down."""
    gone = SLICE
    while gone == SLICE:
        with transaction() as tx:
            gone = score_changes.delete_changes(tx, correction_id, SLICE)
        rest()


def _lay_papers(
    correction: Correction, exam: Exam, run: Run, ids: list[int], clock: Clock
) -> bool:  # fmt: skip
    """Lay down what changes on these attempts; False when somebody else goes on with it."""
    with reading() as tx:
        case = case_of(tx, exam, correction)
    total = run.done + len(ids)
    for at in range(0, len(ids), SLICE):
        some = ids[at : at + SLICE]
        with reading() as tx:
            changes = changes_of(tx, case, some)
        ready = run_apart(score_changes.ready_changes, correction.id, changes, dialect())
        with transaction() as tx:
            values = {"done": run.done + at + len(some), "total": total, "last_id": some[-1]}
            if not correction_runs.move_run(tx, run, clock(), **values):
                return False
            score_changes.put_changes(tx, ready)
        rest()
    return True
