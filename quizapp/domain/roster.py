"""The roster: reading rows of a file as officers, and what they would change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.domain.errors import Refusal
from quizapp.domain.people import Officer, Place
from quizapp.domain.places import Gazetteer
from quizapp.domain.roster_fields import PARSERS, read_values
from quizapp.domain.sheets import Heading, Row, Sheet, find_table
from quizapp.domain.uploads import Problem

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "staff_no": ("工号", "人员编号", "员工号", "职工号", "账号", "STAFF_NO"),
    "name": ("姓名", "人员姓名", "名字", "NAME"),
    "city": ("城市", "地市", "设区市", "所属城市", "所在市", "市", "参赛城市"),
    "county": ("县区", "区县", "县市区", "县", "所属县区", "县级单位"),
    "unit": ("单位", "单位名称", "所在单位", "工作单位", "所属单位"),
    "unit_code": ("单位代码", "区划代码", "行政区划代码", "UNIT_CODE"),
    "cadre_level": ("职级", "级别", "职务级别", "干部级别"),
    "badge_no": ("执法证号", "执法证件号", "执法证编号", "执法证件编号", "执法证"),
    "badge_expires_on": ("执法证有效期", "执法证有效期至", "有效期至", "有效期", "证件有效期"),
    "phone": ("手机号", "手机号码", "手机", "联系电话", "电话"),
}
REQUIRED = (("staff_no",), ("name",), ("city", "county", "unit", "unit_code"))
_UNIT = ("unit_code", "unit", "county", "city")
"""What names a unit, the most exact first."""
LABELS = {field: names[0] for field, names in SYNONYMS.items()}
HEADER = ("工号", "姓名", "单位代码", "城市", "县区", "职级", "执法证号", "执法证有效期", "手机号")
"""The columns of the template and of exports; an export can be imported again unchanged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One officer as a row says. None: the file is silent about it, so it stays as it is."""

    row: int
    staff_no: str
    name: str
    place: Place
    cadre_level: str | None = None
    badge_no: str | None = None
    badge_expires_on: date | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry changes on an officer who is there: field → (before, after)."""

    entry: Entry
    officer: Officer
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Roster:
    """A file as read: its table, and what each row says or what is wrong with it."""

    sheet: Sheet
    heading: Heading
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    new: tuple[Entry, ...]
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def faulty_rows(self) -> int:
        """Return the number of rows with at least one problem."""
        return len({problem.row for problem in self.problems})


def find_roster(sheets: Iterable[Sheet]) -> tuple[Sheet, Heading]:
    """Return the first table that has the headings. Raises HeadingMissing when none has them."""
    return find_table(sheets, SYNONYMS, REQUIRED)


def read_roster(sheets: Iterable[Sheet], gazetteer: Gazetteer) -> Roster:
    """Return the officers of the first table that has the headings; problems in file order.

    Raises HeadingMissing.
    """
    sheet, heading = find_roster(sheets)
    entries: list[Entry] = []
    problems: list[Problem] = []
    first_row: dict[str, int] = {}
    for row, fields in heading.records(sheet):
        read, wrong = _read_row(row, fields, heading, gazetteer)
        number = read.staff_no if read else ""
        if read and number in first_row:
            facts = {"row": first_row[number]}
            wrong.append(Problem(row.no, "duplicate_in_file", heading.written("staff_no"), facts))
        if wrong or read is None:
            problems += wrong
        else:
            first_row[number] = row.no
            entries.append(read)
    return Roster(sheet, heading, tuple(entries), tuple(problems))


def _read_row(
    row: Row, fields: Mapping[str, str], heading: Heading, gazetteer: Gazetteer
) -> tuple[Entry | None, list[Problem]]:
    """Return the entry of a row, or everything that is wrong with it."""
    values, problems = read_values(row, fields, heading, PARSERS)
    if problems and not values:
        return None, problems
    try:
        place = find_place(gazetteer, fields)
    except Refusal as refusal:
        column = heading.written(*_UNIT)
        return None, [*problems, Problem(row.no, refusal.name, column, refusal.facts)]
    return (None if problems else Entry(row.no, place=place, **values)), problems


def find_place(gazetteer: Gazetteer, fields: Mapping[str, str]) -> Place:
    """Return the unit a row names, by code first. Raises UnitRefused."""
    code = fields.get("unit_code", "")
    if code:
        return gazetteer.by_code(code)
    city, county = fields.get("city", ""), fields.get("county", "")
    return gazetteer.find(city=city, county=county, unit=fields.get("unit", ""))


def plan_roster(roster: Roster, known: Mapping[str, Officer], may: Callable[[Place], bool]) -> Plan:
    """Return what an import would do; `may` says for which units this person may import.

    Rows for other units, also of officers who belong to one now, are problems ("out_of_scope").
    """
    new: list[Entry] = []
    changes: list[Change] = []
    unchanged = 0
    problems = list(roster.problems)
    for entry in roster.entries:
        officer = known.get(entry.staff_no)
        if not may(entry.place) or (officer is not None and not may(officer.place)):
            problems.append(Problem(entry.row, "out_of_scope", roster.heading.written(*_UNIT)))
        elif officer is None:
            new.append(entry)
        elif fields := changed_fields(entry, officer):
            changes.append(Change(entry, officer, fields))
        else:
            unchanged += 1
    problems.sort(key=lambda problem: problem.row)
    return Plan(tuple(new), tuple(changes), unchanged, tuple(problems))


def changed_fields(entry: Entry, officer: Officer) -> dict[str, tuple[Any, Any]]:
    """Return field → (before, after) for all that the entry says differently."""
    changed: dict[str, tuple[Any, Any]] = {}
    for field in ("name", "cadre_level", "badge_no", "badge_expires_on", "phone"):
        before, after = getattr(officer, field), getattr(entry, field)
        if after is not None and after != before:
            changed[field] = (before, after)
    if entry.place.id != officer.place.id:
        changed["unit"] = (officer.place, entry.place)
    return changed
