"""The search in the statute library: one pass over the texts, the most telling articles first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from quizapp.domain.law_text import Article
from quizapp.domain.statutes import Law
from quizapp.store.bank import laws
from quizapp.store.db import Tx
from quizapp.store.statutes import article_of, law_articles, law_of

_ONE = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a search found."""

    law_id: int
    law: Law
    article: Article


def _conditions(words: Sequence[str], short: str, on: date | None) -> list[Any]:
    """Say which articles are meant: each word in the text or the name, one at least in the text."""
    in_text = [law_articles.c.text.contains(word, autoescape=True) for word in words]
    named = [laws.c.full.contains(word, autoescape=True) for word in words]
    found: list[Any] = [sa.or_(*pair) for pair in zip(in_text, named, strict=True)]
    found.append(sa.or_(*in_text))
    if short:
        found.append(laws.c.short == short)
    if on is not None:
        found.append(laws.c.effective_on <= on)
        found.append(laws.c.repealed_on.is_(None) | (laws.c.repealed_on > on))
    return found


def _named(words: Sequence[str]) -> Any:
    """Count how many of the words stand in the name of the law."""
    return sum(
        (sa.case((laws.c.full.contains(word, autoescape=True), 1), else_=0) for word in words),
        start=sa.literal(0),
    )


def _density(words: Sequence[str]) -> Any:
    """Return the share of the article that the words make up, in parts of ten thousand."""
    whole = law_articles.c.text
    rest: Any = whole
    for word in words:
        rest = sa.func.replace(rest, word, "")
    return (sa.func.length(whole) - sa.func.length(rest)) * _ONE / (sa.func.length(whole) + 1)


def count_hits(tx: Tx, words: Sequence[str], *, short: str = "", on: date | None = None) -> int:
    """Return how many articles hold the words."""
    query = sa.select(sa.func.count()).select_from(law_articles.join(laws))
    return int(tx.execute(query.where(*_conditions(words, short, on))).scalar_one())


def list_hits(
    tx: Tx,
    words: Sequence[str],
    *,
    short: str = "",
    on: date | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Hit]:
    """Return articles that hold all the words; `on`: in force on that day.

    First those of laws whose names hold words too, then those of which the words make up most.
    """
    rows = tx.execute(
        sa.select(law_articles, *(c for c in laws.c if c.name != "id"))
        .select_from(law_articles.join(laws))
        .where(*_conditions(words, short, on))
        .order_by(
            _named(words).desc(),
            _density(words).desc(),
            laws.c.short,
            laws.c.version.desc(),
            law_articles.c.position,
        )
        .limit(limit)
        .offset(offset)
    )
    return [Hit(row.law_id, law_of(row), article_of(row)) for row in rows]
