"""Freezing who is invited and what may be drawn, and excusing roster members: statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.exams import Audience, Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Place
from quizapp.store.db import Tx
from quizapp.store.exams import exam_pool, exam_roster
from quizapp.store.people import officers, units


@dataclass(frozen=True, slots=True)
class Excused:
    """A roster member who need not take part, and why."""

    officer_id: OfficerId
    staff_no: str
    name: str
    unit: str
    reason: str


def invited(unit: Place, audience: Audience) -> sa.Select[Any]:
    """Return the statement for all officers in `unit`'s scope whom the audience names."""
    scoring_unit_id = sa.func.coalesce(units.c.scoring_unit_id, units.c.id)
    found = (
        sa.select(
            officers.c.id.label("officer_id"),
            officers.c.unit_id,
            scoring_unit_id.label("scoring_unit_id"),
            officers.c.cadre_level,
        )
        .join(units, units.c.id == officers.c.unit_id)
        .where(officers.c.disabled_at.is_(None))
    )
    if unit.level != "province":
        found = found.where(sa.or_(units.c.id == unit.id, units.c.scoring_unit_id == unit.id))
    if audience.units:
        named = sa.select(units.c.id).where(units.c.code.in_(audience.units)).scalar_subquery()
        found = found.where(sa.or_(units.c.id.in_(named), units.c.scoring_unit_id.in_(named)))
    if audience.cadre_levels:
        found = found.where(officers.c.cadre_level.in_(audience.cadre_levels))
    return found


def count_invited(tx: Tx, unit: Place, audience: Audience) -> int:
    """Return how many officers a roster frozen now would have."""
    return tx.execute(
        sa.select(sa.func.count()).select_from(invited(unit, audience).subquery())
    ).scalar_one()


def freeze_roster(tx: Tx, exam: Exam) -> int:
    """Store the roster as it is now (应参加人数); return its size."""
    source = invited(exam.unit, exam.audience)
    source = source.add_columns(sa.literal(exam.id, sa.Integer).label("exam_id"))
    names = ["officer_id", "unit_id", "scoring_unit_id", "cadre_level", "exam_id"]
    tx.execute(sa.insert(exam_roster).from_select(names, source))
    return count_roster(tx, exam.id)


def count_roster(tx: Tx, exam_id: int) -> int:
    """Return the size of the frozen roster, excused members left out."""
    return tx.execute(
        sa.select(sa.func.count())
        .select_from(exam_roster)
        .where(exam_roster.c.exam_id == exam_id, exam_roster.c.excused_reason.is_(None))
    ).scalar_one()


def freeze_pool(tx: Tx, exam_id: int, version_ids: Iterable[int]) -> None:
    """Store what papers of this exam are drawn from."""
    tx.execute(sa.insert(exam_pool), [{"exam_id": exam_id, "version_id": no} for no in version_ids])


def count_rosters(tx: Tx) -> dict[int, int]:
    """Return the size of every frozen roster by exam, excused members left out."""
    rows = tx.execute(
        sa.select(exam_roster.c.exam_id, sa.func.count())
        .where(exam_roster.c.excused_reason.is_(None))
        .group_by(exam_roster.c.exam_id)
    )
    return {row[0]: row[1] for row in rows}


def find_invited(tx: Tx, exam_id: int, staff_no: str) -> OfficerId:
    """Return the roster member of that staff number. Raises NotFound("not_on_roster")."""
    staff_no = staff_no.strip()
    if not staff_no.isprintable():
        raise NotFound("not_on_roster", staff_no="")
    found = tx.execute(
        sa.select(officers.c.id)
        .join(exam_roster, exam_roster.c.officer_id == officers.c.id)
        .where(exam_roster.c.exam_id == exam_id, officers.c.staff_no == staff_no)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("not_on_roster", staff_no=staff_no)
    return OfficerId(found)


def put_excuse(tx: Tx, exam_id: int, officer_id: int, reason: str | None) -> None:
    """Excuse a roster member, or with None count the member again."""
    tx.execute(
        sa.update(exam_roster)
        .where(exam_roster.c.exam_id == exam_id, exam_roster.c.officer_id == officer_id)
        .values(excused_reason=reason)
    )


def list_excused(tx: Tx, exam_id: int) -> list[Excused]:
    """Return the excused members, by unit and staff number."""
    rows = tx.execute(
        sa.select(
            officers.c.id,
            officers.c.staff_no,
            officers.c.name,
            units.c.name.label("unit"),
            exam_roster.c.excused_reason,
        )
        .join(exam_roster, exam_roster.c.officer_id == officers.c.id)
        .join(units, units.c.id == exam_roster.c.unit_id)
        .where(exam_roster.c.exam_id == exam_id, exam_roster.c.excused_reason.is_not(None))
        .order_by(units.c.code, officers.c.staff_no)
    )
    return [Excused(*row) for row in rows]
