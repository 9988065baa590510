"""Laws and questions with their versions: tables and statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import (
    Entry,
    QuestionVersion,
    content_hash,
    question_from_plain,
    question_to_plain,
)
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
    found = {row.id: _version_of(row) for row in rows}
    if len(found) != len(wanted):
        raise NotFound("question_version_not_found")
    return found


def _version_of(row: Any) -> QuestionVersion:
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


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a question stands in the store: its current version and what is not content."""

    id: QuestionId
    state: str
    scope: str
    version_id: VersionId
    version: int
    content_hash: str
    as_of: date
    author: str
    reviewer: str


def list_stored(tx: Tx) -> dict[str, Stored]:
    """Return every question by code, also the retired ones."""
    current = question_versions
    rows = tx.execute(
        sa.select(
            questions.c.id,
            questions.c.state,
            questions.c.scope,
            current.c.id.label("version_id"),
            current.c.version,
            current.c.content_hash,
            current.c.as_of,
            current.c.author,
            current.c.reviewer,
            questions.c.code,
        ).join(current, current.c.id == questions.c.current_version_id)
    )
    return {row.code: Stored(*row[:-1]) for row in rows}


def add_questions(tx: Tx, entries: Sequence[Entry], *, now: datetime) -> None:
    """Add questions that are new, each with its first version as the current one."""
    if not entries:
        return
    rows = [
        {"code": entry.code, "scope": entry.scope, "state": entry.state, "created_at": now}
        for entry in entries
    ]
    tx.execute(sa.insert(questions), rows)
    codes = [entry.code for entry in entries]
    ids = tx.execute(sa.select(questions.c.code, questions.c.id).where(questions.c.code.in_(codes)))
    by_code = {row.code: QuestionId(row.id) for row in ids}
    add_versions(tx, [(by_code[entry.code], 1, entry) for entry in entries], now=now)


def add_versions(
    tx: Tx, versions: Sequence[tuple[QuestionId, int, Entry]], *, now: datetime
) -> None:
    """Add (question, version, content) and make each the current version of its question."""
    if not versions:
        return
    tx.execute(
        sa.insert(question_versions),
        [_version_row(question_id, no, entry, now) for question_id, no, entry in versions],
    )
    number = sa.bindparam("number", type_=sa.Integer)
    question = sa.bindparam("question", type_=sa.Integer)
    newest = (
        sa.select(question_versions.c.id)
        .where(question_versions.c.question_id == question, question_versions.c.version == number)
        .scalar_subquery()
    )
    tx.connection().execute(
        sa.update(questions)
        .where(questions.c.id == question)
        .values(
            current_version_id=newest,
            state=sa.bindparam("new_state"),
            scope=sa.bindparam("new_scope"),
        ),
        [
            {"question": key, "number": no, "new_state": entry.state, "new_scope": entry.scope}
            for key, no, entry in versions
        ],
    )


def _version_row(
    question_id: QuestionId, version: int, entry: Entry, now: datetime
) -> dict[str, Any]:
    question = entry.question
    return {
        "question_id": question_id,
        "version": version,
        "content_hash": content_hash(entry),
        "type": question.type,
        "law": question.law,
        "difficulty": question.difficulty,
        "topics": list(question.topics),
        "parts": len(question.items),
        "body": question_to_plain(question),
        "as_of": entry.as_of,
        "author": entry.author,
        "reviewer": entry.review.by if entry.review else "",
        "created_at": now,
    }


def put_circumstances(tx: Tx, stored: Stored, entry: Entry, state: str) -> None:
    """Record anew what is not content: state, scope, who wrote and read it, and as of which day."""
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == stored.id)
        .values(state=state, scope=entry.scope)
    )
    tx.execute(
        sa.update(question_versions)
        .where(question_versions.c.id == stored.version_id)
        .values(
            as_of=entry.as_of,
            author=entry.author,
            reviewer=entry.review.by if entry.review else "",
        )
    )


def close_questions(tx: Tx, ids: Iterable[QuestionId]) -> None:
    """Retire questions: they are drawn no more; papers drawn before keep them."""
    tx.execute(sa.update(questions).where(questions.c.id.in_(set(ids))).values(state="retired"))


def list_laws(tx: Tx) -> list[Law]:
    """Return every version of every law, by short name and version."""
    rows = tx.execute(sa.select(laws).order_by(laws.c.short, laws.c.version))
    return [
        Law(row.short, row.full, row.version, row.effective_on, row.repealed_on, row.by_item)
        for row in rows
    ]


def put_laws(tx: Tx, known: Iterable[Law]) -> int:
    """Add or correct these laws; return how many that were."""
    before = {(law.short, law.version): law for law in list_laws(tx)}
    changed = 0
    for law in known:
        values = {
            "full": law.full,
            "effective_on": law.effective_on,
            "repealed_on": law.repealed_on,
            "by_item": law.by_item,
        }
        old = before.get((law.short, law.version))
        if old is None:
            tx.execute(sa.insert(laws).values(short=law.short, version=law.version, **values))
        elif any(getattr(old, name) != value for name, value in values.items()):
            tx.execute(
                sa.update(laws)
                .where(laws.c.short == law.short, laws.c.version == law.version)
                .values(**values)
            )
        else:
            continue
        changed += 1
    return changed
