"""Many rows at once, for rehearsals and the demo province."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.attempts import Answer
from quizapp.domain.exams import RosterEntry
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.invented import InventedOfficer
from quizapp.store.attempts import answer_events, attempts
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
    people: Sequence[tuple[InventedOfficer, str | None]],
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


def list_idle(tx: Tx, exam_id: int, limit: int) -> list[RosterEntry]:
    """Return up to `limit` officers of the roster without any attempt, in the order of their ids.

    Staff come last: whoever holds a role has other things to do.
    """
    began = sa.exists().where(
        attempts.c.exam_id == exam_id, attempts.c.officer_id == exam_roster.c.officer_id
    )
    is_staff = sa.exists().where(grants.c.officer_id == exam_roster.c.officer_id)
    roster = exam_roster.c
    rows = tx.execute(
        sa.select(
            roster.exam_id,
            roster.officer_id,
            roster.unit_id,
            roster.scoring_unit_id,
            roster.cadre_level,
        )
        .where(roster.exam_id == exam_id, ~began)
        .order_by(is_staff, roster.officer_id)
        .limit(limit)
    )
    return [RosterEntry(*row) for row in rows]


def add_answers(tx: Tx, attempt_id: int, answers: Sequence[Answer]) -> None:
    """Append answer events to an attempt that nobody else writes to."""
    rows = [
        {
            "attempt_id": attempt_id,
            "no": answer.no,
            "seq": answer.seq,
            "response": answer.response,
            "flagged": answer.flagged,
            "given_at": answer.given_at,
            "received_at": answer.received_at,
        }
        for answer in answers
    ]
    add_rows(tx, answer_events, rows)


def find_password_hash(tx: Tx, staff_no: str) -> str | None:
    """Return the stored hash of an account's password, None without one."""
    found = tx.execute(sa.select(officers.c.password_hash).where(officers.c.staff_no == staff_no))
    return found.scalar_one_or_none()


def put_password_hash(tx: Tx, staff_no: str, password_hash: str) -> None:
    """Let an account of the demo be entered with another password from now on."""
    tx.execute(
        sa.update(officers)
        .where(officers.c.staff_no == staff_no, officers.c.is_demo)
        .values(password_hash=password_hash, session_epoch=officers.c.session_epoch + 1)
    )
