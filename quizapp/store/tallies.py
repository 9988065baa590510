"""Counting attempts for boards and for the live page: read-only statements over other columns.

What counts is a marked attempt: closing sets `score_cp`, except when the exam was cancelled.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.clock import from_ms
from quizapp.domain.exams import Exam, line_cp
from quizapp.domain.ids import UnitId
from quizapp.domain.metrics.base import Tally
from quizapp.domain.people import Place
from quizapp.domain.standings import Span
from quizapp.store.attempts import attempts
from quizapp.store.corrections import corrections
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster
from quizapp.store.people import units
from quizapp.store.places import place_columns, place_of
from quizapp.store.shown import shown_attempts

HOUR_MS = 3_600_000


def unit_tallies(tx: Tx, exam: Exam) -> list[Tally]:
    """Return one tally per unit, zeros for those where nobody took part; order: place code.

    One statement. 应参加人数 is the frozen roster; an excused officer counts only after taking
    part all the same. `unit.scoring_unit_id` is the one of the frozen roster.
    """
    invited, excused, scored = _invited(exam.id), _excused(exam.id), _scored(exam)
    eligible = sa.func.coalesce(invited.c.people, 0) - sa.func.coalesce(excused.c.people, 0)
    rows = tx.execute(
        sa.select(
            *place_columns(units, ""),
            sa.func.coalesce(invited.c.scoring_unit_id, units.c.scoring_unit_id).label("frozen_id"),
            eligible.label("eligible"),
            *(sa.func.coalesce(scored.c[name], 0).label(name) for name in FIGURES[1:]),
        )
        .select_from(
            units.outerjoin(invited, invited.c.unit_id == units.c.id)
            .outerjoin(excused, excused.c.unit_id == units.c.id)
            .outerjoin(scored, scored.c.unit_id == units.c.id)
        )
        .order_by(units.c.code)
    ).mappings()
    return [_tally_of(row, exam.max_cp) for row in rows]


def _invited(exam_id: int) -> Any:
    """Count the whole roster by unit: read from its index alone."""
    roster = exam_roster.c
    return (
        sa.select(roster.unit_id, roster.scoring_unit_id, sa.func.count().label("people"))
        .where(roster.exam_id == exam_id)
        .group_by(roster.scoring_unit_id, roster.unit_id)
        .subquery()
    )


def _excused(exam_id: int) -> Any:
    """Count by unit who is excused and stayed away: few, under an index of their own."""
    came = sa.exists().where(
        attempts.c.exam_id == exam_id,
        attempts.c.officer_id == exam_roster.c.officer_id,
        attempts.c.score_cp.is_not(None),
    )
    return (
        sa.select(exam_roster.c.unit_id, sa.func.count().label("people"))
        .where(
            exam_roster.c.exam_id == exam_id,
            exam_roster.c.excused_reason.is_not(None),
            sa.not_(came),
        )
        .group_by(exam_roster.c.unit_id)
        .subquery()
    )


def _scored(exam: Exam) -> Any:
    """Count the best attempts by unit: read in the order of the board's index."""
    seen = shown_attempts(exam.id)
    best = (
        sa.select(seen.c.unit_id, sa.func.max(seen.c.score_cp).label("score"))
        .where(seen.c.score_cp.is_not(None))
        .group_by(seen.c.scoring_unit_id, seen.c.unit_id, seen.c.officer_id)
        .subquery()
    )

    def reaching(line: int) -> Any:
        return sa.func.sum(sa.case((best.c.score >= line, 1), else_=0))

    return (
        sa.select(
            best.c.unit_id,
            sa.func.count().label("participants"),
            sa.func.sum(best.c.score).label("score_sum_cp"),
            reaching(exam.pass_line_cp).label("passed"),
            reaching(line_cp(exam.max_cp, exam.excellent_bp)).label("excellent"),
            reaching(exam.max_cp).label("full_marks"),
            sa.func.max(best.c.score).label("top_cp"),
        )
        .group_by(best.c.unit_id)
        .subquery()
    )


FIGURES = (
    "eligible", "participants", "score_sum_cp", "passed", "excellent", "full_marks", "top_cp",
)  # fmt: skip


def _tally_of(row: Any, max_cp: int) -> Tally:
    seen = place_of(row, "")
    unit = Place(
        seen.id, seen.code, seen.name, seen.level, seen.parent_id, row["frozen_id"], seen.is_ranked
    )
    return Tally(unit=unit, max_cp=max_cp, **{name: int(row[name]) for name in FIGURES})


def inside(table: Any, span: Span | None, city_id: UnitId | None) -> Any:
    """Return the condition that a row lies in the span and, when one is named, in the city."""
    conditions = []
    if span is not None:
        conditions.append(
            sa.or_(
                table.c.scoring_unit_id.in_(sorted(span.city_ids)),
                table.c.unit_id.in_(sorted(span.unit_ids)),
            )
        )
    if city_id is not None:
        conditions.append(table.c.scoring_unit_id == city_id)
    return sa.and_(sa.true(), *conditions)


def count_open(tx: Tx, exam_id: int) -> int:
    """Return how many attempts of the exam are not closed yet."""
    return tx.execute(
        sa.select(sa.func.count())
        .select_from(attempts)
        .where(attempts.c.exam_id == exam_id, attempts.c.closed_at.is_(None))
    ).scalar_one()


def hourly_participants(
    tx: Tx, exam_id: int, *, span: Span | None, city_id: UnitId | None
) -> list[tuple[datetime, int]]:
    """Return (start of the hour, officers whose first hand-in fell into it) in order of time."""
    submitted_ms = sa.type_coerce(attempts.c.submitted_at, sa.BigInteger)
    first = (
        sa.select(sa.func.min(submitted_ms).label("ms"))
        .where(
            attempts.c.exam_id == exam_id,
            attempts.c.score_cp.is_not(None),
            inside(attempts, span, city_id),
        )
        .group_by(attempts.c.officer_id)
        .subquery()
    )
    hour = (first.c.ms // HOUR_MS).label("hour")
    rows = tx.execute(sa.select(hour, sa.func.count()).group_by(hour).order_by(hour))
    return [(from_ms(int(no) * HOUR_MS), count) for no, count in rows]


def state_of_marks(tx: Tx, exam_id: int) -> tuple[int, ...]:
    """Return figures that change whenever a mark or the roster of the exam does.

    Marks only come, and change only by corrections: their number tells what sums may hide. One
    that is being written counts already, although the old scores are still shown.
    """
    seen = shown_attempts(exam_id)
    marked = tx.execute(
        sa.select(
            sa.func.count(seen.c.score_cp),
            sa.func.coalesce(sa.func.sum(seen.c.score_cp), 0),
            sa.func.coalesce(sa.func.sum(seen.c.duration_s), 0),
        )
    ).one()
    excused = tx.execute(
        sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(exam_roster.c.officer_id), 0)
        ).where(exam_roster.c.exam_id == exam_id, exam_roster.c.excused_reason.is_not(None))
    ).one()
    corrected = tx.execute(
        sa.select(sa.func.count())
        .select_from(corrections)
        .where(corrections.c.exam_id == exam_id, corrections.c.state.in_(("applying", "applied")))
    ).scalar_one()
    return tuple(int(number) for number in (*marked, *excused, corrected))
