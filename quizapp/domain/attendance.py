"""Past classes from a file: reading its rows as attendances."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any

from quizapp.domain.credit_rules import FIRST_DAY, KINDS, MAX_CREDIT_CH, MAX_MINUTES
from quizapp.domain.roster_fields import (
    RowFault,
    read_day,
    read_name,
    read_staff_no,
    read_values,
)
from quizapp.domain.sheets import Heading, Row, Sheet, find_table
from quizapp.domain.text import Text
from quizapp.domain.uploads import Problem

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "staff_no": ("工号", "人员编号", "员工号", "职工号", "账号", "STAFF_NO"),
    "name": ("姓名", "人员姓名", "名字", "NAME"),
    "held_on": ("日期", "培训日期", "开始日期", "结束日期", "培训时间", "时间", "DATE"),
    "kind": ("类别", "培训类别", "培训形式", "培训方式", "类型", "KIND"),
    "title": ("名称", "培训名称", "班次", "培训班", "班次名称", "课程", "课程名称", "TITLE"),
    "minutes": ("分钟", "分钟数", "培训分钟", "培训分钟数", "MINUTES"),
    "hours": ("学时", "学时数", "培训学时", "课时", "HOURS"),
}
REQUIRED = (("staff_no",), ("name",), ("held_on",), ("kind",), ("title",), ("minutes", "hours"))
HEADER = ("工号", "姓名", "日期", "类别", "名称", "分钟", "学时")
"""The columns of the template; one of the last two is enough."""
KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "classroom": ("集中", "面授", "培训班", "轮训", "初任培训", "任职培训", "在职培训"),
    "online": ("网络", "线上培训", "在线培训", "网上培训", "网络学习"),
    "contest": ("竞赛", "比赛", "知识竞赛"),
    "exam": ("测试", "资格考试"),
    "lecture": ("讲课", "授课讲课"),
    "outside": ("外训", "外出培训", "校外培训", "其他"),
}
_KNOWN_KINDS = Text(
    "、".join(kind.zh for kind in KINDS.values()), ", ".join(kind.en for kind in KINDS.values())
)
MAX_TITLE = 120
OTHER_DIGITS = 2
"""Hours are given with two digits after the point at most."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One officer at one class, as a row says: either minutes or hours (hundredths)."""

    row: int
    staff_no: str
    name: str
    held_on: date
    kind: str
    title: str
    minutes: int | None
    credit_ch: int | None

    @property
    def amount(self) -> str:
        """How much, as part of what makes two attendances the same."""
        return f"m{self.minutes}" if self.minutes is not None else f"h{self.credit_ch}"


@dataclass(frozen=True, slots=True)
class ClassSheet:
    """A file as read: its table, what each row says or what is wrong with it."""

    sheet: Sheet
    heading: Heading
    attendances: tuple[Attendance, ...]
    problems: tuple[Problem, ...]


def find_classes(sheets: Iterable[Sheet]) -> tuple[Sheet, Heading]:
    """Return the first table that has the headings. Raises HeadingMissing when none has them."""
    return find_table(sheets, SYNONYMS, REQUIRED)


def read_classes(sheets: Iterable[Sheet], today: date) -> ClassSheet:
    """Return the attendances of the first table that has the headings; problems in file order.

    Raises HeadingMissing.
    """
    sheet, heading = find_classes(sheets)
    found: list[Attendance] = []
    problems: list[Problem] = []
    first_row: dict[tuple[object, ...], int] = {}
    for row, fields in heading.records(sheet):
        read, wrong = _read_row(row, fields, heading, today)
        if read is not None:
            facts = astuple(replace(read, row=0))
            first = first_row.setdefault(facts, row.no)
            if first == row.no:
                found.append(read)
            else:
                wrong = [Problem(row.no, "duplicate_in_file", "", {"row": first})]
        problems += wrong
    return ClassSheet(sheet, heading, tuple(found), tuple(problems))


def _read_row(
    row: Row, fields: Mapping[str, str], heading: Heading, today: date
) -> tuple[Attendance | None, list[Problem]]:
    """Return the attendance of a row, or everything that is wrong with it."""
    values, problems = read_values(row, fields, heading, _PARSERS)
    held_on = values.get("held_on")
    if held_on is not None and not FIRST_DAY <= held_on <= today:
        code = "day_in_future" if held_on > today else "day_too_early"
        problems.append(Problem(row.no, code, heading.written("held_on")))
    if not problems and values["minutes"] is None and values["hours"] is None:
        problems.append(Problem(row.no, "amount_missing", heading.written("minutes", "hours")))
    if problems:
        return None, problems
    hours = values.pop("hours")  # minutes, where given, are what was measured
    credit_ch = hours if values["minutes"] is None else None
    return Attendance(row.no, credit_ch=credit_ch, **values), []


def _read_day(text: str) -> date:
    found = read_day(text)
    if found is None:
        raise RowFault("day_missing")
    return found


def _read_kind(text: str) -> str:
    for key, label in KINDS.items():
        if text.lower() in (key, label.zh, label.en.lower()) or text in KIND_WORDS[key]:
            return key
    if not text:
        raise RowFault("kind_missing")
    raise RowFault("kind_unknown", written=text[:40], known=_KNOWN_KINDS)


def _read_title(text: str) -> str:
    if not text:
        raise RowFault("title_missing")
    if len(text) > MAX_TITLE or not text.isprintable():
        raise RowFault("title_invalid", maximum=MAX_TITLE)
    return text


def _read_minutes(text: str) -> int | None:
    number = unicodedata.normalize("NFKC", text).removesuffix("分钟").strip()
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= MAX_MINUTES):
        raise RowFault("minutes_invalid", written=text[:40], maximum=MAX_MINUTES)
    return int(number)


def _read_hours(text: str) -> int | None:
    number = unicodedata.normalize("NFKC", text).removesuffix("学时").strip()
    if not number:
        return None
    whole, _, rest = number.partition(".")
    digits = whole + rest
    if not (digits.isascii() and digits.isdigit() and len(rest) <= OTHER_DIGITS and whole):
        raise RowFault("hours_invalid", written=text[:40])
    credit_ch = int(whole[:9]) * 100 + int(rest.ljust(OTHER_DIGITS, "0"))
    if not 1 <= credit_ch <= MAX_CREDIT_CH:
        raise RowFault("hours_invalid", written=text[:40])
    return credit_ch


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "staff_no": read_staff_no,
    "name": read_name,
    "held_on": _read_day,
    "kind": _read_kind,
    "title": _read_title,
    "minutes": _read_minutes,
    "hours": _read_hours,
}
