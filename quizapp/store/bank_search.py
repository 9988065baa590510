"""The bank as its trainers look at it: found, counted, one question with all its versions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion, Search
from quizapp.domain.errors import NotFound
from quizapp.domain.scopes import Reach
from quizapp.store.bank import question_versions, questions, read_by, version_of
from quizapp.store.db import Tx


@dataclass(frozen=True, slots=True)
class Found:
    """A question with its current version, as in a list."""

    state: str
    version: QuestionVersion


@dataclass(frozen=True, slots=True)
class History:
    """A question with the versions somebody reads, newest first; when and why each was added."""

    state: str
    scope: str
    versions: tuple[QuestionVersion, ...]
    added_at: tuple[datetime, ...]
    notes: tuple[str, ...]


def _conditions(search: Search, reach: Reach) -> list[sa.ColumnElement[bool]]:
    found = question_versions.c
    conditions: list[sa.ColumnElement[bool]] = [
        questions.c.state == search.state if search.state else questions.c.state != "retired",
        read_by(reach),
    ]
    for column, value in (
        (found.law, search.law),
        (found.type, search.type),
        (found.difficulty, search.difficulty),
    ):
        if value:
            conditions.append(column == value)
    if search.codes:
        conditions.append(questions.c.code.in_(search.codes))
    if search.topic:
        # both databases keep JSON as the text that was written, so its quoted form is looked for
        written = sa.cast(found.topics, sa.String)
        conditions.append(written.contains(json.dumps(search.topic), autoescape=True))
    if search.text:
        conditions.append(
            questions.c.code.contains(search.text.upper(), autoescape=True)
            | found.body["stem"].as_string().contains(search.text, autoescape=True)
        )
    return conditions


def count_found(tx: Tx, search: Search, reach: Reach) -> int:
    """Return how many questions a search finds within that reach."""
    query = (
        sa.select(sa.func.count())
        .select_from(questions)
        .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        .where(*_conditions(search, reach))
    )
    return int(tx.execute(query).scalar_one())


def count_types(tx: Tx, search: Search, reach: Reach) -> dict[str, int]:
    """Return how many questions of each type a search finds within that reach."""
    kind = question_versions.c.type
    rows: Sequence[Any] = tx.execute(
        sa.select(kind, sa.func.count().label("total"))
        .select_from(questions)
        .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        .where(*_conditions(search, reach))
        .group_by(kind)
    ).all()
    return {row.type: int(row.total) for row in rows}


def list_found(
    tx: Tx,
    search: Search,
    reach: Reach,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Found]:
    """Return the questions a search finds within that reach, by code."""
    rows = tx.execute(
        sa.select(question_versions, questions.c.code, questions.c.state)
        .join(questions, question_versions.c.id == questions.c.current_version_id)
        .where(*_conditions(search, reach))
        .order_by(questions.c.code)
        .limit(limit)
        .offset(offset)
    )
    return [Found(row.state, version_of(row)) for row in rows]


def count_by_law(tx: Tx, reach: Reach) -> dict[str, dict[str, int]]:
    """Return how many published questions are read, by law and type; a case counts by its parts."""
    rows: Sequence[Any] = tx.execute(
        sa.select(
            question_versions.c.law,
            question_versions.c.type,
            sa.func.sum(question_versions.c.parts).label("total"),
        )
        .join(questions, question_versions.c.id == questions.c.current_version_id)
        .where(questions.c.state == "published", read_by(reach))
        .group_by(question_versions.c.law, question_versions.c.type)
    ).all()
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.law, {})[row.type] = int(row.total)
    return counts


def list_topics(tx: Tx, reach: Reach) -> list[str]:
    """Return the topics of the questions within that reach that are not retired, in order."""
    rows = tx.execute(
        sa.select(question_versions.c.topics)
        .join(questions, question_versions.c.id == questions.c.current_version_id)
        .where(questions.c.state != "retired", read_by(reach))
    ).scalars()
    return sorted({topic for topics in rows for topic in topics})


def get_history(tx: Tx, code: str, reach: Reach) -> History:
    """Return the question of that code with what is read of it.

    Who does not read the whole bank is not told why a version was made.
    Raises NotFound("question_not_found").
    """
    rows = tx.execute(
        sa.select(question_versions, questions.c.code, questions.c.state, questions.c.scope)
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(
            questions.c.code == code, questions.c.current_version_id.is_not(None), read_by(reach)
        )
        .order_by(question_versions.c.version.desc())
    ).all()
    if not rows:
        raise NotFound("question_not_found")
    is_whole = reach.is_whole(rows[0].scope)
    return History(
        state=rows[0].state,
        scope=rows[0].scope,
        versions=tuple(version_of(row) for row in rows),
        added_at=tuple(row.created_at for row in rows),
        notes=tuple(row.note if is_whole else "" for row in rows),
    )
