"""What a text says of itself: names, the day of its version, the day of force."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quizapp.domain.errors import Invalid
from quizapp.domain.law_text import LawText
from quizapp.domain.statutes import Law

_STATE = "中华人民共和国"
_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_FORCE = re.compile(rf"自{_DAY.pattern}起(?:施行|实施|执行)")
_FORCE_AT_ONCE = re.compile(r"自(?:公布|发布|印发)之日起(?:施行|实施|执行)")
_FIELD = re.compile(r"(\w+)\s*[:：]\s*(.*)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMES = {"full": 120, "short": 60}


class LawFactMissing(Invalid):
    """The text does not say it and nobody did. `field`: what is missing."""

    code = "law_fact_missing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a version; None or empty: not known."""

    full: str = ""
    short: str = ""
    version: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None

    def over(self, other: "Facts") -> "Facts":
        """Return these facts, completed from `other`."""
        missing = {
            name: getattr(other, name) for name in Facts.__slots__ if not getattr(self, name)
        }
        return replace(self, **missing)


FACT_NAMES = {
    "full": "全称",
    "short": "简称",
    "version": "版本日期",
    "effective_on": "施行日期",
}


def split_front(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields between two lines `---` at the beginning, and the lines after them."""
    if not lines or lines[0].lstrip("\ufeff").strip() != "---":
        return {}, list(lines)
    end = next((at for at in range(1, len(lines)) if lines[at].strip() == "---"), 0)
    fields = [_FIELD.match(line.strip()) for line in lines[1:end]]
    return {found[1]: found[2].strip() for found in fields if found}, list(lines[end + 1 :])


def facts_of(front: Mapping[str, str], text: LawText) -> Facts:
    """Return what the fields in front, else the words of the text say."""
    repealed = _iso(front.get("失效日期", ""))
    named = Facts(
        full=front.get("全称", ""),
        short=front.get("简称", ""),
        version=_iso(front.get("版本", "")),
        effective_on=_iso(front.get("施行日期", "")),
        # the field names the last day in force; ours is the first day without it
        repealed_on=repealed + timedelta(days=1) if repealed else None,
    )
    found = named.over(_facts_in(text))
    return found if found.short else replace(found, short=found.full.removeprefix(_STATE))


def _facts_in(text: LawText) -> Facts:
    head = "\n".join(text.head)
    title = next((line.lstrip("#").strip() for line in text.head if line.strip("# ")), "")
    version = max(_days(_DAY.finditer(head)), default=None)
    last = text.articles[-1].text
    # an amended law goes on naming the day on which its first version came into force
    told = [day for day in _days(_FORCE.finditer(last)) if version and day >= version]
    at_once = version if _FORCE_AT_ONCE.search(last) else None
    return Facts(
        full=re.sub(r"[\s　]+", "", title),
        version=version,
        effective_on=max(told) if told else at_once,
    )


def _days(matches: Iterable[re.Match[str]]) -> list[date]:
    found = (_day(*match.groups()[:3]) for match in matches)
    return [day for day in found if day]


def _iso(text: str) -> date | None:
    match = _ISO.search(text)
    return _day(*match.groups()) if match else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def law_of(facts: Facts, text: LawText) -> Law:
    """Return the version as a law. Raises LawFactMissing, Invalid("law_dates_wrong")."""
    missing = next((name for name in FACT_NAMES if not getattr(facts, name)), None)
    if missing or facts.version is None or facts.effective_on is None:
        raise LawFactMissing(field=FACT_NAMES[missing or "version"])
    long = next((name for name, most in _NAMES.items() if len(getattr(facts, name)) > most), None)
    if long:
        raise Invalid("law_name_long", field=FACT_NAMES[long], maximum=_NAMES[long])
    if facts.effective_on < facts.version:
        raise Invalid("law_dates_wrong")
    return Law(
        short=facts.short,
        full=facts.full,
        version=facts.version,
        effective_on=facts.effective_on,
        repealed_on=facts.repealed_on,
        by_item=text.by_item,
        articles=max(article.number for article in text.articles),
    )
