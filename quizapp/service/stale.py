"""法规变动清单: the work list after an amendment, settled item by item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.amendments import Change
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.domain.staleness import (
    Amendment,
    ItemClosed,
    check_note,
    touches,
    with_new_citations,
)
from quizapp.service.desk import may_write, reach_in
from quizapp.service.touched import follow
from quizapp.store import amendments, bank, fitting, journal, reviews, stale
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.stale import StaleItem

PAGE_SIZE = 50
MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Progress:
    """An amendment and how far its work list is."""

    amendment: Amendment
    items: Mapping[str, int]

    @property
    def total(self) -> int:
        """All items."""
        return sum(self.items.values())

    @property
    def done(self) -> int:
        """The settled items."""
        return self.total - self.items.get("open", 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a work list; pages count from 1.

    `effects`: items of the outcome, by effect; `only_moved`: open ones whose articles only moved.
    """

    progress: Progress
    effects: Mapping[str, int]
    only_moved: int
    items: list[StaleItem]
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class _Closing:
    """An item being settled: by whom, and on which day."""

    viewer: Viewer
    item: StaleItem
    amendment: Amendment
    on: date
    now: datetime


def list_progress(viewer: Viewer) -> list[Progress]:
    """Return every amendment with its progress, the latest day of force first.

    Of the work lists only what is in banks that the viewer reads; so in all that follows.
    """
    with reading() as tx:
        counts = stale.count_items(tx, reach_in(tx, viewer))
        return [Progress(each, counts.get(each.id, {})) for each in amendments.list_amendments(tx)]


def get_sheet(
    viewer: Viewer, amendment_id: int, *, outcome: str = "", effect: str = "", page: int = 1
) -> Sheet:
    """Return an amendment and one page of its list. Raises NotFound.

    `outcome`, `effect` empty: of any.
    """
    with reading() as tx:
        amendment = amendments.get_amendment(tx, amendment_id)
        reach = reach_in(tx, viewer)
        counts = stale.count_items(tx, reach).get(amendment_id, {})
        effects = stale.count_effects(tx, amendment_id, reach=reach, outcome=outcome)
        waiting = stale.count_effects(tx, amendment_id, reach=reach, outcome="open")
        total = effects.get(effect, 0) if effect else sum(effects.values())
        page_count = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), page_count)
        items = stale.list_items(
            tx,
            amendment_id,
            reach=reach,
            outcome=outcome,
            effect=effect,
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
        )
    only_moved = waiting.get(MOVED, 0)
    return Sheet(Progress(amendment, counts), effects, only_moved, items, page, page_count)


def compare(amendment_id: int) -> tuple[Amendment, list[Change]]:
    """Return an amendment and what became of every article. Raises NotFound."""
    with reading() as tx:
        amendment = amendments.get_amendment(tx, amendment_id)
        return amendment, amendments.list_changes(tx, amendment_id)


@dataclass(frozen=True, slots=True)
class Opened:
    """An item with its amendment and the changes of the articles it cites.

    `may_settle`: its bank is one that the viewer looks after; `next_id`: the open item after it.
    """

    item: StaleItem
    amendment: Amendment
    changes: list[Change]
    may_settle: bool
    next_id: int | None


def get_item(viewer: Viewer, item_id: int) -> Opened:
    """Return an item for the viewer. Raises NotFound also for one of a bank not to be read."""
    with reading() as tx:
        reach = reach_in(tx, viewer)
        item = stale.get_item(tx, item_id, reach)
        amendment = amendments.get_amendment(tx, item.amendment_id)
        return Opened(
            item=item,
            amendment=amendment,
            changes=amendments.list_changes(tx, amendment.id, places_of(item)),
            may_settle=may_write(tx, viewer, item.scope),
            next_id=stale.find_next(tx, item, reach),
        )


def places_of(item: StaleItem) -> set[tuple[int, int]]:
    """Return the articles that the item's touched citations name."""
    return {(touch.citation.article, touch.citation.sub) for touch in item.touches}


def close_item(
    viewer: Viewer, item_id: int, outcome: str, note: str, *, on: date, now: datetime
) -> None:
    """Settle an item: kept (仍正确), edited (已修改) or withdrawn (已撤下).

    Kept: the question gets a version with its citations moved to the new law, for papers from the
    day of force on. Edited: somebody has written a newer version that cites the old law no more;
    it serves from that day on. Withdrawn: retired, at once or on that day. Raises ItemClosed,
    NotAllowed("own_question"), Conflict("citation_repealed" | "question_not_edited").
    """
    note = check_note(note)
    if outcome not in _CLOSERS:
        raise Invalid("outcome_unknown")
    with transaction() as tx:
        item = stale.get_item(tx, item_id, reach_in(tx, viewer), lock=True)
        if not may_write(tx, viewer, item.scope):
            raise NotAllowed("out_of_scope")
        if item.outcome != "open":
            raise ItemClosed
        amendment = amendments.get_amendment(tx, item.amendment_id)
        _CLOSERS[outcome](tx, _Closing(viewer, item, amendment, on, now))
        stale.close_item(tx, item_id, outcome, note, closed_by=viewer.officer_id, now=now)
        facts = {"outcome": outcome, "amendment": amendment.id, "note": note}
        journal.add_entry(
            tx,
            "question.settled",
            f"question:{item.version.code}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )


def is_own(viewer: Viewer, item: StaleItem) -> bool:
    """Say whether the viewer wrote the wording, so that somebody else must say it is right."""
    return viewer.officer_id == item.author_id or viewer.name == item.version.author


def _keep(tx: Tx, closing: _Closing) -> None:
    item = closing.item
    if item.current_version_id != item.version.id:
        raise Conflict("question_edited_meanwhile")
    if is_own(closing.viewer, item):
        raise NotAllowed("own_question")
    moves = amendments.get_moves(tx, closing.amendment.id)
    question = with_new_citations(item.version.question, moves)
    fitting.add_moved_version(
        tx,
        item,
        question,
        author_id=item.author_id,
        reviewer=(closing.viewer.officer_id, closing.viewer.name),
        as_of=max(closing.on, item.effective_on),
        now=closing.now,
    )
    stale.put_state(tx, [item.version.question_id], "published", only_from="suspended")
    follow(tx, [item.version.code], on=closing.on)


def _edit(tx: Tx, closing: _Closing) -> None:
    item = closing.item
    current = bank.get_versions(tx, [item.current_version_id])[item.current_version_id]
    moves = amendments.get_moves(tx, closing.amendment.id)
    is_new = current.id != item.version.id and not touches(current.question, moves)
    if not is_new or item.state != "published":
        raise Conflict("question_not_edited")
    fitting.put_fit_from(tx, current.id, item.effective_on)


def _withdraw(tx: Tx, closing: _Closing) -> None:
    item = closing.item
    if item.effective_on > closing.on:
        return  # until that day it is right; then the item itself keeps it out of papers
    for state in ("suspended", "published", "in_review", "draft"):
        stale.put_state(tx, [item.version.question_id], "retired", only_from=state)
    reviews.close_requests(
        tx, [item.version.question_id], "retire", decided_by=closing.viewer.officer_id, note="",
        now=closing.now,
    )  # fmt: skip


_CLOSERS: dict[str, Callable[[Tx, _Closing], None]] = {
    "kept": _keep,
    "edited": _edit,
    "withdrawn": _withdraw,
}
