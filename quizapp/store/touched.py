"""The questions that an amendment touches: found, and put on its work list."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.staleness import Touch, gravest
from quizapp.domain.statutes import citation_from_plain, citation_to_plain
from quizapp.store.bank import question_versions, questions, stale_items, version_of
from quizapp.store.db import Tx


def names(words: str) -> sa.ColumnElement[bool]:
    """Say of a version in a statement whether its body holds these words as a value of their own.

    Both databases keep JSON as the text that was written, so its quoted form is looked for.
    """
    written = sa.cast(question_versions.c.body, sa.Text)
    return written.contains(json.dumps(words), autoescape=True)


def _citing(short: str, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .join(questions, questions.c.current_version_id == question_versions.c.id)
        .where(questions.c.state != "retired", names(short))
        .order_by(questions.c.code)
    )


def list_citing(tx: Tx, short: str) -> list[QuestionVersion]:
    """Return the current version of every question not retired that cites the law; by code.

    Who cites which version of it is for the caller to see.
    """
    rows = tx.execute(_citing(short, question_versions, questions.c.code))
    return [version for version in map(version_of, rows) if short in laws_cited(version)]


def find_states(tx: Tx, short: str) -> dict[int, str]:
    """Return the states of the questions not retired that name the law, by current version."""
    rows = tx.execute(_citing(short, question_versions.c.id, questions.c.state))
    return {row.id: row.state for row in rows}


def laws_cited(version: QuestionVersion) -> set[str]:
    """Return the short names of the laws that a question or one of its parts cites."""
    whole = (version.question, *version.question.parts)
    return {citation.law for each in whole for citation in each.citations}


def list_current(tx: Tx, codes: Iterable[str]) -> list[QuestionVersion]:
    """Return the current version of those of these questions that are published."""
    rows = tx.execute(
        sa.select(question_versions, questions.c.code)
        .join(questions, questions.c.current_version_id == question_versions.c.id)
        .where(questions.c.code.in_(list(codes)), questions.c.state == "published")
    )
    return [version_of(row) for row in rows]


def find_held(tx: Tx, amendment_id: int) -> dict[int, int]:
    """Return the wordings on the work list of an amendment, by question."""
    query = sa.select(stale_items.c.question_id, stale_items.c.version_id)
    rows = tx.execute(query.where(stale_items.c.amendment_id == amendment_id))
    return {row.question_id: row.version_id for row in rows}


def add_items(
    tx: Tx,
    amendment_id: int,
    effective_on: date,
    found: Iterable[tuple[QuestionVersion, Sequence[Touch]]],
) -> int:
    """Put these questions on the work list; return how many."""
    rows = [
        {
            "amendment_id": amendment_id,
            "question_id": version.question_id,
            "effective_on": effective_on,
        }
        | _open(version, touched)
        for version, touched in found
    ]
    if rows:
        tx.execute(sa.insert(stale_items), rows)
    return len(rows)


def _open(version: QuestionVersion, touched: Sequence[Touch]) -> dict[str, Any]:
    return {
        "version_id": version.id,
        "effect": gravest(touched),
        "touches": [_touch_to_plain(each) for each in touched],
        "outcome": "open",
    }


def put_item(
    tx: Tx,
    amendment_id: int,
    effective_on: date,
    version: QuestionVersion,
    touched: Sequence[Touch],
) -> None:
    """Let the work list hold that wording of the question; as open, unless it has it already."""
    item = (
        stale_items.c.amendment_id == amendment_id,
        stale_items.c.question_id == version.question_id,
    )
    held = tx.execute(sa.select(stale_items.c.version_id).where(*item)).scalar_one_or_none()
    if held is None:
        add_items(tx, amendment_id, effective_on, [(version, touched)])
    elif held != version.id:
        tx.execute(sa.update(stale_items).where(*item).values(**_open(version, touched)))


def _touch_to_plain(touch: Touch) -> dict[str, Any]:
    return {
        "citation": citation_to_plain(touch.citation),
        "effect": touch.effect,
        "now_at": citation_to_plain(touch.now_at) if touch.now_at else None,
    }


def touch_from_plain(plain: dict[str, Any]) -> Touch:
    """Return the touch that the work list keeps."""
    now_at = plain["now_at"]
    return Touch(
        citation_from_plain(plain["citation"]),
        plain["effect"],
        citation_from_plain(now_at) if now_at else None,
    )
