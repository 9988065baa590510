"""Pictures in stems: kept once by content, as they were encoded anew."""

from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.store.db import Tx, UTCDateTime, metadata

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("mimetype", sa.String(20), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
)


def add_picture(
    tx: Tx, content: bytes, *, mimetype: str, sha256: str, created_by: int, now: datetime
) -> int:
    """Keep a picture, unless the same one is there; return its id."""
    known = tx.execute(
        sa.select(pictures.c.id).where(pictures.c.sha256 == sha256)
    ).scalar_one_or_none()
    if known is not None:
        return int(known)
    added = tx.execute(
        sa.insert(pictures)
        .values(
            sha256=sha256, mimetype=mimetype, content=content, created_by=created_by, created_at=now
        )
        .returning(pictures.c.id)
    )
    return int(added.scalar_one())


def get_picture(tx: Tx, picture_id: int) -> tuple[str, bytes]:
    """Return media type and content. Raises NotFound("picture_not_found")."""
    row = tx.execute(
        sa.select(pictures.c.mimetype, pictures.c.content).where(pictures.c.id == picture_id)
    ).first()
    if row is None:
        raise NotFound("picture_not_found")
    return row.mimetype, row.content
