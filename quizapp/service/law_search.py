"""Looking something up in the statute library: words, a law's name, the number of an article."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.domain.law_search import Query, find_laws, read_query
from quizapp.domain.law_text import Article
from quizapp.domain.statutes import Citation
from quizapp.store import law_search, statutes
from quizapp.store.db import Tx, reading
from quizapp.store.law_search import Hit
from quizapp.store.statutes import Shelved

PAGE_SIZE = 30
PLACES, NAMES = 8, 8


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the library. `words`: those of the cited 款 or 项, else of the article."""

    citation: Citation
    shelved: Shelved
    article: Article
    words: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search; pages count from 1.

    `places`: the articles that were named, the likeliest first; `laws`: those whose name was typed;
    `hits`: the articles that hold the words.
    """

    words: tuple[str, ...]
    places: list[Place]
    laws: list[Shelved]
    hits: list[Hit]
    total: int
    page: int
    page_count: int


def search(
    text: str,
    *,
    short: str = "",
    on: date,
    is_any_day: bool = False,
    page: int = 1,
) -> Found:
    """Return one page of what a text finds in the versions in force `on` that day, or in all."""
    query = read_query(text)
    day = None if is_any_day else on
    with reading() as tx:
        shelved = [each for each in statutes.list_shelved(tx) if each.held]
        places = _places(tx, query, short, shelved, on)
        named = [] if places else _named(text, shelved, on)
        # a named place is all that was wanted, unless the number stands in the text as well
        words = () if places and query.law else query.words
        total = law_search.count_hits(tx, words, short=short, on=day) if words else 0
        page_count = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), page_count)
        start = (page - 1) * PAGE_SIZE
        found = (
            law_search.list_hits(tx, words, short=short, on=day, limit=PAGE_SIZE, offset=start)
            if total
            else []
        )
    return Found(query.words, places, named, found, total, page, page_count)


def _named(text: str, shelved: Sequence[Shelved], on: date) -> list[Shelved]:
    laws = find_laws("".join(text.split()), [each.law for each in shelved], on=on)[:NAMES]
    by_law = {(each.law.short, each.law.version): each for each in shelved}
    return [by_law[law.short, law.version] for law in laws]


def _places(tx: Tx, query: Query, short: str, shelved: Sequence[Shelved], on: date) -> list[Place]:
    """Return the named article in every law that may be meant; a law chosen beside goes first."""
    name = query.law or short
    if not query.article or not name:
        return []
    found = []
    for each in _named(name, shelved, on)[:PLACES]:
        citation = query.in_law(each.law)
        article = statutes.find_article(tx, each.id, citation.article, citation.sub)
        if article is not None and (not short or each.law.short == short):
            found.append(Place(citation, each, article, article.part(citation)))
    return found
