"""What waits for a review, as one reviewer looks at it: counted and listed in parts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.reviews import TABS, QueueSearch, Request
from quizapp.store.bank import get_versions, question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.imports import import_items
from quizapp.store.reviews import REQUESTS, question_reviews, request_of, wrote_by

Waiting = tuple[str, QuestionVersion, Request]
"""Scope of the bank, the version that waits, and its request."""


def _tabs(officer_id: int) -> dict[str, sa.ColumnElement[bool]]:
    """Return the condition of every part of the queue; they divide what waits."""
    wrote = wrote_by(officer_id)
    wanted = question_reviews.c.reviewer_id
    return {
        "mine": sa.and_(~wrote, wanted == officer_id),
        "free": sa.and_(~wrote, wanted.is_(None)),
        "others": sa.and_(~wrote, wanted.is_not(None), wanted != officer_id),
        "own": wrote,
    }


def _conditions(scopes: Sequence[str], search: QueueSearch) -> list[sa.ColumnElement[bool]]:
    conditions = [
        question_reviews.c.outcome == "",
        questions.c.state == "in_review",
        questions.c.scope.in_(scopes),
    ]
    if search.law:
        conditions.append(question_versions.c.law == search.law)
    if search.batch is not None:
        own = sa.select(import_items.c.question_id).where(import_items.c.batch_id == search.batch)
        conditions.append(questions.c.id.in_(own))
    return conditions


def count_waiting(
    tx: Tx, scopes: Sequence[str], search: QueueSearch, *, officer_id: int
) -> dict[str, int]:
    """Return how much waits in each part of the viewer's queue, whatever tab is looked at."""
    tabs = _tabs(officer_id)
    row = tx.execute(
        sa.select(
            *(sa.func.count().filter(condition).label(tab) for tab, condition in tabs.items())
        )
        .select_from(question_reviews)
        .join(questions, questions.c.id == question_reviews.c.question_id)
        .join(question_versions, question_versions.c.id == question_reviews.c.version_id)
        .where(*_conditions(scopes, search))
    ).one()
    return {tab: int(getattr(row, tab)) for tab in TABS}


def list_laws(tx: Tx, scopes: Sequence[str]) -> list[str]:
    """Return the short names of the laws that waiting questions cite first, in order."""
    rows = tx.execute(
        sa.select(question_versions.c.law)
        .join(question_reviews, question_versions.c.id == question_reviews.c.version_id)
        .join(questions, questions.c.id == question_reviews.c.question_id)
        .where(*_conditions(scopes, QueueSearch()))
        .distinct()
    ).scalars()
    return sorted(law for law in rows if law)


def list_waiting(
    tx: Tx,
    scopes: Sequence[str],
    search: QueueSearch,
    *,
    officer_id: int,
    tabs: Sequence[str],
    limit: int,
    offset: int = 0,
) -> list[Waiting]:
    """Return what waits in these parts of the queue: handed over by name first, then by age."""
    conditions = _tabs(officer_id)
    is_named = sa.case((question_reviews.c.reviewer_id == officer_id, 0), else_=1)
    rows: Sequence[Any] = tx.execute(
        REQUESTS.join(questions, questions.c.id == question_reviews.c.question_id)
        .add_columns(questions.c.code, questions.c.scope)
        .where(*_conditions(scopes, search), sa.or_(*(conditions[tab] for tab in tabs)))
        .order_by(is_named, question_reviews.c.asked_at, question_reviews.c.id)
        .limit(limit)
        .offset(offset)
    ).all()
    versions = get_versions(tx, [row.version_id for row in rows])
    return [(row.scope, versions[row.version_id], request_of(row)) for row in rows]
