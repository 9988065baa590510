"""What an award is: prizes by quota to those who stand first, and what it leaves to be decided.

Nobody gets a prize above somebody who ranks higher, and there are never more prizes than places.
Equal ranks that do not share one level are an open tie: people decide it, never the order of rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.domain.errors import Invalid
from quizapp.domain.text import Text

WHOLE_BP = 10_000
MOST_PLACES = 999
LEVELS = (
    Text("一等奖", "First prize"),
    Text("二等奖", "Second prize"),
    Text("三等奖", "Third prize"),
)
UNDECIDED = 0
"""In place of a level: an open tie."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who may win. `part` of `whole` is what the floor asks for: participants, points."""

    id: int
    city_id: int
    rank: int
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What is declared: places per level, the least share (basis points), one prize a city."""

    quotas: tuple[int, ...]
    floor_bp: int = 0
    one_per_city: bool = False


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize given; level 1 is the first."""

    entrant_id: int
    level: int
    rank: int


@dataclass(frozen=True, slots=True)
class OpenTie:
    """Entrants of one rank, and the levels that wait for them: fewer, or not all the same."""

    entrant_ids: tuple[int, ...]
    rank: int
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What an award gives, in board order."""

    prizes: tuple[Prize, ...] = ()
    ties: tuple[OpenTie, ...] = ()

    def levels(self) -> dict[int, int]:
        """Return the level of every winner; UNDECIDED for those of an open tie."""
        open_ones = {one: UNDECIDED for tie in self.ties for one in tie.entrant_ids}
        return open_ones | {prize.entrant_id: prize.level for prize in self.prizes}


Giving = Callable[[Iterable[Entrant], Terms, Sequence[int]], Given]


def by_rank(entrants: Iterable[Entrant], terms: Terms, order: Sequence[int] = ()) -> Given:
    """Return the prizes of those who reach the floor, by rank.

    `order`: entrants of equal rank as people have put them, the first one first.
    """
    seats = [level for level, count in enumerate(terms.quotas, 1) for _ in range(count)]
    decided = {one: no for no, one in enumerate(order)}
    fit = sorted((e for e in entrants if reaches(e, terms)), key=lambda e: (e.rank, e.id))
    prizes: list[Prize] = []
    ties: list[OpenTie] = []
    served: set[int] = set()
    for rank, equals in groupby(fit, key=lambda e: e.rank):
        group = [e for e in equals if not (terms.one_per_city and e.city_id in served)]
        group.sort(key=lambda e: decided.get(e.id, len(decided)))
        winners = _first_of_cities(group) if terms.one_per_city else group
        levels = tuple(seats[: len(winners)])
        if not levels:
            continue
        is_clear = len(set(levels)) == 1 and len(levels) == len(group)
        if is_clear or all(e.id in decided for e in group):
            prizes += [Prize(e.id, at, rank) for e, at in zip(winners, levels, strict=False)]
        else:
            ties.append(OpenTie(tuple(sorted(e.id for e in group)), rank, levels))
        served |= {e.city_id for e in winners}
        del seats[: len(levels)]
    return Given(tuple(prizes), tuple(ties))


def _first_of_cities(group: Sequence[Entrant]) -> list[Entrant]:
    first: dict[int, Entrant] = {}
    for entrant in group:
        first.setdefault(entrant.city_id, entrant)
    return list(first.values())


def reaches(entrant: Entrant, terms: Terms) -> bool:
    """Say whether an entrant reaches the least share, exactly."""
    return entrant.whole > 0 and entrant.part * WHOLE_BP >= terms.floor_bp * entrant.whole


@dataclass(frozen=True, slots=True)
class Award:
    """A rule by which prizes are given. `board`: city | officer; `quotas`: the usual places."""

    key: str
    label: Text
    rule: Text
    floor: Text
    board: str
    quotas: tuple[int, ...]
    give: Giving = by_rank


def check_terms(terms: Terms) -> None:
    """Pass only terms that can be kept.

    Raises Invalid("award_quota_wrong"), Invalid("award_floor_wrong").
    """
    wrong = any(not 0 <= count <= MOST_PLACES for count in terms.quotas)
    if wrong or len(terms.quotas) != len(LEVELS) or not any(terms.quotas):
        raise Invalid("award_quota_wrong")
    if not 0 <= terms.floor_bp <= WHOLE_BP:
        raise Invalid("award_floor_wrong")


def check_order(order: Sequence[int], given: Given) -> None:
    """Pass an order that settles the open ties and nothing else.

    Raises Invalid("award_order_wrong").
    """
    tied = {one for tie in given.ties for one in tie.entrant_ids}
    if not tied or len(set(order)) != len(order) or set(order) != tied:
        raise Invalid("award_order_wrong")
