"""The fields of a roster's row: what is accepted, and how it is kept."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from quizapp.domain.errors import Refusal
from quizapp.domain.people import CADRE_LEVELS
from quizapp.domain.sheets import Heading, Row
from quizapp.domain.uploads import Problem

MAX_NAME = 60
_STAFF_NO = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.\-]{0,31}")
_BADGE = re.compile(r"[0-9A-Za-z一-鿿〔〕\[\]（）()\-]{2,32}")
_PHONE = re.compile(r"\+?[0-9][0-9\-]{4,18}")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?: 00:00(?::00)?)?")
_DIVISION = ("处级", "县处级", "正处级", "副处级", "处", "正处", "副处", "division")
_SECTION = ("科级", "乡科级", "正科级", "副科级", "科", "正科", "副科", "section")
_OTHER = ("其他", "其它", "科员", "办事员", "无", "股级", "other")


class RowFault(Refusal):
    """A field of a row cannot be read; becomes a Problem."""


def read_values(
    row: Row,
    fields: Mapping[str, str],
    heading: Heading,
    parsers: Mapping[str, Callable[[str], Any]],
) -> tuple[dict[str, Any], list[Problem]]:
    """Return what each parser makes of its field, and everything that is wrong with the row.

    A formula is not evaluated, so nothing is read from a row that holds one in these columns.
    """
    problems = [
        Problem(row.no, "formula_cell", heading.written(field))
        for field, at in heading.columns.items()
        if at in row.formulas
    ]
    values: dict[str, Any] = {}
    for field, parse in () if problems else parsers.items():
        try:
            values[field] = parse(fields.get(field, ""))
        except RowFault as fault:
            problems.append(Problem(row.no, fault.name, heading.written(field), fault.facts))
    return values, problems


def read_staff_no(text: str) -> str:
    """Return a staff number as it is kept: half-width, zeros and case as written."""
    number = unicodedata.normalize("NFKC", text).strip()
    if not number:
        raise RowFault("staff_no_missing")
    if not _STAFF_NO.fullmatch(number):
        raise RowFault("staff_no_invalid", written=text[:40])
    return number


def read_name(text: str) -> str:
    """Return a name as written; blanks within it and the dot of long names stay."""
    if not text:
        raise RowFault("name_missing")
    if len(text) > MAX_NAME or not text.isprintable():
        raise RowFault("name_invalid", maximum=MAX_NAME)
    return text


def _read_cadre(text: str) -> str | None:
    for level, words in (("division", _DIVISION), ("section", _SECTION), ("other", _OTHER)):
        if text.lower() in words or text == CADRE_LEVELS[level].en:
            return level
    if text:
        raise RowFault("cadre_level_unknown", written=text[:40])
    return None


def _read_badge(text: str) -> str | None:
    number = unicodedata.normalize("NFKC", text).replace(" ", "")
    if number and not _BADGE.fullmatch(number):
        raise RowFault("badge_no_invalid", written=text[:40])
    return number or None


def read_day(text: str) -> date | None:
    """Return the day, None for an empty cell. Raises RowFault("day_invalid")."""
    if not text:
        return None
    parts = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, parts.groups())) if parts else _fault_day(text)
    except ValueError:
        return _fault_day(text)


def _fault_day(text: str) -> date:
    raise RowFault("day_invalid", written=text[:40])


def _read_phone(text: str) -> str | None:
    number = unicodedata.normalize("NFKC", text).replace(" ", "")
    if number and not _PHONE.fullmatch(number):
        raise RowFault("phone_invalid", written=text[:40])
    return number or None


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "staff_no": read_staff_no,
    "name": read_name,
    "cadre_level": _read_cadre,
    "badge_no": _read_badge,
    "badge_expires_on": read_day,
    "phone": _read_phone,
}
