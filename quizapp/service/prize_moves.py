"""What a correction would do to declared awards, and doing it as the second person decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import Given, Prize
from quizapp.domain.dry_runs import prizes_of
from quizapp.domain.errors import Conflict
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.prizes import (
    DECISIONS,
    PrizeMove,
    entrants_of_officers,
    entrants_of_units,
    moved_levels,
)
from quizapp.domain.standings import RankedOfficer, Standing
from quizapp.service.giving import give
from quizapp.store import awards as store
from quizapp.store.db import Tx


@dataclass(frozen=True, slots=True)
class PrizeMoves:
    """The prizes that move. `after`: what each award gives then, None with an open tie.

    `to_decide`: the confirmed awards whose prizes move; nobody but a person may change them.
    """

    moves: tuple[PrizeMove, ...]
    to_decide: tuple[str, ...]
    after: Mapping[str, tuple[Prize, ...] | None]


def prize_moves(
    tx: Tx,
    exam: Exam,
    cities: Sequence[Sequence[Standing]],
    ranked: Sequence[Sequence[RankedOfficer]],
) -> PrizeMoves:
    """Return which prizes move from the first board to the second, of cities and of officers."""
    read = store.list_awards(tx, exam.id)
    moves: list[PrizeMove] = []
    after: dict[str, tuple[Prize, ...] | None] = {}
    to_decide = []
    for award in (award for award in AWARDS if award.key in read):
        stored = read[award.key]
        old, new = (
            [entrants_of_units(board) for board in cities]
            if award.board == "city"
            else [entrants_of_officers(board, exam.max_cp) for board in ranked]
        )
        is_locked = stored.locked_at is not None
        given = Given(stored.prizes) if is_locked else give(stored, old)
        given_then = give(stored, new)
        after[award.key] = prizes_of(given_then)
        moved = moved_levels(given.levels(), given_then.levels())
        names = store.list_names(tx, award.board, moved)
        moves += [PrizeMove(award.key, names[one][0], *levels) for one, levels in moved.items()]
        if is_locked and moved:
            to_decide.append(award.key)
    return PrizeMoves(tuple(moves), tuple(to_decide), after)


def check_decided(
    to_decide: Iterable[str], decisions: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the decisions that are needed. Raises Conflict("prizes_undecided")."""
    wanted = tuple(to_decide)
    if any(decisions.get(key) not in DECISIONS for key in wanted):
        raise Conflict("prizes_undecided")
    return tuple((key, decisions[key]) for key in wanted)


def carry_out(
    tx: Tx,
    exam: Exam,
    after: Mapping[str, tuple[Prize, ...] | None],
    decided: Iterable[tuple[str, str]],
    *,
    correction_id: int,
    by: OfficerId,
    now: datetime,
) -> None:
    """Keep or move the confirmed prizes; with an open tie the award must be confirmed anew.

    Runs inside the transaction that puts the new scores in force.
    """
    for key, decision in decided:
        given = after[key]
        if decision == "keep":
            store.keep_prizes(tx, exam.id, key, correction_id)
        elif given is None:
            store.delete_prizes(tx, exam.id, key)
        else:
            store.put_prizes(tx, exam.id, key, AWARDS.get(key).board, given, by=by, now=now)
