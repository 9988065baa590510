"""Changes of time after publication, and what they do to attempts that run: statements.

The recorded start is never touched. These statements write rows of `attempts`, because a change
and its effect belong into one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.clock import to_ms
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.timing import Terms, TimeChange, terms_for
from quizapp.store.attempts import attempts
from quizapp.store.db import Tx
from quizapp.store.exams import exams, list_changes, time_changes
from quizapp.store.people import officers, units


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change as the organizer's page lists it. `target`: a name, or None for all."""

    change: TimeChange
    target: str | None
    reason: str
    made_by: str
    made_at: datetime


def add_change(
    tx: Tx, exam_id: int, change: TimeChange, *, reason: str, made_by: int, now: datetime
) -> None:
    """Record a change and raise the exam's revision, so that waiting pages read it again."""
    tx.execute(
        sa.insert(time_changes).values(
            exam_id=exam_id,
            kind=change.kind,
            officer_id=change.officer_id,
            unit_id=change.unit_id,
            extra_s=change.extra_s,
            opens_at=change.opens_at,
            closes_at=change.closes_at,
            reason=reason,
            made_by=made_by,
            made_at=now,
        )
    )
    tx.execute(sa.update(exams).where(exams.c.id == exam_id).values(revision=exams.c.revision + 1))


def put_window(tx: Tx, exam_id: int, opens_at: datetime, closes_at: datetime) -> None:
    """Move the window of all."""
    tx.execute(
        sa.update(exams).where(exams.c.id == exam_id).values(opens_at=opens_at, closes_at=closes_at)
    )


def mark_cancelled(tx: Tx, exam_id: int, *, now: datetime) -> int:
    """Cancel the exam and close its running attempts unmarked; return how many they were."""
    tx.execute(
        sa.update(exams).where(exams.c.id == exam_id).values(state="cancelled", cancelled_at=now)
    )
    closed = tx.execute(
        sa.update(attempts)
        .where(attempts.c.exam_id == exam_id, attempts.c.closed_at.is_(None))
        .values(
            closed_at=now,
            submitted_at=now,
            close_reason="cancelled",
            revision=attempts.c.revision + 1,
        )
        .returning(attempts.c.id)
    )
    return len(closed.all())


def reschedule(tx: Tx, exam: Exam, *, now: datetime) -> int:
    """Give every running attempt the due time of its officer's terms; return how many changed.

    Their revision rises. An attempt that had time left at `now` is never made due before `now`, so
    no acknowledged answer comes to lie behind its own deadline.
    """
    changes = list_changes(tx, exam.id)
    single = {change.officer_id for change in changes if change.officer_id is not None}
    running = attempts.c.exam_id == exam.id, attempts.c.closed_at.is_(None)
    rows = tx.execute(
        sa.select(attempts.c.officer_id, attempts.c.unit_id, attempts.c.scoring_unit_id).where(
            *running, attempts.c.officer_id.in_(single)
        )
    )
    moved = 0
    for officer_id, unit_id, scoring_unit_id in rows.all():
        terms = terms_for(exam, OfficerId(officer_id), (unit_id, scoring_unit_id), changes)
        moved += _move(tx, (*running, attempts.c.officer_id == officer_id), terms, now)
    for terms, unit_ids in _terms_by_unit(tx, exam, changes).items():
        others = attempts.c.officer_id.not_in(single), attempts.c.unit_id.in_(unit_ids)
        moved += _move(tx, (*running, *others), terms, now)
    return moved


def _terms_by_unit(tx: Tx, exam: Exam, changes: Sequence[TimeChange]) -> dict[Terms, list[UnitId]]:
    rows = tx.execute(
        sa.select(attempts.c.unit_id, attempts.c.scoring_unit_id)
        .where(attempts.c.exam_id == exam.id, attempts.c.closed_at.is_(None))
        .distinct()
    )
    units_of: dict[Terms, list[UnitId]] = {}
    for unit_id, scoring_unit_id in rows:
        terms = terms_for(exam, None, (unit_id, scoring_unit_id), changes)
        units_of.setdefault(terms, []).append(unit_id)
    return units_of


def _move(tx: Tx, whose: Sequence[sa.ColumnElement[bool]], terms: Terms, now: datetime) -> int:
    ms = sa.BigInteger()
    started, due = (sa.type_coerce(attempts.c[name], ms) for name in ("started_at", "due_at"))
    closes = sa.literal(to_ms(terms.closes_at), ms)
    own = started + sa.cast(attempts.c.limit_s + terms.extra_s, ms) * 1000
    fresh = sa.case((own < closes, own), else_=closes)
    kept = sa.case((due < to_ms(now), due), else_=sa.literal(to_ms(now), ms))
    fresh = sa.case((fresh < kept, kept), else_=fresh)
    moved = tx.execute(
        sa.update(attempts)
        .where(*whose, sa.or_(attempts.c.extra_s != terms.extra_s, due != fresh))
        .values(
            extra_s=terms.extra_s,
            due_at=sa.type_coerce(fresh, attempts.c.due_at.type),
            revision=attempts.c.revision + 1,
        )
        .returning(attempts.c.id)
    )
    return len(moved.all())


def list_recorded(tx: Tx, exam_id: int) -> list[RecordedChange]:
    """Return the exam's changes of time with names, the latest first."""
    target, maker = officers.alias("target"), officers.alias("maker")
    change = time_changes.c
    rows = tx.execute(
        sa.select(
            change.kind,
            change.officer_id,
            change.unit_id,
            change.extra_s,
            change.opens_at,
            change.closes_at,
            sa.func.coalesce(target.c.name + " " + target.c.staff_no, units.c.name),
            change.reason,
            maker.c.name,
            change.made_at,
        )
        .outerjoin(target, target.c.id == change.officer_id)
        .outerjoin(units, units.c.id == change.unit_id)
        .join(maker, maker.c.id == change.made_by)
        .where(change.exam_id == exam_id)
        .order_by(change.id.desc())
    )
    return [RecordedChange(TimeChange(*row[:6]), row[6], row[7], row[8], row[9]) for row in rows]
