"""The queue of a reviewer, and reviewing or handing over many questions in one sitting."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.bank_findings import Finding
from quizapp.domain.drafts import QuestionUnsound, check_sound, findings_of
from quizapp.domain.errors import Invalid, Refusal
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import TABS, Comment, Decision, QueueSearch, Request
from quizapp.domain.text import Text
from quizapp.service import reviews as steps
from quizapp.service.desk import check_writable, names_of_scopes, writable_of
from quizapp.service.promotion import list_nominated
from quizapp.store import bank, editing, import_batches, review_queue, reviews
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.drafts import DRAFT
from quizapp.store.import_batches import Batch

PAGE_SIZE = 50
SITTING = 10
"""So many questions are laid out at once to be reviewed."""
SLICE = 100
"""So many drafts are handed over in one transaction: officers' answers wait for it."""
TO_REVIEW = ("mine", "free")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for its review."""

    bank: Text
    version: QuestionVersion
    request: Request


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of one tab; pages count from 1. `counts`: how much waits in each tab."""

    tab: str
    rows: list[Waiting]
    counts: dict[str, int]
    laws: list[str]
    page: int
    page_count: int
    nominated: list[tuple[str, str, Text]]


@dataclass(frozen=True, slots=True)
class Laid:
    """A question laid out for its review: what is doubtful about it, and what was said."""

    waiting: Waiting
    findings: list[Finding]
    comments: list[Comment]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Questions laid out to be reviewed one below the other; `total`: with those still to come."""

    laid: list[Laid]
    total: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a batch: how many wait for review now, and which drafts first need work."""

    count: int
    unsound: list[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class BatchStand:
    """How far the review of an import is: how many of its questions are in each state."""

    batch: Batch
    states: Mapping[str, int]
    reviewers: list[tuple[int, str]]

    @property
    def drafts(self) -> int:
        """How many wait to be handed over."""
        return self.states.get("draft", 0)

    @property
    def waiting(self) -> int:
        """How many wait for their review."""
        return self.states.get("in_review", 0)


def _writable(tx: Tx, viewer: Viewer) -> list[str]:
    return writable_of(tx, viewer, editing.list_scopes(tx))


def list_queue(viewer: Viewer, search: QueueSearch, *, page: int) -> Queue:
    """Return a page of a tab of the viewer's queue; a page beyond the last is the last."""
    me = viewer.officer_id
    with reading() as tx:
        scopes = _writable(tx, viewer)
        counts = review_queue.count_waiting(tx, scopes, search, officer_id=me)
        tab = search.tab or next((each for each in TABS if counts[each]), "mine")
        page_count = max(1, -(-counts[tab] // PAGE_SIZE))
        page = min(max(1, page), page_count)
        found = review_queue.list_waiting(
            tx, scopes, search, officer_id=me, tabs=[tab],
            limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE,
        )  # fmt: skip
        rows = _named(tx, found)
        laws = review_queue.list_laws(tx, scopes)
    return Queue(tab, rows, counts, laws, page, page_count, list_nominated(viewer))


def _named(tx: Tx, found: Sequence[review_queue.Waiting]) -> list[Waiting]:
    names = names_of_scopes(tx, {scope for scope, _, _ in found})
    return [Waiting(names[scope], version, request) for scope, version, request in found]


def lay_out(viewer: Viewer, search: QueueSearch) -> Sitting:
    """Return the next questions of others that the viewer is asked to review, in full."""
    me = viewer.officer_id
    with reading() as tx:
        scopes = _writable(tx, viewer)
        counts = review_queue.count_waiting(tx, scopes, search, officer_id=me)
        found = review_queue.list_waiting(
            tx, scopes, search, officer_id=me, tabs=TO_REVIEW, limit=SITTING
        )
        laws = bank.list_laws(tx)
        laid = [
            Laid(
                waiting,
                findings_of(version.question, version.code, laws, as_of=version.as_of),
                reviews.list_comments(tx, version.question_id),
            )
            for waiting in _named(tx, found)
            for version in [waiting.version]
        ]
    return Sitting(laid, sum(counts[tab] for tab in TO_REVIEW))


def decide(
    viewer: Viewer, decisions: Sequence[Decision], *, law_checked: bool, now: datetime
) -> dict[str, Refusal]:
    """Approve or return each of these versions; return by code what could not be done, and why.

    Each is a step of its own with its own entry in the journal. `law_checked` as in `take_step`.
    Raises Invalid("unknown_step") before anything is done.
    """
    if any(decision.key not in ("approve", "return") for decision in decisions):
        raise Invalid("unknown_step")
    refused = {}
    for decision in decisions:
        try:
            steps.take_step(
                viewer, decision.code, decision.key, version=decision.version,
                note=decision.note, law_checked=law_checked, now=now,
            )  # fmt: skip
        except Refusal as refusal:
            refused[decision.code] = refusal
    return refused


def open_batch(viewer: Viewer, batch_id: int) -> BatchStand:
    """Return how far the review of an import is.

    Raises NotFound("batch_not_found"), NotAllowed("out_of_scope").
    """
    with reading() as tx:
        batch = import_batches.get_batch(tx, batch_id)
        place = check_writable(tx, viewer, batch.scope)
        states = Counter(state for _, _, state in import_batches.list_items(tx, batch_id))
        reviewers = [
            (officer_id, name)
            for officer_id, name, grant in reviews.list_trainers(tx)
            if grant.covers(place) and officer_id != viewer.officer_id
        ]
    return BatchStand(batch, states, reviewers)


def hand_over_batch(
    viewer: Viewer, batch_id: int, *, reviewer_id: int | None, now: datetime
) -> HandedOver:
    """Hand over every sound draft of an import for review, a slice at a time.

    A crash between two slices leaves the rest as drafts; a second call goes on with them.
    Raises NotFound("batch_not_found"), NotAllowed("out_of_scope"), Invalid("unknown_reviewer").
    """
    with reading() as tx:
        batch = import_batches.get_batch(tx, batch_id)
        check_writable(tx, viewer, batch.scope)
        items = import_batches.list_items(tx, batch_id)
    drafts = [code for code, _, state in items if state == DRAFT]
    count, unsound = 0, []
    for at in range(0, len(drafts), SLICE):
        done = _hand_over(viewer, batch, drafts[at : at + SLICE], reviewer_id, now)
        count += done.count
        unsound += done.unsound
    return HandedOver(count, unsound)


def _hand_over(
    viewer: Viewer, batch: Batch, codes: Sequence[str], reviewer_id: int | None, now: datetime
) -> HandedOver:
    sound, unsound = [], []
    with transaction() as tx:
        laws = bank.list_laws(tx)
        for kept in editing.lock_many(tx, codes):
            version = kept.version
            if kept.state != DRAFT or kept.scope != batch.scope:  # handed over, or risen meanwhile
                continue
            try:
                check_sound(version.question, kept.code, laws, as_of=version.as_of)
            except QuestionUnsound as refusal:
                unsound.append((kept.code, refusal.facts["reasons"]))
            else:
                sound.append(kept)
        steps.submit_all(tx, viewer, sound, reviewer_id=reviewer_id, now=now)
    return HandedOver(len(sound), unsound)
