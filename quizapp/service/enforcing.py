"""Putting a correction in force: decided by a second person, written in slices, seen all at once.

The dry run is laid down already. The new scores go into the attempts in slices while everybody
still reads the old ones; one small transaction then shows the new ones, withdraws the board and
tells the bank. Credits follow. Whatever dies in between is gone on with by the next round or look.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from quizapp.domain.clock import to_ms
from quizapp.domain.corrections import Correction
from quizapp.domain.errors import Conflict, NotAllowed
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Viewer, check_may
from quizapp.service.apart import rest
from quizapp.service.corrected_question import in_bank, leave_note
from quizapp.service.corrections import note
from quizapp.service.laying import GIVEN_UP, SLICE, Clock, is_alive, lay_down, marks_of
from quizapp.service.prize_moves import carry_out, check_decided
from quizapp.service.reposting import repost_hours
from quizapp.service.results import check_over, take_back
from quizapp.store import bank, correction_runs, exams, score_changes
from quizapp.store import corrections as store
from quizapp.store.correction_runs import CREDITING, DONE, WRITING, Run
from quizapp.store.db import Tx, reading, transaction


class OwnCorrection(NotAllowed):
    """Who drafted a correction does not approve it."""

    code = "own_correction"


@dataclass(frozen=True, slots=True)
class Approval:
    """What the second person decides besides: confirmed prizes by award, the bank's question."""

    prizes: Mapping[str, str] = field(default_factory=dict)
    suspend: bool = False


PLAIN = Approval()
WRITTEN = 100
"""Papers in one slice: so long do officers who answer at another exam wait."""


def approve(
    viewer: Viewer, correction_id: int, approval: Approval = PLAIN, *, now: datetime
) -> int:
    """Put a draft in force, all of it; return how many attempts changed. Raises as `decide`."""
    changed = decide(viewer, correction_id, approval, now=now)
    carry_on(correction_id, now=now)
    return changed


def decide(viewer: Viewer, correction_id: int, approval: Approval = PLAIN, *, now: datetime) -> int:
    """Let a draft take effect: from now on it is carried out; return how many attempts change.

    What is approved is the dry run as it was looked at. Raises NotFound, NotAllowed, OwnCorrection,
    Conflict("correction_decided" | "dry_run_not_ready" | "dry_run_stale" | "prizes_undecided"), and
    what `check_over` raises.
    """
    with transaction() as tx:
        correction, exam = _to_decide(tx, viewer, correction_id)
        check_over(tx, exam, now)
        run = correction_runs.find_run(tx, correction_id)
        if run is None or run.moves is None:
            raise Conflict("dry_run_not_ready")
        if run.marks != marks_of(tx, exam.id):
            raise Conflict("dry_run_stale")
        decided = check_decided(run.moves.to_decide, approval.prizes)
        changed = run.moves.attempts
        store.close_correction(
            tx, correction_id, "applying", by=viewer.officer_id, note="", changed=changed, now=now
        )
        store.put_effects(tx, correction_id, replace(run.moves.effects, decided=decided))
        suspend = approval.suspend and _may_suspend(tx, viewer, correction)
        correction_runs.move_run(
            tx, run, now, begun_at=now, step=WRITING, done=0, total=changed, last_id=0,
            suspend=suspend,
        )  # fmt: skip
    return changed


def _to_decide(tx: Tx, viewer: Viewer, correction_id: int) -> tuple[Correction, Exam]:
    exam = exams.lock_exam(tx, store.get_correction(tx, correction_id).draft.exam_id)
    correction = store.get_correction(tx, correction_id, lock=True)
    check_may(viewer, "organizer", exam.unit)
    if correction.drafted_by == viewer.officer_id:
        raise OwnCorrection
    if correction.state != "draft":
        raise Conflict("correction_decided")
    return correction, exam


def _may_suspend(tx: Tx, viewer: Viewer, correction: Correction) -> bool:
    version_id = correction.draft.version_id
    code = bank.get_versions(tx, [version_id])[version_id].code
    return in_bank(tx, viewer, code, version_id).may_suspend


def carry_on(correction_id: int, *, now: datetime) -> None:
    """Do what is left of a correction: its dry run, its scores, its credits. Raises NotFound."""
    with reading() as tx:
        state = store.get_correction(tx, correction_id).state
    if state == "draft":
        lay_down(correction_id, now=now)
    elif state in ("applying", "applied"):
        _carry_out(correction_id, now)


def resume(*, now: datetime) -> int:
    """Go on with decided corrections that were interrupted; return how many there were."""
    with reading() as tx:
        left = correction_runs.list_unfinished(tx, now - GIVEN_UP)
    for correction_id in left:
        _carry_out(correction_id, now)
    return len(left)


def _carry_out(correction_id: int, now: datetime) -> None:
    clock = Clock(now)
    run = _take_over(correction_id, now)
    if run is not None and run.step == WRITING:
        if not _write_scores(run, clock):
            return
        run = _put_in_force(run, clock)
    if run is not None:
        _credit(run, clock)


def _take_over(correction_id: int, now: datetime) -> Run | None:
    """Return the run to go on with; None while somebody else does, or nothing is left to do."""
    with transaction() as tx:
        run = correction_runs.find_run(tx, correction_id)
        if run is None or run.step not in (WRITING, CREDITING):
            return None
        if to_ms(run.begun_at) != to_ms(now) and is_alive(run, now):
            return None
        correction_runs.move_run(tx, run, now, begun_at=now)
    return replace(run, begun_at=now)


def _write_scores(run: Run, clock: Clock) -> bool:
    """Write the new scores where nobody reads them yet; False when somebody else goes on."""
    done, last_id = run.done, run.last_id
    while True:
        with transaction() as tx:
            ids = score_changes.write_scores(tx, run.correction_id, last_id, WRITTEN)
            if not ids:
                return True
            done, last_id = done + len(ids), ids[-1]
            if not correction_runs.move_run(tx, run, clock(), done=done, last_id=last_id):
                tx.rollback()
                return False
        rest()


def _put_in_force(run: Run, clock: Clock) -> Run | None:
    """Show the new scores, all at once, with everything that hangs on them but credits."""
    with reading() as tx:
        found = correction_runs.get_consequences(tx, run.correction_id)
    with transaction() as tx:
        values = {"step": CREDITING, "done": 0, "total": len(found.passed) + len(found.failed)}
        if not correction_runs.move_run(tx, run, clock(), **values):
            return None
        correction = store.get_correction(tx, run.correction_id)
        ruled, by = correction.draft, OfficerId(correction.decided_by or 0)
        exam = exams.lock_exam(tx, ruled.exam_id)
        at = correction.decided_at or clock()
        decided = store.get_effects(tx, correction.id).decided
        store.finish_correction(tx, correction.id)
        carry_out(tx, exam, found.prizes, decided, correction_id=correction.id, by=by, now=at)
        take_back(tx, exam, ruled.reason, by=by, correction_id=correction.id, now=at)
        code = bank.get_versions(tx, [ruled.version_id])[ruled.version_id].code
        leave_note(tx, correction, code, suspend=run.suspend, by=by, now=at)
        note(
            tx, by, "correction.applied", correction.id, ruled, now=at,
            attempts=correction.changed, drafted_by=correction.drafted_by,
            score_sum_before=run.marks[1], prizes=dict(decided),
        )  # fmt: skip
    return replace(run, step=CREDITING, done=0)


def _credit(run: Run, clock: Clock) -> None:
    """Let the hours follow the new scores, slice by slice."""
    with reading() as tx:
        found = correction_runs.get_consequences(tx, run.correction_id)
        correction = store.get_correction(tx, run.correction_id)
        exam = exams.get_exam(tx, correction.draft.exam_id)
    by, at = OfficerId(correction.decided_by or 0), correction.decided_at or clock()
    total = len(found.passed) + len(found.failed)
    for done in range(run.done, total, SLICE):
        passed = found.passed[done : done + SLICE]
        failed = found.failed[max(0, done - len(found.passed)) : done + SLICE - len(found.passed)]
        with transaction() as tx:
            values = {"done": min(total, done + SLICE)}
            if not correction_runs.move_run(tx, run, clock(), **values):
                return
            hours = repost_hours(tx, exam, passed, failed, correction, by=by, now=at)
            note(
                tx, by, "correction.credited", correction.id, correction.draft, now=at, hours=hours
            )
        rest()
    with transaction() as tx:
        correction_runs.move_run(tx, run, clock(), step=DONE)
