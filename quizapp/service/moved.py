"""What moves when scores are corrected: officers, ranks and grades, cities, training hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.corrections import Correction, ScoreChange
from quizapp.domain.exams import Exam, line_cp
from quizapp.domain.ids import OfficerId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.metrics.base import Tally
from quizapp.domain.regrading import best_of, recount, rescored
from quizapp.domain.scoring import grade
from quizapp.domain.standings import (
    Best,
    RankedOfficer,
    Standing,
    by_city,
    rank_officers,
    rank_units,
)
from quizapp.domain.training import NEW, ContestResult, contest_source, reversal_of
from quizapp.service import training as hours
from quizapp.service.apart import run_apart
from quizapp.store import officers, score_changes, tallies
from quizapp.store import training as ledger
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
class CityMove:
    """A city whose value or rank changes."""

    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Moves:
    """What a correction changes. `attempts`: how many papers get another score.

    `officers`: the greatest change of score first, then those whose rank alone moves, by rank.
    `before`, `after`: the attempt that counts of everybody.
    """

    attempts: int
    officers: tuple[OfficerMove, ...]
    cities: tuple[CityMove, ...]
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
    ranked = [
        {row.best.officer_id: row for row in run_apart(rank_officers, best.values(), exam.ties)}
        for best in (before, after)
    ]
    moved = [
        officer_id
        for officer_id, row in ranked[0].items()
        if (row.rank, row.best.score_cp)
        != (ranked[1][officer_id].rank, ranked[1][officer_id].best.score_cp)
    ]
    known = officers.find_by_ids(tx, moved)
    found = [
        OfficerMove(
            officer_id,
            known[officer_id].staff_no,
            known[officer_id].name,
            known[officer_id].place.name,
            ranked[0][officer_id],
            ranked[1][officer_id],
            grade(exam, ranked[0][officer_id].best.score_cp),
            grade(exam, ranked[1][officer_id].best.score_cp),
        )
        for officer_id in moved
    ]
    found.sort(key=lambda m: (-abs(m.change_cp), m.after.rank, m.officer_id))
    cities = _city_moves(exam, tallies.unit_tallies(tx, exam), before, after)
    return Moves(len(changes), tuple(found), cities, before, after)


def _city_moves(
    exam: Exam,
    counted: Sequence[Tally],
    before: dict[OfficerId, Best],
    after: dict[OfficerId, Best],
) -> tuple[CityMove, ...]:
    metric, floor_bp = METRICS.get(exam.metric), exam.min_participation_bp
    boards = []
    for best in (before, after):
        anew = recount(
            counted,
            best.values(),
            pass_cp=exam.pass_line_cp,
            excellent_cp=line_cp(exam.max_cp, exam.excellent_bp),
        )
        rows = rank_units(by_city(anew), metric, min_participation_bp=floor_bp)
        boards.append({row.tally.unit.id: row for row in rows})
    return tuple(
        CityMove(row, boards[1][unit_id])
        for unit_id, row in boards[0].items()
        if (row.rank, row.value_cp) != (boards[1][unit_id].rank, boards[1][unit_id].value_cp)
    )


def repost_hours(
    tx: Tx, exam: Exam, moves: Moves, correction: Correction, *, by: OfficerId, now: datetime
) -> dict[str, int]:
    """Leave the ledger as the corrected scores have it; return how many postings came and went.

    Who passes now is credited, with the posting of the contest; who no longer passes has it
    reversed. Nothing is edited. Runs inside the transaction that changes the scores.
    """
    line = exam.pass_line_cp
    passed = [b for o, b in moves.after.items() if moves.before[o].score_cp < line <= b.score_cp]
    failed = [b for o, b in moves.after.items() if b.score_cp < line <= moves.before[o].score_cp]
    came = 0
    if passed and exam.credit_ch != 0:
        came = _post_again(tx, exam, passed, correction, now=now)
        came += hours.post_contest(tx, exam=exam, results=[_result(b) for b in passed], now=now)
    went = []
    for best in failed:
        for posting in ledger.list_postings(tx, best.officer_id):
            if _is_of(posting.source, exam, best.officer_id) and not ledger.is_reversed(
                tx, posting.id
            ):
                reason = correction.draft.reason[:200]
                went.append(reversal_of(posting, reason=reason, by=by, now=now))
    return {"posted": came, "reversed": ledger.add_postings(tx, went) if went else 0}


def _is_of(source: str, exam: Exam, officer_id: int) -> bool:
    own = contest_source(exam.id, officer_id)
    return source == own or source.startswith(f"{own}:")


def _post_again(
    tx: Tx, exam: Exam, passed: Sequence[Best], correction: Correction, *, now: datetime
) -> int:
    """Post anew what an earlier correction took back: the same amounts, a source of its own."""
    sources = ledger.sources_of(tx, [best.officer_id for best in passed])
    again = []
    for best in passed:
        own = contest_source(exam.id, best.officer_id)
        mine = [source for source in sources if _is_of(source, exam, best.officer_id)]
        if not mine or any(sources[source] for source in mine):
            continue
        first = next(p for p in ledger.list_postings(tx, best.officer_id) if p.source == own)
        again.append(
            replace(first, source=f"{own}:{correction.id}", posted_at=now, posted_by=None, id=NEW)
        )
    return ledger.add_postings(tx, again) if again else 0


def _result(best: Best) -> ContestResult:
    return ContestResult(
        officer_id=best.officer_id,
        unit_id=best.unit_id,
        scoring_unit_id=best.scoring_unit_id,
        submitted_at=best.submitted_at,
        duration_s=best.duration_s,
        passed=True,
    )
