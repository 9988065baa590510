"""法条: citations as people write them, in both languages, read back and put in order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.domain.errors import Invalid
from quizapp.domain.text import Text

_DIGITS = "零一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMERAL = f"[{_DIGITS}〇两十百千万0-9０-９]+"
MAX_NUMERAL = 99_999


class CitationUnreadable(Invalid):
    """The text is no citation of a statute. `text` is what was read."""

    code = "citation_unreadable"


@dataclass(frozen=True, slots=True)
class Law:
    """One version of a statute or document. `by_item`: cited by its （N）, not by article.

    `articles`: how many there are (or items); 0 where nobody counted.
    """

    short: str
    full: str
    version: date
    effective_on: date
    repealed_on: date | None = None
    by_item: bool = False
    articles: int = 0

    def is_in_force(self, day: date) -> bool:
        """Say whether this version governs what happens on `day` (half-open span)."""
        return self.effective_on <= day and (self.repealed_on is None or day < self.repealed_on)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in one version of a law. `sub`: 1 is 之一. `version`: day of the last amendment.

    `by_item`: of a document without articles; `article` is then the number of the item.
    """

    law: str
    version: date | None
    article: int
    sub: int = 0
    paragraph: int | None = None
    item: int | None = None
    by_item: bool = False

    @property
    def place(self) -> tuple[int, int, int, int]:
        """The sort key inside a law: article, 之N, paragraph, item; the whole before its parts."""
        return (self.article, self.sub, self.paragraph or 0, self.item or 0)


def numeral(number: int) -> str:
    """Return `number` in Chinese numerals as statutes write it: 10 十, 110 一百一十, 1005 一千零五.

    number: 0 to 99,999. Raises ValueError outside.
    """
    if not 0 <= number <= MAX_NUMERAL:
        raise ValueError(f"no statute counts to {number}")
    if number < len(_DIGITS):
        return _DIGITS[number]
    text = ""
    rest = number
    for unit, size in (("万", 10_000), ("千", 1000), ("百", 100), ("十", 10)):
        digit, rest = divmod(rest, size)
        if digit:
            text += _DIGITS[digit] + unit
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零") if not rest else text + _DIGITS[rest]
    return text.removeprefix("一") if text.startswith("一十") else text


def from_numeral(text: str) -> int:
    """Return the number that `text` writes in Chinese numerals or digits (also full-width).

    Raises CitationUnreadable for anything else, also above 99,999 and in no proper order.
    """
    plain = text.translate(str.maketrans("０１２３４５６７８９〇两", "0123456789零二"))
    if plain.isascii() and plain.isdigit() and len(plain) <= len(str(MAX_NUMERAL)):
        return int(plain)
    total = digit = 0
    for char in plain:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in _DIGITS:
            digit = _DIGITS.index(char)
        else:
            raise CitationUnreadable(text=text)
    total += digit
    written = plain.removeprefix("一") if plain.startswith("一十") else plain
    if total > MAX_NUMERAL or numeral(total) != written:
        raise CitationUnreadable(text=text)
    return total


def cite_in_chinese(citation: Citation, law: Law | None = None) -> str:
    """Return 《行政处罚法》第五十一条第一款第（二）项; with `law` its full name."""
    return f"《{law.full if law else citation.law}》{place_in_chinese(citation)}"


def place_in_chinese(citation: Citation) -> str:
    """Return 第五十一条第一款第（二）项; of a document cited by item 第（三）项."""
    if citation.by_item:
        return f"第（{numeral(citation.article)}）项"
    text = f"第{numeral(citation.article)}条"
    if citation.sub:
        text += f"之{numeral(citation.sub)}"
    if citation.paragraph:
        text += f"第{numeral(citation.paragraph)}款"
    if citation.item:
        text += f"第（{numeral(citation.item)}）项"
    return text


def cite_in_english(citation: Citation, law: Law | None = None) -> str:
    """Return “Art. 51 para. 1 item (2), 《行政处罚法》”: a law is named in Chinese."""
    return f"{place_in_english(citation)}, 《{law.full if law else citation.law}》"


def place_in_english(citation: Citation) -> str:
    """Return “Art. 51 para. 1 item (2)”; of a document cited by item “Item (3)”."""
    if citation.by_item:
        return f"Item ({citation.article})"
    place = f"Art. {citation.article}" + (f"-{citation.sub}" if citation.sub else "")
    place += f" para. {citation.paragraph}" if citation.paragraph else ""
    place += f" item ({citation.item})" if citation.item else ""
    return place


def place_of(citation: Citation) -> Text:
    """Return the place within its law in both languages."""
    return Text(place_in_chinese(citation), place_in_english(citation))


_WRITTEN = re.compile(
    r"《(?P<law>[^《》]+)》\s*(?:[（(](?P<version>\d{4}-\d{2}-\d{2})[）)]\s*)?第?"
    rf"(?:（(?P<only>{_NUMERAL})）项?|(?P<article>{_NUMERAL})条"
    rf"(?:之(?P<sub>{_NUMERAL}))?(?:第(?P<paragraph>{_NUMERAL})款)?"
    rf"(?:第[（(]?(?P<item>{_NUMERAL})[）)]?项)?)"
)


def parse_citations(text: str) -> list[Citation]:
    """Return the citations written in `text`, in their order.

    Their version stays open (None) unless its day stands behind the name: 《…》（2021-01-22）第…条.
    """
    return [_from_match(match) for match in _WRITTEN.finditer(text)]


def split_citations(text: str) -> Iterator[tuple[str, Citation | None]]:
    """Yield the text piece by piece, a citation with each piece that is one."""
    at = 0
    for match in _WRITTEN.finditer(text):
        try:
            citation = _from_match(match)
        except CitationUnreadable:
            continue
        yield text[at : match.start()], None
        yield match[0], citation
        at = match.end()
    yield text[at:], None


def parse_citation(text: str) -> Citation:
    """Return the one citation that `text` is. Raises CitationUnreadable."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise CitationUnreadable(text=text)
    return _from_match(match)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CitationUnreadable(text=text) from error


def _from_match(match: re.Match[str]) -> Citation:
    def number(name: str) -> int | None:
        found = match[name]
        return from_numeral(found) if found else None

    return Citation(
        law=match["law"],
        version=_day(match["version"]),
        article=number("article") or number("only") or 0,
        sub=number("sub") or 0,
        paragraph=number("paragraph"),
        item=number("item"),
        by_item=bool(match["only"]),
    )


def citation_to_plain(citation: Citation) -> dict[str, Any]:
    """Return the citation as JSON-ready data; what is not named is left out."""
    named = {
        "sub": citation.sub,
        "paragraph": citation.paragraph,
        "item": citation.item,
        "by_item": citation.by_item,
    }
    return {
        "law": citation.law,
        "version": citation.version.isoformat() if citation.version else None,
        "article": citation.article,
    } | {name: value for name, value in named.items() if value}


def citation_from_plain(plain: dict[str, Any]) -> Citation:
    """Return the citation that `citation_to_plain` wrote."""
    return Citation(
        law=plain["law"],
        version=date.fromisoformat(plain["version"]) if plain["version"] else None,
        article=plain["article"],
        sub=plain.get("sub", 0),
        paragraph=plain.get("paragraph"),
        item=plain.get("item"),
        by_item=plain.get("by_item", False),
    )
