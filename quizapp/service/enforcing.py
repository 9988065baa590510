"""Putting a correction in force: by a second person, all scores at once, old boards kept.

Every new score is laid down in slices first, where nobody sees it, and then all are written in one
statement: readers see either all old scores or all new ones, and saves get through meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from quizapp.domain.corrections import Correction, ScoreChange
from quizapp.domain.errors import Conflict, NotAllowed
from quizapp.domain.exams import Exam
from quizapp.domain.people import Viewer, check_may
from quizapp.domain.prizes import Effects
from quizapp.service.corrected_question import leave_note
from quizapp.service.corrections import note
from quizapp.service.moved import Moves, moves_of
from quizapp.service.prize_moves import carry_out, check_decided
from quizapp.service.regrading import changes_of
from quizapp.service.reposting import repost_hours
from quizapp.service.results import check_over, take_back
from quizapp.store import bank, exams, score_changes, tallies
from quizapp.store import corrections as store
from quizapp.store.db import Tx, reading, transaction


class OwnCorrection(NotAllowed):
    """Who drafted a correction does not approve it."""

    code = "own_correction"


@dataclass(frozen=True, slots=True)
class Approval:
    """What the second person decides besides: confirmed prizes by award, the bank's question."""

    prizes: Mapping[str, str] = field(default_factory=dict)
    suspend: bool = False


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was read before anything is written; it must still be so when it is."""

    exam: Exam
    marks: tuple[int, ...]
    groups: list[list[ScoreChange]]
    moves: Moves
    effects: Effects


PLAIN = Approval()


def approve(
    viewer: Viewer, correction_id: int, approval: Approval = PLAIN, *, now: datetime
) -> int:
    """Put a draft in force: all scores at once, hours after them; return how many attempts changed.

    Published results are taken back and kept: the notice starts anew with the next publication.
    Raises NotFound, NotAllowed, OwnCorrection, Conflict("correction_decided" | "marks_changed" |
    "prizes_undecided"), and what `check_over` raises.
    """
    looked = _look(viewer, correction_id, approval, now)
    with transaction() as tx:
        _to_decide(tx, viewer, correction_id)
        score_changes.delete_changes(tx, correction_id)
    for group in looked.groups:
        with transaction() as tx:
            score_changes.put_changes(tx, correction_id, group)
    with transaction() as tx:
        exam = exams.lock_exam(tx, looked.exam.id)
        correction, _ = _to_decide(tx, viewer, correction_id, lock=True)
        if tallies.state_of_marks(tx, exam.id) != looked.marks:
            raise Conflict("marks_changed")
        changed = score_changes.apply_changes(tx, correction_id)
        if changed != sum(len(group) for group in looked.groups):
            raise Conflict("marks_changed")
        store.close_correction(
            tx, correction_id, "applied", by=viewer.officer_id, note="", changed=changed, now=now
        )
        store.put_effects(tx, correction_id, looked.effects)
        held = replace(looked, exam=exam)
        _follow(tx, viewer, correction, held, suspend=approval.suspend, now=now)
    return changed


def _look(viewer: Viewer, correction_id: int, approval: Approval, now: datetime) -> _Looked:
    with reading() as tx:
        correction, exam = _to_decide(tx, viewer, correction_id)
        check_over(tx, exam, now)
        marks = tallies.state_of_marks(tx, exam.id)
        groups = list(changes_of(tx, exam, correction))
        moves = moves_of(tx, exam, [change for group in groups for change in group])
    decided = check_decided(moves.prizes, approval.prizes)
    return _Looked(exam, marks, groups, moves, replace(moves.effects, decided=decided))


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


def _follow(
    tx: Tx, viewer: Viewer, correction: Correction, held: _Looked, *, suspend: bool, now: datetime
) -> None:
    """Leave everything that hangs on scores as the new ones have it."""
    exam, by, decided = held.exam, viewer.officer_id, held.effects.decided
    carry_out(tx, exam, held.moves.prizes, decided, correction_id=correction.id, by=by, now=now)
    hours = repost_hours(tx, exam, held.moves, correction, by=by, now=now)
    take_back(tx, exam, correction.draft.reason, by=by, correction_id=correction.id, now=now)
    version_id = correction.draft.version_id
    code = bank.get_versions(tx, [version_id])[version_id].code
    leave_note(tx, viewer, correction, code, suspend=suspend, now=now)
    note(
        tx, viewer, "correction.applied", correction.id, correction.draft, now=now,
        attempts=held.moves.attempts, drafted_by=correction.drafted_by, hours=hours,
        score_sum_before=held.marks[1], prizes=dict(decided),
    )  # fmt: skip
