"""Laws and questions with their versions: tables and statements."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion, question_from_plain
from quizapp.domain.errors import NotFound
from quizapp.domain.exams import PoolItem
from quizapp.domain.ids import QuestionId, VersionId
from quizapp.domain.statutes import Law
from quizapp.store.db import Tx, UTCDateTime, metadata

EVERYWHERE = ("national", "province:13")
"""Scopes that hold for every officer of the province."""

laws = sa.Table(
    "laws",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("short", sa.String(60), nullable=False),
    sa.Column("full", sa.String(120), nullable=False),
    sa.Column("version", sa.Date, nullable=False),  # day of the last amendment
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("repealed_on", sa.Date),
    sa.Column(
        "by_item", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # cited as 第（N）项
    sa.UniqueConstraint("short", "version"),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),  # HB-XZCF-051-02
    sa.Column("scope", sa.String(20), nullable=False),  # national | province:13 | city:<unit code>
    sa.Column(
        "state", sa.String(12), nullable=False
    ),  # draft in_review published suspended retired
    sa.Column("current_version_id", sa.Integer),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

question_versions = sa.Table(  # never changed once written
    "question_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("type", sa.String(12), nullable=False),
    sa.Column("law", sa.String(60), nullable=False),  # short name of the first citation
    sa.Column("difficulty", sa.Integer, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),  # 1, or the sub-questions of a case
    # {"stem", "options": [text], "key": [index] | bool, "explanation",
    #  "citations": [{"law", "version", "article", "paragraph"?, "item"?}], "parts": [the same]}
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("author", sa.String(60), nullable=False),
    sa.Column("reviewer", sa.String(60), nullable=False, server_default=""),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("question_id", "version"),
)


def list_pool(tx: Tx, scopes: Sequence[str] = EVERYWHERE) -> list[PoolItem]:
    """Return what may be drawn: the current version of every published question of these scopes.

    Order: code.
    """
    rows = tx.execute(
        sa.select(
            question_versions.c.id,
            questions.c.code,
            question_versions.c.type,
            question_versions.c.law,
            question_versions.c.difficulty,
            question_versions.c.topics,
            question_versions.c.parts,
        )
        .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        .where(questions.c.state == "published", questions.c.scope.in_(scopes))
        .order_by(questions.c.code)
    )
    return [
        PoolItem(
            VersionId(row.id),
            row.code,
            row.type,
            row.law,
            row.difficulty,
            tuple(row.topics),
            row.parts,
        )
        for row in rows
    ]


def get_versions(tx: Tx, ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """Return the versions of these ids by id, in one statement. Raises NotFound."""
    wanted = set(ids)
    rows = tx.execute(
        sa.select(question_versions, questions.c.code)
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(question_versions.c.id.in_(wanted))
    )
    found = {row.id: version_of(row) for row in rows}
    if len(found) != len(wanted):
        raise NotFound("question_version_not_found")
    return found


def version_of(row: Any) -> QuestionVersion:
    """Return the version that a row of question_versions with its `code` holds."""
    return QuestionVersion(
        id=VersionId(row.id),
        question_id=QuestionId(row.question_id),
        code=row.code,
        version=row.version,
        question=question_from_plain(
            row.body, type_key=row.type, difficulty=row.difficulty, topics=tuple(row.topics)
        ),
        as_of=row.as_of,
        author=row.author,
        reviewer=row.reviewer,
    )


def list_laws(tx: Tx) -> list[Law]:
    """Return every version of every law, by short name and version."""
    rows = tx.execute(sa.select(laws).order_by(laws.c.short, laws.c.version))
    return [
        Law(row.short, row.full, row.version, row.effective_on, row.repealed_on, row.by_item)
        for row in rows
    ]
