"""Who may read and change which bank: what editing, reviews and fault reports share."""

from collections.abc import Iterable

from quizapp.domain.errors import Invalid, NotFound
from quizapp.domain.people import Place, Viewer, check_may
from quizapp.domain.scopes import LEVELS, Reach, looks_after, reach_of, scope_of, unit_code_of
from quizapp.domain.text import Text
from quizapp.store import editing, places
from quizapp.store.db import Tx
from quizapp.store.editing import Kept


def reach_in(tx: Tx, viewer: Viewer) -> Reach:
    """Return what of all banks a trainer may read."""
    return reach_of(viewer, [unit.place for unit in places.list_units(tx)])


def check_readable(tx: Tx, viewer: Viewer, kept: Kept) -> None:
    """Pass only a trainer who may read the current version.

    Raises NotFound("question_not_found").
    """
    is_approved = kept.version.is_approved
    if not reach_in(tx, viewer).holds(kept.scope, kept.state, is_approved=is_approved):
        raise NotFound("question_not_found")


def place_of_scope(tx: Tx, scope: str) -> Place:
    """Return the unit that looks after a bank. Raises Invalid("unknown_scope")."""
    place = _find_place_of(tx, scope)
    if place is None:
        raise Invalid("unknown_scope")
    return place


def _find_place_of(tx: Tx, scope: str) -> Place | None:
    place = places.find_place(tx, unit_code_of(scope))
    return place if place is not None and looks_after(place, scope) else None


def may_write(tx: Tx, viewer: Viewer, scope: str) -> bool:
    """Say whether a trainer may change the questions of that bank."""
    place = _find_place_of(tx, scope)
    return place is not None and viewer.may("trainer", place)


def writable_of(tx: Tx, viewer: Viewer, scopes: Iterable[str]) -> list[str]:
    """Return those of these banks whose questions a trainer may change, in their order."""
    units = {unit.place.code: unit.place for unit in places.list_units(tx)}
    found = [(scope, units.get(unit_code_of(scope))) for scope in scopes]
    return [
        scope
        for scope, place in found
        if place and looks_after(place, scope) and viewer.may("trainer", place)
    ]


def check_writable(tx: Tx, viewer: Viewer, scope: str) -> Place:
    """Return the unit of a bank the trainer may change. Raises NotAllowed("out_of_scope")."""
    place = place_of_scope(tx, scope)
    check_may(viewer, "trainer", place)
    return place


def lock_question(tx: Tx, viewer: Viewer, code: str) -> Kept:
    """Return a question the trainer may change, locked.

    Raises NotFound("question_not_found"), NotAllowed("out_of_scope").
    """
    kept = editing.get_kept(tx, code, lock=True)
    check_readable(tx, viewer, kept)
    check_writable(tx, viewer, kept.scope)
    return kept


def writable_scopes(viewer: Viewer) -> list[tuple[str, Text]]:
    """Return the banks in which a trainer writes, with their names; the own units' alone."""
    found: dict[str, Text] = {}
    for place in viewer.places_of("trainer"):
        scope = scope_of(place)
        found[scope] = LEVELS.get(scope) or _bank_of(place)
        if place.level == "province":
            found["national"] = LEVELS["national"]
    return list(found.items())


def name_of_scope(tx: Tx, scope: str) -> Text:
    """Return the name of a bank."""
    if scope in LEVELS:
        return LEVELS[scope]
    return _bank_of(place_of_scope(tx, scope))


def names_of_scopes(tx: Tx, scopes: Iterable[str]) -> dict[str, Text]:
    """Return the names of these banks."""
    units = {unit.place.code: unit.place for unit in places.list_units(tx)}
    return {scope: LEVELS.get(scope) or _bank_of(units[unit_code_of(scope)]) for scope in scopes}


def _bank_of(place: Place) -> Text:
    return Text(f"{place.name}题库", f"Bank of {place.name_en or place.name}")
