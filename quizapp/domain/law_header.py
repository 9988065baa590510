"""What a text says of itself: names, the day of its version, the day of force."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quizapp.domain.errors import Invalid
from quizapp.domain.law_lines import NUMERAL
from quizapp.domain.law_text import LawText
from quizapp.domain.statutes import CitationUnreadable, Law, from_numeral
from quizapp.domain.text import Text

_STATE = "中华人民共和国"
_DAY = re.compile(
    rf"(\d{{4}}|[〇零○一二三四五六七八九]{{4}})\s*年\s*({NUMERAL})\s*月\s*({NUMERAL})\s*日"
)
_FORCE = re.compile(rf"自\s*{_DAY.pattern}\s*起\s*(?:施行|实施|执行|生效)")
_FORCE_AT_ONCE = re.compile(r"自(?:公布|发布|印发)之日起(?:施行|实施|执行|生效)")
_HISTORY = re.compile(rf"[（(]?{_DAY.pattern}.*(?:通过|公布|发布|印发|修订|修正|令)")
_NAME = re.compile(r".*(?:法|法典|条例|办法|规定|细则|规则|规程|决定|意见|解释|标准|通知)")
_FIELD = re.compile(r"(\w+)\s*[:：]\s*(.*)")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
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
    "full": Text("全称", "full name"),
    "short": Text("简称", "short name"),
    "version": Text("版本日期", "day of the version"),
    "effective_on": Text("施行日期", "day of force"),
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
    last = text.articles[-1].text
    # the day of force stands in the head as well: it is not the day of a version
    version = max(_days(_DAY.finditer(_FORCE.sub("", head))), default=None)
    # an amended law goes on naming the day on which its first version came into force
    told = [*_days(_FORCE.finditer(head)), *_days(_FORCE.finditer(last))]
    known = [day for day in told if version and day >= version]
    at_once = version if _FORCE_AT_ONCE.search(last) or _FORCE_AT_ONCE.search(head) else None
    return Facts(
        full=_title(text.head),
        version=version,
        effective_on=max(known) if known else at_once,
    )


def _title(head: Sequence[str]) -> str:
    """Return the line before the history in brackets, else the first that reads like a name."""
    lines = [re.sub(r"\s+", "", line) for line in head]
    history = next((at for at, line in enumerate(lines) if _HISTORY.match(line)), 0)
    named = next((line for line in lines if _NAME.fullmatch(line)), "")
    return lines[history - 1] if history else named or next(iter(lines), "")


def _days(matches: Iterable[re.Match[str]]) -> list[date]:
    found = (_day(*match.groups()[:3]) for match in matches)
    return [day for day in found if day]


def _iso(text: str) -> date | None:
    match = _ISO.search(text)
    return _day(*match.groups()) if match else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year.translate(_DIGITS)), from_numeral(month), from_numeral(day))
    except (ValueError, CitationUnreadable):
        return None


def wrong_facts(facts: Facts) -> dict[str, Invalid]:
    """Return why a law cannot be made of the facts, by the name of each that is at fault."""
    wrong: dict[str, Invalid] = {
        name: LawFactMissing(field=words)
        for name, words in FACT_NAMES.items()
        if not getattr(facts, name)
    }
    for name, most in _NAMES.items():
        if len(getattr(facts, name)) > most:
            wrong[name] = Invalid("law_name_long", field=FACT_NAMES[name], maximum=most)
    if facts.version and facts.effective_on and facts.effective_on < facts.version:
        wrong["effective_on"] = Invalid("law_dates_wrong")
    return wrong


def law_of(facts: Facts, text: LawText) -> Law:
    """Return the version as a law. Raises the first of `wrong_facts`."""
    wrong = wrong_facts(facts)
    if wrong or facts.version is None or facts.effective_on is None:
        raise next(iter(wrong.values()))
    return Law(
        short=facts.short,
        full=facts.full,
        version=facts.version,
        effective_on=facts.effective_on,
        repealed_on=facts.repealed_on,
        by_item=text.by_item,
        articles=max(article.number for article in text.articles),
    )
