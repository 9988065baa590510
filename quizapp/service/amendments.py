"""Amendments: what an import changes, which questions it touches, the end of a law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.amendments import Change, align, count_kinds
from quizapp.domain.bank import QuestionVersion
from quizapp.domain.errors import Conflict
from quizapp.domain.people import Viewer
from quizapp.domain.staleness import Moves, Touch, touches
from quizapp.domain.statutes import Law
from quizapp.service.apart import run_apart
from quizapp.service.statutes import Read, check_may_keep
from quizapp.store import amendments, journal, stale, statutes
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.statutes import Shelved


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do. `old`: the version that it ends, if one is known.

    `touched`: exactly the questions whose cited words or places change, by code.
    """

    read: Read
    old: Law | None
    changes: tuple[Change, ...]
    counts: dict[str, int]
    touched: tuple[tuple[QuestionVersion, tuple[Touch, ...]], ...]
    is_known: bool
    """The same text is in the library already: importing it changes nothing."""


def preview(read: Read) -> Outlook:
    """Return what the import would do; nothing is written."""
    with reading() as tx:
        return _outlook(tx, read)


def _outlook(tx: Tx, read: Read) -> Outlook:
    versions = statutes.list_shelved(tx, read.law.short)
    own = next((each for each in versions if each.law.version == read.law.version), None)
    old = _predecessor(read.law, versions)
    if old is None or amendments.find_of_old(tx, old.id):
        changes: list[Change] = []
        old = None
    else:
        before = statutes.list_articles(tx, old.id)
        changes = run_apart(align, before, read.text.articles) if before else []
    found = _touched(tx, old.law, read.law, changes) if old else []
    return Outlook(
        read=read,
        old=old.law if old else None,
        changes=tuple(changes),
        counts=count_kinds(changes) if changes else {},
        touched=tuple(found),
        is_known=own is not None and own.sha256 == read.sha256,
    )


def _predecessor(law: Law, versions: Sequence[Shelved]) -> Shelved | None:
    """Return the newest version that is older; one that ended before this began is none."""
    older = [each for each in versions if each.law.version < law.version]
    if not older:
        return None
    last = max(older, key=lambda each: each.law.version)
    ended = last.law.repealed_on
    return None if ended is not None and ended < law.effective_on else last


def _touched(
    tx: Tx, old: Law, new: Law | None, changes: Sequence[Change]
) -> list[tuple[QuestionVersion, tuple[Touch, ...]]]:
    moves = Moves.of(changes)
    found = []
    for version in amendments.list_citing(tx, old.short):
        hits = touches(version.question, old, new, moves)
        if hits:
            found.append((version, tuple(hits)))
    return found


def import_law(
    read: Read, *, on: date, actor_id: int | None, now: datetime
) -> tuple[Outlook, int | None]:
    """Keep the text; if it ends an older version, record the difference and open the work list.

    Questions that are touched are drawn no more for papers of the day of force and after; where
    that day has come (`on`: today), they are suspended. Return what was done and the id of the
    amendment, if there is one. Raises Conflict("law_known"), Conflict("law_compared_already").
    """
    with transaction() as tx:
        outlook = _outlook(tx, read)
        if outlook.is_known:
            raise Conflict("law_known", law=read.law.short, version=read.law.version.isoformat())
        _check_replaceable(tx, read)
        law_id = statutes.put_law(tx, read.law)
        statutes.add_text(tx, law_id, read.text, read.sha256, imported_by=actor_id, now=now)
        facts = {
            "law": read.law.short,
            "version": read.law.version.isoformat(),
            "articles": len(read.text.articles),
            "sha256": read.sha256,
        }
        journal.add_entry(tx, "law.imported", f"law:{law_id}", facts, actor_id=actor_id, now=now)
        amendment_id = None
        if outlook.old is not None:
            amendment_id = _record(tx, outlook, law_id, on=on, actor_id=actor_id, now=now)
    return outlook, amendment_id


def _check_replaceable(tx: Tx, read: Read) -> None:
    """Pass unless another text of this version was compared with its predecessor or successor."""
    known = [
        each
        for each in statutes.list_shelved(tx, read.law.short)
        if each.law.version == read.law.version and each.held
    ]
    pairs = amendments.list_amendments(tx) if known else []
    key = (read.law.short, read.law.version)
    if any(
        key in ((a.old.short, a.old.version), (a.new.short, a.new.version) if a.new else None)
        for a in pairs
    ):
        raise Conflict("law_compared_already")


def _record(
    tx: Tx, outlook: Outlook, law_id: int, *, on: date, actor_id: int | None, now: datetime
) -> int:
    law = outlook.read.law
    old = next(
        each
        for each in statutes.list_shelved(tx, law.short)
        if outlook.old is not None and each.law.version == outlook.old.version
    )
    return record_amendment(
        tx,
        old,
        (law_id, law),
        outlook.changes,
        outlook.touched,
        effective_on=law.effective_on,
        on=on,
        actor_id=actor_id,
        now=now,
    )


def record_amendment(
    tx: Tx,
    old: Shelved,
    new: tuple[int, Law] | None,
    changes: Sequence[Change],
    touched: Sequence[tuple[QuestionVersion, Sequence[Touch]]],
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
    amendments.add_items(tx, amendment_id, effective_on, touched)
    suspended = stale.put_state(tx, stale.list_due(tx, on), "suspended", only_from="published")
    facts = {
        "old": old.law.version.isoformat(),
        "new": new[1].version.isoformat() if new else "",
        "effective_on": effective_on.isoformat(),
        "counts": counts,
        "questions": len(touched),
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
    with transaction() as tx:
        old = statutes.get_shelved(tx, law_id)
        if amendments.find_of_old(tx, old.id):
            raise Conflict("law_ended")
        if effective_on <= old.law.effective_on:
            raise Conflict("law_dates_wrong")
        found = _touched(tx, old.law, None, [])
        return record_amendment(
            tx,
            old,
            None,
            [],
            found,
            effective_on=effective_on,
            on=on,
            actor_id=viewer.officer_id,
            now=now,
        )


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
