"""Statements on uploads: files between preview and confirmation."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.ids import OfficerId, UploadId
from quizapp.domain.uploads import Upload
from quizapp.store.db import Tx
from quizapp.store.imports import import_batches
from quizapp.store.people import uploads

LONGEST_NAME = 200


def add_upload(
    tx: Tx,
    kind: str,
    file_name: str,
    content: bytes,
    *,
    sha256: str,
    created_by: OfficerId,
    now: datetime,
) -> UploadId:
    """Keep a file; return its id.

    The end of its name is kept for its owner to read, without NUL, and never used as a path.
    """
    added = tx.execute(
        sa.insert(uploads)
        .values(
            kind=kind,
            file_name=file_name.replace("\0", "")[-LONGEST_NAME:],
            sha256=sha256,
            content=content,
            settings={},
            created_by=created_by,
            created_at=now,
        )
        .returning(uploads.c.id)
    )
    return UploadId(added.scalar_one())


def get_upload(
    tx: Tx, upload_id: int, kind: str, owner: OfficerId, *, lock: bool = False
) -> Upload:
    """Return somebody's own upload of that kind. Raises NotFound("upload_not_found")."""
    query = sa.select(uploads).where(
        uploads.c.id == upload_id, uploads.c.kind == kind, uploads.c.created_by == owner
    )
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("upload_not_found")
    return Upload(**row)


def close_upload(tx: Tx, upload_id: int, outcome: dict[str, Any], *, now: datetime) -> None:
    """Mark an upload as confirmed; its file is no longer needed and is let go of."""
    tx.execute(
        sa.update(uploads)
        .where(uploads.c.id == upload_id)
        .values(confirmed_at=now, outcome=outcome, content=b"")
    )


def delete_stale(tx: Tx, before: datetime) -> int:
    """Delete files uploaded before that moment and never confirmed; return how many.

    Left alone are those with a batch that is coming in: that is given up first.
    """
    gone = tx.execute(
        sa.delete(uploads)
        .where(
            uploads.c.confirmed_at.is_(None),
            uploads.c.created_at < before,
            uploads.c.id.not_in(sa.select(import_batches.c.upload_id)),
        )
        .returning(uploads.c.id)
    )
    return len(gone.all())
