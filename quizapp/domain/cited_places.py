"""Picking a place of a law: what a trainer types for its article, and what of it can be cited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.domain.law_text import Article
from quizapp.domain.statutes import Citation, Law, parse_citation

MOST_NAMES = 8
_BARE = re.compile(r"([^第条之\-－]+)(?:[之\-－]([^第条之\-－]+))?")


def read_place(name: str, place: str) -> Citation:
    """Return the citation of a place as people shorten it: 51, 51-1, 五十一之一, 第51条第1款.

    Raises CitationUnreadable.
    """
    text = re.sub(r"\s", "", place)
    bare = _BARE.fullmatch(text)
    if bare:
        text = f"第{bare[1]}条" + (f"之{bare[2]}" if bare[2] else "")
    return parse_citation(f"《{name}》{text}")


def laws_named(text: str, laws: Sequence[Law]) -> list[str]:
    """Return the short names of laws whose short or full name holds the text, likeliest first.

    A name that begins with it goes before one that only holds it; at most MOST_NAMES.
    """
    wanted = text.strip().strip("《》")
    found = {
        law.short: (wanted not in (law.short, law.full), not law.short.startswith(wanted))
        for law in laws
        if wanted and (wanted in law.short or wanted in law.full)
    }
    return sorted(found, key=lambda short: (found[short], len(short), short))[:MOST_NAMES]


def places_of(citation: Citation, article: Article) -> list[tuple[Citation, str]]:
    """Return what of an article can be cited, each with its words: the whole, its 款, their 项."""
    whole = replace(citation, paragraph=None, item=None)
    found = [(whole, article.text)]
    if not citation.by_item:
        found += _parts(whole, article)
    return found


def _parts(whole: Citation, article: Article) -> Iterator[tuple[Citation, str]]:
    is_divided = len(article.paragraphs) > 1
    for no, paragraph in enumerate(article.paragraphs, 1):
        own = replace(whole, paragraph=no if is_divided else None)
        if is_divided:
            yield own, paragraph.full
        for item in paragraph.items:
            yield replace(own, item=item.number), item.text
