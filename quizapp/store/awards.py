"""Awards of exams: what is declared, and the prizes once they are confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.awards.base import Prize, Terms
from quizapp.domain.ids import OfficerId
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.people import officers, units

awards = sa.Table(
    "awards",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("key", sa.String(20), primary_key=True),  # of the shelf of awards
    sa.Column("quotas", sa.JSON, nullable=False),  # places per level
    sa.Column("floor_bp", sa.Integer, nullable=False),
    sa.Column("one_per_city", sa.Boolean, nullable=False),
    sa.Column("tie_order", sa.JSON, nullable=False),  # ids of equal rank as people put them
    sa.Column("tie_reason", sa.String(300), nullable=False, server_default=""),
    sa.Column("declared_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("declared_at", UTCDateTime, nullable=False),
    sa.Column("locked_by", sa.ForeignKey("officers.id")),
    sa.Column("locked_at", UTCDateTime),
    # the correction after which a second person kept the prizes although ranks had moved
    sa.Column("kept_after", sa.ForeignKey("corrections.id")),
    # why the prizes were published although they did not fit the ranks
    sa.Column("kept_reason", sa.String(300), nullable=False, server_default=""),
)

prizes = sa.Table(  # confirmed; names nobody twice within an award
    "prizes",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("key", sa.String(20), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True),  # in board order
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id")),
    sa.Column("officer_id", sa.ForeignKey("officers.id")),
)


@dataclass(frozen=True, slots=True)
class StoredAward:
    """An award of an exam; `prizes` only once it is locked."""

    key: str
    terms: Terms
    tie_order: tuple[int, ...]
    tie_reason: str
    declared_at: datetime
    locked_by: OfficerId | None
    locked_at: datetime | None
    kept_after: int | None
    kept_reason: str
    prizes: tuple[Prize, ...] = ()


def list_awards(tx: Tx, exam_id: int) -> dict[str, StoredAward]:
    """Return the declared awards of an exam by key, with their confirmed prizes."""
    declared = tx.execute(sa.select(awards).where(awards.c.exam_id == exam_id)).all()
    if not declared:
        return {}
    given: dict[str, list[Prize]] = {}
    for row in tx.execute(
        sa.select(prizes).where(prizes.c.exam_id == exam_id).order_by(prizes.c.key, prizes.c.no)
    ):
        winner = row.unit_id if row.officer_id is None else row.officer_id
        given.setdefault(row.key, []).append(Prize(winner, row.level, row.rank))
    return {row.key: _award_of(row, given.get(row.key, ())) for row in declared}


def find_level(tx: Tx, exam_id: int, officer_id: int) -> int | None:
    """Return the best prize confirmed for an officer, 1 the first, or None."""
    mine = (prizes.c.exam_id == exam_id) & (prizes.c.officer_id == officer_id)
    level: int | None = tx.execute(sa.select(sa.func.min(prizes.c.level)).where(mine)).scalar_one()
    return level


def _award_of(row: Any, given: Iterable[Prize]) -> StoredAward:
    return StoredAward(
        key=row.key,
        terms=Terms(tuple(row.quotas), row.floor_bp, row.one_per_city),
        tie_order=tuple(row.tie_order),
        tie_reason=row.tie_reason,
        declared_at=row.declared_at,
        locked_by=None if row.locked_by is None else OfficerId(row.locked_by),
        locked_at=row.locked_at,
        kept_after=row.kept_after,
        kept_reason=row.kept_reason,
        prizes=tuple(given),
    )


def put_terms(tx: Tx, exam_id: int, key: str, terms: Terms, *, by: int, now: datetime) -> None:
    """Declare an award, or declare it anew: what was decided about ties no longer counts."""
    tx.execute(sa.delete(awards).where(_one(exam_id, key)))
    tx.execute(
        sa.insert(awards).values(
            exam_id=exam_id,
            key=key,
            quotas=list(terms.quotas),
            floor_bp=terms.floor_bp,
            one_per_city=terms.one_per_city,
            tie_order=[],
            declared_by=by,
            declared_at=now,
        )
    )


def put_ties(tx: Tx, exam_id: int, key: str, order: Sequence[int], reason: str) -> None:
    """Keep how people put entrants of equal rank, and why."""
    tx.execute(
        sa.update(awards).where(_one(exam_id, key)).values(tie_order=list(order), tie_reason=reason)
    )


def put_prizes(
    tx: Tx, exam_id: int, key: str, board: str, given: Iterable[Prize], *, by: int, now: datetime
) -> None:
    """Lock an award with these prizes; `board`: city | officer."""
    delete_prizes(tx, exam_id, key)
    column = "unit_id" if board == "city" else "officer_id"
    rows = [
        {"exam_id": exam_id, "key": key, "no": no, "level": one.level, "rank": one.rank,
         column: one.entrant_id}
        for no, one in enumerate(given, 1)
    ]  # fmt: skip
    if rows:
        tx.execute(sa.insert(prizes), rows)
    tx.execute(sa.update(awards).where(_one(exam_id, key)).values(locked_by=by, locked_at=now))


def keep_prizes(tx: Tx, exam_id: int, key: str, correction_id: int) -> None:
    """Say that locked prizes stay as they are in spite of a correction."""
    tx.execute(sa.update(awards).where(_one(exam_id, key)).values(kept_after=correction_id))


def put_kept_reason(tx: Tx, exam_id: int, key: str, reason: str) -> None:
    """Say why locked prizes are published although the ranks would give others."""
    tx.execute(sa.update(awards).where(_one(exam_id, key)).values(kept_reason=reason))


def delete_prizes(tx: Tx, exam_id: int, key: str) -> None:
    """Unlock an award: nobody has a prize of it any more."""
    tx.execute(sa.delete(prizes).where(prizes.c.exam_id == exam_id, prizes.c.key == key))
    tx.execute(
        sa.update(awards)
        .where(_one(exam_id, key))
        .values(locked_by=None, locked_at=None, kept_after=None, kept_reason="")
    )


def delete_award(tx: Tx, exam_id: int, key: str) -> None:
    """Take back what was declared."""
    delete_prizes(tx, exam_id, key)
    tx.execute(sa.delete(awards).where(_one(exam_id, key)))


def _one(exam_id: int, key: str) -> Any:
    return sa.and_(awards.c.exam_id == exam_id, awards.c.key == key)


def list_names(tx: Tx, board: str, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return the name and the unit's name of each entrant; `board`: city | officer."""
    wanted = sorted(ids)
    if board == "city":
        found = tx.execute(sa.select(units.c.id, units.c.name).where(units.c.id.in_(wanted)))
        return {row.id: (row.name, "") for row in found}
    named = tx.execute(
        sa.select(officers.c.id, officers.c.name, units.c.name.label("unit"))
        .join(units, units.c.id == officers.c.unit_id)
        .where(officers.c.id.in_(wanted))
    )
    return {row.id: (row.name, row.unit) for row in named}
