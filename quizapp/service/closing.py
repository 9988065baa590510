"""Closing: hand-in and the end of time. Marks, receipt, credit and journal in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from quizapp.domain.attempts import (
    CANCELLED,
    HANDED_IN,
    TIME_OVER,
    AttemptClosed,
    Caller,
    Entry,
    answered_count,
    current,
    duration_s,
    submitted_at,
)
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.papers import ExamRef, Receipt
from quizapp.domain.people import Viewer
from quizapp.domain.receipts import digest, short_receipt
from quizapp.domain.scoring import mark_paper
from quizapp.domain.training import ContestResult
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.service import saving, training
from quizapp.service.attempts import check_own
from quizapp.service.questions import load_questions
from quizapp.store import exams, journal, sittings
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.sittings import Sealed, Sitting

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
    expired = sittings.list_expired(tx, before, limit)
    for exam_id in dict.fromkeys(sitting.attempt.exam_id for sitting in expired):
        exam = exams.get_exam(tx, exam_id)
        mine = [sitting for sitting in expired if sitting.attempt.exam_id == exam_id]
        sealed = seal(tx, exam, mine, now=now)
        facts = {
            "closed": [[one.attempt_id, short_receipt(one.digest), one.digest] for one in sealed]
        }
        journal.add_entry(tx, "attempts.closed", f"exam:{exam_id}", facts, actor_id=None, now=now)
    return len(expired)


def submit(
    viewer: Viewer,
    caller: Caller,
    attempt_id: int,
    entries: Sequence[Entry] = (),
    *,
    now: datetime,
    allowance_s: int,
) -> Receipt:
    """Close the attempt, the last answers included; every further call returns the same receipt.

    Answers that come with it are saved first, by the rules of a save; if they are refused,
    nothing is handed in. Raises what saving raises, except AttemptClosed.
    """
    if entries:
        try:
            saving.save_answers(caller, attempt_id, entries, now=now, allowance_s=allowance_s)
        except AttemptClosed:
            entries = ()
    with transaction() as tx:
        sitting = sittings.get_sitting(tx, attempt_id, lock=True)
        check_own(viewer, sitting.attempt)
        if sitting.attempt.closed_at is None:
            hand_in(tx, sitting, now=now)
            sitting = sittings.get_sitting(tx, attempt_id)
        return _receipt(tx, sitting, now)


def get_receipt(viewer: Viewer, attempt_id: int, *, now: datetime) -> Receipt | None:
    """Return the receipt of a closed attempt, None while it runs."""
    with reading() as tx:
        sitting = sittings.get_sitting(tx, attempt_id)
        check_own(viewer, sitting.attempt)
        return None if sitting.attempt.closed_at is None else _receipt(tx, sitting, now)


def _receipt(tx: Tx, sitting: Sitting, now: datetime) -> Receipt:
    attempt = sitting.attempt
    exam = exams.get_exam(tx, attempt.exam_id)
    answered = attempt.answered
    if attempt.close_reason == CANCELLED:
        answered = answered_count(current(sittings.list_events(tx, [attempt.id])[attempt.id]))
    may_see = what_is_visible(exam, Relation.SELF, now).score
    return Receipt(
        attempt_id=attempt.id,
        exam=ExamRef(exam.id, exam.title),
        receipt=attempt.receipt or "",
        submitted_at=attempt.submitted_at or attempt.due_at,
        close_reason=attempt.close_reason or "",
        answered=answered or 0,
        total=len(sitting.items),
        max_cp=attempt.max_cp,
        score_cp=attempt.score_cp if may_see else None,
        score_release=exam.score_release,
    )


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


def seal(tx: Tx, exam: Exam, group: Sequence[Sitting], *, now: datetime) -> list[Sealed]:
    """Mark and close the attempts of one exam and post the credit of those who passed."""
    events = sittings.list_events(tx, [sitting.attempt.id for sitting in group])
    versions = {item.version_id for sitting in group for item in sitting.items}
    questions = load_questions(tx, versions)
    sealed = []
    for sitting in group:
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
    sittings.close_attempts(tx, sealed)
    training.post_contest(tx, exam=exam, results=_results(exam, group, sealed), now=now)
    return sealed


def _results(exam: Exam, group: Sequence[Sitting], sealed: Sequence[Sealed]) -> list[ContestResult]:
    return [
        ContestResult(
            officer_id=OfficerId(sitting.attempt.officer_id),
            unit_id=sitting.attempt.unit_id,
            scoring_unit_id=sitting.attempt.scoring_unit_id,
            submitted_at=one.submitted_at,
            duration_s=one.duration_s,
            passed=one.marks.score_cp >= exam.pass_line_cp,
        )
        for sitting, one in zip(group, sealed, strict=True)
    ]


def check_receipts(tx: Tx) -> tuple[int, tuple[int, ...]]:
    """Return how many receipts there are, and the attempts whose answers do not fit theirs."""
    sealed = sittings.list_digests(tx)
    wrong: list[int] = []
    for at in range(0, len(sealed), SLICE):
        part = sealed[at : at + SLICE]
        events = sittings.list_events(tx, [attempt_id for attempt_id, _, _ in part])
        wrong += [
            attempt_id
            for attempt_id, started_at, sealed_digest in part
            if digest(attempt_id, started_at, events[attempt_id]) != sealed_digest
        ]
    return len(sealed), tuple(wrong)
