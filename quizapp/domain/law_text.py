"""法律文本: an official text in its 编, 章, 节, 条, 款 and 项."""

from dataclasses import dataclass

from quizapp.domain.statutes import Citation, numeral
from quizapp.domain.text import Text


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

    @property
    def item_count(self) -> int:
        """How many items its paragraphs have."""
        return sum(len(paragraph.items) for paragraph in self.paragraphs)

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


PROBLEMS = {
    "repeated": Text("条号重复，这一条未读入", "This number stands twice; the second is left out"),
    "gap": Text("条号不连续，请检查前面是否缺条", "Not the next number: is an article missing?"),
    "number": Text(
        "条号无法识别，作为前一条的文字读入", "No number; read as words of the one before"
    ),
}
"""What may be wrong with a text that can be read all the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at in the file. `line`: from 1; `words`: how that line begins."""

    line: int
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class LawText:
    """A text as it was read. `by_item`: a document without articles, cited by its （N）.

    `head`: what stands before the first article: title, history, preamble; `annex`: what stands
    after the last one.
    """

    articles: tuple[Article, ...]
    head: tuple[str, ...] = ()
    annex: tuple[str, ...] = ()
    by_item: bool = False
    problems: tuple[Problem, ...] = ()

    def article(self, number: int, sub: int = 0) -> Article | None:
        """Return the article of that number, or None."""
        return next((each for each in self.articles if each.key == (number, sub)), None)
