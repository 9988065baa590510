"""Amendments, what became of each article, and the work list of the questions they touch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.amendments import Change
from quizapp.domain.bank import QuestionVersion
from quizapp.domain.errors import NotFound
from quizapp.domain.staleness import Amendment, Touch, gravest
from quizapp.domain.statutes import Law, citation_from_plain, citation_to_plain
from quizapp.store.bank import laws, question_versions, questions, stale_items, version_of
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.statutes import law_of, list_articles

amendments = sa.Table(
    "amendments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("old_law_id", sa.ForeignKey("laws.id"), nullable=False),
    sa.Column("new_law_id", sa.ForeignKey("laws.id")),  # empty: repealed without a successor
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),  # articles by kind
    sa.Column("made_by", sa.ForeignKey("officers.id")),  # empty: on the command line
    sa.Column("made_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("old_law_id"),  # a version ends once
)

article_changes = sa.Table(
    "article_changes",
    metadata,
    sa.Column("amendment_id", sa.ForeignKey("amendments.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(14), nullable=False),  # domain.amendments.KINDS
    sa.Column("old_number", sa.Integer),
    sa.Column("old_sub", sa.Integer),
    sa.Column("new_number", sa.Integer),
    sa.Column("new_sub", sa.Integer),
    sa.Column("likeness_bp", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StaleItem:
    """One question on the work list with the wording that is touched, and its current one."""

    id: int
    amendment_id: int
    effect: str
    touches: tuple[Touch, ...]
    outcome: str
    note: str
    effective_on: date
    scope: str
    state: str
    current_version_id: int
    version: QuestionVersion
    closed_at: datetime | None


def add_amendment(
    tx: Tx,
    old_id: int,
    new_id: int | None,
    changes: Sequence[Change],
    counts: dict[str, int],
    *,
    effective_on: date,
    made_by: int | None,
    now: datetime,
) -> int:
    """Record the amendment with every change in order; return its id."""
    added = sa.insert(amendments).values(
        old_law_id=old_id, new_law_id=new_id, effective_on=effective_on, counts=counts,
        made_by=made_by, made_at=now,
    )  # fmt: skip
    amendment_id = int(tx.execute(added.returning(amendments.c.id)).scalar_one())
    if changes:
        rows = [
            {
                "amendment_id": amendment_id,
                "position": position,
                "kind": change.kind,
                "old_number": change.old.number if change.old else None,
                "old_sub": change.old.sub if change.old else None,
                "new_number": change.new.number if change.new else None,
                "new_sub": change.new.sub if change.new else None,
                "likeness_bp": change.likeness_bp,
            }
            for position, change in enumerate(changes)
        ]
        tx.execute(sa.insert(article_changes), rows)
    return amendment_id


def _query() -> tuple[Any, Any, Any]:
    old, new = laws.alias("old"), laws.alias("new")
    columns = [c.label(f"old_{c.name}") for c in old.c] + [c.label(f"new_{c.name}") for c in new.c]
    named = ("id", "effective_on", "counts", "made_at")
    query = (
        sa.select(*(amendments.c[name].label(f"own_{name}") for name in named), *columns)
        .join(old, old.c.id == amendments.c.old_law_id)
        .join(new, new.c.id == amendments.c.new_law_id, isouter=True)
    )
    return query, old, new


@dataclass(frozen=True, slots=True)
class _Side:
    """The columns of one of two laws in a row."""

    row: Any
    prefix: str

    def __getattr__(self, name: str) -> Any:
        return self.row[f"{self.prefix}_{name}"]


def _amendment(row: Any) -> Amendment:
    new: Law | None = law_of(_Side(row, "new")) if row["new_id"] is not None else None
    return Amendment(
        id=row["own_id"],
        old=law_of(_Side(row, "old")),
        new=new,
        effective_on=row["own_effective_on"],
        made_at=row["own_made_at"],
        counts=row["own_counts"],
    )


def list_amendments(tx: Tx) -> list[Amendment]:
    """Return every amendment, the latest day of force first."""
    query, _, _ = _query()
    rows = tx.execute(query.order_by(amendments.c.effective_on.desc(), amendments.c.id.desc()))
    return [_amendment(row) for row in rows.mappings()]


def get_amendment(tx: Tx, amendment_id: int) -> Amendment:
    """Return one. Raises NotFound("amendment_not_found")."""
    query, _, _ = _query()
    row = tx.execute(query.where(amendments.c.id == amendment_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("amendment_not_found")
    return _amendment(row)


def find_of_old(tx: Tx, old_law_id: int) -> Amendment | None:
    """Return the amendment that ended this version, or None."""
    query, _, _ = _query()
    row = tx.execute(query.where(amendments.c.old_law_id == old_law_id)).mappings().one_or_none()
    return _amendment(row) if row else None


def list_changes(tx: Tx, amendment_id: int) -> list[Change]:
    """Return what became of every article, in the order of the new text."""
    own = tx.execute(
        sa.select(amendments.c.old_law_id, amendments.c.new_law_id).where(
            amendments.c.id == amendment_id
        )
    ).one()
    old = {article.key: article for article in list_articles(tx, own.old_law_id)}
    new = (
        {article.key: article for article in list_articles(tx, own.new_law_id)}
        if own.new_law_id
        else {}
    )
    rows = tx.execute(
        sa.select(article_changes)
        .where(article_changes.c.amendment_id == amendment_id)
        .order_by(article_changes.c.position)
    )
    return [
        Change(
            row.kind,
            old.get((row.old_number, row.old_sub)),
            new.get((row.new_number, row.new_sub)),
            row.likeness_bp,
        )
        for row in rows
    ]


def list_citing(tx: Tx, short: str) -> list[QuestionVersion]:
    """Return the current version of every question not retired whose body names the law; by code.

    A coarse sieve: who cites which version is for the caller to see.
    """
    rows = tx.execute(
        sa.select(question_versions, questions.c.code)
        .join(questions, questions.c.current_version_id == question_versions.c.id)
        .where(questions.c.state != "retired")
        .order_by(questions.c.code)
    )
    found = (version_of(row) for row in rows)
    return [
        version
        for version in found
        if any(
            citation.law == short
            for each in (version.question, *version.question.parts)
            for citation in each.citations
        )
    ]


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
            "version_id": version.id,
            "effective_on": effective_on,
            "effect": gravest(touched),
            "touches": [_touch_to_plain(each) for each in touched],
            "outcome": "open",
        }
        for version, touched in found
    ]
    if rows:
        tx.execute(sa.insert(stale_items), rows)
    return len(rows)


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
