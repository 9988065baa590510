"""法律文本: an official text read into 编, 章, 节, 条, 款 and 项."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.domain.errors import Invalid
from quizapp.domain.statutes import Citation, CitationUnreadable, from_numeral, numeral

_NUMERAL = "[零〇一二两三四五六七八九十百千万0-9０-９]+"
_ARTICLE = re.compile(rf"第\s*({_NUMERAL})\s*条(?:之({_NUMERAL}))?(?=[\s　：:（(]|$)[\s　：:]*(.*)")
_HEADING = re.compile(rf"#*\s*第\s*({_NUMERAL})\s*(编|分编|章|节)(?:[\s　]+(.*))?$")
_ITEM = re.compile(rf"[（(]({_NUMERAL})[）)]\s*(.*)")
_SECTION = re.compile(rf"#+\s*({_NUMERAL})、\s*(.*)")
_CONTENTS = re.compile(r"#*\s*目\s*录\s*$")
_RANKS = {"编": 0, "分编": 1, "章": 2, "节": 3}
_LAST_RULES = re.compile(r"#*\s*附\s*则\s*$")
_ANNEX = re.compile(r"#*\s*附(件|录)[一二三四五六七八九十0-9]*(\s*[:：].*|\s*)$")
MAX_ARTICLES, MAX_LINE = 5000, 20_000


class LawUnreadable(Invalid):
    """The text holds neither articles nor numbered items."""

    code = "law_unreadable"


@dataclass(frozen=True, slots=True)
class Item:
    """An item （N） of a paragraph, with the lines that belong to it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (款): its own words and the items below them."""

    text: str
    items: tuple[Item, ...] = ()

    @property
    def full(self) -> str:
        """All its words, an item per line."""
        return "\n".join([self.text, *(f"（{numeral(i.number)}）{i.text}" for i in self.items)])


@dataclass(frozen=True, slots=True)
class Article:
    """One article, or one item of a document without articles. `path`: 编, 章, 节 above it."""

    number: int
    sub: int
    paragraphs: tuple[Paragraph, ...]
    path: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """The number and the 之N: unique in a law."""
        return (self.number, self.sub)

    @property
    def text(self) -> str:
        """All its words without its number."""
        return "\n".join(paragraph.full for paragraph in self.paragraphs)

    def part(self, citation: Citation) -> str | None:
        """Return the words of the cited 款 or 项, or None where there is no such part.

        Words before the items belong to each of them. Without a 款 the only one with items is
        meant, else the first.
        """
        paragraph = self._paragraph(citation)
        if paragraph is None or citation.item is None:
            return paragraph.full if paragraph else None
        found = next((i for i in paragraph.items if i.number == citation.item), None)
        return f"{paragraph.text}\n{found.text}" if found else None

    def _paragraph(self, citation: Citation) -> Paragraph | None:
        if citation.paragraph is not None:
            at = citation.paragraph - 1
            return self.paragraphs[at] if 0 <= at < len(self.paragraphs) else None
        if citation.item is None:
            return Paragraph(self.text)
        return next((p for p in self.paragraphs if p.items), None)


@dataclass(frozen=True, slots=True)
class LawText:
    """A text as it was read. `by_item`: a document without articles, cited by its （N）.

    `head`: what stands before the first heading or article. `skipped`: numbers that stand twice.
    """

    articles: tuple[Article, ...]
    head: tuple[str, ...] = ()
    by_item: bool = False
    skipped: tuple[str, ...] = ()

    def article(self, number: int, sub: int = 0) -> Article | None:
        """Return the article of that number, or None."""
        return next((each for each in self.articles if each.key == (number, sub)), None)


@dataclass(slots=True)
class _Open:
    """An article while its lines come in."""

    key: tuple[int, int]
    path: tuple[str, ...]
    lines: list[str] = field(default_factory=list)


def read_law(lines: Iterable[str]) -> LawText:
    """Return the text that these lines hold; Markdown marks and a table of contents are passed by.

    A line is a 款 unless it begins with （N） or another count below an item. Raises LawUnreadable.
    """
    kept = [line.replace("\ufeff", "").strip(" \t\r　\xa0")[:MAX_LINE] for line in lines]
    kept = [line for line in _after_contents(kept) if line]
    by_item = not any(_ARTICLE.match(line) for line in kept)
    opened, head = _items_of(kept) if by_item else _articles_of(kept)
    articles: dict[tuple[int, int], Article] = {}
    skipped = []
    for each in opened:
        if each.key in articles:
            skipped.append(_number(each.key, by_item=by_item))
            continue
        articles[each.key] = Article(*each.key, _paragraphs(each.lines, by_item), each.path)
    if not articles or len(articles) > MAX_ARTICLES:
        raise LawUnreadable
    return LawText(tuple(articles.values()), tuple(head), by_item, tuple(skipped))


def _number(key: tuple[int, int], *, by_item: bool) -> str:
    words = f"（{numeral(key[0])}）" if by_item else f"第{numeral(key[0])}条"
    return words + (f"之{numeral(key[1])}" if key[1] and not by_item else "")


def _after_contents(lines: Sequence[str]) -> list[str]:
    """Return the lines without a table of contents.

    It ends where its first heading comes again, or else at the first article.
    """
    start = next((at for at, line in enumerate(lines) if _CONTENTS.match(line)), None)
    if start is None:
        return list(lines)
    wanted = _bare(next((line for line in lines[start + 1 :] if line), ""))
    for at in range(start + 2, len(lines)):
        if _ARTICLE.match(lines[at]) or (wanted and _bare(lines[at]) == wanted):
            again = [n for n in range(start + 2, at + 1) if _bare(lines[n]) == wanted]
            return [*lines[:start], *lines[again[0] if again else at :]]
    return [*lines[:start], *lines[start + 1 :]]


def _bare(line: str) -> str:
    return re.sub(r"[#\s　]+", "", line)


def _articles_of(lines: Sequence[str]) -> tuple[list[_Open], list[str]]:
    opened: list[_Open] = []
    head: list[str] = []
    path: dict[int, str] = {}
    for line in lines:
        heading = _heading(line)
        match = None if heading else _ARTICLE.match(line)
        if heading:
            rank, words = heading
            path = {key: above for key, above in path.items() if key < rank} | {rank: words}
        elif match and (key := _key(match)) is not None:
            opened.append(_Open(key, tuple(path[rank] for rank in sorted(path)), [match[3]]))
        elif opened and _ANNEX.match(line):
            break
        elif opened:
            if not line.startswith("#"):
                opened[-1].lines.append(line)
        elif not path:
            head.append(line)
    return opened, head


def _key(match: re.Match[str]) -> tuple[int, int] | None:
    try:
        return from_numeral(match[1]), from_numeral(match[2]) if match[2] else 0
    except CitationUnreadable:
        return None


def _heading(line: str) -> tuple[int, str] | None:
    """Return the rank and the words of a heading: 第一章 总则."""
    if _LAST_RULES.match(line):
        return _RANKS["编"], "附则"
    heading = _HEADING.match(line)
    if heading is None:
        return None
    words = re.sub(r"[\s　]+", "", heading[3] or "")
    return _RANKS[heading[2]], f"第{heading[1]}{heading[2]}" + (f" {words}" if words else "")


def _items_of(lines: Sequence[str]) -> tuple[list[_Open], list[str]]:
    """Return the items of a document without articles: those that go on counting."""
    opened: list[_Open] = []
    head: list[str] = []
    path: tuple[str, ...] = ()
    for line in lines:
        section = _SECTION.match(line)
        match = _ITEM.match(line)
        if section:
            path = (f"{section[1]}、{section[2]}",)
        elif match and from_numeral(match[1]) == len(opened) + 1:
            opened.append(_Open((len(opened) + 1, 0), path, [match[2]]))
        elif opened:
            opened[-1].lines.append(line)
        elif not path:
            head.append(line)
    return opened, head


def _paragraphs(lines: Sequence[str], by_item: bool) -> tuple[Paragraph, ...]:
    return tuple(_gather([line for line in lines if line], by_item=by_item))


def _gather(lines: Sequence[str], *, by_item: bool) -> Iterator[Paragraph]:
    text: str | None = None
    items: list[Item] = []
    for line in lines:
        match = None if by_item else _ITEM.match(line)
        number = _item_number(match)
        if number is not None and match is not None:
            items.append(Item(number, match[2]))
            text = text or ""
        elif items and re.match(r"[0-9０-９]+[.．、]", line):  # 目 belong to their item
            items[-1] = Item(items[-1].number, f"{items[-1].text}\n{line}")
        else:
            if text is not None:
                yield Paragraph(text, tuple(items))
            text, items = line, []
    if text is not None:
        yield Paragraph(text, tuple(items))


def _item_number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    try:
        return from_numeral(match[1])
    except CitationUnreadable:
        return None
