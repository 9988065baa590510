"""Attempts with their papers and answers: what opening, marking and closing read and write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer, Attempt, AttemptNotFound
from quizapp.domain.drawn import paper_from_plain, parse_shape
from quizapp.domain.ids import AttemptId
from quizapp.domain.receipts import short_receipt
from quizapp.domain.scoring import Marks
from quizapp.store.attempts import COLUMNS, answer_events, attempts
from quizapp.store.db import Tx
from quizapp.store.shown import find_old


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt with its paper, as marking needs it."""

    attempt: Attempt
    items: tuple[PaperItem, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What closing writes into an attempt."""

    attempt_id: AttemptId
    closed_at: datetime
    submitted_at: datetime
    close_reason: str
    duration_s: int
    marks: Marks
    digest: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked attempt with its paper and the points of each item."""

    sitting: Sitting
    item_cp: tuple[int, ...]


def get_sitting(tx: Tx, attempt_id: int, *, lock: bool = False) -> Sitting:
    """Return the attempt with its paper; with `lock` nobody else changes it meanwhile.

    Raises AttemptNotFound.
    """
    statement = _SITTINGS.where(attempts.c.id == attempt_id)
    row = tx.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise AttemptNotFound
    return _as_shown(tx, _sitting_of(row))


def _as_shown(tx: Tx, sitting: Sitting) -> Sitting:
    if sitting.attempt.score_cp is None or (old := find_old(tx, sitting.attempt.id)) is None:
        return sitting
    score_cp, right_count, _ = old
    attempt = replace(sitting.attempt, score_cp=score_cp, right_count=right_count)
    return Sitting(attempt, sitting.items)


def list_expired(tx: Tx, before: datetime, limit: int) -> list[Sitting]:
    """Return running attempts due before a moment, locked; those another process holds are left."""
    rows = tx.execute(
        _SITTINGS.where(attempts.c.closed_at.is_(None), attempts.c.due_at < before)
        .order_by(attempts.c.due_at, attempts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_sitting_of(row) for row in rows]


def find_by_receipt(tx: Tx, receipt: str) -> tuple[Attempt, str] | None:
    """Return the attempt with this receipt and its full digest, or None."""
    row = tx.execute(
        sa.select(*COLUMNS, attempts.c.digest).where(attempts.c.receipt == receipt)
    ).one_or_none()
    return (Attempt(*row[:-1]), row[-1]) if row else None


def list_events(
    tx: Tx, attempt_ids: Iterable[int], nos: Iterable[int] | None = None
) -> dict[int, list[Answer]]:
    """Return the answer events of each attempt, ordered by item and sequence number.

    `nos`: of these items alone.
    """
    event = answer_events.c
    found: dict[int, list[Answer]] = {attempt_id: [] for attempt_id in attempt_ids}
    rows = tx.execute(
        sa.select(
            event.attempt_id,
            event.no,
            event.seq,
            event.response,
            event.flagged,
            event.given_at,
            event.received_at,
        )
        .where(
            event.attempt_id.in_(list(found)),
            sa.true() if nos is None else event.no.in_(sorted(set(nos))),
        )
        .order_by(event.attempt_id, event.no, event.seq)
    )
    for row in rows:
        found[row.attempt_id].append(Answer(*row[1:]))
    return found


def close_attempts(tx: Tx, sealed: Sequence[Sealed]) -> None:
    """Close attempts with their marks and receipts; the caller holds their rows."""
    if not sealed:
        return
    tx.connection().execute(
        sa.update(attempts).where(attempts.c.id == sa.bindparam("this")),
        [
            {
                "this": one.attempt_id,
                "closed_at": one.closed_at,
                "submitted_at": one.submitted_at,
                "close_reason": one.close_reason,
                "duration_s": one.duration_s,
                "answered": one.marks.answered,
                "right_count": one.marks.right_count,
                "score_cp": one.marks.score_cp,
                "item_cp": list(one.marks.item_cp),
                "digest": one.digest,
                "receipt": short_receipt(one.digest),
            }
            for one in sealed
        ],
    )


def get_item_cp(tx: Tx, attempt_id: int) -> list[int]:
    """Return the points per item of a closed attempt; empty while it runs."""
    old = find_old(tx, attempt_id)
    if old is not None:
        return list(old.old_item_cp)
    return (
        tx.execute(
            sa.select(attempts.c.item_cp).where(attempts.c.id == attempt_id)
        ).scalar_one_or_none()
        or []
    )


def list_marked(tx: Tx, attempt_ids: Sequence[int]) -> list[Marked]:
    """Return those of these attempts that have points per item, by id."""
    rows = tx.execute(
        _SITTINGS.add_columns(attempts.c.item_cp)
        .where(attempts.c.id.in_(attempt_ids), attempts.c.score_cp.is_not(None))
        .order_by(attempts.c.id)
    )
    return [Marked(_sitting_of(row[:-1]), tuple(row[-1])) for row in rows if row[-1] is not None]


def list_digests(tx: Tx) -> list[tuple[int, datetime, str]]:
    """Return id, start and digest of every marked attempt, by id."""
    rows = tx.execute(
        sa.select(attempts.c.id, attempts.c.started_at, attempts.c.digest)
        .where(attempts.c.digest.is_not(None))
        .order_by(attempts.c.id)
    )
    return [(row.id, row.started_at, row.digest) for row in rows]


_SITTINGS = sa.select(*COLUMNS, attempts.c.paper, attempts.c.shape)


def _sitting_of(row: Any) -> Sitting:
    types = [slot.type.key for slot in parse_shape(row[-1])]
    return Sitting(Attempt(*row[:-2]), tuple(paper_from_plain(row[-2], types)))
