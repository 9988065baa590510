"""Awards of a competition: what they would give now, and what was confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import Award, Entrant, Given, Prize
from quizapp.domain.errors import Conflict
from quizapp.domain.exams import Exam
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.people import Viewer, check_may, masked_name
from quizapp.domain.prizes import entrants_of_officers, entrants_of_units
from quizapp.domain.standings import by_city, rank_officers, rank_units
from quizapp.service.apart import run_apart
from quizapp.service.giving import give
from quizapp.service.results import check_over, check_settled
from quizapp.store import awards as store
from quizapp.store import exams, tallies
from quizapp.store.awards import StoredAward
from quizapp.store.db import Tx, reading
from quizapp.store.ranked import list_best


@dataclass(frozen=True, slots=True)
class Winner:
    """A prize with the name it goes to."""

    id: int
    name: str
    unit: str
    level: int
    rank: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Equals among whom people must decide: (id, name, unit), and the levels they wait for."""

    members: tuple[tuple[int, str, str], ...]
    rank: int
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award on the organizer's desk. `winners`: confirmed ones, else the proposal of now.

    `is_moved`: it is confirmed, and the ranks of now would give other prizes.
    """

    award: Award
    stored: StoredAward | None
    winners: tuple[Winner, ...] = ()
    ties: tuple[Waiting, ...] = ()
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class AwardDesk:
    """All awards of an exam. `obstacle`: why nothing can be confirmed yet, or None."""

    exam: Exam
    views: tuple[AwardView, ...]
    obstacle: Conflict | None


def read_entrants(tx: Tx, exam: Exam) -> dict[str, list[Entrant]]:
    """Return who may win by board (city, officer), from the marks of now."""
    counted = by_city(tallies.unit_tallies(tx, exam))
    cities = rank_units(
        counted, METRICS.get(exam.metric), min_participation_bp=exam.min_participation_bp
    )
    officers = run_apart(rank_officers, list_best(tx, exam), exam.ties)
    return {
        "city": entrants_of_units(cities),
        "officer": entrants_of_officers(officers, exam.max_cp),
    }


def open_desk(viewer: Viewer, exam_id: int, *, now: datetime) -> AwardDesk:
    """Return the awards of a published exam as they would be given now. Raises NotAllowed."""
    with reading() as tx:
        exam = get_exam(tx, viewer, exam_id)
        declared = store.list_awards(tx, exam_id)
        entrants = read_entrants(tx, exam) if declared else {}
        views = tuple(_view(tx, award, declared.get(award.key), entrants) for award in AWARDS)
        try:
            check_over(tx, exam, now)
        except Conflict as obstacle:
            return AwardDesk(exam, views, obstacle)
    return AwardDesk(exam, views, None)


def get_exam(tx: Tx, viewer: Viewer, exam_id: int, *, lock: bool = False) -> Exam:
    """Return an exam that is the organizer's and published; with `lock` to change its awards.

    Raises NotAllowed, Conflict("exam_not_published"), with `lock` CorrectionUnderWay.
    """
    exam = exams.lock_exam(tx, exam_id) if lock else exams.get_exam(tx, exam_id)
    check_may(viewer, "organizer", exam.unit)
    if exam.state != "published":
        raise Conflict("exam_not_published")
    if lock:
        check_settled(tx, exam)
    return exam


def _view(
    tx: Tx, award: Award, stored: StoredAward | None, entrants: dict[str, list[Entrant]]
) -> AwardView:
    if stored is None:
        return AwardView(award, None)
    given = give(stored, entrants[award.board])
    is_locked = stored.locked_at is not None
    shown = stored.prizes if is_locked else given.prizes
    ties = () if is_locked else given.ties
    tied = [one for tie in ties for one in tie.entrant_ids]
    names = store.list_names(tx, award.board, [*(prize.entrant_id for prize in shown), *tied])
    return AwardView(
        award,
        stored,
        _winners(shown, names),
        tuple(
            Waiting(tuple((one, *names[one]) for one in tie.entrant_ids), tie.rank, tie.levels)
            for tie in ties
        ),
        is_moved=is_locked and Given(stored.prizes).levels() != given.levels(),
    )


def _winners(prizes: Iterable[Prize], names: dict[int, tuple[str, str]]) -> tuple[Winner, ...]:
    return tuple(
        Winner(p.entrant_id, *names[p.entrant_id], level=p.level, rank=p.rank) for p in prizes
    )


def list_given(tx: Tx, exam_id: int, board: str) -> list[AwardView]:
    """Return the confirmed awards of a board; officers' names are masked."""
    found = []
    for stored in store.list_awards(tx, exam_id).values():
        award = AWARDS.get(stored.key)
        if stored.locked_at is not None and award.board == board:
            names = store.list_names(tx, award.board, [p.entrant_id for p in stored.prizes])
            if board == "officer":
                names = {one: (masked_name(name), unit) for one, (name, unit) in names.items()}
            found.append(AwardView(award, stored, _winners(stored.prizes, names)))
    return found
