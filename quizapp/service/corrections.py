"""勘误重判: drafted by one, looked at in its dry run by another; `enforcing` puts it in force."""

from dataclasses import dataclass
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
from quizapp.domain.dry_runs import FIRST_MOVES, Moves, OfficerMove
from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Viewer, check_may
from quizapp.domain.prizes import Effects
from quizapp.service.analysis import ROLES
from quizapp.service.corrected_question import InBank, in_bank, list_mended
from quizapp.service.laying import clear, is_alive, marks_of
from quizapp.service.questions import load_questions
from quizapp.service.results import check_over
from quizapp.store import correction_runs, exams, journal, score_changes
from quizapp.store import corrections as store
from quizapp.store.correction_runs import CREDITING, LAYING, WRITING, Run
from quizapp.store.db import Tx, reading, transaction


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the work on a correction is. `is_idle`: something is left, and nobody is at it."""

    step: str
    done: int
    total: int
    is_idle: bool


@dataclass(frozen=True, slots=True)
class DryRun:
    """A correction and what it would change; of one already decided what it did change.

    `effects`: units and prizes, of both. `bank`: what has become of the question in the bank.
    `stand`: while its dry run is made or it takes effect. `is_redone`: scores, roster or awards had
    changed after the first dry run, which was made at `made_at`. `changed`: the first of them.
    """

    exam: Exam
    correction: Correction
    code: str
    question: Question
    bank: InBank
    moves: Moves | None
    changed: list[ChangedPerson]
    effects: Effects
    stand: Stand | None = None
    is_redone: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectedExam:
    """An exam and its corrections. `codes`: of its pool by version; `mended`: by code."""

    exam: Exam
    corrections: list[Correction]
    codes: dict[int, str]
    mended: dict[str, str]


def list_corrections(viewer: Viewer, exam_id: int, *, now: datetime) -> CorrectedExam:
    """Return the corrections of a finished exam. Raises NotAllowed and what `check_over` does."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, ROLES, exam.unit)
        check_over(tx, exam, now)
        codes = {int(item.version_id): item.code for item in exams.list_exam_pool(tx, exam_id)}
        found = store.list_corrections(tx, exam_id)
        applied = [one.draft.version_id for one in found if one.state == "applied"]
        mended = list_mended(tx, {(codes[version_id], version_id) for version_id in applied})
        return CorrectedExam(exam, found, codes, mended)


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
        if any(one.state in ("draft", "applying") for one in store.list_corrections(tx, exam.id)):
            raise Conflict("correction_waiting")
        correction_id = store.add_correction(tx, checked, by=viewer.officer_id, now=now)
        note(tx, viewer.officer_id, "correction.drafted", correction_id, checked, now=now)
    return correction_id


def note(
    tx: Tx, by: OfficerId, action: str, correction_id: int, ruled: Draft, *, now: datetime,
    **facts: object,
) -> None:  # fmt: skip
    """Leave a step of a correction in the journal, with all of its ruling."""
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
        actor_id=by,
        now=now,
    )


def dry_run(
    viewer: Viewer, correction_id: int, *, now: datetime, limit: int = FIRST_MOVES
) -> DryRun:
    """Return who changes, by how much, and which ranks, grades and cities move; writes nothing.

    Of a draft what is laid down, as long as it still holds; of a decided correction what it did,
    with its `limit` greatest changes. Raises NotFound, NotAllowed, and what `check_over` does.
    """
    with reading() as tx:
        correction = store.get_correction(tx, correction_id)
        exam = exams.get_exam(tx, correction.draft.exam_id)
        check_may(viewer, ROLES, exam.unit)
        version_id = correction.draft.version_id
        question = asked(load_questions(tx, [version_id])[version_id], correction.draft.part)
        code = next(i.code for i in exams.list_exam_pool(tx, exam.id) if i.version_id == version_id)
        bank = in_bank(tx, viewer, code, version_id)
        run = correction_runs.find_run(tx, correction_id)
        if correction.state != "draft":
            people = _changed_people(tx, correction, limit)
            effects = store.get_effects(tx, correction_id)
            stand = _stand(run, now) if run and run.step in (WRITING, CREDITING) else None
            return DryRun(exam, correction, code, question, bank, None, people, effects, stand)
        check_over(tx, exam, now)
        if run is None or run.marks != marks_of(tx, exam.id):
            stand = Stand(LAYING, 0, 0, is_idle=True)
            return DryRun(exam, correction, code, question, bank, None, [], Effects(), stand)
    if run.moves is None:
        stand = _stand(run, now)
        return DryRun(exam, correction, code, question, bank, None, [], Effects(), stand)
    return DryRun(
        exam, correction, code, question, bank, run.moves, [], run.moves.effects,
        is_redone=run.is_redone, made_at=run.moved_at,
    )  # fmt: skip


def _stand(run: Run, now: datetime) -> Stand:
    return Stand(run.step, run.done, run.total, is_idle=not is_alive(run, now))


def _changed_people(tx: Tx, correction: Correction, limit: int | None) -> list[ChangedPerson]:
    if correction.state != "applied" or not correction.changed:
        return []
    return score_changes.list_people(tx, correction.id, limit)


def list_everybody(
    viewer: Viewer, correction_id: int, *, now: datetime
) -> tuple[DryRun, list[OfficerMove], list[ChangedPerson]]:
    """Return the correction with all whom a draft would move, or whom one in force changed.

    Raises what `dry_run` raises, and Conflict("dry_run_not_ready").
    """
    seen = dry_run(viewer, correction_id, now=now, limit=0)
    with reading() as tx:
        if seen.moves is not None:
            found = correction_runs.get_consequences(tx, correction_id)
            return seen, list(found.officers), []
        if seen.correction.state == "draft":
            raise Conflict("dry_run_not_ready")
        return seen, [], _changed_people(tx, seen.correction, None)


def drop(viewer: Viewer, correction_id: int, words: str, *, now: datetime) -> None:
    """Close a draft without any change; its own drafter may, too.

    Raises NotFound, NotAllowed, Conflict("correction_decided"), Invalid("reason_missing").
    """
    words = words.strip()[:REASON_MAX]
    if not words:
        raise Invalid("reason_missing")
    with transaction() as tx:
        correction = store.get_correction(tx, correction_id, lock=True)
        exam = exams.get_exam(tx, correction.draft.exam_id)
        if correction.drafted_by != viewer.officer_id:
            check_may(viewer, "organizer", exam.unit)
        if correction.state != "draft":
            raise Conflict("correction_decided")
        store.close_correction(
            tx, correction_id, "dropped", by=viewer.officer_id, note=words, changed=0, now=now
        )
        ruled = correction.draft
        by = viewer.officer_id
        note(tx, by, "correction.dropped", correction_id, ruled, now=now, note=words)
    clear(correction_id)
