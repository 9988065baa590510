"""Statements on admission tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.people import Place
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster, exams
from quizapp.store.officers import within
from quizapp.store.people import officers, tickets, units


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on an exam's roster, as a ticket names them."""

    officer_id: OfficerId
    staff_no: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What a ticket opens."""

    officer_id: OfficerId
    session_epoch: int
    exam_id: ExamId


def list_candidates(tx: Tx, exam_id: int, place: Place) -> list[Candidate]:
    """Return the roster of an exam within a unit, excused and disabled ones left out.

    Order: unit code, staff number.
    """
    joined = exam_roster.join(officers, officers.c.id == exam_roster.c.officer_id).join(
        units, units.c.id == exam_roster.c.unit_id
    )
    rows = tx.execute(
        sa.select(officers.c.id, officers.c.staff_no, officers.c.name, units.c.name.label("unit"))
        .select_from(joined)
        .where(
            exam_roster.c.exam_id == exam_id,
            exam_roster.c.excused_reason.is_(None),
            officers.c.disabled_at.is_(None),
            within(place),
        )
        .order_by(units.c.code, officers.c.staff_no)
    )
    return [Candidate(OfficerId(r.id), r.staff_no, r.name, r.unit) for r in rows]


def add_tickets(
    tx: Tx,
    exam_id: int,
    hashes: Sequence[tuple[OfficerId, str]],
    *,
    valid_from: datetime,
    valid_to: datetime,
    now: datetime,
) -> None:
    """Leave one new ticket per officer; unused earlier ones for this exam are void."""
    tx.execute(
        sa.update(tickets)
        .where(
            tickets.c.exam_id == exam_id,
            tickets.c.officer_id == sa.bindparam("officer"),
            tickets.c.used_at.is_(None),
            tickets.c.revoked_at.is_(None),
        )
        .values(revoked_at=now),
        [{"officer": officer_id} for officer_id, _ in hashes],
        execution_options={"synchronize_session": False},
    )
    tx.execute(
        sa.insert(tickets),
        [
            {
                "secret_hash": secret_hash,
                "officer_id": officer_id,
                "exam_id": exam_id,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "created_at": now,
            }
            for officer_id, secret_hash in hashes
        ],
    )


def use_ticket(tx: Tx, secret_hash: str, *, now: datetime) -> Admission | None:
    """Use a ticket up and return what it opens; None when it opens nothing now.

    One statement decides, so of many tries at once one wins. A moved window counts as it is now.
    """
    end = sa.select(exams.c.closes_at).where(exams.c.id == tickets.c.exam_id).scalar_subquery()
    used = tx.execute(
        sa.update(tickets)
        .where(
            tickets.c.secret_hash == secret_hash,
            tickets.c.used_at.is_(None),
            tickets.c.revoked_at.is_(None),
            tickets.c.valid_from <= now,
            sa.or_(tickets.c.valid_to > now, end > now),
        )
        .values(used_at=now)
        .returning(tickets.c.officer_id, tickets.c.exam_id)
    ).first()
    if used is None:
        return None
    epoch = tx.execute(
        sa.select(officers.c.session_epoch).where(
            officers.c.id == used.officer_id, officers.c.disabled_at.is_(None)
        )
    ).scalar_one_or_none()
    if epoch is None:
        return None
    return Admission(OfficerId(used.officer_id), epoch, ExamId(used.exam_id))
