"""Boards that were public once: read as they were when their publication was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.ids import ExamId, OfficerId
from quizapp.store.db import Tx
from quizapp.store.standings import officer_results, publications, unit_results


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


def list_past(tx: Tx, exam_id: int) -> list[PastPublication]:
    """Return the former publications of an exam, the latest first."""
    rows = tx.execute(
        sa.select(*(publications.c[field.name] for field in fields(PastPublication)))
        .where(publications.c.exam_id == exam_id, publications.c.withdrawn_at.is_not(None))
        .order_by(publications.c.id.desc())
    )
    return [PastPublication(*row) for row in rows]


def units_of(tx: Tx, past_id: int, level: str) -> dict[int, tuple[int | None, int | None]]:
    """Return the rank and the value of every unit on a former board."""
    line = unit_results.c
    rows = tx.execute(
        sa.select(line.unit_id, line.rank, line.value_cp).where(
            line.publication_id == past_id, line.level == level
        )
    )
    return {row.unit_id: (row.rank, row.value_cp) for row in rows}


def officers_of(tx: Tx, past_id: int, officer_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the rank and the score of these officers on a former board."""
    line = officer_results.c
    rows = tx.execute(
        sa.select(line.officer_id, line.rank, line.score_cp).where(
            line.publication_id == past_id, line.officer_id.in_(list(officer_ids))
        )
    )
    return {row.officer_id: (row.rank, row.score_cp) for row in rows}
