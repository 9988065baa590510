"""Many rows at once, for rehearsals and the demo province."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.invented import InventedOfficer
from quizapp.store.attempts import attempts
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster
from quizapp.store.people import grants, officers
from quizapp.store.training import chunks


def find_officer_ids(tx: Tx, staff_nos: Sequence[str]) -> dict[str, OfficerId]:
    """Return the ids of those who exist, by staff number."""
    found: dict[str, OfficerId] = {}
    for part in chunks(staff_nos):
        rows = tx.execute(
            sa.select(officers.c.staff_no, officers.c.id).where(officers.c.staff_no.in_(part))
        )
        found |= {staff_no: OfficerId(officer_id) for staff_no, officer_id in rows}
    return found


def add_officers(
    tx: Tx,
    people: Sequence[tuple[InventedOfficer, str]],
    unit_ids: Mapping[str, UnitId],
    *,
    now: datetime,
) -> None:
    """Leave these people (with their password hashes) as demo accounts in the database."""
    add_rows(
        tx,
        officers,
        [
            {
                "staff_no": person.staff_no,
                "name": person.name,
                "unit_id": unit_ids[person.unit_code],
                "cadre_level": person.cadre_level,
                "badge_no": person.badge_no,
                "badge_expires_on": person.badge_expires_on,
                "password_hash": password_hash,
                "is_demo": True,
                "created_at": now,
            }
            for person, password_hash in people
        ],
    )


def add_grants(tx: Tx, held: Sequence[tuple[OfficerId, str, UnitId]]) -> None:
    """Give roles: (officer, role, unit)."""
    add_rows(
        tx, grants, [{"officer_id": o, "role": role, "unit_id": unit} for o, role, unit in held]
    )


def add_rows(tx: Tx, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in parts that the driver takes at one go."""
    for part in chunks(rows, 5000):
        tx.execute(sa.insert(table), list(part))


def has_rows(tx: Tx, table: sa.Table) -> bool:
    """Say whether the table holds anything."""
    return tx.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Idle:
    """Somebody on a roster who has not begun."""

    officer_id: OfficerId
    unit_id: UnitId
    scoring_unit_id: UnitId


def list_idle(tx: Tx, exam_id: int, limit: int) -> list[Idle]:
    """Return up to `limit` officers of the roster without any attempt, in the order of their ids.

    Staff come last: whoever holds a role has other things to do.
    """
    began = sa.exists().where(
        attempts.c.exam_id == exam_id, attempts.c.officer_id == exam_roster.c.officer_id
    )
    is_staff = sa.exists().where(grants.c.officer_id == exam_roster.c.officer_id)
    roster = exam_roster.c
    rows = tx.execute(
        sa.select(roster.officer_id, roster.unit_id, roster.scoring_unit_id)
        .where(roster.exam_id == exam_id, ~began)
        .order_by(is_staff, roster.officer_id)
        .limit(limit)
    )
    return [Idle(*row) for row in rows]
