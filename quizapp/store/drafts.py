"""New questions: one that is written at the desk, or thousands out of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from quizapp.domain.bank import Question, wording_columns
from quizapp.domain.scopes import unit_code_of
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.ready import ReadyRows, insert_ready, ready_rows, take_ids

DRAFT, RETIRED = "draft", "retired"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A wording to be kept. `author_id`: the trainer who wrote or imported it."""

    question: Question
    as_of: date
    author: str
    author_id: int | None
    note: str = ""


class Drafts(NamedTuple):
    """New questions of a bank, ready to be added; see `ready_drafts`."""

    scope: str
    questions: ReadyRows
    versions: ReadyRows


class Added(NamedTuple):
    """A question that was added."""

    id: int
    code: str


def ready_drafts(
    scope: str, versions: Sequence[Mapping[str, Any]], *, dialect: sa.Dialect, now: datetime
) -> Drafts:
    """Return new questions of that scope, each with its first version (see `version_row`)."""
    plain = {"scope": scope, "origin": "desk", "created_at": now}
    return Drafts(
        scope,
        ready_rows(questions, [plain] * len(versions), dialect),
        ready_rows(question_versions, [{"version": 1, **each} for each in versions], dialect),
    )


def add_drafts(tx: Tx, drafts: Drafts, *, is_shown: bool = True) -> list[Added]:
    """Add the questions as drafts; return them in their order.

    A code is made of the unit's code and a number that is never given twice. Not shown: out of use
    and without a current wording, so that nothing finds them before `show_drafts`.
    """
    count = len(drafts.versions.rows)
    ids = take_ids(tx, questions, count)
    version_ids = take_ids(tx, question_versions, count)
    unit_code = unit_code_of(drafts.scope)
    codes = [f"HB-{unit_code}-{question_id:05d}" for question_id in ids]
    current = version_ids if is_shown else [None] * count
    states = [DRAFT if is_shown else RETIRED] * count
    insert_ready(tx, drafts.questions, id=ids, code=codes, state=states, current_version_id=current)
    insert_ready(tx, drafts.versions, id=version_ids, question_id=ids)
    return [Added(*each) for each in zip(ids, codes, strict=True)]


def show_drafts(tx: Tx, question_ids: sa.Select[Any]) -> None:
    """Turn the questions that were added without being shown into drafts, all at once."""
    tx.execute(
        sa.update(questions)
        .where(
            questions.c.id.in_(question_ids),
            questions.c.current_version_id.is_(None),
            question_versions.c.question_id == questions.c.id,
        )
        .values(state=DRAFT, current_version_id=question_versions.c.id)
    )


def version_row(version: NewVersion, now: datetime) -> dict[str, Any]:
    """Return the columns of a version that follow from its wording."""
    return wording_columns(version.question) | {
        "as_of": version.as_of,
        "author": version.author,
        "author_id": version.author_id,
        "note": version.note,
        "created_at": now,
    }
