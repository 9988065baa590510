"""题库范围: the banks of the province, the cities and the counties, and who works in which.

A scope is kept as text: national, province:13, city:<unit code>, county:<unit code>. A lower unit
reads the versions that the banks above it have issued and never changes them; what is still being
written or reviewed, and what is said about it, is for the bank's own trainers and those above them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.people import Place, Viewer
from quizapp.domain.text import Text

NATIONAL, PROVINCE = "national", "province:13"
EVERYWHERE = (NATIONAL, PROVINCE)
"""Scopes that hold for every officer of the province."""
PROVINCE_CODE = "130000"
LEVELS = {
    NATIONAL: Text("全国通用（省级题库）", "National law (bank of the province)"),
    PROVINCE: Text("省级题库", "Bank of the province"),
}
ISSUED = ("published", "suspended", "retired")
"""States of a question that has left its bank's desk."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a trainer reads: of the banks `whole` everything, of the banks `above` what is issued.

    `whole` None: every bank.
    """

    whole: tuple[str, ...] | None
    above: tuple[str, ...] = ()

    def is_whole(self, scope: str) -> bool:
        """Say whether everything of that bank is read: drafts, reviews, comments, reports."""
        return self.whole is None or scope in self.whole

    def holds(self, scope: str, state: str, *, is_approved: bool) -> bool:
        """Say whether a version of a question of that bank in that state is read."""
        if self.is_whole(scope):
            return True
        return scope in self.above and state in ISSUED and is_approved


ALL_BANKS = Reach(None)


def scope_of(place: Place) -> str:
    """Return the scope of the bank that belongs to a unit."""
    if place.level == "province":
        return PROVINCE
    is_own_city = place.level == "city" or place.scoring_unit_id == place.id
    return f"{'city' if is_own_city else 'county'}:{place.code}"


def looks_after(place: Place, scope: str) -> bool:
    """Say whether a scope, written as it should be, is one of that unit's."""
    return scope in EVERYWHERE if place.level == "province" else scope == scope_of(place)


def unit_code_of(scope: str) -> str:
    """Return the code of the unit that looks after a scope."""
    return PROVINCE_CODE if scope in EVERYWHERE else scope.partition(":")[2]


def city_of(place: Place, places: Sequence[Place]) -> Place | None:
    """Return the city (scoring unit) above a county, or None."""
    if place.scoring_unit_id in (None, place.id) or place.level != "county":
        return None
    above = next((each for each in places if each.id == place.scoring_unit_id), None)
    return above if above is not None and above.level != "province" else None


def scopes_for(place: Place, places: Sequence[Place]) -> tuple[str, ...]:
    """Return the scopes whose questions hold in the whole of a unit, from the top down."""
    if place.level == "province":
        return EVERYWHERE
    city = city_of(place, places)
    above = (scope_of(city),) if city else ()
    return (*EVERYWHERE, *above, scope_of(place))


def reach_of(viewer: Viewer, places: Sequence[Place]) -> Reach:
    """Return what a trainer may read: own banks and those below whole, of others the issued."""
    held = viewer.places_of("trainer")
    if any(place.level == "province" for place in held):
        return ALL_BANKS
    whole: dict[str, None] = {}
    above: dict[str, None] = dict.fromkeys(EVERYWHERE)
    for place in held:
        below = [each for each in places if each.scoring_unit_id == place.id]
        whole |= dict.fromkeys(scope_of(each) for each in (place, *below))
        above |= dict.fromkeys(scopes_for(place, places))
    return Reach(tuple(whole), tuple(scope for scope in above if scope not in whole))


def scope_above(place: Place, places: Sequence[Place]) -> str | None:
    """Return the scope to which a question of this unit's bank can be promoted, or None."""
    if place.level == "province":
        return None
    city = city_of(place, places)
    return scope_of(city) if city else PROVINCE
