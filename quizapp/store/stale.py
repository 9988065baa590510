"""The work list after an amendment: read, settled item by item, and what it means for a pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import Question, QuestionVersion, question_to_plain
from quizapp.domain.errors import NotFound
from quizapp.domain.scopes import Reach
from quizapp.domain.staleness import Touch
from quizapp.store.bank import (
    question_versions,
    questions,
    read_by,
    stale_items,
    version_of,
)
from quizapp.store.db import Tx
from quizapp.store.touched import touch_from_plain

_ITEMS = (
    sa.select(
        *(stale_items.c[name].label(f"item_{name}") for name in stale_items.c.keys()),  # noqa: SIM118
        questions.c.code,
        questions.c.scope,
        questions.c.state,
        questions.c.current_version_id,
        question_versions,
    )
    .join(questions, questions.c.id == stale_items.c.question_id)
    .join(question_versions, question_versions.c.id == stale_items.c.version_id)
)


@dataclass(frozen=True, slots=True)
class StaleItem:
    """One question on the work list with the wording that is touched, and its current one.

    `note`: of whoever settled it, for those who read the whole bank.
    """

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
    author_id: int | None
    closed_at: datetime | None


def _item(row: Any, reach: Reach) -> StaleItem:
    return StaleItem(
        id=row.item_id,
        amendment_id=row.item_amendment_id,
        effect=row.item_effect,
        touches=tuple(touch_from_plain(each) for each in row.item_touches),
        outcome=row.item_outcome,
        note=row.item_note if reach.is_whole(row.scope) else "",
        effective_on=row.item_effective_on,
        scope=row.scope,
        state=row.state,
        current_version_id=row.current_version_id,
        version=version_of(row),
        author_id=row.author_id,
        closed_at=row.item_closed_at,
    )


def _of(amendment_id: int, reach: Reach, outcome: str, effect: str) -> list[sa.ColumnElement[bool]]:
    conditions = [stale_items.c.amendment_id == amendment_id, read_by(reach)]
    for column, value in ((stale_items.c.outcome, outcome), (stale_items.c.effect, effect)):
        if value:
            conditions.append(column == value)
    return conditions


def list_items(
    tx: Tx,
    amendment_id: int,
    *,
    reach: Reach,
    outcome: str = "",
    effect: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[StaleItem]:
    """Return the items of an amendment within that reach, by question code.

    `outcome`, `effect` empty: of any.
    """
    conditions = _of(amendment_id, reach, outcome, effect)
    rows = tx.execute(
        _ITEMS.where(*conditions).order_by(questions.c.code).limit(limit).offset(offset)
    )
    return [_item(row, reach) for row in rows]


def count_effects(tx: Tx, amendment_id: int, *, reach: Reach, outcome: str = "") -> dict[str, int]:
    """Return how many items of each effect `list_items` has."""
    query = _read(stale_items.c.effect)
    rows = tx.execute(
        query.where(*_of(amendment_id, reach, outcome, "")).group_by(stale_items.c.effect)
    )
    return {row[0]: int(row[1]) for row in rows}


def _read(*key: sa.Column[Any]) -> sa.Select[Any]:
    """Count items by that key, with the question and the wording each is about."""
    return (
        sa.select(*key, sa.func.count().label("n"))
        .join(questions, questions.c.id == stale_items.c.question_id)
        .join(question_versions, question_versions.c.id == stale_items.c.version_id)
    )


def get_item(tx: Tx, item_id: int, reach: Reach, *, lock: bool = False) -> StaleItem:
    """Return one item; `lock`: until the end of the transaction nobody else settles it.

    Raises NotFound("stale_item_not_found"), also for one that is not within that reach.
    """
    if lock:
        tx.execute(sa.select(stale_items.c.id).where(stale_items.c.id == item_id).with_for_update())
    row = tx.execute(_ITEMS.where(stale_items.c.id == item_id, read_by(reach))).one_or_none()
    if row is None:
        raise NotFound("stale_item_not_found")
    return _item(row, reach)


def count_items(tx: Tx, reach: Reach) -> dict[int, dict[str, int]]:
    """Return how many items of each outcome every amendment has within that reach."""
    key = (stale_items.c.amendment_id, stale_items.c.outcome)
    rows = tx.execute(_read(*key).where(read_by(reach)).group_by(*key))
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.amendment_id, {})[row.outcome] = row.n
    return counts


def close_item(
    tx: Tx, item_id: int, outcome: str, note: str, *, closed_by: int, now: datetime
) -> None:
    """Settle an open item."""
    tx.execute(
        sa.update(stale_items)
        .where(stale_items.c.id == item_id, stale_items.c.outcome == "open")
        .values(outcome=outcome, note=note, closed_by=closed_by, closed_at=now)
    )


def list_due(tx: Tx, on: date, outcome: str = "open") -> list[int]:
    """Return the published questions whose current wording an item blocks on that day."""
    return list(
        tx.execute(
            sa.select(questions.c.id)
            .join(stale_items, stale_items.c.version_id == questions.c.current_version_id)
            .where(
                questions.c.state == "published",
                stale_items.c.outcome == outcome,
                stale_items.c.effective_on <= on,
            )
            .distinct()
        ).scalars()
    )


def put_state(tx: Tx, question_ids: Sequence[int], state: str, *, only_from: str) -> int:
    """Move these questions from one state to another; return how many that were.

    What retires is ruled by the bank's files no longer, so that no load brings it back.
    """
    origin = {"origin": "desk"} if state == "retired" else {}
    moved: Any = tx.execute(
        sa.update(questions)
        .where(questions.c.id.in_(list(question_ids)), questions.c.state == only_from)
        .values(state=state, **origin)
    )
    return int(moved.rowcount)


def add_moved_version(
    tx: Tx,
    item: StaleItem,
    question: Question,
    *,
    content_hash: str,
    author_id: int | None,
    reviewer: tuple[int, str],
    as_of: date,
    now: datetime,
) -> int:
    """Add the wording with its citations of the new law, current and for papers from its day on.

    `reviewer`: id and name of who says that it is still right. Return the id of the new version.
    """
    last = tx.execute(
        sa.select(sa.func.max(question_versions.c.version)).where(
            question_versions.c.question_id == item.version.question_id
        )
    ).scalar_one()
    values = {
        "question_id": item.version.question_id,
        "version": last + 1,
        "content_hash": content_hash,
        "type": question.type,
        "law": question.law,
        "difficulty": question.difficulty,
        "topics": list(question.topics),
        "parts": len(question.items),
        "body": question_to_plain(question),
        "picture_id": question.picture.id if question.picture else None,
        "as_of": as_of,
        "author": item.version.author,
        "author_id": author_id,
        "reviewer_id": reviewer[0],
        "reviewer": reviewer[1],
        "note": "法律修改，内容仍正确，依据改为新版本",
        "created_at": now,
        "fit_from": item.effective_on,
    }
    added = tx.execute(
        sa.insert(question_versions).values(values).returning(question_versions.c.id)
    )
    version_id = int(added.scalar_one())
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == item.version.question_id)
        .values(current_version_id=version_id, origin="desk")
    )
    return version_id


def put_fit_from(tx: Tx, version_id: int, on: date) -> None:
    """Let a wording be drawn from that day on only; the one before it serves until then.

    A later day that it waits for already stays.
    """
    is_sooner = question_versions.c.fit_from.is_(None) | (question_versions.c.fit_from < on)
    tx.execute(
        sa.update(question_versions)
        .where(question_versions.c.id == version_id, is_sooner)
        .values(fit_from=on)
    )
