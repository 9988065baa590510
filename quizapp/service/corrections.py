"""勘误重判: drafted by one, looked at in a dry run, put in force by another; old scores are kept.

Putting in force lays down every new score in slices first, where nobody sees them, and then writes
them all in one statement: readers see either all old scores or all new ones.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.bank import Question
from quizapp.domain.corrections import (
    REASON_MAX,
    ChangedPerson,
    Correction,
    Draft,
    asked,
    check_draft,
)
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.exams import Exam
from quizapp.domain.people import Viewer, check_may
from quizapp.service.analysis import ROLES, check_over
from quizapp.service.moved import Moves, moves_of, repost_hours
from quizapp.service.questions import load_questions
from quizapp.service.regrading import changes_of
from quizapp.store import corrections as store
from quizapp.store import exams, journal, score_changes, standings, tallies
from quizapp.store.db import Tx, reading, transaction


class OwnCorrection(NotAllowed):
    """Who drafted a correction does not approve it."""

    code = "own_correction"


@dataclass(frozen=True, slots=True)
class DryRun:
    """A correction and what it would change now; of one already decided what it did change."""

    exam: Exam
    correction: Correction
    code: str
    question: Question
    moves: Moves | None
    changed: list[ChangedPerson]


@dataclass(frozen=True, slots=True)
class CorrectedExam:
    """An exam, its corrections, and what can be corrected: (code, version id) of its pool."""

    exam: Exam
    corrections: list[Correction]
    codes: dict[int, str]


def list_corrections(viewer: Viewer, exam_id: int, *, now: datetime) -> CorrectedExam:
    """Return the corrections of a finished exam. Raises NotAllowed and what `check_over` does."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, ROLES, exam.unit)
        check_over(tx, exam, now)
        codes = {int(item.version_id): item.code for item in exams.list_exam_pool(tx, exam_id)}
        return CorrectedExam(exam, store.list_corrections(tx, exam_id), codes)


def find_version(viewer: Viewer, exam_id: int, code: str) -> tuple[int, Question]:
    """Return the version of a question's code in the exam's pool, and the question.

    Raises Invalid("correction_code_unknown"), NotAllowed.
    """
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, ROLES, exam.unit)
        wanted = code.strip().upper()
        for item in exams.list_exam_pool(tx, exam_id):
            if item.code.upper() == wanted:
                return item.version_id, load_questions(tx, [item.version_id])[item.version_id]
    raise Invalid("correction_code_unknown")


def draft(viewer: Viewer, proposed: Draft, *, now: datetime) -> int:
    """Store a ruling for another person to approve; return its id. No score changes.

    Raises NotAllowed, Invalid as `check_draft` does, Conflict("correction_waiting") while another
    one of this exam waits, and what `check_over` raises.
    """
    with transaction() as tx:
        exam = exams.lock_exam(tx, proposed.exam_id)
        check_may(viewer, ROLES, exam.unit)
        check_over(tx, exam, now)
        if proposed.version_id not in {i.version_id for i in exams.list_exam_pool(tx, exam.id)}:
            raise Invalid("correction_code_unknown")
        question = load_questions(tx, [proposed.version_id])[proposed.version_id]
        checked = check_draft(proposed, question)
        if any(one.state == "draft" for one in store.list_corrections(tx, exam.id)):
            raise Conflict("correction_waiting")
        correction_id = store.add_correction(tx, checked, by=viewer.officer_id, now=now)
        _note(tx, viewer, "correction.drafted", correction_id, checked, now=now)
    return correction_id


def _note(
    tx: Tx, viewer: Viewer, action: str, correction_id: int, ruled: Draft, *, now: datetime,
    **facts: object,
) -> None:  # fmt: skip
    journal.add_entry(
        tx,
        action,
        f"exam:{ruled.exam_id}",
        {
            "correction": correction_id,
            "version": ruled.version_id,
            "part": ruled.part,
            "ruling": ruled.ruling,
            "answer": ruled.answer,
            "policy": ruled.policy,
            "reason": ruled.reason,
        }
        | facts,
        actor_id=viewer.officer_id,
        now=now,
    )


def dry_run(viewer: Viewer, correction_id: int, *, now: datetime) -> DryRun:
    """Return who changes, by how much, and which ranks, grades and cities move; writes nothing.

    Of a decided correction only itself. Raises NotFound, NotAllowed, and what `check_over` does.
    """
    with reading() as tx:
        correction = store.get_correction(tx, correction_id)
        exam = exams.get_exam(tx, correction.draft.exam_id)
        check_may(viewer, ROLES, exam.unit)
        version_id = correction.draft.version_id
        question = asked(load_questions(tx, [version_id])[version_id], correction.draft.part)
        code = next(i.code for i in exams.list_exam_pool(tx, exam.id) if i.version_id == version_id)
        if correction.state != "draft":
            people = score_changes.list_people(tx, correction_id) if correction.changed else []
            return DryRun(exam, correction, code, question, None, people)
        check_over(tx, exam, now)
        changes = [c for group in changes_of(tx, exam, correction) for c in group]
        return DryRun(exam, correction, code, question, moves_of(tx, exam, changes), [])


def approve(viewer: Viewer, correction_id: int, *, now: datetime) -> int:
    """Put a draft in force: all scores at once, hours after them; return how many attempts changed.

    Published results are withdrawn: the notice starts anew with the next publication. Raises
    NotFound, NotAllowed, OwnCorrection, Conflict("correction_decided"), Conflict("marks_changed"),
    and what `check_over` raises.
    """
    with reading() as tx:
        correction, exam = _to_decide(tx, viewer, correction_id)
        check_over(tx, exam, now)
        before = tallies.state_of_marks(tx, exam.id)
        groups = list(changes_of(tx, exam, correction))
        moves = moves_of(tx, exam, [change for group in groups for change in group])
    with transaction() as tx:
        _to_decide(tx, viewer, correction_id)
        score_changes.delete_changes(tx, correction_id)
    for group in groups:
        with transaction() as tx:
            score_changes.put_changes(tx, correction_id, group)
    with transaction() as tx:
        exam = exams.lock_exam(tx, exam.id)
        correction, _ = _to_decide(tx, viewer, correction_id, lock=True)
        if tallies.state_of_marks(tx, exam.id) != before:
            raise Conflict("marks_changed")
        changed = score_changes.apply_changes(tx, correction_id)
        if changed != sum(len(group) for group in groups):
            raise Conflict("marks_changed")
        store.close_correction(
            tx, correction_id, "applied", by=viewer.officer_id, note="", changed=changed, now=now
        )
        hours = repost_hours(tx, exam, moves, correction, by=viewer.officer_id, now=now)
        _withdraw(tx, viewer, exam, correction, now=now)
        _note(
            tx, viewer, "correction.applied", correction_id, correction.draft, now=now,
            attempts=changed, drafted_by=correction.drafted_by, hours=hours,
            score_sum_before=before[1],
        )  # fmt: skip
    return changed


def _to_decide(
    tx: Tx, viewer: Viewer, correction_id: int, *, lock: bool = False
) -> tuple[Correction, Exam]:
    correction = store.get_correction(tx, correction_id, lock=lock)
    exam = exams.get_exam(tx, correction.draft.exam_id)
    check_may(viewer, "organizer", exam.unit)
    if correction.drafted_by == viewer.officer_id:
        raise OwnCorrection
    if correction.state != "draft":
        raise Conflict("correction_decided")
    return correction, exam


def _withdraw(tx: Tx, viewer: Viewer, exam: Exam, correction: Correction, *, now: datetime) -> None:
    stored = standings.find_publication(tx, exam.id)
    if stored is None:
        return
    standings.delete_publication(tx, exam.id)
    exams.mark_results(tx, exam.id, published_at=None)
    facts = stored.totals | {"reason": correction.draft.reason, "correction": correction.id}
    journal.add_entry(
        tx, "results.withdrawn", f"exam:{exam.id}", facts, actor_id=viewer.officer_id, now=now
    )


def drop(viewer: Viewer, correction_id: int, note: str, *, now: datetime) -> None:
    """Close a draft without any change; its own drafter may, too.

    Raises NotFound, NotAllowed, Conflict("correction_decided"), Invalid("reason_missing").
    """
    note = note.strip()[:REASON_MAX]
    if not note:
        raise Invalid("reason_missing")
    with transaction() as tx:
        correction = store.get_correction(tx, correction_id, lock=True)
        exam = exams.get_exam(tx, correction.draft.exam_id)
        if correction.drafted_by != viewer.officer_id:
            check_may(viewer, "organizer", exam.unit)
        if correction.state != "draft":
            raise Conflict("correction_decided")
        score_changes.delete_changes(tx, correction_id)
        store.close_correction(
            tx, correction_id, "dropped", by=viewer.officer_id, note=note, changed=0, now=now
        )
        ruled = replace(correction.draft)
        _note(tx, viewer, "correction.dropped", correction_id, ruled, now=now, note=note)
