"""What moves when scores are corrected: officers, ranks and grades, units, prizes, hours."""

from collections.abc import Mapping, Sequence

from quizapp.domain.dry_runs import (
    FIRST_MOVES,
    Consequences,
    Moves,
    OfficerMove,
)
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
from quizapp.domain.training import ContestResult
from quizapp.service.apart import run_apart
from quizapp.service.prize_moves import prize_moves
from quizapp.store import officers, score_changes, tallies
from quizapp.store.db import Tx

Counting = dict[OfficerId, Best]


def moves_of(tx: Tx, exam: Exam, correction_id: int) -> tuple[Moves, Consequences]:
    """Return what the changes that are laid down move at the exam; nothing is written."""
    new = score_changes.new_scores(tx, correction_id)
    scored = score_changes.list_scored(tx, exam.id)
    before, after = run_apart(_counting, scored, new, exam.ties)
    ranked = [run_apart(rank_officers, best.values(), exam.ties) for best in (before, after)]
    counted = tallies.unit_tallies(tx, exam)
    units = [_tallies_with(exam, counted, best) for best in (before, after)]
    cities = [_ranked(exam, by_city(one)) for one in units]
    counties = [_ranked(exam, by_county(one)) for one in units]
    prizes = prize_moves(tx, exam, cities, ranked)
    moved = _officer_moves(tx, exam, ranked)
    passed, failed = _across(exam.pass_line_cp, before, after)
    moves = Moves(
        attempts=len(new),
        scored=sum(1 for move in moved if move.change_cp),
        graded=sum(1 for move in moved if move.grade_before != move.grade_after),
        moved=len(moved),
        officers=moved[:FIRST_MOVES],
        effects=Effects(
            cities=unit_moves(*cities), counties=unit_moves(*counties), prizes=prizes.moves
        ),
        to_decide=prizes.to_decide,
    )
    return moves, Consequences(moved, passed, failed, prizes.after)


def _counting(
    scored: Sequence[Best], new: Mapping[int, tuple[int, int]], ties: Sequence[str]
) -> tuple[Counting, Counting]:
    """Return the attempt that counts of everybody before and after."""
    return best_of(scored, ties), best_of(rescored(scored, new), ties)


def _across(
    line: int, before: Counting, after: Counting
) -> tuple[tuple[ContestResult, ...], tuple[OfficerId, ...]]:
    """Return who passes now and did not, and who did and no longer does."""
    passed = tuple(
        ContestResult(
            officer_id=best.officer_id,
            unit_id=best.unit_id,
            scoring_unit_id=best.scoring_unit_id,
            submitted_at=best.submitted_at,
            duration_s=best.duration_s,
            passed=True,
        )
        for officer, best in after.items()
        if before[officer].score_cp < line <= best.score_cp
    )
    failed = tuple(
        officer
        for officer, best in after.items()
        if best.score_cp < line <= before[officer].score_cp
    )
    return passed, failed


def _tallies_with(exam: Exam, counted: Sequence[Tally], best: Counting) -> list[Tally]:
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
            score_before=old.best.score_cp,
            score_after=new.best.score_cp,
            rank_before=old.rank,
            rank_after=new.rank,
            grade_before=grade(exam, old.best.score_cp),
            grade_after=grade(exam, new.best.score_cp),
        )
        for old, new in moved
        for who in (known[old.best.officer_id],)
    ]
    found.sort(key=lambda m: (-abs(m.change_cp), m.rank_after, m.officer_id))
    return tuple(found)
