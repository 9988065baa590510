"""The ledger as those see it who look after it: lines, imports, and taking back what was wrong."""

from collections.abc import Iterable
from datetime import datetime

from quizapp.domain.errors import NotFound
from quizapp.domain.people import Officer, Viewer, check_may
from quizapp.domain.places import Gazetteer
from quizapp.domain.training import HOURS_ROLES, AlreadyReversed, Posting, reversal_of, scope_of
from quizapp.service.training import Line
from quizapp.store import hours, journal, officers, places
from quizapp.store import training as store
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.hours import Batch


def list_batches(viewer: Viewer) -> list[Batch]:
    """Return the imports that posted for units of the viewer's scope, the latest first."""
    with reading() as tx:
        return hours.list_batches(tx, scope_of(viewer.places_of(HOURS_ROLES)))


def get_batch(viewer: Viewer, batch_id: int) -> Batch:
    """Return one import. Raises NotFound("batch_empty")."""
    found = next((batch for batch in list_batches(viewer) if batch.id == batch_id), None)
    if found is None:
        raise NotFound("batch_empty")
    return found


def ledger_of(viewer: Viewer, staff_no: str) -> tuple[Officer, tuple[Line, ...]]:
    """Return an officer and the whole ledger of that officer, for staff whose scope holds the unit.

    Raises NotFound("officer_not_found"), NotAllowed.
    """
    with reading() as tx:
        officer = officers.find_by_numbers(tx, [staff_no]).get(staff_no)
        if officer is None:
            raise NotFound("officer_not_found")
        check_may(viewer, HOURS_ROLES, officer.place)
        postings = store.list_postings(tx, officer.id)
    back = {posting.reverses_id for posting in postings}
    return officer, tuple(Line(posting, posting.id in back) for posting in postings)


def get_line(viewer: Viewer, posting_id: int) -> tuple[Officer, Line]:
    """Return one posting and its officer. Raises NotFound, NotAllowed."""
    with reading() as tx:
        posting = store.get_posting(tx, posting_id)
        officer = officers.get_officer(tx, posting.officer_id)
        _check_scope(tx, viewer, [posting])
        return officer, Line(posting, store.is_reversed(tx, posting_id))


def reverse(viewer: Viewer, posting_id: int, reason: str, *, now: datetime) -> None:
    """Leave a posting that takes another one back. Raises NotFound, NotAllowed, AlreadyReversed."""
    with transaction() as tx:
        posting = store.get_posting(tx, posting_id)
        _check_scope(tx, viewer, [posting])
        reversal = reversal_of(posting, reason=reason, by=viewer.officer_id, now=now)
        if not store.add_postings(tx, [reversal]):
            raise AlreadyReversed
        facts = {"officer": posting.officer_id, "credit_ch": posting.credit_ch, "reason": reason}
        journal.add_entry(
            tx,
            "hours.reversed",
            f"posting:{posting_id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )


def reverse_batch(viewer: Viewer, batch_id: int, reason: str, *, now: datetime) -> int:
    """Take back every posting of an import that still stands; return how many.

    Raises NotFound when nothing stands, NotAllowed when one lies outside the viewer's scope.
    """
    with transaction() as tx:
        standing = store.list_standing(tx, batch_id)
        if not standing:
            raise NotFound("batch_empty")
        _check_scope(tx, viewer, standing)
        reversals = [reversal_of(p, reason=reason, by=viewer.officer_id, now=now) for p in standing]
        done = store.add_postings(tx, reversals)
        facts = {"postings": done, "reason": reason}
        journal.add_entry(
            tx,
            "hours.batch_reversed",
            f"upload:{batch_id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    return done


def _check_scope(tx: Tx, viewer: Viewer, postings: Iterable[Posting]) -> None:
    gazetteer = Gazetteer(places.list_units(tx))
    for unit_id in {posting.unit_id for posting in postings}:
        check_may(viewer, "organizer", gazetteer.by_id(unit_id))
