"""Boards: published snapshots for everybody, live figures for organizers within their scope.

Every function here passes the gate of `domain.visibility` before it reads a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.errors import Invalid
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.metrics.base import Metric, Tally
from quizapp.domain.people import Place, Viewer, masked_name
from quizapp.domain.standings import (
    TIES,
    OfficerRow,
    Span,
    Standing,
    Tie,
    add_up,
    by_city,
    by_county,
    rank_units,
)
from quizapp.domain.visibility import Relation, relation_of, what_is_visible
from quizapp.service.looking import BoardNotPublished, Look, choose, live_tallies, look
from quizapp.store import exams, ranked, standings
from quizapp.store.db import Tx, reading

PAGE_SIZES = (50, 100, 200)
WHOLE_BOARD = 1_000_000


@dataclass(frozen=True, slots=True)
class Head:
    """What is printed above and below a board. `published_at` is empty for live figures.

    `is_local`: only a part of the province is shown, hence no ranks and no totals. `has_former`,
    `has_awards`: a board was public before this one; prizes are confirmed.
    """

    exam: Exam
    published_at: datetime | None
    counted_at: datetime
    metric: Metric
    ties: tuple[Tie, ...]
    min_participation_bp: int
    rules_text: str
    is_local: bool
    has_former: bool = False
    has_awards: bool = False


@dataclass(frozen=True, slots=True)
class UnitBoard:
    """Cities or counties in board order. `chosen`: the city to which the counties are limited."""

    head: Head
    level: str
    rows: list[Standing]
    totals: Tally | None
    cities: list[Place]
    chosen: Place | None
    own_units: frozenset[UnitId]


@dataclass(frozen=True, slots=True)
class OfficerBoard:
    """A page of officers, names as this reader may see them. `own`: the reader's own line."""

    head: Head
    rows: list[OfficerRow]
    own: OfficerRow | None
    cities: list[Place]
    chosen: Place | None
    page: int
    size: int
    total: int


def unit_board(
    viewer: Viewer | None,
    exam_id: int,
    level: str,
    *,
    city_code: str | None = None,
    now: datetime,
    cache_s: float,
) -> UnitBoard:
    """Return the board of cities or counties (`level`: city | county), past the gate.

    Raises NotFound("exam_not_found"), NotFound("unit_not_found"), BoardNotPublished,
    NotAllowed("out_of_scope").
    """
    with reading() as tx:
        seen = look(tx, viewer, exam_id, now)
        if seen.is_published:
            head = _published_head(tx, seen)
            cities = standings.list_unit_results(tx, exam_id, "city")
            rows = cities if level == "city" else standings.list_unit_results(tx, exam_id, level)
            totals = add_up([s.tally for s in cities], seen.exam.unit)
        else:
            counted_at, counted = live_tallies(tx, seen, now=now, cache_s=cache_s)
            head = _live_head(seen, counted_at)
            cities = _ranked(head, by_city(counted))
            rows = cities if level == "city" else _ranked(head, by_county(counted))
            totals = add_up(counted, seen.exam.unit)
    chosen = choose(seen, [s.tally.unit for s in cities], city_code)
    if chosen is not None:
        rows = [s for s in rows if s.tally.unit.scoring_unit_id == chosen.id]
    return UnitBoard(
        head,
        level,
        _invited_only(head.exam, rows),
        None if head.is_local or chosen else totals,
        _places(cities),
        chosen,
        _own_units(viewer),
    )


def _ranked(head: Head, counted: Sequence[Tally]) -> list[Standing]:
    """Return live standings; a part of the province says nothing about ranks."""
    rows = rank_units(counted, head.metric, min_participation_bp=head.min_participation_bp)
    if not head.is_local:
        return rows
    return [replace(row, rank=None) for row in sorted(rows, key=lambda r: r.tally.unit.code)]


def _invited_only(exam: Exam, rows: list[Standing]) -> list[Standing]:
    """Leave out units without a roster, unless the exam is for all: then zero says something."""
    is_for_all = exam.unit.level == "province" and not exam.audience.units
    return [row for row in rows if row.tally.eligible or (is_for_all and row.tally.unit.is_ranked)]


def _places(cities: Sequence[Standing]) -> list[Place]:
    return sorted((s.tally.unit for s in cities if s.tally.eligible), key=lambda unit: unit.code)


def _own_units(viewer: Viewer | None) -> frozenset[UnitId]:
    if viewer is None:
        return frozenset()
    own = (viewer.place.id, viewer.place.scoring_unit_id)
    return frozenset(unit_id for unit_id in own if unit_id is not None)


def _published_head(tx: Tx, seen: Look) -> Head:
    stored = standings.find_publication(tx, seen.exam.id)
    if stored is None:  # withdrawn between two statements
        raise BoardNotPublished
    return Head(
        exam=seen.exam,
        published_at=stored.published_at,
        counted_at=stored.published_at,
        metric=METRICS.get(stored.metric),
        ties=tuple(TIES.get(key) for key in stored.ties),
        min_participation_bp=stored.min_participation_bp,
        rules_text=stored.rules_text,
        is_local=False,
        has_former=stored.has_former,
        has_awards=stored.has_awards,
    )


def _live_head(seen: Look, counted_at: datetime) -> Head:
    exam = seen.exam
    return Head(
        exam=exam,
        published_at=None,
        counted_at=counted_at,
        metric=METRICS.get(exam.metric),
        ties=tuple(TIES.get(key) for key in exam.ties),
        min_participation_bp=exam.min_participation_bp,
        rules_text=exam.rules_text,
        is_local=seen.span is not None,
    )


def officer_board(
    viewer: Viewer | None,
    exam_id: int,
    *,
    city_code: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZES[0],
    now: datetime,
    cache_s: float,
) -> OfficerBoard:
    """Return a page of the officers' board, past the gate; a page after the last is the last.

    Raises what `unit_board` raises, and Invalid("page_invalid").
    """
    if page < 1 or size not in (*PAGE_SIZES, WHOLE_BOARD):
        raise Invalid("page_invalid")
    with reading() as tx:
        seen = look(tx, viewer, exam_id, now)
        if seen.is_published:
            head = _published_head(tx, seen)
            cities = standings.list_unit_results(tx, exam_id, "city")
            counted = [s.tally for s in cities]
        else:
            counted_at, counted = live_tallies(tx, seen, now=now, cache_s=cache_s)
            head = _live_head(seen, counted_at)
            cities = [Standing(tally, None, None) for tally in by_city(counted)]
        chosen = choose(seen, [s.tally.unit for s in cities], city_code)
        if size == WHOLE_BOARD and not _may_take_all(seen, chosen):
            size = PAGE_SIZES[-1]
        total = sum(
            t.participants for t in counted if not chosen or t.unit.scoring_unit_id == chosen.id
        )
        page = min(page, max(1, -(-total // size)))
        rows, own = _lines(tx, seen, chosen, limit=size, offset=(page - 1) * size)
        earned = standings.contest_credits(tx, exam_id) if size == WHOLE_BOARD else {}
    return OfficerBoard(
        head,
        [_as_seen(_with_credit(row, earned), viewer) for row in rows],
        own,
        _places(cities),
        chosen,
        page,
        size,
        total,
    )


def _may_take_all(seen: Look, chosen: Place | None) -> bool:
    """Say whether the whole board may be had in one piece: only by those who organize it."""
    viewer = seen.viewer
    is_own_city = viewer is not None and chosen is not None and viewer.may("organizer", chosen)
    return seen.is_full or seen.span is not None or is_own_city


def _lines(
    tx: Tx, seen: Look, chosen: Place | None, *, limit: int, offset: int
) -> tuple[list[OfficerRow], OfficerRow | None]:
    city_id = chosen.id if chosen else None
    if not seen.is_published:
        rows = ranked.list_live_officers(
            tx, seen.exam, span=seen.span, city_id=city_id, limit=limit, offset=offset
        )
        return [_without_ranks_beyond(seen.span, row) for row in rows], None
    own_id = seen.viewer.officer_id if seen.viewer else None
    return standings.list_officer_results(
        tx, seen.exam.id, city_id=city_id, limit=limit, offset=offset, own_id=own_id
    )


def _without_ranks_beyond(span: Span | None, row: OfficerRow) -> OfficerRow:
    """Return the line without ranks that would tell something about other units."""
    if span is None:
        return row
    in_city = row.rank_in_city if row.unit.scoring_unit_id in span.city_ids else None
    return replace(row, rank=None, rank_in_city=in_city)


def _with_credit(row: OfficerRow, earned: Mapping[int, int]) -> OfficerRow:
    return replace(row, credit_ch=earned.get(row.officer_id, 0)) if earned else row


def _as_seen(row: OfficerRow, viewer: Viewer | None) -> OfficerRow:
    """Return the line with the name in full only for its owner and for organizers in scope."""
    in_scope = viewer is not None and viewer.may("organizer", row.unit)
    if in_scope or (viewer is not None and viewer.officer_id == row.officer_id):
        return row if in_scope else replace(row, badge_no=None)
    return replace(
        row, name=masked_name(row.name), badge_no=None, officer_id=OfficerId(0), credit_ch=None
    )


def list_boards(viewer: Viewer | None, *, now: datetime) -> list[Exam]:
    """Return the exams whose boards this reader may open, the latest first."""
    with reading() as tx:
        found = exams.list_exams(tx, ("published", "cancelled"))
    return [e for e in found if what_is_visible(e, relation_of(e, viewer), now).board]


def find_own_line(viewer: Viewer, exam_id: int, *, now: datetime) -> OfficerRow | None:
    """Return the reader's own published line with both ranks; None while ranks are not visible."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        visible = what_is_visible(exam, Relation.SELF, now)
        if not visible.rank:
            return None
        _, own = standings.list_officer_results(
            tx, exam_id, city_id=None, limit=0, offset=0, own_id=viewer.officer_id
        )
    return own
