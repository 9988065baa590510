"""Putting right what was imported wrongly: a day of force, a name, a whole import."""

from datetime import date, datetime

from quizapp.domain.errors import Conflict
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Law
from quizapp.service.law_outlook import find_after, find_before
from quizapp.service.statutes import check_may_keep
from quizapp.store import amendments, journal, law_imports, stale, statutes
from quizapp.store.db import Tx, transaction
from quizapp.store.statutes import Shelved


def correct_law(
    tx: Tx, known: Shelved, law: Law, *, on: date, actor_id: int | None, now: datetime
) -> None:
    """Let a version have another full name or day of force; all that hangs on the day follows.

    The version before ends on that day, its work list blocks from that day on, what it had
    suspended too early is published again. Raises Conflict("law_dates_wrong").
    """
    versions = statutes.list_shelved(tx, law.short)
    before, after = find_before(known.law, versions), find_after(known.law, versions)
    too_early = before is not None and law.effective_on <= before.law.effective_on
    if too_early or (after is not None and law.effective_on >= after.law.effective_on):
        raise Conflict("law_dates_wrong")
    statutes.put_law(tx, law)
    moved_on = known.law.effective_on != law.effective_on
    if moved_on and before is not None:
        statutes.close_law(tx, before.id, law.effective_on)
    for amendment_id in amendments.list_ids_of(tx, known.id, "new") if moved_on else ():
        law_imports.put_day(tx, amendment_id, law.effective_on)
        law_imports.release(tx, amendment_id, on)
    stale.put_state(tx, stale.list_due(tx, on), "suspended", only_from="published")
    facts = {
        "before": [known.law.full, known.law.effective_on.isoformat()],
        "after": [law.full, law.effective_on.isoformat()],
    }
    journal.add_entry(tx, "law.corrected", f"law:{known.id}", facts, actor_id=actor_id, now=now)


def withdraw_import(viewer: Viewer, law_id: int, *, on: date, now: datetime) -> None:
    """Take an import back as if it had not been, as long as nothing was done with it.

    The comparison with the version before goes, that one ends no more, what it had suspended is
    published again. Raises Conflict("law_settled") when an item of the work list is settled,
    Conflict("law_compared_already") when a newer version was compared with this one,
    Conflict("law_cited") when questions cite it.
    """
    check_may_keep(viewer)
    with transaction() as tx:
        law_imports.hold_library(tx)
        shelved = statutes.get_shelved(tx, law_id)
        if amendments.list_ids_of(tx, law_id, "old"):
            raise Conflict("law_compared_already")
        if law_imports.is_cited(tx, shelved.law):
            raise Conflict("law_cited")
        for amendment_id in amendments.list_ids_of(tx, law_id, "new"):
            if law_imports.is_settled(tx, amendment_id):
                raise Conflict("law_settled")
            law_imports.release(tx, amendment_id, None)
            law_imports.delete_amendment(tx, amendment_id)
        before = find_before(shelved.law, statutes.list_shelved(tx, shelved.law.short))
        if before is not None and before.law.repealed_on == shelved.law.effective_on:
            statutes.close_law(tx, before.id, None)
        law_imports.delete_law(tx, law_id)
        stale.put_state(tx, stale.list_due(tx, on), "suspended", only_from="published")
        facts = {"law": shelved.law.short, "version": shelved.law.version.isoformat()}
        journal.add_entry(
            tx, "law.withdrawn", f"law:{law_id}", facts, actor_id=viewer.officer_id, now=now
        )
