"""Statements on a batch that is coming in: slice by slice, shown to nobody before it is complete.

Until then its upload is not confirmed, and its questions have no current wording.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx, dialect
from quizapp.store.drafts import show_drafts
from quizapp.store.imports import READY, TAKING, import_batches, import_items, import_reads
from quizapp.store.people import uploads
from quizapp.store.ready import insert_ready, ready_rows

PLACE_MAX = 120


def begin_taking(tx: Tx, upload_id: int, report_hash: str, *, total: int, now: datetime) -> bool:
    """Let a report that was confirmed come in; False unless it is ready and still the same."""
    begun = tx.execute(
        sa.update(import_reads)
        .where(
            import_reads.c.upload_id == upload_id,
            import_reads.c.state == READY,
            import_reads.c.report_hash == report_hash,
        )
        .values(state=TAKING, done=0, total=total, started_at=now)
    )
    return bool(begun.rowcount)  # type: ignore[attr-defined]


def move_taking(tx: Tx, upload_id: int, done: int, *, to: int, now: datetime) -> bool:
    """Leave a sign of life, and that not `done` but `to` drafts are there now.

    False when somebody else has gone on from there, or it was given up.
    """
    moved = tx.execute(
        sa.update(import_reads)
        .where(
            import_reads.c.upload_id == upload_id,
            import_reads.c.state == TAKING,
            import_reads.c.done == done,
        )
        .values(done=to, started_at=now)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def end_taking(tx: Tx, upload_id: int) -> None:
    """Let a report be ready again, whether it came in or was given up."""
    tx.execute(
        sa.update(import_reads)
        .where(import_reads.c.upload_id == upload_id, import_reads.c.state == TAKING)
        .values(state=READY)
    )


def add_batch(tx: Tx, values: Mapping[str, Any], *, now: datetime) -> int:
    """Add a batch that is coming in; return its id."""
    added = tx.execute(
        sa.insert(import_batches).values(**values, created_at=now).returning(import_batches.c.id)
    )
    return int(added.scalar_one())


def add_items(tx: Tx, batch_id: int, items: Iterable[tuple[int, str]]) -> None:
    """Note which questions a batch brings in, and from which places of the file."""
    rows = [
        {"question_id": question_id, "batch_id": batch_id, "place": place[:PLACE_MAX]}
        for question_id, place in items
    ]
    insert_ready(tx, ready_rows(import_items, rows, dialect()))


def find_coming(tx: Tx, upload_id: int) -> Any | None:
    """Return the batch of an upload that is coming in: id, scope, counts, created_at; or None."""
    return tx.execute(
        sa.select(import_batches)
        .join(uploads, uploads.c.id == import_batches.c.upload_id)
        .where(import_batches.c.upload_id == upload_id, uploads.c.confirmed_at.is_(None))
    ).one_or_none()


def list_coming(tx: Tx, before: datetime) -> list[int]:
    """Return the uploads from before a moment whose batches never came in whole."""
    return list(
        tx.execute(
            sa.select(uploads.c.id)
            .join(import_batches, import_batches.c.upload_id == uploads.c.id)
            .where(uploads.c.confirmed_at.is_(None), uploads.c.created_at < before)
        ).scalars()
    )


def show_items(tx: Tx, batch_id: int) -> None:
    """Turn all questions of a batch that is complete into drafts, at once."""
    show_drafts(tx, _own(batch_id))


def remove_items(tx: Tx, batch_id: int, limit: int) -> int:
    """Remove up to `limit` questions of a batch that is coming in; return how many.

    With the last of them the batch is gone, too.
    """
    ids = list(tx.execute(_own(batch_id).limit(limit)).scalars())
    tx.execute(sa.delete(import_items).where(import_items.c.question_id.in_(ids)))
    tx.execute(sa.delete(question_versions).where(question_versions.c.question_id.in_(ids)))
    tx.execute(sa.delete(questions).where(questions.c.id.in_(ids)))
    if len(ids) < limit:
        tx.execute(sa.delete(import_batches).where(import_batches.c.id == batch_id))
    return len(ids)


def _own(batch_id: int) -> sa.Select[Any]:
    return sa.select(import_items.c.question_id).where(import_items.c.batch_id == batch_id)
