"""Reviews of questions and what is said about them: tables and statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.ids import OfficerId, QuestionId, VersionId
from quizapp.domain.people import Grant
from quizapp.domain.reviews import DEEDS, Comment, Deed, Request
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.journal import journal
from quizapp.store.people import grants, officers, units
from quizapp.store.places import place_columns, place_of

question_reviews = sa.Table(  # 法制审核: one row per handing over, closed by its outcome
    "question_reviews",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False, index=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), nullable=False),
    sa.Column("asked_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("asked_at", UTCDateTime, nullable=False),
    sa.Column("reviewer_id", sa.ForeignKey("officers.id"), index=True),  # empty: anybody who may
    sa.Column("outcome", sa.String(10), nullable=False, server_default=""),
    sa.Column("decided_by", sa.ForeignKey("officers.id")),
    sa.Column("decided_at", UTCDateTime),
    sa.Column("note", sa.String(1000), nullable=False, server_default=""),
)

question_comments = sa.Table(
    "question_comments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False, index=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), nullable=False),
    sa.Column("author_id", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("text", sa.String(1000), nullable=False),
)

_ASKER, _WANTED, _DECIDER = (officers.alias(name) for name in ("asker", "wanted", "decider"))
REQUESTS = (
    sa.select(
        question_reviews,
        question_versions.c.version,
        _ASKER.c.name.label("asked_by_name"),
        _WANTED.c.name.label("reviewer_name"),
        _DECIDER.c.name.label("decided_by_name"),
    )
    .join(question_versions, question_versions.c.id == question_reviews.c.version_id)
    .join(_ASKER, _ASKER.c.id == question_reviews.c.asked_by)
    .join(_WANTED, _WANTED.c.id == question_reviews.c.reviewer_id, isouter=True)
    .join(_DECIDER, _DECIDER.c.id == question_reviews.c.decided_by, isouter=True)
)


def request_of(row: Any) -> Request:
    """Return the request that a row of REQUESTS holds."""
    return Request(
        id=row.id,
        question_id=QuestionId(row.question_id),
        version_id=VersionId(row.version_id),
        version=row.version,
        asked_by=OfficerId(row.asked_by),
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        reviewer_id=None if row.reviewer_id is None else OfficerId(row.reviewer_id),
        reviewer_name=row.reviewer_name or "",
        decided_by_name=row.decided_by_name or "",
        decided_at=row.decided_at,
        outcome=row.outcome,
        note=row.note,
    )


def add_request(
    tx: Tx,
    question_id: int,
    version_id: int,
    *,
    asked_by: int,
    reviewer_id: int | None,
    now: datetime,
) -> None:
    """Let a version wait for its review."""
    add_requests(
        tx, [(question_id, version_id)], asked_by=asked_by, reviewer_id=reviewer_id, now=now
    )


def add_requests(
    tx: Tx,
    waiting: Sequence[tuple[int, int]],
    *,
    asked_by: int,
    reviewer_id: int | None,
    now: datetime,
) -> None:
    """Let these (question, version) wait for their review."""
    same = {"asked_by": asked_by, "asked_at": now, "reviewer_id": reviewer_id}
    tx.execute(
        sa.insert(question_reviews),
        [{"question_id": question, "version_id": version} | same for question, version in waiting],
    )


def close_requests(
    tx: Tx, question_ids: Sequence[int], outcome: str, *, decided_by: int, note: str, now: datetime
) -> None:
    """Close what waits for these questions with its outcome."""
    mine = question_reviews.c.question_id.in_(question_ids)
    tx.execute(
        sa.update(question_reviews)
        .where(mine, question_reviews.c.outcome == "")
        .values(outcome=outcome, decided_by=decided_by, decided_at=now, note=note)
    )


def list_requests(tx: Tx, question_id: int) -> list[Request]:
    """Return all reviews of a question, newest first."""
    rows = tx.execute(
        REQUESTS.where(question_reviews.c.question_id == question_id).order_by(
            question_reviews.c.id.desc()
        )
    )
    return [request_of(row) for row in rows]


_WROTE, _READ = (question_versions.alias(name) for name in ("wrote", "read"))
_ASKED = questions.alias("asked")
_AUTHORS = (  # who wrote the current version, or any that no review has approved yet
    sa.select(_WROTE.c.question_id, _WROTE.c.author_id)
    .join(_ASKED, _ASKED.c.id == _WROTE.c.question_id)
    .where(
        _WROTE.c.author_id.is_not(None),
        sa.or_(
            _WROTE.c.id == _ASKED.c.current_version_id,
            _WROTE.c.version
            > sa.select(sa.func.coalesce(sa.func.max(_READ.c.version), 0))
            .where(_READ.c.question_id == _ASKED.c.id, _READ.c.reviewer != "")
            .scalar_subquery(),
        ),
    )
)


def list_authors(tx: Tx, question_id: int) -> set[int]:
    """Return who wrote the current version, or any after the last that a review approved.

    Nobody of them may review the question.
    """
    rows = tx.execute(_AUTHORS.where(_WROTE.c.question_id == question_id))
    return {row.author_id for row in rows}


def wrote_by(officer_id: int) -> sa.ColumnElement[bool]:
    """Say of a question in a statement whether this officer is one of its `list_authors`."""
    own = _AUTHORS.where(_WROTE.c.author_id == officer_id).with_only_columns(_WROTE.c.question_id)
    return questions.c.id.in_(own)


def wrote_any(tx: Tx, officer_id: int, question_ids: Sequence[int]) -> bool:
    """Say whether this officer is one of the `list_authors` of any of these questions."""
    query = sa.select(questions.c.id).where(questions.c.id.in_(question_ids), wrote_by(officer_id))
    return tx.execute(query.limit(1)).first() is not None


def put_reviewer(tx: Tx, version_id: int, officer_id: int, name: str) -> None:
    """Write onto a version who reviewed it."""
    tx.execute(
        sa.update(question_versions)
        .where(question_versions.c.id == version_id)
        .values(reviewer=name, reviewer_id=officer_id)
    )


def add_comment(
    tx: Tx, question_id: int, version_id: int, author_id: int, text: str, *, now: datetime
) -> None:
    """Keep what somebody says about a version."""
    tx.execute(
        sa.insert(question_comments).values(
            question_id=question_id, version_id=version_id, author_id=author_id, at=now, text=text
        )
    )


def list_comments(tx: Tx, question_id: int) -> list[Comment]:
    """Return what was said about a question, oldest first."""
    rows = tx.execute(
        sa.select(
            question_versions.c.version,
            officers.c.name,
            question_comments.c.at,
            question_comments.c.text,
        )
        .join(question_versions, question_versions.c.id == question_comments.c.version_id)
        .join(officers, officers.c.id == question_comments.c.author_id)
        .where(question_comments.c.question_id == question_id)
        .order_by(question_comments.c.id)
    )
    return [Comment(*row) for row in rows]


def list_deeds(tx: Tx, code: str) -> list[Deed]:
    """Return what the journal says of a question, newest first; the system has no name."""
    rows = tx.execute(
        sa.select(journal, officers.c.name.label("who"))
        .join(officers, officers.c.id == journal.c.actor_id, isouter=True)
        .where(journal.c.subject == f"question:{code}", journal.c.action.in_(DEEDS))
        .order_by(journal.c.id.desc())
    )
    return [
        Deed(
            at=row.at,
            who=row.who or "",
            what=DEEDS[row.action],
            version=row.facts.get("version"),
            note=row.facts.get("note", ""),
            law_checked=bool(row.facts.get("legal_review")),
        )
        for row in rows
    ]


def list_trainers(tx: Tx) -> list[tuple[int, str, Grant]]:
    """Return (id, name, grant) of everybody who may write questions, by name; disabled ones not."""
    rows = tx.execute(
        sa.select(officers.c.id.label("officer"), officers.c.name.label("called"))
        .add_columns(*place_columns(units, "at_"))
        .join(grants, grants.c.officer_id == officers.c.id)
        .join(units, units.c.id == grants.c.unit_id)
        .where(grants.c.role == "trainer", officers.c.disabled_at.is_(None))
        .order_by(officers.c.name, officers.c.id)
    ).mappings()
    return [(row["officer"], row["called"], Grant("trainer", place_of(row, "at_"))) for row in rows]
