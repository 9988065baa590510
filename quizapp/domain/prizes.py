"""Who enters an award from the boards, and which prizes move when the boards do."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from quizapp.domain.awards.base import Entrant
from quizapp.domain.standings import RankedOfficer, Standing
from quizapp.domain.text import Text

DECISIONS = {
    "keep": Text("维持已确认的获奖名单", "Keep the confirmed prizes"),
    "follow": Text("按新名次调整获奖名单", "Let the prizes follow the new ranks"),
}
"""What a second person decides about confirmed prizes that a correction would move."""


def entrants_of_units(board: Iterable[Standing]) -> list[Entrant]:
    """Return the ranked units; their share is participation."""
    return [
        Entrant(row.tally.unit.id, row.tally.unit.id, row.rank, row.tally.participants,
                row.tally.eligible)
        for row in board
        if row.rank is not None
    ]  # fmt: skip


def entrants_of_officers(board: Iterable[RankedOfficer], max_cp: int) -> list[Entrant]:
    """Return the officers; their share is that of full marks."""
    return [
        Entrant(row.best.officer_id, row.best.scoring_unit_id, row.rank, row.best.score_cp, max_cp)
        for row in board
    ]


@dataclass(frozen=True, slots=True)
class UnitMove:
    """A city or county whose rank or value changes."""

    name: str
    rank_before: int | None
    rank_after: int | None
    value_before: int | None
    value_after: int | None


@dataclass(frozen=True, slots=True)
class PrizeMove:
    """A winner, of before or after. Levels: None is no prize, 0 an open tie."""

    award: str
    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What a correction moved besides scores, as it stood when it took force.

    `decided`: by award, what was decided about prizes that were confirmed already.
    """

    cities: tuple[UnitMove, ...] = ()
    counties: tuple[UnitMove, ...] = ()
    prizes: tuple[PrizeMove, ...] = ()
    decided: tuple[tuple[str, str], ...] = ()


def unit_moves(before: Iterable[Standing], after: Iterable[Standing]) -> tuple[UnitMove, ...]:
    """Return the units whose rank or value differs, in the order of the board before."""
    now = {row.tally.unit.id: row for row in after}
    pairs = [(row, now[row.tally.unit.id]) for row in before]
    return tuple(
        UnitMove(old.tally.unit.name, old.rank, new.rank, old.value_cp, new.value_cp)
        for old, new in pairs
        if (old.rank, old.value_cp) != (new.rank, new.value_cp)
    )


def moved_levels(
    before: Mapping[int, int], after: Mapping[int, int]
) -> dict[int, tuple[int | None, int | None]]:
    """Return (level before, level after) of those who win another prize, win one or lose it."""
    return {
        one: (before.get(one), after.get(one))
        for one in (*before, *(one for one in after if one not in before))
        if before.get(one) != after.get(one)
    }


def effects_to_plain(effects: Effects) -> dict[str, Any]:
    """Return the effects as stored."""
    return asdict(effects)


def effects_from_plain(plain: Mapping[str, Any]) -> Effects:
    """Return the effects that `effects_to_plain` wrote."""
    return Effects(
        cities=tuple(UnitMove(**one) for one in plain["cities"]),
        counties=tuple(UnitMove(**one) for one in plain["counties"]),
        prizes=tuple(PrizeMove(**one) for one in plain["prizes"]),
        decided=tuple((award, decision) for award, decision in plain["decided"]),
    )
