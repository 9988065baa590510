"""Writing questions at the desk: new ones, new versions of old ones, and their state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.errors import NotFound
from quizapp.domain.ids import QuestionId, VersionId
from quizapp.domain.scopes import Reach
from quizapp.store.bank import question_versions, questions, read_by, version_of
from quizapp.store.db import Tx
from quizapp.store.drafts import NewVersion, version_row


@dataclass(frozen=True, slots=True)
class Kept:
    """A question as the desk needs it, with its current version."""

    id: QuestionId
    code: str
    state: str
    scope: str
    origin: str
    nominated_to: str | None
    version: QuestionVersion
    author_id: int | None


_KEPT = sa.select(
    question_versions,
    questions.c.code,
    questions.c.state,
    questions.c.scope,
    questions.c.origin,
    questions.c.nominated_to,
).join(questions, questions.c.current_version_id == question_versions.c.id)


def add_version(
    tx: Tx, kept: Kept, version: NewVersion, *, state: str, now: datetime
) -> QuestionVersion:
    """Add the next version of a question and make it the current one; its state is `state`.

    From now on the bank's files no longer rule the question.
    """
    number = kept.version.version + 1
    version_id = tx.execute(
        sa.insert(question_versions)
        .values(question_id=kept.id, version=number, **version_row(version, now))
        .returning(question_versions.c.id)
    ).scalar_one()
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == kept.id)
        .values(current_version_id=version_id, state=state, origin="desk")
    )
    return QuestionVersion(
        VersionId(version_id), kept.id, kept.code, number, version.question,
        version.as_of, version.author, "",
    )  # fmt: skip


def get_kept(tx: Tx, code: str, *, lock: bool = False) -> Kept:
    """Return the question of that code with its current version; `lock`: for a change.

    Raises NotFound("question_not_found").
    """
    query = _KEPT.where(questions.c.code == code)
    row = tx.execute(query.with_for_update(of=questions) if lock else query).first()
    if row is None:
        raise NotFound("question_not_found")
    return _kept(row)


def lock_many(tx: Tx, codes: Sequence[str]) -> list[Kept]:
    """Return the questions of these codes with their current versions, locked, by code."""
    query = _KEPT.where(questions.c.code.in_(codes)).order_by(questions.c.code)
    return [_kept(row) for row in tx.execute(query.with_for_update(of=questions))]


def _kept(row: Any) -> Kept:
    return Kept(
        QuestionId(row.question_id), row.code, row.state, row.scope, row.origin,
        row.nominated_to, version_of(row), row.author_id,
    )  # fmt: skip


def put_state(tx: Tx, question_id: int, state: str) -> None:
    """Give a question its state; from now on the bank's files no longer rule it."""
    put_states(tx, [question_id], state)


def put_states(tx: Tx, question_ids: Sequence[int], state: str) -> None:
    """Give these questions their state, as `put_state` does each."""
    own = questions.c.id.in_(question_ids)
    tx.execute(sa.update(questions).where(own).values(state=state, origin="desk"))


def put_nomination(tx: Tx, question_id: int, scope: str | None) -> None:
    """Note to which scope a question is to be promoted, or that it is not."""
    tx.execute(sa.update(questions).where(questions.c.id == question_id).values(nominated_to=scope))


def put_scope(tx: Tx, question_id: int, scope: str) -> None:
    """Move a question into another bank; it keeps its code, versions and authors."""
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == question_id)
        .values(scope=scope, nominated_to=None, origin="desk")
    )


def list_nominated(tx: Tx, scopes: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (code, scope, stem) of what is nominated for these scopes, by code."""
    rows = tx.execute(
        sa.select(questions.c.code, questions.c.scope, question_versions.c.body["stem"].as_string())
        .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        .where(questions.c.nominated_to.in_(scopes))
        .order_by(questions.c.code)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def list_current(tx: Tx, reach: Reach) -> dict[int, str]:
    """Return the codes of all questions not retired within that reach, by version id."""
    query = (
        sa.select(question_versions.c.id, questions.c.code)
        .join(questions, questions.c.current_version_id == question_versions.c.id)
        .where(questions.c.state != "retired", read_by(reach))
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def list_scopes(tx: Tx) -> list[str]:
    """Return the scopes that have questions, in order."""
    query = sa.select(questions.c.scope).where(questions.c.current_version_id.is_not(None))
    return list(tx.execute(query.distinct().order_by("scope")).scalars())


def list_nominations(tx: Tx) -> list[str]:
    """Return the scopes for which questions are nominated, in order."""
    wanted = questions.c.nominated_to
    query = sa.select(wanted).where(wanted.is_not(None)).distinct().order_by(wanted)
    return list(tx.execute(query).scalars())
