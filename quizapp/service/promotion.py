"""收入上级题库: a published question rises to the bank above and keeps its author and versions."""

from datetime import datetime

from quizapp.domain.errors import Conflict, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.domain.scopes import scope_above
from quizapp.domain.text import Text
from quizapp.service.desk import (
    check_writable,
    lock_question,
    names_of_scopes,
    place_of_scope,
    writable_of,
)
from quizapp.store import editing, journal, places, reviews
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.editing import Kept


def scope_above_of(tx: Tx, kept: Kept) -> str | None:
    """Return the scope to which a question can be promoted, or None."""
    place = place_of_scope(tx, kept.scope)
    return scope_above(place, [unit.place for unit in places.list_units(tx)])


def list_nominated(viewer: Viewer) -> list[tuple[str, str, Text]]:
    """Return (code, stem, bank) of what is nominated for a bank in which the viewer writes."""
    with reading() as tx:
        wanted = writable_of(tx, viewer, editing.list_nominations(tx))
        rows = editing.list_nominated(tx, wanted)
        names = names_of_scopes(tx, {scope for _, scope, _ in rows})
    return [(code, stem, names[scope]) for code, scope, stem in rows]


def nominate(viewer: Viewer, code: str, *, now: datetime) -> str:
    """Propose a published question for the bank above; return that scope.

    Raises Conflict("nothing_above" | "step_not_possible"), NotAllowed.
    """
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        target = scope_above_of(tx, kept)
        if target is None:
            raise Conflict("nothing_above")
        if kept.state != "published" or kept.nominated_to:
            raise Conflict("step_not_possible")
        editing.put_nomination(tx, kept.id, target)
        _enter(tx, "nominated", kept, {"to": target}, viewer=viewer, now=now)
    return target


def settle_nomination(viewer: Viewer, code: str, *, accept: bool, now: datetime) -> None:
    """Take a nominated question into the bank above, keeping its author and versions, or decline.

    The trainer above reads it as a second person; it must still be published. Raises
    Conflict("not_nominated" | "step_not_possible"), NotAllowed("out_of_scope" | "own_work").
    """
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        if kept.nominated_to is None:
            raise Conflict("not_nominated")
        check_writable(tx, viewer, kept.nominated_to)
        if viewer.officer_id in reviews.list_authors(tx, kept.id):
            raise NotAllowed("own_work")
        if accept and kept.state != "published":
            raise Conflict("step_not_possible")
        facts = {"from": kept.scope, "to": kept.nominated_to, "version": kept.version.version}
        if accept:
            editing.put_scope(tx, kept.id, kept.nominated_to)
        else:
            editing.put_nomination(tx, kept.id, None)
        action = "promoted" if accept else "not_promoted"
        _enter(tx, action, kept, facts, viewer=viewer, now=now)


def _enter(
    tx: Tx, action: str, kept: Kept, facts: dict[str, object], *, viewer: Viewer, now: datetime
) -> None:
    journal.add_entry(
        tx,
        f"question.{action}",
        f"question:{kept.code}",
        facts,
        actor_id=viewer.officer_id,
        now=now,
    )
