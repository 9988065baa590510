"""The work list after an amendment: read, settled item by item, and what it means for a pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from quizapp.domain.bank import QuestionVersion
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


class Settler(NamedTuple):
    """Who settles, and in which banks: wordings of others that nobody has edited meanwhile."""

    officer_id: int
    name: str
    scopes: Sequence[str]


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


def _open_to(settler: Settler, effect: str) -> list[sa.ColumnElement[bool]]:
    wording = question_versions.c
    return [
        stale_items.c.outcome == "open",
        stale_items.c.effect == effect,
        questions.c.scope.in_(settler.scopes),
        questions.c.current_version_id == wording.id,
        wording.author_id.is_(None) | (wording.author_id != settler.officer_id),
        wording.author != settler.name,
    ]


def list_for(
    tx: Tx, amendment_id: int, settler: Settler, effect: str, *, reach: Reach, limit: int
) -> list[StaleItem]:
    """Return the first open items of that effect that somebody may settle, by question code."""
    wanted = (stale_items.c.amendment_id == amendment_id, *_open_to(settler, effect))
    rows = tx.execute(_ITEMS.where(*wanted).order_by(questions.c.code).limit(limit))
    return [_item(row, reach) for row in rows]


def count_for(tx: Tx, amendment_id: int, settler: Settler, effect: str) -> int:
    """Return how many items `list_for` has without a limit."""
    wanted = (stale_items.c.amendment_id == amendment_id, *_open_to(settler, effect))
    return int(tx.execute(_read(sa.literal(1)).where(*wanted)).one().n)


def find_next(tx: Tx, item: StaleItem, reach: Reach) -> int | None:
    """Return the open item that follows this one on its list, None at the end."""
    query = (
        sa.select(stale_items.c.id)
        .join(questions, questions.c.id == stale_items.c.question_id)
        .join(question_versions, question_versions.c.id == stale_items.c.version_id)
        .where(*_of(item.amendment_id, reach, "open", ""), questions.c.code > item.version.code)
    )
    return tx.execute(query.order_by(questions.c.code).limit(1)).scalar_one_or_none()


def count_effects(tx: Tx, amendment_id: int, *, reach: Reach, outcome: str = "") -> dict[str, int]:
    """Return how many items of each effect `list_items` has."""
    query = _read(stale_items.c.effect)
    rows = tx.execute(
        query.where(*_of(amendment_id, reach, outcome, "")).group_by(stale_items.c.effect)
    )
    return {row[0]: int(row[1]) for row in rows}


def _read(*key: sa.ColumnElement[Any]) -> sa.Select[Any]:
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
