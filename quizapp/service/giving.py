"""What declared awards give, and confirmed ones that no longer fit the ranks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import Entrant, Given
from quizapp.domain.exams import Exam
from quizapp.domain.prizes import (
    PrizeMove,
    entrants_of_officers,
    entrants_of_units,
    moved_levels,
)
from quizapp.domain.standings import RankedOfficer, Standing
from quizapp.store import awards as store
from quizapp.store.awards import StoredAward
from quizapp.store.db import Tx


@dataclass(frozen=True, slots=True)
class Misfit:
    """A confirmed award whose prizes are not those of the ranks; `moves`: what would change."""

    key: str
    moves: tuple[PrizeMove, ...]


def give(stored: StoredAward, entrants: Sequence[Entrant]) -> Given:
    """Return what a declared award gives among these entrants."""
    return AWARDS.get(stored.key).give(entrants, stored.terms, stored.tie_order)


def find_misfits(
    tx: Tx,
    exam: Exam,
    declared: Mapping[str, StoredAward],
    cities: Iterable[Standing],
    officers: Iterable[RankedOfficer],
) -> list[Misfit]:
    """Return the confirmed awards that no longer fit these boards, in the order of the shelf."""
    entrants = {
        "city": entrants_of_units(cities),
        "officer": entrants_of_officers(officers, exam.max_cp),
    }
    found = []
    for award in AWARDS:
        stored = declared.get(award.key)
        if stored is None or stored.locked_at is None:
            continue
        now = give(stored, entrants[award.board]).levels()
        moved = moved_levels(Given(stored.prizes).levels(), now)
        names = store.list_names(tx, award.board, moved)
        if moved:
            moves = [PrizeMove(award.key, names[one][0], *at) for one, at in moved.items()]
            found.append(Misfit(award.key, tuple(moves)))
    return found
