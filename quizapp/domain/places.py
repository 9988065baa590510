"""Units: the tree of province, cities and counties, and finding one by what people write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.domain.errors import Invalid
from quizapp.domain.ids import UnitId
from quizapp.domain.people import Place
from quizapp.domain.text import Text

LEVELS = {
    "province": Text("省", "Province"),
    "city": Text("市", "City"),
    "county": Text("县（市、区）", "County"),
}
_PEOPLES = "满族|蒙古族|回族|朝鲜族"
_SUFFIX = re.compile(rf"((({_PEOPLES})+自治)?县|矿区|新区|市|区)$")


class UnitRefused(Invalid):
    """A unit cannot be added or found as asked; the code says why."""

    code = "unit_refused"


@dataclass(frozen=True, slots=True)
class Alias:
    """A former or other name. `until`: the month (YYYY-MM) it was given up, or empty."""

    name: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its own page shows it."""

    place: Place
    name_en: str = ""
    kind: str = ""
    aliases: tuple[Alias, ...] = ()
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added: what the regions file or an administrator says of it. Codes, not ids."""

    code: str
    name: str
    level: str
    parent: str
    scoring_unit: str
    is_ranked: bool = True
    name_en: str = ""
    kind: str = ""
    aliases: tuple[Alias, ...] = field(default=())


def short_name(name: str) -> str:
    """Return the name without its kind (石家庄市 → 石家庄); a name of two signs stays whole."""
    short = _SUFFIX.sub("", name)
    return short if len(short) > 1 else name


def squeeze(text: str) -> str:
    """Return what was written without any blank."""
    return "".join(text.split())


class Gazetteer:
    """Finds units by code, or by city and county as written; never guesses."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._open = [unit for unit in units if not unit.is_closed]
        self._by_code = {unit.place.code: unit.place for unit in units}
        self._by_id = {unit.place.id: unit.place for unit in units}
        self._found: dict[tuple[str, str, str], Place] = {}

    def by_code(self, code: str) -> Place:
        """Return the unit of that code. Raises UnitRefused("unit_unknown")."""
        if code not in self._by_code:
            raise UnitRefused("unit_unknown", written=code)
        return self._by_code[code]

    def by_id(self, unit_id: UnitId) -> Place:
        """Return the unit of that id, which must exist (KeyError)."""
        return self._by_id[unit_id]

    def path(self, place: Place) -> tuple[str, str]:
        """Return (city, county) as a roster writes them; no county for a city's own staff."""
        if place.level == "county" and place.parent_id is not None:
            above = self._by_id[place.parent_id]
            return (place.name, "") if above.level == "province" else (above.name, place.name)
        return place.name, ""

    def find(self, *, city: str = "", county: str = "", unit: str = "") -> Place:
        """Return the unit that city and county name, else the one the unit's full name begins with.

        Raises UnitRefused("unit_unknown" | "unit_ambiguous" | "unit_missing").
        """
        key = (squeeze(city), squeeze(county), squeeze(unit))
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, city: str, county: str, unit: str) -> Place:
        if not city and not county:
            return self._by_full_name(unit)
        if not county:
            return _only(self._named(city, self._tops()) or self._counties_named(city), city)
        above = self._named(city, self._tops()) if city else [p.place for p in self._open]
        if city and not above:
            return self._of_direct(city, county)
        below = [u for u in self._open if not city or u.place.parent_id in {p.id for p in above}]
        direct = self._by_path(above, county) if city else []
        if (
            city
            and not direct
            and county in {name for p in above for name in (p.name, "市本级", "市直")}
        ):
            return _only(above, city)
        return _only(direct or self._named(county, below), city + county)

    def _of_direct(self, city: str, county: str) -> Place:
        """Return a directly administered city that was written in both columns."""
        found = _only(self._counties_named(city), city + county)
        if county in (found.name, short_name(found.name), "市本级", "市直"):
            return found
        raise UnitRefused("unit_unknown", written=city + county)

    def _tops(self) -> list[Unit]:
        return [unit for unit in self._open if unit.place.level != "county"]

    def _counties_named(self, text: str) -> list[Place]:
        """Return directly administered cities of that name: they stand in the column of cities."""
        direct = [
            unit
            for unit in self._open
            if unit.place.level == "county" and unit.place.scoring_unit_id == unit.place.id
        ]
        return self._named(text, direct)

    def _named(self, text: str, units: Sequence[Unit]) -> list[Place]:
        """Return the units of that name: by the full, else a former, else the short one."""
        whole = [unit.place for unit in units if unit.place.name == text]
        former = [u.place for u in units if any(text == alias.name for alias in u.aliases)]
        short = [
            u.place for u in units if text in (short_name(u.place.name), _plain_kind(u.place.name))
        ]
        return whole or former or short

    def _by_path(self, above: Sequence[Place], county: str) -> list[Place]:
        """Return units known by another city's name as well (石家庄市/辛集市)."""
        paths = {f"{place.name}/{county}" for place in above}
        paths |= {f"{place.name}/{county}{kind}" for place in above for kind in "市县"}
        return [u.place for u in self._open if any(alias.name in paths for alias in u.aliases)]

    def _by_full_name(self, text: str) -> Place:
        if not text:
            raise UnitRefused("unit_missing")
        if text in self._by_code:
            return self._by_code[text]
        text = text.removeprefix("河北省") or "河北省"
        cities = [u.place for u in self._tops() if text.startswith(u.place.name)]
        if cities:
            rest = text.removeprefix(cities[0].name)
            below = [u for u in self._open if u.place.parent_id == cities[0].id]
            return _only(_longest(below, rest) or cities, text)
        direct = self._counties_named(text[:3])
        return _only(direct or _longest(self._open, text) or self._province(text), text)

    def _province(self, text: str) -> list[Place]:
        own = text in ("河北省", "省本级", "省直") or text.startswith("住房和城乡建设厅")
        return [u.place for u in self._open if own and u.place.level == "province"]


def _plain_kind(name: str) -> str:
    """Return 青龙县 for 青龙满族自治县."""
    return re.sub(rf"({_PEOPLES})+自治县$", "县", name)


def _longest(units: Sequence[Unit], text: str) -> list[Place]:
    hits = [unit.place for unit in units if text.startswith(unit.place.name)]
    size = max((len(place.name) for place in hits), default=0)
    return [place for place in hits if len(place.name) == size]


def _only(places: Sequence[Place], written: str) -> Place:
    if not places:
        raise UnitRefused("unit_unknown", written=written)
    if len({place.id for place in places}) > 1:
        raise UnitRefused("unit_ambiguous", written=written)
    return places[0]
