"""New questions: one that is written at the desk, or thousands out of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from quizapp.domain.bank import Question, question_hash, question_to_plain
from quizapp.domain.scopes import unit_code_of
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.ready import ReadyRows, insert_ready, ready_rows, take_ids

DRAFT = "draft"


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
    scope: str, new: Sequence[NewVersion], *, dialect: sa.Dialect, now: datetime
) -> Drafts:
    """Return questions as drafts of that scope, each with its first version. Order as given."""
    plain = {"scope": scope, "state": DRAFT, "origin": "desk", "created_at": now}
    return Drafts(
        scope,
        ready_rows(questions, [plain] * len(new), dialect),
        ready_rows(
            question_versions,
            [{"version": 1, **version_row(each, now)} for each in new],
            dialect,
        ),
    )


def add_drafts(tx: Tx, drafts: Drafts) -> list[Added]:
    """Add the questions; return them in their order.

    A code is made of the unit's code and a number that is never given twice.
    """
    count = len(drafts.versions.rows)
    ids = take_ids(tx, questions, count)
    version_ids = take_ids(tx, question_versions, count)
    unit_code = unit_code_of(drafts.scope)
    codes = [f"HB-{unit_code}-{question_id:05d}" for question_id in ids]
    insert_ready(tx, drafts.questions, id=ids, code=codes, current_version_id=version_ids)
    insert_ready(tx, drafts.versions, id=version_ids, question_id=ids)
    return [Added(*each) for each in zip(ids, codes, strict=True)]


def version_row(version: NewVersion, now: datetime) -> dict[str, Any]:
    """Return the columns of a version that follow from its wording."""
    question = version.question
    return {
        "content_hash": question_hash(question),
        "type": question.type,
        "law": question.law[:60],
        "difficulty": question.difficulty,
        "topics": list(question.topics),
        "parts": len(question.items),
        "body": question_to_plain(question),
        "picture_id": question.picture.id if question.picture else None,
        "as_of": version.as_of,
        "author": version.author,
        "author_id": version.author_id,
        "note": version.note,
        "created_at": now,
    }
