"""Closing: hand-in and the end of time. Marks, receipt, credit and journal in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from quizapp.domain.attempts import (
    HANDED_IN,
    TIME_OVER,
    current,
    digest,
    duration_s,
    short_receipt,
    submitted_at,
)
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.scoring import mark_paper
from quizapp.domain.training import ContestResult
from quizapp.service import training
from quizapp.service.questions import load_questions
from quizapp.store import attempts, exams, journal
from quizapp.store.attempts import Sealed, Sitting
from quizapp.store.db import Tx, transaction

SLICE = 200
LATEST_WRITER_S = 5
"""A save that came in time may still wait for the lock; closing comes after it."""


def close_expired(*, now: datetime, allowance_s: int, slice_size: int = SLICE) -> int:
    """Close and mark every attempt whose time is over; return how many were closed.

    In slices, so that saves get through in between. Idempotent: what is closed stays as it is, and
    two processes never close the same attempt.
    """
    closed = 0
    while True:
        with transaction() as tx:
            done = close_slice(tx, now=now, allowance_s=allowance_s, limit=slice_size)
        closed += done
        if done < slice_size:
            return closed


def close_slice(tx: Tx, *, now: datetime, allowance_s: int, limit: int) -> int:
    """Close up to `limit` attempts whose deadline and network allowance have passed."""
    before = now - timedelta(seconds=allowance_s + LATEST_WRITER_S)
    expired = attempts.list_expired(tx, before, limit)
    for exam_id in dict.fromkeys(sitting.attempt.exam_id for sitting in expired):
        exam = exams.get_exam(tx, exam_id)
        mine = [sitting for sitting in expired if sitting.attempt.exam_id == exam_id]
        sealed = seal(tx, exam, mine, now=now)
        facts = {
            "closed": [[one.attempt_id, short_receipt(one.digest), one.digest] for one in sealed]
        }
        journal.add_entry(tx, "attempts.closed", f"exam:{exam_id}", facts, actor_id=None, now=now)
    return len(expired)


def hand_in(tx: Tx, sitting: Sitting, *, now: datetime) -> None:
    """Close one attempt at its officer's word; the caller holds its row and knows it is running."""
    exam = exams.get_exam(tx, sitting.attempt.exam_id)
    (sealed,) = seal(tx, exam, [sitting], now=now)
    facts = {
        "exam": exam.id,
        "receipt": short_receipt(sealed.digest),
        "digest": sealed.digest,
        "answered": sealed.marks.answered,
    }
    journal.add_entry(
        tx,
        "attempt.submitted",
        f"attempt:{sealed.attempt_id}",
        facts,
        actor_id=sitting.attempt.officer_id,
        now=now,
    )


def seal(tx: Tx, exam: Exam, sittings: Sequence[Sitting], *, now: datetime) -> list[Sealed]:
    """Mark and close the attempts of one exam and post the credit of those who passed."""
    events = attempts.list_events(tx, [sitting.attempt.id for sitting in sittings])
    versions = {item.version_id for sitting in sittings for item in sitting.items}
    questions = load_questions(tx, versions)
    sealed = []
    for sitting in sittings:
        attempt = sitting.attempt
        mine = events[attempt.id]
        marks = mark_paper(sitting.items, questions, current(mine), scoring=exam.scoring)
        ended_at = submitted_at(attempt.due_at, now)
        sealed.append(
            Sealed(
                attempt_id=attempt.id,
                closed_at=now,
                submitted_at=ended_at,
                close_reason=HANDED_IN if now <= attempt.due_at else TIME_OVER,
                duration_s=duration_s(attempt.started_at, ended_at),
                marks=marks,
                digest=digest(attempt.id, attempt.started_at, mine),
            )
        )
    attempts.close_attempts(tx, sealed)
    training.post_contest(tx, exam=exam, results=_results(exam, sittings, sealed), now=now)
    return sealed


def _results(
    exam: Exam, sittings: Sequence[Sitting], sealed: Sequence[Sealed]
) -> list[ContestResult]:
    return [
        ContestResult(
            officer_id=OfficerId(sitting.attempt.officer_id),
            unit_id=sitting.attempt.unit_id,
            scoring_unit_id=sitting.attempt.scoring_unit_id,
            submitted_at=one.submitted_at,
            duration_s=one.duration_s,
            passed=one.marks.score_cp >= exam.pass_line_cp,
        )
        for sitting, one in zip(sittings, sealed, strict=True)
    ]


def check_receipts(tx: Tx) -> tuple[int, tuple[int, ...]]:
    """Return how many receipts there are, and the attempts whose answers do not fit theirs."""
    sealed = attempts.list_digests(tx)
    wrong: list[int] = []
    for at in range(0, len(sealed), SLICE):
        part = sealed[at : at + SLICE]
        events = attempts.list_events(tx, [attempt_id for attempt_id, _, _ in part])
        wrong += [
            attempt_id
            for attempt_id, started_at, sealed_digest in part
            if digest(attempt_id, started_at, events[attempt_id]) != sealed_digest
        ]
    return len(sealed), tuple(wrong)
