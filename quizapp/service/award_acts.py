"""What an organizer does with awards: declare, settle ties, confirm. All of it is journalled."""

from collections.abc import Sequence
from datetime import datetime

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import Terms, check_order, check_terms
from quizapp.domain.errors import Conflict, Invalid, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.people import Viewer
from quizapp.service.awards import get_exam, read_entrants
from quizapp.service.giving import give
from quizapp.service.results import check_over
from quizapp.store import awards as store
from quizapp.store import journal, tallies
from quizapp.store.awards import StoredAward
from quizapp.store.db import Tx, reading, transaction

REASON_MAX = 300


def declare(viewer: Viewer, exam_id: int, key: str, terms: Terms, *, now: datetime) -> None:
    """Declare an award, or declare it anew while it is not locked.

    Raises Invalid("unknown_award" | "award_quota_wrong" | "award_floor_wrong"),
    Conflict("award_locked" | "exam_not_published"), NotAllowed.
    """
    AWARDS.get(key)
    check_terms(terms)
    with transaction() as tx:
        exam = get_exam(tx, viewer, exam_id, lock=True)
        _open_award(tx, exam, key)
        store.put_terms(tx, exam.id, key, terms, by=viewer.officer_id, now=now)
        _note(
            tx, viewer, "award.declared", exam, now=now, award=key, quotas=list(terms.quotas),
            floor_bp=terms.floor_bp, one_per_city=terms.one_per_city,
        )  # fmt: skip


def retract(viewer: Viewer, exam_id: int, key: str, *, now: datetime) -> None:
    """Give no such award after all. Raises Conflict("award_locked"), NotFound, NotAllowed."""
    with transaction() as tx:
        exam = get_exam(tx, viewer, exam_id, lock=True)
        _declared(_open_award(tx, exam, key))
        store.delete_award(tx, exam.id, key)
        _note(tx, viewer, "award.retracted", exam, now=now, award=key)


def _open_award(tx: Tx, exam: Exam, key: str) -> StoredAward | None:
    stored = store.list_awards(tx, exam.id).get(key)
    if stored is not None and stored.locked_at is not None:
        raise Conflict("award_locked")
    return stored


def _declared(stored: StoredAward | None) -> StoredAward:
    if stored is None:
        raise NotFound("award_not_declared")
    return stored


def settle(
    viewer: Viewer, exam_id: int, key: str, order: Sequence[int], reason: str, *, now: datetime
) -> None:
    """Keep how equals beyond the places are put: after a further round, by lot, and why.

    Raises Invalid("award_order_wrong" | "reason_missing"), and what `lock` raises.
    """
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Invalid("reason_missing")
    with reading() as tx:
        exam = get_exam(tx, viewer, exam_id)
        check_over(tx, exam, now)
        stored = _declared(_open_award(tx, exam, key))
        check_order(order, give(stored, read_entrants(tx, exam)[AWARDS.get(key).board]))
    with transaction() as tx:
        exam = get_exam(tx, viewer, exam_id, lock=True)
        stored = _declared(_open_award(tx, exam, key))
        kept = [*(one for one in stored.tie_order if one not in order), *order]
        store.put_ties(tx, exam.id, key, kept, reason)
        _note(
            tx, viewer, "award.tie_settled", exam, now=now, award=key, order=list(order),
            reason=reason,
        )  # fmt: skip


def lock(viewer: Viewer, exam_id: int, key: str, *, now: datetime) -> int:
    """Confirm the prizes as the ranks of now give them; return how many they are.

    Raises Conflict("award_locked" | "award_tie_open" | "marks_changed" | "exam_not_published"),
    NotFound("award_not_declared"), NotAllowed, and what `check_over` raises.
    """
    with reading() as tx:
        exam = get_exam(tx, viewer, exam_id)
        check_over(tx, exam, now)
        read = _declared(_open_award(tx, exam, key))
        before = tallies.state_of_marks(tx, exam_id)
        board = AWARDS.get(key).board
        given = give(read, read_entrants(tx, exam)[board])
    if given.ties:
        raise Conflict("award_tie_open")
    with transaction() as tx:
        exam = get_exam(tx, viewer, exam_id, lock=True)
        if _open_award(tx, exam, key) != read or tallies.state_of_marks(tx, exam_id) != before:
            raise Conflict("marks_changed")
        store.put_prizes(tx, exam.id, key, board, given.prizes, by=viewer.officer_id, now=now)
        prizes = [[p.entrant_id, p.level, p.rank] for p in given.prizes]
        _note(tx, viewer, "award.locked", exam, now=now, award=key, prizes=prizes)
    return len(given.prizes)


def unlock(viewer: Viewer, exam_id: int, key: str, reason: str, *, now: datetime) -> None:
    """Take confirmed prizes back; not while the results are public.

    Raises Invalid("reason_missing"), Conflict("award_not_locked" | "results_already_published").
    """
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Invalid("reason_missing")
    with transaction() as tx:
        exam = get_exam(tx, viewer, exam_id, lock=True)
        stored = _declared(store.list_awards(tx, exam.id).get(key))
        if stored.locked_at is None:
            raise Conflict("award_not_locked")
        if exam.results_published_at is not None:
            raise Conflict("results_already_published")
        store.delete_prizes(tx, exam.id, key)
        _note(tx, viewer, "award.unlocked", exam, now=now, award=key, reason=reason)


def _note(
    tx: Tx, viewer: Viewer, action: str, exam: Exam, *, now: datetime, **facts: object
) -> None:
    journal.add_entry(tx, action, f"exam:{exam.id}", facts, actor_id=viewer.officer_id, now=now)
