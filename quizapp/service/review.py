"""What an officer may see of a closed attempt, and what anybody may check of a receipt."""

from datetime import datetime

from quizapp.domain.attempts import CANCELLED, current
from quizapp.domain.corrections import Correction
from quizapp.domain.errors import Conflict
from quizapp.domain.exams import Exam
from quizapp.domain.ids import ExamId
from quizapp.domain.papers import ExamRef, Receipt
from quizapp.domain.people import Viewer
from quizapp.domain.receipts import digest, read_receipt
from quizapp.domain.regrading import key_of
from quizapp.domain.reviewed import (
    Result,
    ReviewedItem,
    Rulings,
    ScoreNotice,
    TypeTally,
    review_items,
    tally_types,
)
from quizapp.domain.scoring import grade
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.service import standings
from quizapp.service.attempts import check_own
from quizapp.service.exams import law_day
from quizapp.service.questions import load_questions
from quizapp.store import awards, corrections, exams, past_boards, score_changes, sittings
from quizapp.store.db import Tx, reading
from quizapp.store.sittings import Sitting


class AttemptRunning(Conflict):
    """There is no result before the hand-in."""

    code = "attempt_running"


def get_result(viewer: Viewer, attempt_id: int, *, now: datetime) -> Result:
    """Return what the gate shows of the viewer's own attempt at `now`; the rest is None or empty.

    Raises AttemptNotFound, NotYourAttempt, AttemptRunning, Conflict("exam_cancelled").
    """
    with reading() as tx:
        sitting = sittings.get_sitting(tx, attempt_id)
        attempt = sitting.attempt
        check_own(viewer, attempt)
        if attempt.closed_at is None:
            raise AttemptRunning
        if attempt.close_reason == CANCELLED:
            raise Conflict("exam_cancelled")
        exam = exams.get_exam(tx, attempt.exam_id)
        visible = what_is_visible(exam, Relation.SELF, now)
        item_cp = sittings.get_item_cp(tx, attempt_id)
        rulings = _rulings(tx, exam)
        reviewed = _reviewed(tx, sitting, exam, item_cp, rulings) if visible.answers else ()
        notices = _notices(tx, attempt_id) if visible.score else ()
    own = standings.find_own_line(viewer, exam.id, now=now) if visible.rank else None
    former_rank, prize = _beside_rank(viewer, exam.id) if own else (None, None)
    score_cp = attempt.score_cp if visible.score else None
    return Result(
        attempt_id=attempt.id,
        exam=ExamRef(exam.id, exam.title),
        law_day=law_day(exam),
        try_no=attempt.try_no,
        receipt=attempt.receipt or "",
        submitted_at=attempt.submitted_at or attempt.due_at,
        duration_s=attempt.duration_s or 0,
        answered=attempt.answered or 0,
        total=len(sitting.items),
        max_cp=attempt.max_cp,
        score_cp=score_cp,
        right_count=attempt.right_count if visible.score else None,
        grade=None if score_cp is None else grade(exam, score_cp),
        rank=own.rank if own else None,
        per_type=_per_type(sitting, item_cp, rulings) if visible.score else (),
        items=reviewed,
        score_release=exam.score_release,
        answers_release=exam.answers_release,
        corrections=notices,
        former_rank=former_rank,
        prize=prize,
    )


def _beside_rank(viewer: Viewer, exam_id: ExamId) -> tuple[int | None, int | None]:
    """Return the rank on the board before the public one, and the level of the prize."""
    with reading() as tx:
        past = past_boards.list_past(tx, exam_id)
        former = past_boards.officers_of(tx, past[0].id, [viewer.officer_id]) if past else {}
        rank, _ = former.get(viewer.officer_id, (None, None))
        return rank, awards.find_level(tx, exam_id, viewer.officer_id)


def _notices(tx: Tx, attempt_id: int) -> tuple[ScoreNotice, ...]:
    return tuple(
        ScoreNotice(
            no=change.no,
            ruling=correction.draft.ruling,
            reason=correction.draft.reason,
            old_cp=change.old_cp,
            new_cp=change.new_cp,
            at=correction.decided_at or correction.drafted_at,
        )
        for correction, change in score_changes.list_changes_of(tx, attempt_id)
        if change.old_cp != change.new_cp
    )


def _rulings(tx: Tx, exam: Exam) -> dict[tuple[int, int], list[Correction]]:
    found: dict[tuple[int, int], list[Correction]] = {}
    for one in corrections.list_applied(tx, exam.id):
        found.setdefault((one.draft.version_id, one.draft.part), []).append(one)
    return found


def _per_type(sitting: Sitting, item_cp: list[int], rulings: Rulings) -> tuple[TypeTally, ...]:
    """Return a row per type, of the items that count."""
    counted = [
        (item, got)
        for item, got in zip(sitting.items, item_cp, strict=True)
        if not (ruled := rulings.get(key_of(item))) or ruled[-1].draft.ruling != "void_none"
    ]
    return tally_types([item for item, _ in counted], [got for _, got in counted])


def _reviewed(
    tx: Tx, sitting: Sitting, exam: Exam, item_cp: list[int], rulings: Rulings
) -> tuple[ReviewedItem, ...]:
    latest = current(sittings.list_events(tx, [sitting.attempt.id])[sitting.attempt.id])
    questions = load_questions(tx, [item.version_id for item in sitting.items])
    return review_items(
        sitting.items, questions, latest, item_cp, scoring=exam.scoring, rulings=rulings
    )


def find_receipt(text: str) -> Receipt | None:
    """Return what a typed receipt stands for, if the stored answers still fit it; names nobody."""
    receipt = read_receipt(text)
    if receipt is None:
        return None
    with reading() as tx:
        found = sittings.find_by_receipt(tx, receipt)
        if found is None:
            return None
        attempt, sealed_digest = found
        events = sittings.list_events(tx, [attempt.id])[attempt.id]
        exam = exams.get_exam(tx, attempt.exam_id)
    if digest(attempt.id, attempt.started_at, events) != sealed_digest:
        return None
    return Receipt(
        attempt_id=attempt.id,
        exam=ExamRef(exam.id, exam.title),
        receipt=receipt,
        submitted_at=attempt.submitted_at or attempt.due_at,
        close_reason=attempt.close_reason or "",
        answered=attempt.answered or 0,
        total=exam.blueprint.item_count,
        max_cp=attempt.max_cp,
        score_cp=None,
        score_release=exam.score_release,
    )
