"""What moves when scores are corrected: officers, ranks and grades, units, prizes, hours."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.corrections import ScoreChange
from quizapp.domain.exams import Exam, line_cp
from quizapp.domain.ids import OfficerId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.metrics.base import Tally
from quizapp.domain.prizes import Effects, unit_moves
from quizapp.domain.regrading import best_of, recount, rescored
from quizapp.domain.scoring import grade
from quizapp.domain.standings import (
    Best,
    RankedOfficer,
    Standing,
    by_city,
    by_county,
    rank_officers,
    rank_units,
)
from quizapp.service.apart import run_apart
from quizapp.service.prize_moves import PrizeMoves, prize_moves
from quizapp.store import officers, score_changes, tallies
from quizapp.store.db import Tx


@dataclass(frozen=True, slots=True)
class OfficerMove:
    """An officer whose counting score or rank changes. Grades: excellent, good, passed, failed."""

    officer_id: OfficerId
    staff_no: str
    name: str
    unit: str
    before: RankedOfficer
    after: RankedOfficer
    grade_before: str
    grade_after: str

    @property
    def change_cp(self) -> int:
        """Centi-points gained (lost: negative)."""
        return self.after.best.score_cp - self.before.best.score_cp


@dataclass(frozen=True, slots=True)
class Moves:
    """What a correction changes. `attempts`: how many papers get another score.

    `officers`: the greatest change of score first, then those whose rank alone moves, by rank.
    `effects`: the units and prizes that move. `prizes`: what every declared award gives after it.
    `before`, `after`: the attempt that counts of everybody.
    """

    attempts: int
    officers: tuple[OfficerMove, ...]
    effects: Effects
    prizes: PrizeMoves
    before: dict[OfficerId, Best]
    after: dict[OfficerId, Best]

    @property
    def scored(self) -> int:
        """Officers whose counting score changes."""
        return sum(1 for move in self.officers if move.change_cp)

    @property
    def graded(self) -> int:
        """Officers whose grade changes."""
        return sum(1 for move in self.officers if move.grade_before != move.grade_after)


def moves_of(tx: Tx, exam: Exam, changes: Sequence[ScoreChange]) -> Moves:
    """Return what these changes move at the exam; nothing is written."""
    scored = score_changes.list_scored(tx, exam.id)
    before = best_of(scored, exam.ties)
    after = best_of(rescored(scored, {c.attempt_id: c for c in changes}), exam.ties)
    ranked = [run_apart(rank_officers, best.values(), exam.ties) for best in (before, after)]
    counted = tallies.unit_tallies(tx, exam)
    units = [_tallies_with(exam, counted, best) for best in (before, after)]
    cities = [_ranked(exam, by_city(one)) for one in units]
    counties = [_ranked(exam, by_county(one)) for one in units]
    prizes = prize_moves(tx, exam, cities, ranked)
    effects = Effects(
        cities=unit_moves(*cities), counties=unit_moves(*counties), prizes=prizes.moves
    )
    return Moves(len(changes), _officer_moves(tx, exam, ranked), effects, prizes, before, after)


def _tallies_with(exam: Exam, counted: Sequence[Tally], best: dict[OfficerId, Best]) -> list[Tally]:
    return recount(
        counted,
        best.values(),
        pass_cp=exam.pass_line_cp,
        excellent_cp=line_cp(exam.max_cp, exam.excellent_bp),
    )


def _ranked(exam: Exam, counted: Sequence[Tally]) -> list[Standing]:
    floor_bp = exam.min_participation_bp
    return rank_units(counted, METRICS.get(exam.metric), min_participation_bp=floor_bp)


def _officer_moves(
    tx: Tx, exam: Exam, ranked: Sequence[Sequence[RankedOfficer]]
) -> tuple[OfficerMove, ...]:
    now = {row.best.officer_id: row for row in ranked[1]}
    pairs = [(row, now[row.best.officer_id]) for row in ranked[0]]
    moved = [
        (old, new)
        for old, new in pairs
        if (old.rank, old.best.score_cp) != (new.rank, new.best.score_cp)
    ]
    known = officers.find_by_ids(tx, [old.best.officer_id for old, _ in moved])
    found = [
        OfficerMove(
            who.id,
            who.staff_no,
            who.name,
            who.place.name,
            old,
            new,
            grade(exam, old.best.score_cp),
            grade(exam, new.best.score_cp),
        )
        for old, new in moved
        for who in (known[old.best.officer_id],)
    ]
    found.sort(key=lambda m: (-abs(m.change_cp), m.after.rank, m.officer_id))
    return tuple(found)
