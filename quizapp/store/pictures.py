"""Pictures in stems: kept as they were encoded anew, once of each trainer."""

from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.scopes import Reach
from quizapp.store.bank import question_versions, questions, read_by
from quizapp.store.db import Tx, UTCDateTime, insert_new, metadata

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("mimetype", sa.String(20), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("sha256", "created_by"),
)


def add_picture(
    tx: Tx, content: bytes, *, mimetype: str, sha256: str, created_by: int, now: datetime
) -> int:
    """Keep a picture, unless the same officer has brought it before; return its id."""
    tx.execute(
        insert_new(tx, pictures).values(
            sha256=sha256, mimetype=mimetype, content=content, created_by=created_by, created_at=now
        )
    )
    own = sa.select(pictures.c.id).where(
        pictures.c.sha256 == sha256, pictures.c.created_by == created_by
    )
    return int(tx.execute(own).scalar_one())


def get_picture(tx: Tx, picture_id: int) -> tuple[str, bytes]:
    """Return media type and content. Raises NotFound("picture_not_found")."""
    return _get(tx, pictures.c.id == picture_id)


def get_read(tx: Tx, picture_id: int, reach: Reach, officer_id: int) -> tuple[str, bytes]:
    """Return a picture that a version within that reach shows, or none yet and the officer's own.

    Raises NotFound("picture_not_found").
    """
    shown = sa.exists().where(question_versions.c.picture_id == pictures.c.id)
    is_read = shown.where(questions.c.id == question_versions.c.question_id, read_by(reach))
    is_fresh = (pictures.c.created_by == officer_id) & ~shown
    return _get(tx, (pictures.c.id == picture_id) & (is_read | is_fresh))


def _get(tx: Tx, wanted: sa.ColumnElement[bool]) -> tuple[str, bytes]:
    row = tx.execute(sa.select(pictures.c.mimetype, pictures.c.content).where(wanted)).first()
    if row is None:
        raise NotFound("picture_not_found")
    return row.mimetype, row.content
