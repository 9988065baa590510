"""Amendments: a law is taken in, a law ends, questions are suspended on the day."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from quizapp.domain.amendments import Change, count_kinds
from quizapp.domain.errors import Conflict
from quizapp.domain.people import Viewer
from quizapp.domain.staleness import Moves
from quizapp.domain.statutes import Law
from quizapp.service.law_basis import write_as_seen
from quizapp.service.law_outlook import Outlook, Step, find_after, find_before, look_ahead
from quizapp.service.law_versions import correct_law
from quizapp.service.statutes import Read, check_may_keep
from quizapp.service.touched import Touched, find_touched, wait_for_force
from quizapp.store import amendments, journal, stale, statutes, touched
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.statutes import Shelved


def import_law(
    read: Read, *, on: date, actor_id: int | None, now: datetime
) -> tuple[Outlook, int | None]:
    """Keep the text; compare it with the versions before and after, open their work lists.

    Questions that are touched are drawn no more for papers of the day of force and after; where
    that day has come (`on`: today), they are suspended. A text that is known gets the name and
    the day of force told now. Return what was done and the id of the last amendment, if there is
    one. Raises Conflict("law_known" | "law_compared_already" | "law_dates_wrong").
    """

    def write(tx: Tx, outlook: Outlook) -> tuple[Outlook, int | None]:
        return outlook, _take_in(tx, outlook, on=on, actor_id=actor_id, now=now)

    return write_as_seen(read.law.short, partial(look_ahead, read=read), write)


def _take_in(
    tx: Tx, outlook: Outlook, *, on: date, actor_id: int | None, now: datetime
) -> int | None:
    """Write what was seen of a text; return the id of the last new amendment."""
    read = outlook.read
    if outlook.is_corrected and outlook.known:
        correct_law(tx, outlook.known, read.law, on=on, actor_id=actor_id, now=now)
        return None
    if outlook.is_known:
        raise Conflict("law_known", law=read.law.short, version=read.law.version.isoformat())
    _check_replaceable(tx, outlook.known)
    law_id = _keep(tx, read, actor_id=actor_id, now=now)
    made = None
    for step in outlook.steps:
        if step.amendment_id is None:
            made = _record(tx, step, on=on, actor_id=actor_id, now=now)
            continue
        for version, hits in step.touched:
            touched.put_item(tx, step.amendment_id, step.effective_on, version, hits)
    _end_where_known(tx, law_id, read.law)
    states = touched.find_states(tx, read.law.short)
    serving = [each for each in outlook.citing if states.get(each.id) == "published"]
    wait_for_force(tx, serving, on=on)
    return made


def _check_replaceable(tx: Tx, known: Shelved | None) -> None:
    """Pass unless another text of this version was compared with its predecessor or successor."""
    if known and known.held and amendments.list_ids_of(tx, known.id):
        raise Conflict("law_compared_already")


def _keep(tx: Tx, read: Read, *, actor_id: int | None, now: datetime) -> int:
    law_id = statutes.put_law(tx, read.law)
    statutes.add_text(tx, law_id, read.text, read.sha256, imported_by=actor_id, now=now)
    facts = {
        "law": read.law.short,
        "version": read.law.version.isoformat(),
        "articles": len(read.text.articles),
        "sha256": read.sha256,
    }
    journal.add_entry(tx, "law.imported", f"law:{law_id}", facts, actor_id=actor_id, now=now)
    return law_id


def _end_where_known(tx: Tx, law_id: int, law: Law) -> None:
    """Let a version end on the day of force of the next one, also where that is no step."""
    versions = statutes.list_shelved(tx, law.short)
    before, after = find_before(law, versions), find_after(law, versions)
    if before is not None:
        statutes.close_law(tx, before.id, law.effective_on)
    if after is not None and law.repealed_on is None:
        statutes.close_law(tx, law_id, after.law.effective_on)


def _record(tx: Tx, step: Step, *, on: date, actor_id: int | None, now: datetime) -> int:
    ids = {each.law.version: each for each in statutes.list_shelved(tx, step.old.short)}
    return record_amendment(
        tx,
        ids[step.old.version],
        (ids[step.new.version].id, step.new) if step.new else None,
        step.changes,
        step.touched,
        effective_on=step.effective_on,
        on=on,
        actor_id=actor_id,
        now=now,
    )


def record_amendment(
    tx: Tx,
    old: Shelved,
    new: tuple[int, Law] | None,
    changes: Sequence[Change],
    items: Touched,
    *,
    effective_on: date,
    on: date,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Record that a version ends, open the work list, suspend what is due; return the id."""
    counts = count_kinds(changes) if changes else {}
    amendment_id = amendments.add_amendment(
        tx,
        old.id,
        new[0] if new else None,
        changes,
        counts,
        effective_on=effective_on,
        made_by=actor_id,
        now=now,
    )
    statutes.close_law(tx, old.id, effective_on)
    touched.add_items(tx, amendment_id, effective_on, items)
    suspended = stale.put_state(tx, stale.list_due(tx, on), "suspended", only_from="published")
    facts = {
        "old": old.law.version.isoformat(),
        "new": new[1].version.isoformat() if new else "",
        "effective_on": effective_on.isoformat(),
        "counts": counts,
        "questions": len(items),
        "suspended": suspended,
    }
    action = "law.amended" if new else "law.repealed"
    journal.add_entry(tx, action, f"law:{old.id}", facts, actor_id=actor_id, now=now)
    return amendment_id


def repeal_law(viewer: Viewer, law_id: int, effective_on: date, *, on: date, now: datetime) -> int:
    """End a version that nothing follows; every question that cites it goes on the work list.

    Return the id of the amendment. Raises Conflict("law_ended"), Conflict("law_dates_wrong").
    """
    check_may_keep(viewer)
    with reading() as tx:
        short = statutes.get_shelved(tx, law_id).law.short

    def look(tx: Tx) -> Touched:
        old, earlier = _ending(tx, law_id, effective_on).law, amendments.find_moves(tx, law_id)
        return find_touched(touched.list_citing(tx, short), Moves.of(old, None, [], earlier))

    def write(tx: Tx, found: Touched) -> int:
        old = _ending(tx, law_id, effective_on)
        by = viewer.officer_id
        return record_amendment(
            tx, old, None, [], found, effective_on=effective_on, on=on, actor_id=by, now=now
        )

    return write_as_seen(short, look, write)


def _ending(tx: Tx, law_id: int, effective_on: date) -> Shelved:
    """Return a version that may end on that day."""
    old = statutes.get_shelved(tx, law_id)
    if amendments.find_of_old(tx, old.id):
        raise Conflict("law_ended")
    if effective_on <= old.law.effective_on:
        raise Conflict("law_dates_wrong")
    return old


def suspend_due(*, on: date, now: datetime) -> int:
    """Suspend the published questions whose law has changed by that day; return how many.

    What was withdrawn before that day retires. Papers are right without it: this makes the state
    say what the pool knows already.
    """
    with reading() as tx:
        if not (stale.list_due(tx, on) or stale.list_due(tx, on, "withdrawn")):
            return 0
    with transaction() as tx:
        withdrawn = stale.list_due(tx, on, "withdrawn")
        retired = stale.put_state(tx, withdrawn, "retired", only_from="published")
        suspended = stale.put_state(tx, stale.list_due(tx, on), "suspended", only_from="published")
        facts = {"suspended": suspended, "retired": retired, "on": on.isoformat()}
        journal.add_entry(tx, "questions.suspended", "bank", facts, actor_id=None, now=now)
    return suspended
