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


def begin_taking(tx: Tx, upload_id: int, *, total: int, now: datetime) -> None:
    """Let so many drafts come in of a report that was confirmed."""
    tx.execute(
        sa.update(import_reads)
        .where(import_reads.c.upload_id == upload_id)
        .values(state=TAKING, done=0, total=total, refusal={}, started_at=now)
    )


def move_taking(tx: Tx, upload_id: int, seen: datetime, *, done: int, now: datetime) -> bool:
    """Leave a sign of life after the one that was seen, and how many drafts are there now.

    False when somebody else has left one since, or it was given up. The upload is locked first,
    as by whoever gives it up.
    """
    tx.execute(sa.select(uploads.c.id).where(uploads.c.id == upload_id).with_for_update())
    moved = tx.execute(
        sa.update(import_reads)
        .where(
            import_reads.c.upload_id == upload_id,
            import_reads.c.state == TAKING,
            import_reads.c.started_at == seen,
        )
        .values(done=done, started_at=now)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def end_taking(tx: Tx, upload_id: int, refusal: Mapping[str, Any] | None = None) -> None:
    """Let a report be ready again: it has come in or was given up, by that refusal perhaps."""
    tx.execute(
        sa.update(import_reads)
        .where(import_reads.c.upload_id == upload_id, import_reads.c.state == TAKING)
        .values(state=READY, refusal=refusal or {})
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


def list_coming(tx: Tx, officer_id: int) -> list[tuple[int, str]]:
    """Return (id, file name) of the uploads of an officer that are coming in."""
    rows = tx.execute(
        sa.select(uploads.c.id, uploads.c.file_name)
        .join(import_reads, import_reads.c.upload_id == uploads.c.id)
        .where(uploads.c.created_by == officer_id, import_reads.c.state == TAKING)
        .order_by(uploads.c.id)
    )
    return [(row[0], row[1]) for row in rows]


def find_left(tx: Tx, upload_id: int) -> int | None:
    """Return the batch of an upload that was coming in and is given up, or None.

    One statement: from there it goes nowhere but away, since no other begins before it is gone.
    """
    return tx.execute(
        sa.select(import_batches.c.id)
        .join(uploads, uploads.c.id == import_batches.c.upload_id)
        .join(import_reads, import_reads.c.upload_id == uploads.c.id)
        .where(
            uploads.c.id == upload_id,
            uploads.c.confirmed_at.is_(None),
            import_reads.c.state != TAKING,
        )
    ).scalar_one_or_none()


def list_left(tx: Tx, before: datetime) -> list[int]:
    """Return the uploads whose batches are not in whole, without a sign of life since then."""
    return list(
        tx.execute(
            sa.select(uploads.c.id)
            .join(import_batches, import_batches.c.upload_id == uploads.c.id)
            .join(import_reads, import_reads.c.upload_id == uploads.c.id)
            .where(uploads.c.confirmed_at.is_(None), import_reads.c.started_at < before)
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
