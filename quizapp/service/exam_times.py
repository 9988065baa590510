"""What may still change after publication: extra time, the window, cancelling. All recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.clock import iso_z
from quizapp.domain.errors import Conflict, Invalid, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.people import Viewer, check_may
from quizapp.domain.plans import EXTRA_S, check_window
from quizapp.domain.timing import TimeChange
from quizapp.service.exams import check_reason
from quizapp.store import exam_rosters, exam_times, exams, journal, places
from quizapp.store.db import Tx, reading, transaction


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a change is for: one officer, one unit with all below it, or (both empty) all."""

    staff_no: str = ""
    unit_code: str = ""


ALL = Target()


def grant_extra(
    viewer: Viewer,
    exam_id: int,
    target: Target,
    *,
    extra_s: int,
    reason: str,
    now: datetime,
    dry_run: bool = False,
) -> int:
    """Set the extra time of a target; return how many running attempts it reached.

    `extra_s` is the target's whole extra time. An officer's own beats the unit's; among units and
    all the most generous holds. A dry run only counts.
    Raises Invalid("extra_s_out_of_range"), NotFound.
    """
    if not EXTRA_S[0] <= extra_s <= EXTRA_S[1]:
        raise Invalid("extra_s_out_of_range")
    with _trial(dry_run=dry_run) as tx:
        exam = _lock_running(tx, viewer, exam_id, now)
        officer_id, unit_id = _resolve(tx, exam, target)
        change = TimeChange("extra", officer_id, unit_id, extra_s=extra_s)
        return _record(tx, viewer, exam, change, reason, now=now)


def move_window(
    viewer: Viewer,
    exam_id: int,
    target: Target,
    *,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    now: datetime,
    dry_run: bool = False,
) -> int:
    """Move the window of all, or give a unit or officer one of their own; return attempts reached.

    Shortening never reaches back: the new end lies in the future. Raises Invalid("window_invalid"
    | "window_over"), Conflict("already_open") when an opening that is past would move.
    """
    problems = list(check_window(opens_at, closes_at))
    if problems:
        raise Invalid("window_invalid", problems=problems)
    if closes_at <= now:
        raise Invalid("window_over")
    with _trial(dry_run=dry_run) as tx:
        exam = _lock_running(tx, viewer, exam_id, now)
        officer_id, unit_id = _resolve(tx, exam, target)
        is_for_all = officer_id is None and unit_id is None
        if is_for_all and exam.opens_at <= now and opens_at != exam.opens_at:
            raise Conflict("already_open")
        change = TimeChange("window", officer_id, unit_id, opens_at=opens_at, closes_at=closes_at)
        if is_for_all:
            exam_times.put_window(tx, exam_id, opens_at, closes_at)
        return _record(tx, viewer, exam, change, reason, now=now)


@contextmanager
def _trial(*, dry_run: bool) -> Iterator[Tx]:
    """Open a transaction; of a dry run nothing stays."""
    with transaction() as tx:
        yield tx
        if dry_run:
            tx.rollback()


def cancel(viewer: Viewer, exam_id: int, reason: str, *, now: datetime) -> int:
    """Cancel a published exam; running attempts are closed unmarked, their answers stay stored.

    Returns how many were running. Raises Conflict("exam_not_running" | "results_published").
    """
    with transaction() as tx:
        exam = _lock_published(tx, viewer, exam_id)
        why = check_reason(reason)
        exam_times.add_change(
            tx, exam_id, TimeChange("cancel"), reason=why, made_by=viewer.officer_id, now=now
        )
        closed = exam_times.mark_cancelled(tx, exam.id, now=now)
        facts = {"reason": why, "running": closed}
        journal.add_entry(
            tx, "exam.cancelled", f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return closed


def list_recorded(viewer: Viewer, exam_id: int) -> list[exam_times.RecordedChange]:
    """Return every change of time of the exam, the latest first."""
    with reading() as tx:
        check_may(viewer, "organizer", exams.get_exam(tx, exam_id).unit)
        return exam_times.list_recorded(tx, exam_id)


def _lock_published(tx: Tx, viewer: Viewer, exam_id: int) -> Exam:
    exam = exams.lock_exam(tx, exam_id)
    check_may(viewer, "organizer", exam.unit)
    if exam.state != "published":
        raise Conflict("exam_not_running")
    if exam.results_published_at is not None:
        raise Conflict("results_published")
    return exam


def _lock_running(tx: Tx, viewer: Viewer, exam_id: int, now: datetime) -> Exam:
    """Return a published exam whose end has not come; afterwards no time is changed any more."""
    exam = _lock_published(tx, viewer, exam_id)
    if exam.last_closes_at <= now:
        raise Conflict("exam_over")
    return exam


def _resolve(tx: Tx, exam: Exam, target: Target) -> tuple[OfficerId | None, UnitId | None]:
    if target.staff_no:
        return exam_rosters.find_invited(tx, exam.id, target.staff_no), None
    if not target.unit_code:
        return None, None
    code = target.unit_code
    place = places.find_place(tx, code) if code.isprintable() else None
    if place is None:
        raise NotFound("unit_not_found")
    return None, None if place.level == "province" else place.id


def _record(
    tx: Tx, viewer: Viewer, exam: Exam, change: TimeChange, reason: str, *, now: datetime
) -> int:
    why = check_reason(reason)
    exam_times.add_change(tx, exam.id, change, reason=why, made_by=viewer.officer_id, now=now)
    reached = exam_times.reschedule(tx, exams.get_exam(tx, exam.id), now=now)
    facts = {
        "officer": change.officer_id,
        "unit": change.unit_id,
        "extra_s": change.extra_s,
        "opens_at": iso_z(change.opens_at) if change.opens_at else None,
        "closes_at": iso_z(change.closes_at) if change.closes_at else None,
        "reason": why,
        "reached": reached,
    }
    journal.add_entry(
        tx, f"exam.{change.kind}", f"exam:{exam.id}", facts, actor_id=viewer.officer_id, now=now
    )
    return reached
