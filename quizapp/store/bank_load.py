"""The bank's files into the tables: questions, their versions, the laws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import Entry, wording_columns
from quizapp.domain.ids import QuestionId, VersionId
from quizapp.domain.statutes import Law
from quizapp.store.bank import laws, list_laws, question_versions, questions
from quizapp.store.db import Tx


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
    origin: str


def list_stored(tx: Tx) -> dict[str, Stored]:
    """Return every question by code, also the retired ones and those that trainers wrote."""
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
            questions.c.origin,
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
    return wording_columns(entry.question) | {
        "question_id": question_id,
        "version": version,
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
        if old is not None and law.repealed_on is None:
            # an end that an amendment brought stays, also before the files know of it
            values["repealed_on"] = old.repealed_on
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
