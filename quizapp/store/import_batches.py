"""Statements on batches: what an import brought in, and whether it can be undone.

A batch whose upload is not confirmed is still coming in (`import_taking`): nobody sees it here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Place
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.exams import exam_pool
from quizapp.store.imports import import_batches, import_items
from quizapp.store.people import officers, units, uploads
from quizapp.store.places import place_columns, place_of


@dataclass(frozen=True, slots=True)
class Batch:
    """An import that was confirmed. `place`: the unit whose bank it went into."""

    id: int
    upload_id: int
    file_name: str
    sha256: str
    scope: str
    place: Place
    counts: dict[str, int]
    by: str
    created_at: datetime
    undone_at: datetime | None


def _batches() -> sa.Select[Any]:
    return (
        sa.select(
            import_batches,
            uploads.c.file_name,
            officers.c.name.label("by"),
            *place_columns(units, "own_"),
        )
        .join(uploads, uploads.c.id == import_batches.c.upload_id)
        .join(officers, officers.c.id == import_batches.c.created_by)
        .join(units, units.c.id == import_batches.c.unit_id)
        .where(uploads.c.confirmed_at.is_not(None))
    )


def _batch(row: Any) -> Batch:
    return Batch(
        id=row["id"],
        upload_id=row["upload_id"],
        file_name=row["file_name"],
        sha256=row["sha256"],
        scope=row["scope"],
        place=place_of(row, "own_"),
        counts=row["counts"],
        by=row["by"],
        created_at=row["created_at"],
        undone_at=row["undone_at"],
    )


def list_batches(tx: Tx, unit_ids: Sequence[int], *, limit: int, offset: int = 0) -> list[Batch]:
    """Return batches of the banks of these units, the newest first."""
    query = _batches().where(import_batches.c.unit_id.in_(unit_ids))
    query = query.order_by(import_batches.c.id.desc()).limit(limit).offset(offset)
    return [_batch(row) for row in tx.execute(query).mappings()]


def count_batches(tx: Tx, unit_ids: Sequence[int]) -> int:
    """Return how many batches there are of the banks of these units."""
    query = (
        sa.select(sa.func.count())
        .select_from(import_batches)
        .join(uploads, uploads.c.id == import_batches.c.upload_id)
        .where(uploads.c.confirmed_at.is_not(None), import_batches.c.unit_id.in_(unit_ids))
    )
    return int(tx.execute(query).scalar_one())


def get_batch(tx: Tx, batch_id: int, *, lock: bool = False) -> Batch:
    """Return one batch. Raises NotFound("batch_not_found")."""
    if lock:
        tx.execute(
            sa.select(import_batches.c.id).where(import_batches.c.id == batch_id).with_for_update()
        )
    row = tx.execute(_batches().where(import_batches.c.id == batch_id)).mappings().first()
    if row is None:
        raise NotFound("batch_not_found")
    return _batch(row)


def find_same_file(tx: Tx, sha256: str, scope: str) -> Batch | None:
    """Return the last batch of exactly this file in a bank that is not undone, or None."""
    query = _batches().where(
        import_batches.c.sha256 == sha256,
        import_batches.c.scope == scope,
        import_batches.c.undone_at.is_(None),
    )
    row = tx.execute(query.order_by(import_batches.c.id.desc()).limit(1)).mappings().first()
    return _batch(row) if row else None


def list_items(tx: Tx, batch_id: int) -> list[tuple[str, str, str]]:
    """Return (code, place in the file, state) of each question of a batch, by code."""
    rows = tx.execute(
        sa.select(questions.c.code, import_items.c.place, questions.c.state)
        .join(import_items, import_items.c.question_id == questions.c.id)
        .where(import_items.c.batch_id == batch_id)
        .order_by(questions.c.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def hold_items(tx: Tx, batch_id: int) -> None:
    """Let nobody else change the state of a batch's questions before this transaction ends."""
    tx.execute(
        sa.select(questions.c.id)
        .join(import_items, import_items.c.question_id == questions.c.id)
        .where(import_items.c.batch_id == batch_id)
        .order_by(questions.c.id)
        .with_for_update(of=questions)
    )


def _is_used() -> sa.ColumnElement[bool]:
    in_pool = sa.exists().where(
        exam_pool.c.version_id == question_versions.c.id,
        question_versions.c.question_id == questions.c.id,
    )
    return questions.c.state.in_(("published", "suspended")) | in_pool


def count_used(tx: Tx, batch_id: int) -> int:
    """Return how many questions of a batch are published, suspended, or in the pool of an exam."""
    query = (
        sa.select(sa.func.count())
        .select_from(questions)
        .join(import_items, import_items.c.question_id == questions.c.id)
        .where(import_items.c.batch_id == batch_id, _is_used())
    )
    return int(tx.execute(query).scalar_one())


def retire_unused(tx: Tx, batch_id: int) -> list[int]:
    """Retire every question of a batch that nobody uses; return those not retired before."""
    own = sa.select(import_items.c.question_id).where(import_items.c.batch_id == batch_id)
    gone = tx.execute(
        sa.update(questions)
        .where(questions.c.id.in_(own), questions.c.state != "retired", ~_is_used())
        .values(state="retired")
        .returning(questions.c.id)
    )
    return list(gone.scalars())


def mark_undone(tx: Tx, batch_id: int, *, by: OfficerId, now: datetime) -> None:
    """Record who undid a batch, and when."""
    tx.execute(
        sa.update(import_batches)
        .where(import_batches.c.id == batch_id)
        .values(undone_by=by, undone_at=now)
    )
