"""The organizer's view of a running exam: participation, trend, who is missing, what to look at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.domain.errors import Invalid
from quizapp.domain.exams import Exam
from quizapp.domain.metrics.base import Tally
from quizapp.domain.people import Place, Viewer
from quizapp.domain.standings import add_up, by_city, by_county, fast_line_s
from quizapp.service.looking import Look, choose, live_tallies, look_live
from quizapp.store import tallies, watch
from quizapp.store.db import reading
from quizapp.store.watch import Absent, FastAttempt

ABSENT_PAGE = 100
WHOLE_LIST = 1_000_000
FAST_SHOWN = 200
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Live:
    """Figures of this moment. `units`: cities, or the units of `chosen`; order: place code.

    `hours`: (start of the hour, officers who handed in for the first time). `is_local`: the
    reader's own part of the exam only.
    """

    exam: Exam
    units: list[Tally]
    totals: Tally
    hours: list[tuple[datetime, int]]
    open_attempts: int | None
    cities: list[Place]
    chosen: Place | None
    counted_at: datetime
    is_local: bool

    @property
    def level(self) -> str:
        """What the units are, county or city: who sees but some counties has no city among them."""
        return "county" if self.chosen or not self.cities else "city"


def read_live(
    viewer: Viewer, exam_id: int, *, city_code: str | None = None, now: datetime, cache_s: float
) -> Live:
    """Return the live page's figures. Raises NotAllowed("out_of_scope"), NotFound."""
    with reading() as tx:
        seen = look_live(tx, viewer, exam_id, now)
        counted_at, counted = live_tallies(tx, seen, now=now, cache_s=cache_s)
        cities = [tally for tally in by_city(counted) if tally.eligible]
        chosen = choose(seen, [tally.unit for tally in cities], city_code)
        if chosen is not None:
            counted = [t for t in counted if t.unit.scoring_unit_id == chosen.id]
        hours = _without_gaps(
            tallies.hourly_participants(
                tx, exam_id, span=seen.span, city_id=chosen.id if chosen else None
            )
        )
        waiting = tallies.count_open(tx, exam_id) if seen.is_full else None
    units = [tally for tally in by_county(counted) if tally.eligible]
    return Live(
        exam=seen.exam,
        units=units if chosen or not cities else cities,
        totals=add_up(counted, chosen or seen.exam.unit),
        hours=hours,
        open_attempts=waiting,
        cities=[tally.unit for tally in cities],
        chosen=chosen,
        counted_at=counted_at,
        is_local=seen.span is not None,
    )


def _without_gaps(hours: list[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    """Return one entry for every hour from the first to the last; quiet ones count zero."""
    if not hours:
        return []
    people = dict(hours)
    count = (hours[-1][0] - hours[0][0]) // HOUR + 1
    moments = (hours[0][0] + no * HOUR for no in range(count))
    return [(at, people.get(at, 0)) for at in moments]


@dataclass(frozen=True, slots=True)
class AbsentPage:
    """Those who have not taken part; `total` over all pages."""

    exam: Exam
    rows: list[Absent]
    cities: list[Place]
    chosen: Place | None
    page: int
    pages: int
    total: int


def list_absent(
    viewer: Viewer,
    exam_id: int,
    *,
    city_code: str | None = None,
    page: int = 1,
    size: int = ABSENT_PAGE,
    now: datetime,
    cache_s: float,
) -> AbsentPage:
    """Return a page of invited officers without a handed-in attempt, in the reader's scope.

    Raises NotAllowed("out_of_scope"), NotFound("unit_not_found"), Invalid("page_invalid").
    """
    if page < 1:
        raise Invalid("page_invalid")
    with reading() as tx:
        seen = look_live(tx, viewer, exam_id, now)
        _, counted = live_tallies(tx, seen, now=now, cache_s=cache_s)
        cities = [tally.unit for tally in by_city(counted) if tally.eligible]
        chosen = choose(seen, cities, city_code)
        city_id = chosen.id if chosen else None
        total = watch.count_absent(tx, exam_id, span=seen.span, city_id=city_id)
        pages = max(1, -(-total // size))
        page = min(page, pages)
        rows = watch.list_absent(
            tx, exam_id, span=seen.span, city_id=city_id, limit=size, offset=(page - 1) * size
        )
    return AbsentPage(seen.exam, rows, cities, chosen, page, pages, total)


def list_fast(
    viewer: Viewer, exam_id: int, *, now: datetime
) -> tuple[Exam, int, list[FastAttempt]]:
    """Return (exam, the line in seconds, passed attempts below it, the fastest first).

    A list for people to look at, never a verdict. Raises NotAllowed("out_of_scope").
    """
    with reading() as tx:
        seen: Look = look_live(tx, viewer, exam_id, now)
        exam = seen.exam
        line_s = fast_line_s(exam.blueprint.item_count)
        rows = watch.list_fast(
            tx,
            exam_id,
            faster_than_s=line_s,
            least_cp=exam.pass_line_cp,
            span=seen.span,
            limit=FAST_SHOWN,
        )
    return exam, line_s, rows
