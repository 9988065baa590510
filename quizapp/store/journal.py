"""The journal: who did what to which subject and when; append-only, each entry chained."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.clock import to_ms
from quizapp.store.db import Tx, UTCDateTime, metadata

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UTCDateTime, nullable=False),
    sa.Column("actor_id", sa.Integer),  # an officer; empty: the system itself
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(60), nullable=False, index=True),  # "exam:3"
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

journal_head = sa.Table(
    "journal_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False),
)

START = "0" * 64


def add_entry(
    tx: Tx, action: str, subject: str, facts: dict[str, Any], *, actor_id: int | None, now: datetime
) -> None:
    """Append one entry and move the chain's head; concurrent writers queue on the head's row."""
    add_entries(tx, action, [(subject, facts)], actor_id=actor_id, now=now)


def add_entries(
    tx: Tx,
    action: str,
    entries: Sequence[tuple[str, dict[str, Any]]],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Append entries (subject, facts) of one action, in their order, as `add_entry` does each."""
    digest = tx.execute(
        sa.select(journal_head.c.hash).where(journal_head.c.id == 1).with_for_update()
    ).scalar_one()
    rows = []
    for subject, facts in entries:
        digest = link(digest, to_ms(now), actor_id, action=action, subject=subject, facts=facts)
        rows.append(
            {"at": now, "actor_id": actor_id, "action": action, "subject": subject, "facts": facts,
             "hash": digest}
        )  # fmt: skip
    if rows:
        tx.execute(sa.insert(journal), rows)
        tx.execute(sa.update(journal_head).where(journal_head.c.id == 1).values(hash=digest))


def link(
    before: str,
    at_ms: int,
    actor_id: int | None,
    *,
    action: str,
    subject: str,
    facts: dict[str, Any],
) -> str:
    """Return the SHA-256 (hex) that chains an entry to `before`."""
    text = json.dumps(
        [before, at_ms, actor_id, action, subject, facts], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(text.encode()).hexdigest()


def count_entries(tx: Tx) -> int:
    """Return how many entries there are."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(journal)).scalar_one())


def find_break(tx: Tx) -> int | None:
    """Return the id of the first entry that does not fit its predecessor, or None."""
    before = START
    for row in tx.execute(sa.select(journal).order_by(journal.c.id)):
        expected = link(
            before,
            to_ms(row.at),
            row.actor_id,
            action=row.action,
            subject=row.subject,
            facts=row.facts,
        )
        if expected != row.hash:
            return int(row.id)
        before = row.hash
    return None
