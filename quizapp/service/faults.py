"""试题报错: from an officer's result page to the trainers and back with an answer."""

from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.attempts import CANCELLED
from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.faults import KINDS, OUTCOMES, TEXT_LENGTH
from quizapp.domain.people import Viewer
from quizapp.domain.scoring import question_of
from quizapp.domain.statutes import Citation
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.service.attempts import check_own
from quizapp.service.desk import may_write, reach_in
from quizapp.service.exams import law_day
from quizapp.service.questions import load_questions
from quizapp.store import bank, exams, faults, journal, sittings
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.faults import Fault


@dataclass(frozen=True, slots=True)
class Reportable:
    """An item of an officer's own paper that can be reported, with the law of the exam's day."""

    attempt_id: int
    no: int
    stem: str
    citations: tuple[Citation, ...]
    law_day: date
    known: Fault | None


@dataclass(frozen=True, slots=True)
class FaultDesk:
    """Reports on the questions of the banks that a trainer looks after."""

    open: list[Fault]
    answered: list[Fault]


def get_reportable(viewer: Viewer, attempt_id: int, no: int, *, now: datetime) -> Reportable:
    """Return the item, if the officer may see its key by now, with an earlier report on it.

    Raises AttemptNotFound, NotYourAttempt, NotAllowed("answers_not_visible"), NotFound.
    """
    with reading() as tx:
        exam, _, question = _item(tx, viewer, attempt_id, no, now)
        known = faults.list_own(tx, viewer.officer_id, attempt_id=attempt_id)
    earlier = next((fault for fault in known if fault.no == no), None)
    return Reportable(attempt_id, no, question.stem, question.citations, law_day(exam), earlier)


def _item(
    tx: Tx, viewer: Viewer, attempt_id: int, no: int, now: datetime
) -> tuple[Exam, int, Question]:
    """Return exam, version and question of an item whose key the officer may see."""
    sitting = sittings.get_sitting(tx, attempt_id)
    attempt = sitting.attempt
    check_own(viewer, attempt)
    exam = exams.get_exam(tx, attempt.exam_id)
    is_over = attempt.closed_at is not None and attempt.close_reason != CANCELLED
    if not is_over or not what_is_visible(exam, Relation.SELF, now).answers:
        raise NotAllowed("answers_not_visible")
    if not 1 <= no <= len(sitting.items):
        raise NotFound("question_not_found")
    item = sitting.items[no - 1]
    return exam, item.version_id, question_of(item, load_questions(tx, [item.version_id]))


def report(viewer: Viewer, attempt_id: int, no: int, *, kind: str, text: str, now: datetime) -> int:
    """Keep a report on an item of the officer's own paper, once for each; return its id.

    Raises Invalid("unknown_choice" | "fault_text_missing" | "too_long"),
    Conflict("fault_reported_already") and what `get_reportable` does.
    """
    text = text.strip()
    if kind not in KINDS:
        raise Invalid("unknown_choice")
    if not text:
        raise Invalid("fault_text_missing")
    if len(text) > TEXT_LENGTH:
        raise Invalid("too_long")
    with transaction() as tx:
        _, version_id, _ = _item(tx, viewer, attempt_id, no, now)
        me = viewer.officer_id
        fault_id = faults.add_fault(
            tx, version_id, attempt_id=attempt_id, no=no, officer_id=me, kind=kind, text=text,
            now=now,
        )  # fmt: skip
        if fault_id is None:
            raise Conflict("fault_reported_already")
        code = bank.get_versions(tx, [version_id])[version_id].code
        facts = {"fault": fault_id, "kind": kind, "attempt": attempt_id, "no": no}
        journal.add_entry(tx, "question.reported", f"question:{code}", facts, actor_id=me, now=now)
    return fault_id


def list_own(viewer: Viewer, attempt_id: int | None = None) -> list[Fault]:
    """Return what the officer reported, newest first, with answers; of one paper or of all."""
    with reading() as tx:
        return faults.list_own(tx, viewer.officer_id, attempt_id=attempt_id)


def list_desk(viewer: Viewer) -> FaultDesk:
    """Return the reports on the questions a trainer looks after; open ones oldest first."""
    with reading() as tx:
        reach = reach_in(tx, viewer)
        waiting = faults.list_faults(tx, reach, is_open=True)
        answered = faults.list_faults(tx, reach, is_open=False)
    return FaultDesk(waiting, answered)


def get_fault(viewer: Viewer, fault_id: int) -> Fault:
    """Return a report on a question the trainer looks after. Raises NotFound."""
    with reading() as tx:
        return _get_own(tx, viewer, fault_id)


def _get_own(tx: Tx, viewer: Viewer, fault_id: int, *, lock: bool = False) -> Fault:
    fault = faults.get_fault(tx, fault_id, lock=lock)
    if not may_write(tx, viewer, fault.scope):
        raise NotFound("fault_not_found")
    return fault


def answer(viewer: Viewer, fault_id: int, *, outcome: str, text: str, now: datetime) -> Fault:
    """Answer a report; the officer reads it on the result page. Return it as it was.

    Raises Invalid("unknown_choice" | "answer_text_missing" | "too_long"),
    Conflict("fault_answered_already"), NotFound("fault_not_found").
    """
    text = text.strip()
    if outcome not in OUTCOMES:
        raise Invalid("unknown_choice")
    if not text:
        raise Invalid("answer_text_missing")
    if len(text) > TEXT_LENGTH:
        raise Invalid("too_long")
    with transaction() as tx:
        fault = _get_own(tx, viewer, fault_id, lock=True)
        if fault.outcome:
            raise Conflict("fault_answered_already")
        me = viewer.officer_id
        faults.close_fault(tx, fault_id, outcome, text, answered_by=me, now=now)
        journal.add_entry(
            tx, "question.fault_answered", f"question:{fault.code}",
            {"fault": fault_id, "outcome": outcome}, actor_id=me, now=now,
        )  # fmt: skip
    return fault
