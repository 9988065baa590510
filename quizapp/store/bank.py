"""Laws and questions with their versions: tables and statements."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion, question_from_plain
from quizapp.domain.errors import NotFound
from quizapp.domain.exams import PoolItem
from quizapp.domain.ids import QuestionId, VersionId
from quizapp.domain.scopes import EVERYWHERE, ISSUED, Reach
from quizapp.domain.statutes import Law
from quizapp.store.db import Tx, UTCDateTime, metadata

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
    sa.Column("scope", sa.String(20), nullable=False),  # national | province:13 | city:… | county:…
    sa.Column(
        "state", sa.String(12), nullable=False
    ),  # draft in_review published suspended retired
    sa.Column("current_version_id", sa.Integer),
    # file: ruled by the bank's files; desk: written, imported or changed by a trainer
    sa.Column("origin", sa.String(4), nullable=False, server_default="file"),
    sa.Column("nominated_to", sa.String(20)),  # the scope to which its unit wants it promoted
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
    sa.Column("author_id", sa.ForeignKey("officers.id")),  # empty: it came with the bank's files
    sa.Column("reviewer_id", sa.ForeignKey("officers.id")),
    sa.Column("note", sa.String(200), nullable=False, server_default=""),  # why it was changed
    sa.Column("picture_id", sa.ForeignKey("pictures.id"), index=True),  # the one in its body
    sa.Column("created_at", UTCDateTime, nullable=False),
    # after an amendment: not for papers of a day before; until then the wording before it serves
    sa.Column("fit_from", sa.Date),
    sa.UniqueConstraint("question_id", "version"),
)

stale_items = sa.Table(  # 法规变动清单: one question that one amendment touches
    "stale_items",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("amendment_id", sa.ForeignKey("amendments.id"), nullable=False),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False),
    # the wording that is touched: from the day of force on it is drawn no more
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), nullable=False, index=True),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("effect", sa.String(10), nullable=False),  # the gravest of domain.staleness.EFFECTS
    sa.Column("touches", sa.JSON, nullable=False),  # [{"citation", "effect", "now_at"}]
    sa.Column("outcome", sa.String(10), nullable=False),  # open | kept | edited | withdrawn
    sa.Column("note", sa.String(300), nullable=False, server_default=""),
    sa.Column("closed_by", sa.ForeignKey("officers.id")),
    sa.Column("closed_at", UTCDateTime),
    sa.UniqueConstraint("amendment_id", "question_id"),
)
POOL_COLUMNS = (
    question_versions.c.id,
    questions.c.code,
    *(question_versions.c[name] for name in ("type", "law", "difficulty", "topics", "parts")),
)
BLOCKING = ("open", "withdrawn")
"""An item so long keeps its wording out of new papers."""


def read_by(reach: Reach) -> sa.ColumnElement[bool]:
    """Say of a version and its question in a statement whether they are within that reach."""
    is_issued = questions.c.state.in_(ISSUED) & (question_versions.c.reviewer != "")
    return read_whole(reach) | (questions.c.scope.in_(reach.above) & is_issued)


def read_whole(reach: Reach) -> sa.ColumnElement[bool]:
    """Say of a question in a statement whether everything about it is within that reach."""
    return sa.true() if reach.whole is None else questions.c.scope.in_(reach.whole)


def list_pool(tx: Tx, scopes: Sequence[str] = EVERYWHERE, *, on: date) -> list[PoolItem]:
    """Return what may be drawn: one version of every published question of these scopes, by code.

    For papers of the day `on`: the wording that fits the law of that day, and no question whose
    law has changed by then and that nobody has settled yet.
    """
    rows = tx.execute(
        sa.select(*POOL_COLUMNS)
        .select_from(questions)
        .join(question_versions, _drawn(on))
        .where(questions.c.state == "published", questions.c.scope.in_(scopes), *_fit(on))
        .order_by(questions.c.code)
    )
    return [pool_item(row) for row in rows]


def pool_item(row: Any) -> PoolItem:
    """Return a row of POOL_COLUMNS as what may be drawn."""
    return PoolItem(
        VersionId(row.id), row.code, row.type, row.law, row.difficulty, tuple(row.topics), row.parts
    )


def _drawn(on: date) -> sa.ColumnElement[bool]:
    """Say which version of a question is drawn: the current one, else the last reviewed one fit."""
    current, fit = question_versions.alias("current"), question_versions.alias("fit")
    last_fit = (
        sa.select(sa.func.max(fit.c.version))
        .select_from(fit.join(current, current.c.question_id == fit.c.question_id))
        .where(
            current.c.id == questions.c.current_version_id,
            fit.c.question_id == questions.c.id,
            fit.c.version <= current.c.version,
            (fit.c.id == current.c.id) | (fit.c.reviewer != ""),
            fit.c.fit_from.is_(None) | (fit.c.fit_from <= on),
        )
        .correlate(questions)
        .scalar_subquery()
    )
    return sa.and_(
        question_versions.c.question_id == questions.c.id, question_versions.c.version == last_fit
    )


def _fit(on: date) -> list[sa.ColumnElement[bool]]:
    blocked = sa.select(stale_items.c.id).where(
        stale_items.c.version_id == question_versions.c.id,
        stale_items.c.outcome.in_(BLOCKING),
        stale_items.c.effective_on <= on,
    )
    return [~blocked.exists()]


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
