"""Who stands where: officers by their best attempt, units by a formula. Exact integers only."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from quizapp.domain.clock import to_ms
from quizapp.domain.ids import AttemptId, OfficerId, UnitId
from quizapp.domain.metrics.base import Metric, Tally, participation
from quizapp.domain.people import Place
from quizapp.domain.registry import Registry
from quizapp.domain.text import Text

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Best:
    """The attempt that counts for an officer: the best score, then the declared ties."""

    officer_id: OfficerId
    attempt_id: AttemptId
    unit_id: UnitId
    scoring_unit_id: UnitId
    score_cp: int
    duration_s: int
    submitted_at: datetime
    right_count: int


@dataclass(frozen=True, slots=True)
class Tie:
    """What decides between two officers of equal score: the smaller number goes first."""

    key: str
    label: Text
    value: Callable[[Best], int]


TIES = Registry(
    "tie",
    [
        Tie("least_time", Text("用时少者在前", "less time used first"), lambda b: b.duration_s),
        Tie(
            "earliest",
            Text("交卷早者在前", "earlier hand-in first"),
            lambda b: to_ms(b.submitted_at),
        ),
        Tie(
            "most_right",
            Text("答对题数多者在前", "more right answers first"),
            lambda b: -b.right_count,
        ),
    ],
)
DEFAULT_TIES = ("least_time", "earliest")


@dataclass(frozen=True, slots=True)
class RankedOfficer:
    """An officer's place in the province and in the own city."""

    best: Best
    rank: int
    rank_in_city: int


def rank_officers(results: Iterable[Best], ties: Sequence[str]) -> list[RankedOfficer]:
    """Return everybody in board order: score, then the ties in their order, then staff id.

    Equal in all of them is the same rank and the next rank skips (1, 1, 3). Raises
    Invalid("unknown_tie").
    """
    values = [TIES.get(key).value for key in ties]
    keyed = [
        ((-best.score_cp, *(value(best) for value in values)), best.officer_id, best)
        for best in results
    ]
    keyed.sort(key=lambda row: row[:2])
    province, cities = _Counter(), defaultdict[UnitId, _Counter](_Counter)
    return [
        RankedOfficer(best, province.rank(key), cities[best.scoring_unit_id].rank(key))
        for key, _, best in keyed
    ]


class _Counter:
    """Gives ranks to keys that come in order; equal keys share one and the next rank skips."""

    def __init__(self) -> None:
        self._seen = self._rank = 0
        self._last: Hashable = None

    def rank(self, key: Hashable) -> int:
        self._seen += 1
        if key != self._last:
            self._rank, self._last = self._seen, key
        return self._rank


def shared_ranks(keys: Iterable[Hashable]) -> list[int]:
    """Return the rank of every row of an ordered board; equal keys share one: 1, 1, 3."""
    counter = _Counter()
    return [counter.rank(key) for key in keys]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """A line of the officers' board with what the reader may need; the service masks the name.

    `city_name`: the unit that is ranked. Ranks are empty for a reader of a part only.
    `credit_ch`: hours posted for this exam, hundredths.
    """

    officer_id: OfficerId
    name: str
    badge_no: str | None
    unit: Place
    city_name: str
    rank: int | None
    rank_in_city: int | None
    score_cp: int
    duration_s: int
    submitted_at: datetime
    credit_ch: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The part of the province somebody may see: whole cities, single units."""

    city_ids: frozenset[UnitId]
    unit_ids: frozenset[UnitId]

    def covers(self, place: Place) -> bool:
        """Say whether `place` lies inside."""
        return place.scoring_unit_id in self.city_ids or place.id in self.unit_ids


def span_of(places: Iterable[Place]) -> Span | None:
    """Return what lies in these scopes; None for everything (a province is among them)."""
    scopes = list(places)
    if any(place.level == "province" for place in scopes):
        return None
    cities = (place.id for place in scopes if place.scoring_unit_id == place.id)
    return Span(frozenset(cities), frozenset(place.id for place in scopes))


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit on the board. Without a rank, `value_cp` is empty and `reason` says why."""

    tally: Tally
    value_cp: int | None
    rank: int | None
    reason: str | None = None


def rank_units(
    tallies: Iterable[Tally], metric: Metric, *, min_participation_bp: int = 0
) -> list[Standing]:
    """Return all units: ranked by exact value and the metric's ties, then the others by code.

    `reason` of the others: "outside" (not in the competition), "no_roster", "below_floor".
    Two units whose shown values look equal may still differ: ranks follow the unrounded ones.
    """
    floor_bp = min_participation_bp or metric.floor_bp
    ranked: list[tuple[tuple[Fraction, ...], Tally]] = []
    others: list[Standing] = []
    for tally in sorted(tallies, key=lambda tally: tally.unit.code):
        reason = _unranked_because(tally, floor_bp)
        if reason:
            others.append(Standing(tally, None, None, reason))
        else:
            values = (metric.value(tally), *(tie.value(tally) for tie in metric.ties))
            ranked.append((tuple(-value for value in values), tally))
    ranked.sort(key=lambda row: row[0])  # stable: equal units stay in code order
    ranks = shared_ranks([key for key, _ in ranked])
    return [
        Standing(tally, rounded(-key[0]), rank)
        for (key, tally), rank in zip(ranked, ranks, strict=True)
    ] + others


def _unranked_because(tally: Tally, floor_bp: int) -> str | None:
    if not tally.unit.is_ranked:
        return "outside"
    if tally.eligible == 0:
        return "no_roster"
    if participation(tally) * WHOLE_BP < floor_bp:
        return "below_floor"
    return None


def add_up(tallies: Sequence[Tally], unit: Place) -> Tally:
    """Return one tally of `unit` over several: sums, and the highest of the top scores."""
    return Tally(
        unit=unit,
        eligible=sum(tally.eligible for tally in tallies),
        participants=sum(tally.participants for tally in tallies),
        score_sum_cp=sum(tally.score_sum_cp for tally in tallies),
        passed=sum(tally.passed for tally in tallies),
        excellent=sum(tally.excellent for tally in tallies),
        full_marks=sum(tally.full_marks for tally in tallies),
        top_cp=max((tally.top_cp for tally in tallies), default=0),
        max_cp=max((tally.max_cp for tally in tallies), default=WHOLE_BP),
    )


def rounded(value: Fraction) -> int:
    """Return a ratio ≥ 0 as the nearest integer, a half upwards: the one rounding of all boards."""
    return int((2 * value + 1) // 2)


def share_bp(value: Fraction) -> int:
    """Return a share 0 … 1 in basis points, rounded as all boards do."""
    return rounded(value * WHOLE_BP)


def by_city(tallies: Iterable[Tally]) -> list[Tally]:
    """Return one tally per scoring unit, in code order, from the tallies of all units."""
    units = list(tallies)
    members: dict[UnitId | None, list[Tally]] = {}
    for tally in units:
        members.setdefault(tally.unit.scoring_unit_id, []).append(tally)
    tops = (tally.unit for tally in units if tally.unit.scoring_unit_id == tally.unit.id)
    return [add_up(members[top.id], top) for top in sorted(tops, key=lambda top: top.code)]


def by_county(tallies: Iterable[Tally]) -> list[Tally]:
    """Return the counties, and those other units that have officers of their own, in code order."""
    kept = (tally for tally in tallies if tally.unit.level == "county" or tally.eligible)
    return sorted(kept, key=lambda tally: tally.unit.code)


TOO_FAST_S_PER_ITEM = 3


def fast_line_s(item_count: int) -> int:
    """Return the seconds below which a passed paper is worth a second look: 3 per question."""
    return TOO_FAST_S_PER_ITEM * item_count
