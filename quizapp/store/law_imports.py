"""Putting an import right: its day of force moved, or the whole of it taken back."""

from datetime import date

import sqlalchemy as sa

from quizapp.domain.statutes import Law
from quizapp.store.amendments import amendments, article_changes
from quizapp.store.bank import laws, question_versions, questions, stale_items, version_of
from quizapp.store.db import Tx, is_sqlite
from quizapp.store.journal import journal
from quizapp.store.stale import put_state
from quizapp.store.statutes import law_articles, law_texts
from quizapp.store.touched import names

_LIBRARY = 1305


def hold_library(tx: Tx) -> None:
    """Let nobody else change the versions of a law before this transaction ends."""
    if not is_sqlite(tx):  # there the transaction holds the one write lock
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LIBRARY)))


def put_day(tx: Tx, amendment_id: int, effective_on: date) -> None:
    """Let an amendment, its work list and the wordings it brought have another day of force."""
    old_day = (
        sa.select(amendments.c.effective_on)
        .where(amendments.c.id == amendment_id)
        .scalar_subquery()
    )
    settled = sa.select(stale_items.c.question_id).where(
        stale_items.c.amendment_id == amendment_id,
        stale_items.c.outcome.in_(("kept", "edited")),
    )
    tx.execute(
        sa.update(question_versions)
        .where(
            question_versions.c.question_id.in_(settled), question_versions.c.fit_from == old_day
        )
        .values(fit_from=effective_on)
    )
    tx.execute(
        sa.update(stale_items)
        .where(stale_items.c.amendment_id == amendment_id)
        .values(effective_on=effective_on)
    )
    tx.execute(
        sa.update(amendments)
        .where(amendments.c.id == amendment_id)
        .values(effective_on=effective_on)
    )


def release(tx: Tx, amendment_id: int, on: date | None) -> int:
    """Publish again what an open item had suspended and does not block on that day; how many.

    on: None is any day. What a person suspended stays so.
    """
    by_person = (
        sa.select(journal.c.id)
        .where(
            journal.c.subject == sa.literal("question:") + questions.c.code,
            journal.c.action.like("%suspend%"),
        )
        .exists()
    )
    query = (
        sa.select(questions.c.id)
        .join(stale_items, stale_items.c.question_id == questions.c.id)
        .where(
            stale_items.c.amendment_id == amendment_id,
            stale_items.c.outcome == "open",
            questions.c.state == "suspended",
            ~by_person,
        )
    )
    if on is not None:
        query = query.where(stale_items.c.effective_on > on)
    return put_state(tx, list(tx.execute(query).scalars()), "published", only_from="suspended")


def is_settled(tx: Tx, amendment_id: int) -> bool:
    """Say whether somebody has settled an item of the work list."""
    query = sa.select(sa.func.count()).where(
        stale_items.c.amendment_id == amendment_id, stale_items.c.outcome != "open"
    )
    return bool(tx.execute(query).scalar_one())


def is_cited(tx: Tx, law: Law) -> bool:
    """Say whether a version of a question cites this version of the law."""
    rows = tx.execute(
        sa.select(question_versions, questions.c.code)
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(names(law.short), names(law.version.isoformat()))
    )
    return any(
        (citation.law, citation.version) == (law.short, law.version)
        for version in map(version_of, rows)
        for each in (version.question, *version.question.parts)
        for citation in each.citations
    )


def delete_amendment(tx: Tx, amendment_id: int) -> None:
    """Remove a comparison with its work list."""
    for table in (stale_items, article_changes):
        tx.execute(sa.delete(table).where(table.c.amendment_id == amendment_id))
    tx.execute(sa.delete(amendments).where(amendments.c.id == amendment_id))


def delete_law(tx: Tx, law_id: int) -> None:
    """Remove a version with its text."""
    for table in (law_articles, law_texts):
        tx.execute(sa.delete(table).where(table.c.law_id == law_id))
    tx.execute(sa.delete(laws).where(laws.c.id == law_id))
