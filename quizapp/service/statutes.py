"""The statute library: reading an official text, search, and looking up a citation."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from quizapp.domain.errors import NotAllowed, NotFound
from quizapp.domain.law_header import Facts, facts_of, law_of, split_front
from quizapp.domain.law_reading import read_law
from quizapp.domain.law_text import Article, LawText
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Citation, Law, parse_citation
from quizapp.formats.law_file import read_lines
from quizapp.service.apart import Gate, run_apart
from quizapp.store import statutes
from quizapp.store.db import reading
from quizapp.store.statutes import Hit, Shelved

READING = Gate(longest_queue=4)
PAGE_SIZE = 30
WORDS = 6
"""So many words of a search count."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: the version, its text, and a digest of the articles."""

    law: Law
    text: LawText
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """A cited place. `article` and `words` are None where the library does not hold it."""

    citation: Citation
    shelved: Shelved
    article: Article | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search in the library; pages count from 1."""

    hits: list[Hit]
    total: int
    page: int
    page_count: int


def may_keep(viewer: Viewer) -> bool:
    """Say whether the viewer looks after the library: a trainer of the province."""
    return any(place.level == "province" for place in viewer.places_of("trainer"))


def check_may_keep(viewer: Viewer) -> None:
    """Pass only a trainer of the province. Raises NotAllowed("out_of_scope")."""
    if not may_keep(viewer):
        raise NotAllowed("out_of_scope")


def read_text(name: str, content: bytes) -> tuple[LawText, Facts]:
    """Return the text that a file holds and what it says of itself.

    Raises FileRefused, LawUnreadable, Busy.
    """
    with READING:
        return run_apart(_read_text, name, content)


def _read_text(name: str, content: bytes) -> tuple[LawText, Facts]:
    whole = read_lines(name, content)
    front, lines = split_front(whole)
    text = read_law(lines, first=len(whole) - len(lines) + 1)
    return text, facts_of(front, text)


def read_file(name: str, content: bytes, told: Facts | None = None) -> Read:
    """Return the law that a file holds; `told` goes before what the text says of itself.

    Raises FileRefused, LawUnreadable, LawFactMissing, Invalid("law_dates_wrong"), Busy.
    """
    text, own = read_text(name, content)
    return read_with(text, (told or Facts()).over(own))


def read_with(text: LawText, facts: Facts) -> Read:
    """Return the law that a text with these facts is. Raises LawFactMissing, Invalid."""
    law = law_of(facts, text)
    digest = sha256()
    for article in text.articles:
        digest.update(repr((article.key, article.path, article.text)).encode())
    return Read(law, text, digest.hexdigest())


def list_library() -> list[Shelved]:
    """Return every version of every law, also those without a text; newest version first."""
    with reading() as tx:
        return statutes.list_shelved(tx)


def list_held() -> set[tuple[str, date]]:
    """Return short name and version of every law whose text is there."""
    with reading() as tx:
        return statutes.list_held(tx)


def get_law(law_id: int) -> tuple[Shelved, list[Article], list[Shelved]]:
    """Return a version, its articles, and all versions of that law. Raises NotFound."""
    with reading() as tx:
        shelved = statutes.get_shelved(tx, law_id)
        return (
            shelved,
            statutes.list_articles(tx, law_id),
            statutes.list_shelved(tx, shelved.law.short),
        )


def get_article(law_id: int, number: int, sub: int) -> tuple[Shelved, Article]:
    """Return an article. Raises NotFound("law_not_found" | "article_not_found")."""
    with reading() as tx:
        shelved = statutes.get_shelved(tx, law_id)
        article = statutes.find_article(tx, law_id, number, sub)
    if article is None:
        raise NotFound("article_not_found")
    return shelved, article


def look_up(citation: Citation, *, on: date) -> Place:
    """Return where a citation leads: without a version, to the one in force on that day.

    Raises NotFound("law_not_found").
    """
    with reading() as tx:
        versions = statutes.list_shelved(tx, citation.law)
        wanted = next(
            (
                each
                for each in versions
                if (
                    each.law.version == citation.version
                    if citation.version
                    else each.law.is_in_force(on)
                )
            ),
            None,
        )
        if wanted is None:
            raise NotFound("law_not_found")
        article = statutes.find_article(tx, wanted.id, citation.article, citation.sub)
    full = replace(
        citation,
        law=wanted.law.short,
        version=wanted.law.version,
        by_item=wanted.law.by_item,
    )
    return Place(full, wanted, article, article.part(full) if article else None)


def resolve(text: str, *, on: date) -> Place:
    """Return where a written citation leads: 《行政处罚法》第五十一条第一款.

    Raises CitationUnreadable, NotFound("law_not_found").
    """
    return look_up(parse_citation(text), on=on)


def search(text: str, *, short: str = "", on: date | None = None, page: int = 1) -> Found:
    """Return one page of the articles that hold all the words; `on`: in force on that day."""
    words = [word for word in text.split() if word][:WORDS]
    if not words:
        return Found([], 0, 1, 1)
    with reading() as tx:
        total = statutes.count_hits(tx, words, short=short, on=on)
        page_count = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), page_count)
        hits = statutes.list_hits(
            tx, words, short=short, on=on, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
    return Found(hits, total, page, page_count)
