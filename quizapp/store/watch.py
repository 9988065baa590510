"""What an organizer looks after: who has not taken part, and attempts to look at by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.ids import AttemptId, UnitId
from quizapp.domain.standings import Span
from quizapp.store.attempts import attempt_devices, attempts
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster
from quizapp.store.people import officers, units
from quizapp.store.shown import shown_attempts
from quizapp.store.tallies import inside

city = units.alias("city")


@dataclass(frozen=True, slots=True)
class Absent:
    """An invited officer without a handed-in attempt. `is_running`: one is being written now."""

    staff_no: str
    name: str
    unit_name: str
    city_name: str
    is_running: bool


def _absent(exam_id: int, span: Span | None, city_id: UnitId | None) -> Any:
    own = sa.and_(attempts.c.exam_id == exam_id, attempts.c.officer_id == exam_roster.c.officer_id)
    marked = sa.exists().where(own, attempts.c.score_cp.is_not(None))
    running = sa.exists().where(own, attempts.c.closed_at.is_(None))
    return (
        sa.select(
            officers.c.staff_no, officers.c.name, units.c.name.label("unit_name"),
            city.c.name.label("city_name"), running.label("is_running"),
        )
        .select_from(exam_roster)
        .join(officers, officers.c.id == exam_roster.c.officer_id)
        .join(units, units.c.id == exam_roster.c.unit_id)
        .join(city, city.c.id == exam_roster.c.scoring_unit_id)
        .where(
            exam_roster.c.exam_id == exam_id,
            exam_roster.c.excused_reason.is_(None),
            sa.not_(marked),
            inside(exam_roster, span, city_id),
        )
        .order_by(city.c.code, units.c.code, officers.c.staff_no)
    )  # fmt: skip


def list_absent(
    tx: Tx, exam_id: int, *, span: Span | None, city_id: UnitId | None, limit: int, offset: int
) -> list[Absent]:
    """Return a page of those who have not taken part, by city, unit and staff number."""
    rows = tx.execute(_absent(exam_id, span, city_id).limit(limit).offset(offset))
    return [Absent(**row) for row in rows.mappings()]


def count_absent(tx: Tx, exam_id: int, *, span: Span | None, city_id: UnitId | None) -> int:
    """Return how many have not taken part."""
    found = _absent(exam_id, span, city_id).order_by(None).subquery()
    return tx.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


@dataclass(frozen=True, slots=True)
class FastAttempt:
    """A handed-in attempt that took remarkably little time. `devices`: how many held the paper."""

    attempt_id: AttemptId
    staff_no: str
    name: str
    unit_name: str
    city_name: str
    try_no: int
    score_cp: int
    duration_s: int
    submitted_at: datetime
    devices: int


def list_fast(
    tx: Tx, exam_id: int, *, faster_than_s: int, least_cp: int, span: Span | None, limit: int
) -> list[FastAttempt]:
    """Return handed-in attempts below the time that still reach `least_cp`, the fastest first."""
    seen = shown_attempts(exam_id)
    held = (
        sa.select(sa.func.count())
        .select_from(attempt_devices)
        .where(attempt_devices.c.attempt_id == seen.c.id)
        .scalar_subquery()
    )
    rows = tx.execute(
        sa.select(
            seen.c.id.label("attempt_id"), officers.c.staff_no, officers.c.name,
            units.c.name.label("unit_name"), city.c.name.label("city_name"), seen.c.try_no,
            seen.c.score_cp, seen.c.duration_s, seen.c.submitted_at,
            held.label("devices"),
        )
        .select_from(seen)
        .join(officers, officers.c.id == seen.c.officer_id)
        .join(units, units.c.id == seen.c.unit_id)
        .join(city, city.c.id == seen.c.scoring_unit_id)
        .where(
            seen.c.duration_s < faster_than_s,
            seen.c.score_cp >= least_cp,
            inside(seen, span, None),
        )
        .order_by(seen.c.duration_s, seen.c.id)
        .limit(limit)
    )  # fmt: skip
    return [FastAttempt(**row) for row in rows.mappings()]
