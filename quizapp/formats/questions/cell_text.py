"""A cell's value as its owner sees it: “3%”, “2021年7月15日”, “0.50”."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.[#0?]*)?,*")
_DATE_PART = re.compile(r"y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|A/P|上午/下午", re.IGNORECASE)
_SHORT_DATE = {"mm-dd-yy": "yyyy/m/d", "m/d/yy h:mm": "yyyy/m/d h:mm"}
"""Formats that a Chinese spreadsheet shows in its own order whatever the file names."""
_WEEKDAYS = "一二三四五六日"
_SIGNIFICANT = ".15g"


def shown(value: Any, number_format: str) -> str:
    """Return the text of a cell; a format that is not understood shows the plain value."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format or "")
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        to_minutes = f"{seconds // 3600}:{seconds // 60 % 60:02d}"
        shows_seconds = "s" in (number_format or "s").lower()
        return f"{to_minutes}:{seconds % 60:02d}" if shows_seconds else to_minutes
    return _number(value, number_format or "General")


def _number(value: float, number_format: str) -> str:
    section, number = _section(number_format, Decimal(repr(value)))
    literal = _Literals(section)
    if special := _special(number, literal):
        return special
    core = _DIGITS.search(literal.text)
    odd = re.search(r"[eE/@]|general", literal.text, re.IGNORECASE)
    if core is None and not odd and literal.words:
        return literal.restored(literal.text).strip()
    if core is None or odd:
        around = literal.text if odd and odd.group().lower() == "general" else "General"
        plain = re.sub("general", lambda _: _plain(value), around, count=1, flags=re.IGNORECASE)
        return literal.restored(plain) if around != "General" else _plain(value)
    before, after = literal.text[: core.start()], literal.text[core.end() :]
    digits = _digits(number * 100 ** literal.text.count("%"), core.group())
    return literal.restored(before) + digits + literal.restored(after)


def _special(number: Decimal, literal: "_Literals") -> str:
    """Return a number of a format with a fraction or an exponent, "" for any other format."""
    if found := re.search(r"[#0?]*\.?([#0?]*)E\+0+", literal.text, re.IGNORECASE):
        return f"{number:.{len(found.group(1))}E}"
    if found := re.search(r"(?P<whole>[#0?]+\s+)?[#0?]+/(?P<below>[#0?\d]+)", literal.text):
        below = found["below"]
        most = int(below) if below.isdigit() and int(below) else 10 ** len(below) - 1
        parts = Fraction(abs(number)).limit_denominator(most)
        whole, rest = divmod(parts, 1) if found["whole"] else (0, parts)
        pieces = [str(whole) if whole or not rest else "", str(rest) if rest else ""]
        return ("-" if number < 0 else "") + " ".join(filter(None, pieces))
    return ""


def _plain(value: float) -> str:
    """Return a number of the format General: at most 15 digits that count, never 1E+05."""
    if isinstance(value, int):
        return str(value)
    plain = format(Decimal(format(value, _SIGNIFICANT)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _section(number_format: str, number: Decimal) -> tuple[str, Decimal]:
    """Return the part of a format (positive; negative; zero) for a number, and what it shows."""
    parts = _split(number_format)
    if number < 0 and len(parts) > 1:
        return parts[1], -number
    if number == 0 and len(parts) > 2 and parts[2]:  # noqa: PLR2004
        return parts[2], number
    return parts[0], number


@lru_cache(256)
def _split(number_format: str) -> tuple[str, ...]:
    return tuple(re.findall(r'(?:"[^"]*"|\\.|[^;"])+', number_format)) or ("General",)


class _Literals:
    """A format with its quoted words taken out, so that their letters are not read as signs."""

    def __init__(self, section: str) -> None:
        self.words: list[str] = []
        self.text = _LITERAL.sub(self._keep, section)

    def _keep(self, found: re.Match[str]) -> str:
        words = found.group(1) or found.group(2) or found.group(3) or ""
        self.words.append(words)
        return chr(0xE000 + len(self.words) - 1)

    def restored(self, text: str) -> str:
        return re.sub("[\ue000-\uf8ff]", lambda sign: self.words[ord(sign.group()) - 0xE000], text)


def _digits(number: Decimal, core: str) -> str:
    thousands = core.rstrip(",")
    number /= Decimal(1000) ** (len(core) - len(thousands))
    whole, _, places = thousands.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    least = sum(sign == "0" for sign in whole)
    text = format(abs(rounded), ",f" if "," in whole else "f")
    ones, _, parts = text.partition(".")
    ones = ones.zfill(least) if ones != "0" or least else ""
    optional = len(places) - len(places.rstrip("#?"))
    parts = parts[: len(places) - optional] + parts[len(places) - optional :].rstrip("0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{ones}.{parts}" if parts else f"{sign}{ones or '0'}"


def _moment(value: datetime | date | time, number_format: str) -> str:
    section = _SHORT_DATE.get(number_format, number_format).split(";")[0]
    literal = _Literals(section)
    parts = list(_DATE_PART.finditer(literal.text))
    if not parts or literal.text.strip().lower() == "general":
        return _plain_moment(value)
    half_days = any("/" in part.group() for part in parts)
    kinds = ["", *(part.group().lower()[0] for part in parts), ""]
    out, end = [], 0
    for at, part in enumerate(parts, start=1):
        # "m" is minutes only beside hours or seconds
        minutes = kinds[at - 1] == "h" or kinds[at + 1] == "s"
        sign = part.group().lower()
        out.append(literal.text[end : part.start()])
        out.append(_part(value, sign, minutes=minutes, half_days=half_days))
        end = part.end()
    return literal.restored("".join(out) + literal.text[end:]).strip()


def _plain_moment(value: datetime | date | time) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.strftime("%Y-%m-%d")


def _part(value: Any, sign: str, *, minutes: bool, half_days: bool) -> str:
    """Return one part of a moment; a clock time has no date and a date no clock time."""
    kind, width = sign[0], len(sign.partition(".")[0])
    hour = getattr(value, "hour", 0)
    if "/" in sign:
        words = ("上午", "下午") if sign[0] == "上" else ("AM", "PM")
        return words[hour // 12]
    if kind == "m" and not minutes:
        return str(getattr(value, "month", 1)).zfill(min(width, 2))
    if kind == "y":
        year = getattr(value, "year", 1900)
        return f"{year:04d}" if width > 2 else f"{year % 100:02d}"  # noqa: PLR2004
    if kind == "d":
        return _day(value, width)
    number = {"h": (hour - 1) % 12 + 1 if half_days else hour,
              "m": getattr(value, "minute", 0), "s": getattr(value, "second", 0)}[kind]  # fmt: skip
    return str(number).zfill(min(width, 2))


def _day(value: Any, width: int) -> str:
    if width > 2 and isinstance(value, date):  # noqa: PLR2004
        return f"星期{_WEEKDAYS[value.weekday()]}"
    return str(getattr(value, "day", 0)).zfill(min(width, 2))
