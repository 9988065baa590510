"""法规变动清单 in one sitting: what only moved, each with its old and new place side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.amendments import Change
from quizapp.domain.errors import Invalid, Refusal
from quizapp.domain.people import Viewer
from quizapp.domain.staleness import Amendment
from quizapp.service.desk import reach_in, writable_of
from quizapp.service.stale import MOVED, close_item, places_of
from quizapp.store import amendments, editing, stale
from quizapp.store.db import reading
from quizapp.store.stale import Settler, StaleItem

SITTING = 10
TOGETHER = ("kept", "withdrawn")
"""What can be decided of many; a question that must be edited is settled alone."""


@dataclass(frozen=True, slots=True)
class Laid:
    """An item on the page, with what became of the articles it cites."""

    item: StaleItem
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Sitting:
    """The next items, and how many there are in all."""

    amendment: Amendment
    laid: list[Laid]
    total: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of one item."""

    item_id: int
    outcome: str
    note: str


def lay_out(viewer: Viewer, amendment_id: int) -> Sitting:
    """Return the next open items that the viewer may settle and whose articles only moved.

    Left out: own questions and those edited meanwhile, which are settled one by one.
    Raises NotFound("amendment_not_found").
    """
    with reading() as tx:
        amendment = amendments.get_amendment(tx, amendment_id)
        scopes = writable_of(tx, viewer, editing.list_scopes(tx))
        settler = Settler(viewer.officer_id, viewer.name, scopes)
        items = stale.list_for(
            tx, amendment_id, settler, MOVED, reach=reach_in(tx, viewer), limit=SITTING
        )
        total = stale.count_for(tx, amendment_id, settler, MOVED)
        places = {place for item in items for place in places_of(item)}
        changes = amendments.list_changes(tx, amendment_id, places)
    return Sitting(amendment, [Laid(item, _of(item, changes)) for item in items], total)


def _of(item: StaleItem, changes: Sequence[Change]) -> list[Change]:
    """Return what became of the articles that the item cites."""
    cited = places_of(item)
    return [change for change in changes if change.old and change.old.key in cited]


def settle(
    viewer: Viewer, decisions: Sequence[Decision], *, on: date, now: datetime
) -> dict[int, Refusal]:
    """Settle each of these items; return by item what could not be done, and why.

    Each is a step of its own with its own entry in the journal.
    Raises Invalid("outcome_unknown") before anything is done.
    """
    if any(decision.outcome not in TOGETHER for decision in decisions):
        raise Invalid("outcome_unknown")
    refused = {}
    for each in decisions:
        try:
            close_item(viewer, each.item_id, each.outcome, each.note, on=on, now=now)
        except Refusal as refusal:
            refused[each.item_id] = refusal
    return refused
