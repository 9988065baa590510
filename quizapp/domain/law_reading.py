"""Reading the lines of a published law into its parts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.domain.errors import Invalid
from quizapp.domain.law_lines import ARTICLE, NUMERAL, Line, even_lines, goes_on
from quizapp.domain.law_text import Article, Item, LawText, Paragraph, Problem
from quizapp.domain.statutes import CitationUnreadable, from_numeral

_HEADING = re.compile(rf"第\s*({NUMERAL})\s*(编|分编|章|节)\s*([^。，；：]{{0,40}})")
_ITEM = re.compile(rf"[（(]\s*({NUMERAL})\s*[）)]\s*(.*)")
_BELOW_ITEM = re.compile(r"[0-9０-９]+[.．、]|[①-⑳⑴-⒇]|[（(][0-9０-９]+[）)]")
_SECTION = re.compile(rf"({NUMERAL})、\s*([^。；]{{1,60}})")
_LAST_RULES = re.compile(r"附\s*则")
_ANNEX = re.compile(r"附\s*[件录表图]\s*[一二三四五六七八九十0-9]*(\s*[:：].*)?")
_RANKS = {"编": 0, "分编": 1, "章": 2, "节": 3}
_LONGEST_TITLE, _SHOWN = 30, 40
MAX_ARTICLES = 5000


class LawUnreadable(Invalid):
    """The text holds neither articles nor numbered items."""

    code = "law_unreadable"


@dataclass(slots=True)
class _Open:
    """An article while its lines come in."""

    key: tuple[int, int]
    path: tuple[str, ...]
    line: Line
    lines: list[str]

    def take(self, line: Line) -> None:
        """Add a line, to the sentence that it goes on with or as a new one."""
        begins = _ITEM.match(line.text) or _BELOW_ITEM.match(line.text)
        if not self.lines[-1] or (goes_on(self.lines[-1], line) and not begins):
            self.lines[-1] += line.text
        else:
            self.lines.append(line.text)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    opened: list[_Open] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    annex: list[str] = field(default_factory=list)
    path: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: Line, key: str) -> None:
        """Remember what is wrong with a line."""
        self.problems.append(Problem(line.no, key, line.text[:_SHOWN]))

    def follows(self, key: tuple[int, int] | None) -> bool:
        """Say whether an article of that number goes on counting: 六条之一 or 七条 after 六条."""
        number, sub = self.opened[-1].key if self.opened else (0, 0)
        return key in ((number + 1, 0), (number, sub + 1))

    def take(self, line: Line) -> None:
        """Add a line that begins nothing to what is open, or to the words before everything."""
        if self.opened:
            self.opened[-1].take(line)
        else:
            self.head.append(line.text)


def read_law(lines: Iterable[str], *, first: int = 1) -> LawText:
    """Return the text that these lines hold.

    A line is a 款 unless it begins with （N） or another count below an item, or goes on with a
    sentence that the line before broke off. first: the number of the first line in its file.
    Raises LawUnreadable.
    """
    kept = even_lines(lines, first=first)
    by_item = not any(ARTICLE.match(line.text) for line in kept)
    reading = _items_of(kept) if by_item else _articles_of(kept)
    articles: dict[tuple[int, int], Article] = {}
    for each in reading.opened:
        if each.key in articles:
            reading.note(each.line, "repeated")
            continue
        articles[each.key] = Article(*each.key, tuple(_gather(each.lines, by_item)), each.path)
    if not articles or len(articles) > MAX_ARTICLES:
        raise LawUnreadable
    problems = sorted(reading.problems, key=lambda problem: problem.line)
    return LawText(
        articles=tuple(articles.values()),
        head=tuple(reading.head),
        annex=tuple(reading.annex),
        by_item=by_item,
        problems=tuple(problems),
    )


def _articles_of(lines: Sequence[Line]) -> _Reading:
    reading = _Reading()
    untitled: int | None = None  # the rank of a heading whose words stand on the next line
    for line in lines:
        heading = None if untitled is not None and _is_title(line) else _heading(line.text)
        match = None if heading else ARTICLE.match(line.text)
        if heading:
            rank, words = heading
            above = {key: text for key, text in reading.path.items() if key < rank}
            reading.path = above | {rank: words}
            untitled = None if " " in words or words == "附则" else rank
            continue
        if match and not (reading.annex and not reading.follows(_key(match))):
            _open_article(reading, line, match)
        elif reading.annex or (reading.opened and _ANNEX.fullmatch(line.text)):
            reading.annex.append(line.text)
        elif untitled is not None and _is_title(line):
            reading.path[untitled] += " " + re.sub(r"\s+", "", line.text)
        else:
            reading.take(line)
        untitled = None
    return reading


def _is_title(line: Line) -> bool:
    return len(line.text) <= _LONGEST_TITLE and not line.text.startswith("第")


def _open_article(reading: _Reading, line: Line, match: re.Match[str]) -> None:
    """Open the article that begins here, unless these are words of a sentence broken off."""
    last = reading.opened[-1] if reading.opened else None
    key = _key(match)
    if key is None:
        reading.note(line, "number")
        return reading.take(line)
    if not reading.follows(key):
        if last and goes_on(last.lines[-1], line):
            return last.take(line)
        if last is None or key > last.key:
            reading.note(line, "gap")
    path = tuple(reading.path[rank] for rank in sorted(reading.path))
    reading.opened.append(_Open(key, path, line, [match[3].strip()]))
    return None


def _key(match: re.Match[str]) -> tuple[int, int] | None:
    try:
        return from_numeral(match[1]), from_numeral(match[2]) if match[2] else 0
    except CitationUnreadable:
        return None


def _heading(text: str) -> tuple[int, str] | None:
    """Return the rank and the words of a heading: 第一章 总则."""
    if _LAST_RULES.fullmatch(text):
        return _RANKS["编"], "附则"
    heading = _HEADING.fullmatch(text)
    if heading is None:
        return None
    words = re.sub(r"\s+", "", heading[3])
    return _RANKS[heading[2]], f"第{heading[1]}{heading[2]}" + (f" {words}" if words else "")


def _items_of(lines: Sequence[Line]) -> _Reading:
    """Return the items of a document without articles: those that go on counting."""
    reading = _Reading()
    path: tuple[str, ...] = ()
    for line in lines:
        section = _SECTION.fullmatch(line.text)
        match = _ITEM.match(line.text)
        if section:
            path = (f"{section[1]}、{section[2]}",)
        elif match and _number(match) == len(reading.opened) + 1:
            key = (len(reading.opened) + 1, 0)
            reading.opened.append(_Open(key, path, line, [match[2]]))
        else:
            reading.take(line)
    return reading


def _gather(lines: Sequence[str], by_item: bool) -> Iterator[Paragraph]:
    text: str | None = None
    items: list[Item] = []
    in_digits = False  # how the items of this 款 count
    for line in filter(None, lines):
        match = None if by_item else _ITEM.match(line)
        number = _number(match)
        counts_in_digits = bool(match) and line[1:].lstrip()[:1].isdigit()
        if items and _BELOW_ITEM.match(line) and not (counts_in_digits and in_digits):
            items[-1] = Item(items[-1].number, f"{items[-1].text}\n{line}")
        elif number is not None and match is not None:
            items.append(Item(number, match[2]))
            text, in_digits = text or "", counts_in_digits
        elif _announces(text) and _BELOW_ITEM.match(line):
            text = f"{text}\n{line}"
        else:
            if text is not None:
                yield Paragraph(text, tuple(items))
            text, items = line, []
    if text is not None:
        yield Paragraph(text, tuple(items))


def _announces(text: str | None) -> bool:
    """Say whether a 款 announces a count, or has begun one."""
    return text is not None and ("\n" in text or text.endswith(("：", ":")))


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    try:
        return from_numeral(match[1])
    except CitationUnreadable:
        return None
