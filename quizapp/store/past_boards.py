"""Boards that were public once: kept as they were when a publication is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.ids import ExamId, OfficerId
from quizapp.store.db import Tx, metadata
from quizapp.store.standings import (
    officer_results,
    past_publications,
    publications,
    unit_results,
)

past_officer_results = sa.Table(
    "past_officer_results",
    metadata,
    sa.Column("past_id", sa.ForeignKey("past_publications.id"), primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), nullable=False),
    sa.Column("score_cp", sa.Integer, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("rank_in_city", sa.Integer, nullable=False),
)

past_unit_results = sa.Table(
    "past_unit_results",
    metadata,
    sa.Column("past_id", sa.ForeignKey("past_publications.id"), primary_key=True),
    sa.Column("level", sa.String(10), primary_key=True),  # city | county
    sa.Column("unit_id", sa.ForeignKey("units.id"), primary_key=True),
    sa.Column("eligible", sa.Integer, nullable=False),
    sa.Column("participants", sa.Integer, nullable=False),
    sa.Column("score_sum_cp", sa.BigInteger, nullable=False),
    sa.Column("value_cp", sa.Integer),
    sa.Column("rank", sa.Integer),
)

_OF_PUBLICATION = (
    "exam_id", "published_at", "published_by", "metric", "ties", "rules_text",
    "min_participation_bp", "totals",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastPublication:
    """When a board was public and why it is no longer."""

    id: int
    exam_id: ExamId
    published_at: datetime
    withdrawn_at: datetime
    withdrawn_by: OfficerId
    reason: str
    correction_id: int | None


def keep_publication(
    tx: Tx, exam_id: int, *, reason: str, by: int, correction_id: int | None, now: datetime
) -> int:
    """Keep the board that is public now; return the id of what was kept. One statement a table."""
    own = tx.execute(
        sa.select(*(publications.c[name] for name in _OF_PUBLICATION)).where(
            publications.c.exam_id == exam_id
        )
    ).mappings().one()  # fmt: skip
    past_id = tx.execute(
        sa.insert(past_publications)
        .values(
            **own, withdrawn_at=now, withdrawn_by=by, reason=reason, correction_id=correction_id
        )
        .returning(past_publications.c.id)
    ).scalar_one()
    for past, table in (
        (past_officer_results, officer_results),
        (past_unit_results, unit_results),
    ):
        names = [column.name for column in past.c if column.name != "past_id"]
        kept = sa.select(sa.literal(past_id), *(table.c[name] for name in names))
        tx.execute(
            sa.insert(past).from_select(["past_id", *names], kept.where(table.c.exam_id == exam_id))
        )
    return int(past_id)


def list_past(tx: Tx, exam_id: int) -> list[PastPublication]:
    """Return the former publications of an exam, the latest first."""
    past = past_publications.c
    rows = tx.execute(
        sa.select(
            past.id, past.exam_id, past.published_at, past.withdrawn_at, past.withdrawn_by,
            past.reason, past.correction_id,
        )
        .where(past.exam_id == exam_id)
        .order_by(past.id.desc())
    )  # fmt: skip
    return [PastPublication(*row) for row in rows]


def units_of(tx: Tx, past_id: int, level: str) -> dict[int, tuple[int | None, int | None]]:
    """Return the rank and the value of every unit on a former board."""
    past = past_unit_results.c
    rows = tx.execute(
        sa.select(past.unit_id, past.rank, past.value_cp).where(
            past.past_id == past_id, past.level == level
        )
    )
    return {row.unit_id: (row.rank, row.value_cp) for row in rows}


def officers_of(tx: Tx, past_id: int, officer_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the rank and the score of these officers on a former board."""
    past = past_officer_results.c
    rows = tx.execute(
        sa.select(past.officer_id, past.rank, past.score_cp).where(
            past.past_id == past_id, past.officer_id.in_(list(officer_ids))
        )
    )
    return {row.officer_id: (row.rank, row.score_cp) for row in rows}
