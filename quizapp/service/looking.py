"""Looking at an exam's figures: who may, at which part, and counting them once in a few seconds."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.domain.errors import NotAllowed, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.metrics.base import Tally
from quizapp.domain.people import Place, Viewer
from quizapp.domain.standings import Span, span_of
from quizapp.domain.visibility import Relation, relation_of, what_is_visible
from quizapp.store import exams, tallies
from quizapp.store.db import Tx

LIVE_BOARDS_KEPT = 16


class BoardNotPublished(NotAllowed):
    """The board is not for this reader, or not yet."""

    code = "board_not_published"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looking at an exam's boards, past the gate. `span`: None means everything."""

    exam: Exam
    viewer: Viewer | None
    is_published: bool
    span: Span | None
    is_full: bool


def look(tx: Tx, viewer: Viewer | None, exam_id: int, now: datetime) -> Look:
    """Return what this reader may see of the boards.

    Raises NotFound("exam_not_found") also for others' drafts, BoardNotPublished.
    """
    exam = exams.get_exam(tx, exam_id)
    relation = relation_of(exam, viewer)
    if not what_is_visible(exam, relation, now).board:
        if exam.state == "draft":
            raise NotFound("exam_not_found")
        raise BoardNotPublished
    published = exam.results_published_at is not None and exam.results_published_at <= now
    is_full = relation is Relation.ORGANIZER
    span = None
    if viewer is not None and not published and not is_full:
        span = span_of(viewer.places_of("organizer"))
    return Look(exam, viewer, published, span, is_full)


def look_live(tx: Tx, viewer: Viewer, exam_id: int, now: datetime) -> Look:
    """Return what an organizer may see of the running exam: all of it, or the own part.

    Published results do not widen it. Raises NotFound("exam_not_found"),
    NotAllowed("out_of_scope").
    """
    exam = exams.get_exam(tx, exam_id)
    relation = relation_of(exam, viewer)
    if not what_is_visible(exam, relation, now).live:
        raise NotAllowed("out_of_scope")
    is_full = relation is Relation.ORGANIZER
    span = None if is_full else span_of(viewer.places_of("organizer"))
    return Look(exam, viewer, exam.results_published_at is not None, span, is_full)


class Counted:
    """Tallies of live boards, kept for a few seconds: counted rows, never somebody's page."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[int, tuple[datetime, list[Tally]]] = OrderedDict()

    def get(
        self, exam_id: int, now: datetime, life_s: float, count: Callable[[], list[Tally]]
    ) -> tuple[datetime, list[Tally]]:
        """Return (moment of counting, tallies), counted anew when older than `life_s` seconds."""
        kept = self._kept.get(exam_id)
        if kept is None or not timedelta(0) <= now - kept[0] < timedelta(seconds=life_s):
            kept = (now, count())
            self._kept[exam_id] = kept
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return kept


_counted = Counted(LIVE_BOARDS_KEPT)


def live_tallies(
    tx: Tx, seen: Look, *, now: datetime, cache_s: float
) -> tuple[datetime, list[Tally]]:
    """Return (moment of counting, tallies of all units inside the reader's span)."""
    counted_at, rows = _counted.get(
        seen.exam.id, now, cache_s, lambda: tallies.unit_tallies(tx, seen.exam)
    )
    span = seen.span
    return counted_at, [t for t in rows if span is None or span.covers(t.unit)]


def choose(seen: Look, cities: Sequence[Place], code: str | None) -> Place | None:
    """Return the city of that code; None without one.

    Raises NotFound("unit_not_found"), and NotAllowed("out_of_scope") to whom sees only a part.
    """
    if not code:
        return None
    found = next((city for city in cities if city.code == code), None)
    if found is not None:
        return found
    if seen.span is not None:
        raise NotAllowed("out_of_scope")
    raise NotFound("unit_not_found")
