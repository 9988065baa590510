"""Officers and their accounts, as those see them who look after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import MANAGERS, Grant, Officer, Place, Viewer, check_may
from quizapp.domain.places import Gazetteer, Unit
from quizapp.domain.roster import HEADER, LABELS, Entry, read_roster
from quizapp.domain.sheets import Row, Sheet
from quizapp.domain.uploads import Problem
from quizapp.formats import tabular
from quizapp.service import roster
from quizapp.store import journal, places
from quizapp.store import officers as store
from quizapp.store.db import Tx, reading, transaction

PAGE_SIZE = 50
FIELDS = ("staff_no", "name", "unit_code", "cadre_level", "badge_no", "badge_expires_on", "phone")


class OfficerInvalid(Invalid):
    """What was typed about an officer does not do. `rows`: the problems, by column."""

    code = "officer_invalid"

    def __init__(self, rows: list[Problem]) -> None:
        super().__init__(problems=[{"field": row.column, "code": row.code} for row in rows])
        self.rows = rows


class OwnAccount(Conflict):
    """Nobody changes the own rights or state."""

    code = "own_account"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which officers of the own scope are asked for."""

    text: str = ""
    unit: str = ""
    state: str = ""
    cadre_level: str = ""


@dataclass(frozen=True, slots=True)
class OfficerPage:
    """One page of a list. `units` are those of the viewer's scope, for the choice of a unit."""

    officers: list[Officer]
    total: int
    page: int
    pages: int
    units: list[Place]
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True)
class OfficerDetail:
    """An officer with roles, and what this viewer may do about them."""

    officer: Officer
    grants: list[Grant]
    may_manage: bool
    may_grant: bool
    units: list[Place]
    gazetteer: Gazetteer


def list_officers(viewer: Viewer, wanted: Wanted, page: int) -> OfficerPage:
    """Return one page (from 1; too high a number gives the last) of the own scope's officers."""
    with reading() as tx:
        units = places.list_units(tx)
        search = search_of(viewer, wanted, units)
        total = store.count_officers(tx, search)
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(page, 1), pages)
        found = store.list_officers(tx, search, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return OfficerPage(found, total, page, pages, _in_scope(viewer, units), Gazetteer(units))


def search_of(viewer: Viewer, wanted: Wanted, units: list[Unit]) -> store.Search:
    """Return the search for what is asked for within the viewer's scope. Raises UnitRefused."""
    place = Gazetteer(units).by_code(wanted.unit) if wanted.unit else None
    return store.Search(
        scopes=viewer.places_of(MANAGERS),
        text=wanted.text.strip(),
        place=place,
        state=wanted.state,
        cadre_level=wanted.cadre_level,
    )


def _in_scope(viewer: Viewer, units: list[Unit]) -> list[Place]:
    return [unit.place for unit in units if not unit.is_closed and viewer.may(MANAGERS, unit.place)]


def export_officers(viewer: Viewer, wanted: Wanted, kind: str, *, now: datetime) -> bytes:
    """Return the officers found as a file that can be imported again; the journal notes it."""
    tabular.mimetype(kind)
    with transaction() as tx:
        units = places.list_units(tx)
        found = store.list_officers(tx, search_of(viewer, wanted, units))
        facts = {"count": len(found), "unit": wanted.unit}
        enter(tx, "roster.exported", "roster", facts, viewer, now=now)
    return roster.export(kind, found, Gazetteer(units))


def get_officer(viewer: Viewer, officer_id: int) -> OfficerDetail:
    """Return an officer of the own scope. Raises NotFound, NotAllowed("out_of_scope")."""
    with reading() as tx:
        officer, held = _get(tx, viewer, officer_id)
        units = places.list_units(tx)
    return OfficerDetail(
        officer=officer,
        grants=held,
        may_manage=_may_manage(viewer, officer, held),
        may_grant=viewer.may("administrator", officer.place),
        units=_in_scope(viewer, units),
        gazetteer=Gazetteer(units),
    )


def _get(tx: Tx, viewer: Viewer, officer_id: int) -> tuple[Officer, list[Grant]]:
    officer = store.get_officer(tx, officer_id)
    check_may(viewer, MANAGERS, officer.place)
    return officer, store.list_grants(tx, [officer_id]).get(officer.id, [])


def _may_manage(viewer: Viewer, officer: Officer, held: list[Grant]) -> bool:
    """Say whether the viewer may hand out a code for, or disable, this account.

    Whoever can hand out a code can become that person: over staff only an administrator of all
    their scopes can.
    """
    if officer.id == viewer.officer_id or not viewer.may(MANAGERS, officer.place):
        return False
    return all(viewer.may("administrator", grant.place) for grant in held)


def check_manage(tx: Tx, viewer: Viewer, officer_id: int) -> Officer:
    """Return an officer whose account the viewer may manage. Raises NotAllowed, OwnAccount."""
    if officer_id == viewer.officer_id:
        raise OwnAccount
    officer, held = _get(tx, viewer, officer_id)
    if not _may_manage(viewer, officer, held):
        raise NotAllowed("staff_account")
    return officer


def add_officer(viewer: Viewer, fields: dict[str, str], *, now: datetime) -> OfficerId:
    """Add one officer from what was typed (keys: FIELDS). Raises OfficerInvalid, NotAllowed."""
    with transaction() as tx:
        entry = _read(tx, viewer, fields)
        _check_free(tx, entry, None)
        store.add_officers(tx, [roster.new_columns(entry, now)])
        officer = store.find_by_numbers(tx, [entry.staff_no])[entry.staff_no]
        facts = {"unit": entry.place.code}
        enter(tx, "officer.added", f"officer:{officer.id}", facts, viewer, now=now)
    return officer.id


def save_officer(viewer: Viewer, officer_id: int, fields: dict[str, str], *, now: datetime) -> None:
    """Let what was typed replace an officer's particulars; an empty field is emptied.

    Raises OfficerInvalid, NotFound, NotAllowed.
    """
    with transaction() as tx:
        officer, held = _get(tx, viewer, officer_id)
        entry = _read(tx, viewer, fields)
        _check_free(tx, entry, officer.id)
        if entry.staff_no != officer.staff_no and held:
            check_manage(tx, viewer, officer_id)
        values = roster.new_columns(entry, now)
        del values["created_at"]
        store.put_officers(tx, [(officer.id, values)])
        changed = sorted(
            name for name in FIELDS if name != "unit_code" and _differs(officer, entry, name)
        )
        facts = {"fields": changed, "unit": [officer.place.code, entry.place.code]}
        enter(tx, "officer.changed", f"officer:{officer_id}", facts, viewer, now=now)


def _differs(officer: Officer, entry: Entry, name: str) -> bool:
    return bool(getattr(officer, name) != getattr(entry, name))


def _read(tx: Tx, viewer: Viewer, fields: dict[str, str]) -> Entry:
    """Return what was typed, read by the very rules of the roster."""
    header = tuple(LABELS[name] for name in FIELDS)
    typed = tuple(fields.get(name, "") for name in FIELDS)
    sheet = Sheet("", (Row(1, header), Row(2, typed)))
    read = read_roster([sheet], Gazetteer(places.list_units(tx)))
    if read.problems or not read.entries:
        raise OfficerInvalid(list(read.problems) or [Problem(2, "staff_no_missing", HEADER[0])])
    check_may(viewer, MANAGERS, read.entries[0].place)
    return read.entries[0]


def _check_free(tx: Tx, entry: Entry, own: OfficerId | None) -> None:
    holder = store.find_by_numbers(tx, [entry.staff_no]).get(entry.staff_no)
    if holder is not None and holder.id != own:
        facts = {"written": entry.staff_no}
        raise OfficerInvalid([Problem(2, "staff_no_taken", LABELS["staff_no"], facts)])


def enter(
    tx: Tx, action: str, subject: str, facts: Mapping[str, Any], viewer: Viewer, *, now: datetime
) -> None:
    """Leave an entry of this viewer in the journal."""
    journal.add_entry(tx, action, subject, dict(facts), actor_id=viewer.officer_id, now=now)
