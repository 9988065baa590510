"""What somebody types to find a law: its name, the number of an article, words of the text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from quizapp.domain.citing import in_force
from quizapp.domain.law_lines import NUMERAL
from quizapp.domain.statutes import Citation, CitationUnreadable, Law, from_numeral

WORDS, LONGEST_WORD = 6, 40
"""So many words of a search count, so long each."""
_PLACE = re.compile(
    rf"(?P<law>《[^》]*》|[^\s《》]*?)\s*(?:第\s*)?(?P<article>{NUMERAL})\s*条?"
    rf"(?:\s*之(?P<sub>{NUMERAL}))?(?:\s*第?(?P<paragraph>{NUMERAL})款)?"
    rf"(?:\s*第?[（(]?(?P<item>{NUMERAL})[）)]?项?)?"
)
_STATE = "中华人民共和国"
_NO_PART = 4


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was meant. `law`: a part of a name; `article` 0: no place was named."""

    words: tuple[str, ...]
    law: str = ""
    article: int = 0
    sub: int = 0
    paragraph: int | None = None
    item: int | None = None

    def in_law(self, law: Law) -> Citation:
        """Return the place that was named, in that law."""
        return Citation(
            law.short, law.version, self.article, self.sub, self.paragraph, self.item, law.by_item
        )


def read_query(text: str) -> Query:
    """Return what is looked for: “处罚法 33” names a place, all else are words; never refused."""
    text = " ".join(text.replace("\0", " ").split())
    words = tuple(word.strip("《》“”\"'")[:LONGEST_WORD] for word in text.split())
    words = tuple(word for word in words if word)[:WORDS]
    match = _PLACE.fullmatch(text)
    if match is None:
        return Query(words)
    try:
        return Query(
            words=words,
            law=match["law"].strip("《》"),
            article=from_numeral(match["article"]),
            sub=from_numeral(match["sub"]) if match["sub"] else 0,
            paragraph=from_numeral(match["paragraph"]) if match["paragraph"] else None,
            item=from_numeral(match["item"]) if match["item"] else None,
        )
    except CitationUnreadable:
        return Query(words)


def find_laws(name: str, laws: Iterable[Law], *, on: date) -> list[Law]:
    """Return the laws of which `name` is the name or a part, each in its version of that day.

    The best first: the whole name, the end of one (处罚法), its beginning, anything inside; short
    names before long ones. None for no name.
    """
    name = name.strip("《》 ").removeprefix(_STATE)
    if not name:
        return []
    ordered = sorted(laws, key=lambda law: law.short)
    found = []
    for _, versions in groupby(ordered, key=lambda law: law.short):
        law = in_force(versions, on)
        rank = min(_rank(name, each) for each in (law.short, law.full)) if law else None
        if law and rank is not None and rank < _NO_PART:
            found.append((rank, len(law.short), law.short, law))
    return [law for *_, law in sorted(found, key=lambda each: each[:3])]


def _rank(name: str, whole: str) -> int:
    whole = whole.removeprefix(_STATE)
    tests = (whole == name, whole.endswith(name), whole.startswith(name), name in whole)
    return tests.index(True) if any(tests) else _NO_PART


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of text. `is_hit`: one of the words looked for."""

    text: str
    is_hit: bool


def excerpt(text: str, words: Sequence[str], longest: int = 160) -> list[Mark]:
    """Return the part of a text where the words stand, cut into what is one and what is not."""
    text = " ".join(text.split())
    wanted = [word for word in words if word in text]
    first = min((text.index(word) for word in wanted), default=0)
    start = max(0, first - longest // 4) if first > longest // 2 else 0
    shown = ("……" if start else "") + text[start : start + longest]
    shown += "……" if start + longest < len(text) else ""
    if not wanted:
        return [Mark(shown, is_hit=False)]
    parts = re.split(
        "(" + "|".join(map(re.escape, sorted(wanted, key=len, reverse=True))) + ")", shown
    )
    return [Mark(part, part in wanted) for part in parts if part]
