"""Sitting an exam: the list, the start, the paper, handing in. Saving is in `saving`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain import papers
from quizapp.domain.attempts import (
    Attempt,
    AttemptClosed,
    MovedToOtherDevice,
    NoAttemptsLeft,
    NotInvited,
    NotYourAttempt,
    check_may_start,
    current,
    remaining_s,
    state_of,
)
from quizapp.domain.errors import NotAllowed, NotFound
from quizapp.domain.exams import Exam, RosterEntry
from quizapp.domain.ids import AttemptId
from quizapp.domain.papers import ExamCard, ExamRef, Sheet
from quizapp.domain.people import Viewer
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.text import Text
from quizapp.domain.timing import Terms, terms_of
from quizapp.service import saving
from quizapp.service.drawing import draw_attempt
from quizapp.service.questions import load_questions
from quizapp.store import attempts, exams, journal, sittings
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.sittings import Sitting


@dataclass(frozen=True, slots=True)
class StartPage:
    """What an officer reads before a start."""

    exam: Exam
    card: ExamCard
    scoring_text: Text


@dataclass(frozen=True, slots=True)
class Started:
    """An attempt that runs now. `is_new` False: it ran already."""

    attempt_id: AttemptId
    is_new: bool


# --- what can I sit? -------------------------------------------------------------------------


def list_cards(viewer: Viewer, *, now: datetime) -> list[ExamCard]:
    """Return the exams on whose roster the viewer stands, the latest window first."""
    with reading() as tx:
        invited = exams.list_invitations(tx, viewer.officer_id)
        if viewer.exam_only is not None:
            invited = [pair for pair in invited if pair[0].id == viewer.exam_only]
        own = attempts.list_own(tx, viewer.officer_id, [exam.id for exam, _ in invited])
        running = [attempt.id for attempt in own if attempt.closed_at is None]
        answered = attempts.count_answered(tx, running) if running else {}
        return [_card(exam, _terms(tx, exam, entry), own, answered, now) for exam, entry in invited]


def get_start(viewer: Viewer, exam_id: int, *, now: datetime) -> StartPage:
    """Return the page before a start. Raises NotFound for drafts, NotInvited."""
    with reading() as tx:
        exam, entry = _invitation(tx, viewer, exam_id)
        own = attempts.list_own(tx, viewer.officer_id, [exam_id])
        running = [attempt.id for attempt in own if attempt.closed_at is None]
        answered = attempts.count_answered(tx, running) if running else {}
        card = _card(exam, _terms(tx, exam, entry), own, answered, now)
    return StartPage(exam, card, SCORING_RULES.get(exam.scoring).label)


def _invitation(tx: Tx, viewer: Viewer, exam_id: int) -> tuple[Exam, RosterEntry]:
    exam = exams.get_exam(tx, exam_id)
    if exam.state == "draft":
        raise NotFound("exam_not_found")
    if viewer.exam_only not in (None, exam.id):
        raise NotAllowed("exam_only")
    entry = exams.find_roster_entry(tx, exam_id, viewer.officer_id)
    if entry is None:
        raise NotInvited
    return exam, entry


def _terms(tx: Tx, exam: Exam, entry: RosterEntry) -> Terms:
    """Return the officer's terms; an exam at its first revision has no changes to read."""
    changes = exams.list_changes(tx, exam.id) if exam.revision > 1 else []
    return terms_of(exam, entry, changes)


def _card(
    exam: Exam, terms: Terms, own: Sequence[Attempt], answered: Mapping[int, int], now: datetime
) -> ExamCard:
    mine = [attempt for attempt in own if attempt.exam_id == exam.id]
    running = next((attempt for attempt in mine if attempt.closed_at is None), None)
    closed = [attempt for attempt in mine if attempt.closed_at is not None]
    return ExamCard(
        id=exam.id,
        title=exam.title,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        duration_s=terms.limit_s + terms.extra_s,
        questions=exam.blueprint.item_count,
        attempts_allowed=exam.attempts_allowed,
        attempts_used=len(mine),
        attempt_id=running.id if running else None,
        state=_state_of_card(exam, terms, now),
        remaining_s=remaining_s(running.due_at, now) if running else None,
        answered=answered.get(running.id, 0) if running else None,
        last_attempt_id=closed[-1].id if closed else None,
    )


def _state_of_card(exam: Exam, terms: Terms, now: datetime) -> str:
    if exam.state == "cancelled":
        return "cancelled"
    if now < terms.opens_at:
        return "upcoming"
    return "open" if now < terms.closes_at else "closed"


# --- start -----------------------------------------------------------------------------------


def start(
    viewer: Viewer, exam_id: int, *, pledged: bool, now: datetime, browser: str = ""
) -> Started:
    """Leave one running attempt with paper and clock; the same one for every further call.

    Raises NotFound, NotInvited, NoAttemptsLeft, NotAllowed("not_open_yet"),
    Conflict("window_closed") or Conflict("exam_cancelled").
    """
    with reading() as tx:
        running = attempts.find_running(tx, exam_id, viewer.officer_id)
    if running is None:
        with transaction() as tx:
            return _start(tx, viewer, exam_id, pledged=pledged, now=now, browser=browser)
    return Started(running.id, is_new=False)


def _start(
    tx: Tx, viewer: Viewer, exam_id: int, *, pledged: bool, now: datetime, browser: str
) -> Started:
    exams.hold_exam(tx, exam_id)
    exam, entry = _invitation(tx, viewer, exam_id)
    # counted before looking: a start that commits in between is found running, not held against us
    try_no = attempts.count_used(tx, exam_id, viewer.officer_id) + 1
    running = attempts.find_running(tx, exam_id, viewer.officer_id)
    if running is not None:
        return Started(running.id, is_new=False)
    terms = _terms(tx, exam, entry)
    check_may_start(exam, terms, now)
    if try_no > exam.attempts_allowed:
        raise NoAttemptsLeft
    attempt_id = attempts.add_attempt(
        tx, draw_attempt(tx, exam, entry, terms, try_no=try_no, device=viewer.sign_in, now=now)
    )
    if attempt_id is None:  # another call was faster
        running = attempts.find_running(tx, exam_id, viewer.officer_id)
        if running is None:
            raise NoAttemptsLeft
        return Started(running.id, is_new=False)
    attempts.put_device(tx, attempt_id, viewer.sign_in, browser=browser, now=now)
    facts = {"exam": exam_id, "try": try_no, "pledge": pledged}
    journal.add_entry(
        tx, "attempt.started", f"attempt:{attempt_id}", facts, actor_id=viewer.officer_id, now=now
    )
    return Started(attempt_id, is_new=True)


# --- the paper -------------------------------------------------------------------------------


def open_sheet(viewer: Viewer, attempt_id: int, *, now: datetime, browser: str = "") -> Sheet:
    """Return the paper with the current answers; this device holds it from now on.

    Raises AttemptNotFound, NotYourAttempt, AttemptClosed once it is closed.
    """
    sheet, sitting = _read_sheet(viewer, attempt_id, now)
    if sitting.attempt.device != viewer.sign_in:
        with transaction() as tx:
            attempts.put_device(tx, attempt_id, viewer.sign_in, browser=browser, now=now)
    return sheet


def read_sheet(viewer: Viewer, attempt_id: int, *, now: datetime) -> Sheet:
    """Return the paper for checking before the hand-in, without taking it over."""
    sheet, sitting = _read_sheet(viewer, attempt_id, now)
    held = sitting.attempt.device
    if sitting.attempt.one_device and held not in (None, viewer.sign_in):
        raise MovedToOtherDevice
    return sheet


def _read_sheet(viewer: Viewer, attempt_id: int, now: datetime) -> tuple[Sheet, Sitting]:
    with reading() as tx:
        sitting = sittings.get_sitting(tx, attempt_id)
        attempt = sitting.attempt
        check_own(viewer, attempt)
        if attempt.closed_at is not None:
            raise closed_error(attempt)
        exam = exams.get_exam(tx, attempt.exam_id)
        latest = current(sittings.list_events(tx, [attempt_id])[attempt_id])
        questions = load_questions(tx, [item.version_id for item in sitting.items])
    sheet = Sheet(
        attempt_id=attempt.id,
        exam=ExamRef(exam.id, exam.title),
        state=state_of(attempt.closed_at, attempt.due_at, now),
        server_time=now,
        due_at=attempt.due_at,
        remaining_s=remaining_s(attempt.due_at, now),
        revision=attempt.revision,
        items=papers.show_items(sitting.items, questions, latest),
        scoring=exam.scoring,
        scoring_text=SCORING_RULES.get(exam.scoring).label,
    )
    return sheet, sitting


def check_own(viewer: Viewer, attempt: Attempt) -> None:
    """Pass only the attempt's officer, and a ticket only at its own exam. Raises NotAllowed."""
    if attempt.officer_id != viewer.officer_id:
        raise NotYourAttempt
    if viewer.exam_only not in (None, attempt.exam_id):
        raise NotAllowed("exam_only")


def closed_error(attempt: Attempt) -> AttemptClosed:
    """Return the refusal that names when the attempt ended."""
    return saving.closed_at(attempt.submitted_at or attempt.due_at)
