"""Publishing results: a snapshot with its rule text; taking it back needs a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.exams import Exam
from quizapp.domain.ids import AttemptId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.people import Viewer, check_may
from quizapp.domain.standings import (
    RankedOfficer,
    Standing,
    add_up,
    by_city,
    by_county,
    rank_officers,
    rank_units,
)
from quizapp.service import giving
from quizapp.service.apart import rest, run_apart
from quizapp.service.giving import Misfit
from quizapp.store import awards, corrections, exams, journal, publishing, standings, tallies
from quizapp.store.awards import StoredAward
from quizapp.store.db import Tx, dialect, reading, transaction
from quizapp.store.ranked import list_best
from quizapp.store.standings import Publication

REASON_MAX = 200
KEPT_MAX = 300
NOTHING: Mapping[str, str] = {}
SLICE = 500


class WindowStillOpen(Conflict):
    """Somebody may still sit the exam."""

    code = "window_still_open"


class CorrectionUnderWay(Conflict):
    """A correction writes its scores; nothing is decided on them meanwhile."""

    code = "correction_under_way"


class AttemptsStillOpen(Conflict):
    """Attempts wait to be closed and marked."""

    code = "attempts_still_open"


class AwardsDoNotFit(Conflict):
    """A confirmed award gives other prizes than the ranks; somebody must decide."""

    code = "awards_do_not_fit"


def check_over(tx: Tx, exam: Exam, now: datetime) -> None:
    """Pass only an exam that nobody sits any more and whose papers are all marked.

    Raises Conflict("exam_not_published"), WindowStillOpen, AttemptsStillOpen.
    """
    if exam.state != "published":
        raise Conflict("exam_not_published")
    if now < exam.last_closes_at:
        raise WindowStillOpen
    waiting = tallies.count_open(tx, exam.id)
    if waiting:
        raise AttemptsStillOpen(count=waiting)


def check_settled(tx: Tx, exam: Exam) -> None:
    """Pass only an exam whose scores no correction is writing. Raises CorrectionUnderWay."""
    if corrections.is_applying(tx, exam.id):
        raise CorrectionUnderWay


def check_ready(tx: Tx, exam: Exam, now: datetime) -> None:
    """Pass only an exam whose results can be made public now.

    Raises Conflict("results_already_published"), CorrectionUnderWay, what `check_over` raises.
    """
    if exam.results_published_at is not None:
        raise Conflict("results_already_published")
    check_over(tx, exam, now)
    check_settled(tx, exam)


def find_obstacle(viewer: Viewer, exam_id: int, *, now: datetime) -> tuple[Exam, Conflict | None]:
    """Return the exam and why its results cannot be published now, or None when they can."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        try:
            check_ready(tx, exam, now)
        except Conflict as obstacle:
            return exam, obstacle
    return exam, None


def find_misfits(viewer: Viewer, exam_id: int) -> list[Misfit]:
    """Return the confirmed awards that do not fit the ranks of now, to an organizer."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        if not any(one.locked_at for one in awards.list_awards(tx, exam_id).values()):
            return []
        return _rank(tx, exam).misfits


@dataclass(frozen=True, slots=True)
class _Ranks:
    """Everything a publication is made of, and the awards it was held against."""

    officers: list[RankedOfficer]
    boards: dict[str, list[Standing]]
    totals: dict[str, int]
    declared: dict[str, StoredAward]
    misfits: list[Misfit]


def _rank(tx: Tx, exam: Exam) -> _Ranks:
    officers = run_apart(rank_officers, list_best(tx, exam), exam.ties)
    boards, totals = _unit_boards(tx, exam)
    declared = awards.list_awards(tx, exam.id)
    misfits = giving.find_misfits(tx, exam, declared, boards["city"], officers)
    return _Ranks(officers, boards, totals, declared, misfits)


def publish_results(
    viewer: Viewer, exam_id: int, kept: Mapping[str, str] = NOTHING, *, now: datetime
) -> int:
    """Store officers and units with their ranks and make the boards public.

    Everything is laid down before, in slices that nobody sees; when a mark has changed in between,
    nothing is published. A confirmed award that no longer fits the ranks stands in the way until it
    is unlocked, or kept for a reason: `kept` by award. Returns how many officers are ranked. Raises
    what `check_ready` raises, Conflict("marks_changed"), AwardsDoNotFit.
    """
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        check_ready(tx, exam, now)
        before = tallies.state_of_marks(tx, exam_id)
        ranks = _rank(tx, exam)
    reasons = {one.key: kept.get(one.key, "").strip()[:KEPT_MAX] for one in ranks.misfits}
    if not all(reasons.values()):
        raise AwardsDoNotFit
    publication = Publication(
        exam_id=exam.id,
        published_at=now,
        published_by=viewer.officer_id,
        metric=exam.metric,
        ties=exam.ties,
        rules_text=exam.rules_text,
        min_participation_bp=exam.min_participation_bp,
        totals=ranks.totals,
    )
    publication_id = _lay_down(publication, ranks.officers, ranks.boards)
    with transaction() as tx:
        check_ready(tx, exams.lock_exam(tx, exam_id), now)
        is_same = awards.list_awards(tx, exam_id) == ranks.declared
        if tallies.state_of_marks(tx, exam_id) != before or not is_same:
            raise Conflict("marks_changed")
        publishing.make_current(tx, publication_id)
        for key, reason in reasons.items():
            awards.put_kept_reason(tx, exam_id, key, reason)
        exams.mark_results(tx, exam_id, published_at=now)
        first = _first_places(ranks.officers)
        facts: dict[str, object] = ranks.totals | {"metric": exam.metric, "first": first}
        if reasons:
            facts["kept_awards"] = reasons
        journal.add_entry(
            tx, "results.published", f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return len(ranks.officers)


def _lay_down(
    publication: Publication, officers: list[RankedOfficer], boards: dict[str, list[Standing]]
) -> int:
    """Store boards that are not public yet, instead of what an earlier try left; return the id."""
    with reading() as tx:
        unfinished = publishing.list_unfinished(tx, publication.exam_id)
    for publication_id in unfinished:
        is_gone = False
        while not is_gone:
            with transaction() as tx:
                is_gone = publishing.drop_unfinished(tx, publication_id, SLICE)
            rest()
    with transaction() as tx:
        publication_id = publishing.begin_publication(tx, publication)
        publishing.add_units(tx, publication_id, boards)
    for at in range(0, len(officers), SLICE):
        lines = run_apart(publishing.officer_rows, officers[at : at + SLICE], dialect())
        with transaction() as tx:
            publishing.add_officers(tx, publication_id, lines)
        rest()
    return publication_id


def _unit_boards(tx: Tx, exam: Exam) -> tuple[dict[str, list[Standing]], dict[str, int]]:
    counted = tallies.unit_tallies(tx, exam)
    metric, floor_bp = METRICS.get(exam.metric), exam.min_participation_bp
    boards = {
        "city": rank_units(by_city(counted), metric, min_participation_bp=floor_bp),
        "county": rank_units(by_county(counted), metric, min_participation_bp=floor_bp),
    }
    whole = add_up(counted, exam.unit)
    return boards, {name: getattr(whole, name) for name in tallies.FIGURES}


def _first_places(officers: list[RankedOfficer]) -> list[AttemptId]:
    return [row.best.attempt_id for row in officers if row.rank == 1][:20]


def withdraw_results(viewer: Viewer, exam_id: int, reason: str, *, now: datetime) -> None:
    """Take published results back: from now on nobody but organizers sees any of them.

    The reason goes into the journal. Raises Invalid("reason_missing"),
    Conflict("results_not_published").
    """
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Invalid("reason_missing")
    with transaction() as tx:
        exam = exams.lock_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        if exam.results_published_at is None:
            raise Conflict("results_not_published")
        take_back(tx, exam, reason, by=viewer.officer_id, correction_id=None, now=now)


def take_back(
    tx: Tx, exam: Exam, reason: str, *, by: int, correction_id: int | None, now: datetime
) -> None:
    """Keep the public board among the former ones and show it no more; for who holds the exam."""
    stored = standings.find_publication(tx, exam.id)
    if stored is None:
        return
    publishing.take_back(tx, exam.id, reason=reason, by=by, correction_id=correction_id, now=now)
    exams.mark_results(tx, exam.id, published_at=None)
    facts: dict[str, object] = stored.totals | {"reason": reason}
    if correction_id is not None:
        facts["correction"] = correction_id
    journal.add_entry(tx, "results.withdrawn", f"exam:{exam.id}", facts, actor_id=by, now=now)
