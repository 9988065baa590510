"""The statute library: texts of laws by version, and their articles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.law_text import Article, Item, LawText, Paragraph
from quizapp.domain.statutes import Law
from quizapp.store.bank import laws
from quizapp.store.db import Tx, UTCDateTime, metadata

law_texts = sa.Table(
    "law_texts",
    metadata,
    sa.Column("law_id", sa.ForeignKey("laws.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),  # of the articles, not of the file
    sa.Column("articles", sa.Integer, nullable=False),
    sa.Column("head", sa.JSON, nullable=False, server_default="[]"),  # lines before 第一条
    sa.Column("annex", sa.JSON, nullable=False, server_default="[]"),  # lines behind the last 条
    sa.Column("imported_by", sa.ForeignKey("officers.id")),  # empty: on the command line
    sa.Column("imported_at", UTCDateTime, nullable=False),
)

law_articles = sa.Table(
    "law_articles",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("law_id", sa.ForeignKey("laws.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("sub", sa.Integer, nullable=False, server_default="0"),  # 1 is 之一
    sa.Column("path", sa.JSON, nullable=False),  # 编, 章, 节 above it
    sa.Column("paragraphs", sa.JSON, nullable=False),  # [[text, [[number, text]…]]…]
    sa.Column("text", sa.Text, nullable=False),  # all its words, for the search
    sa.UniqueConstraint("law_id", "number", "sub"),
)
_KEPT = laws.join(law_texts, law_texts.c.law_id == laws.c.id, isouter=True)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A version of a law in the library. `held`: articles of its text, 0 without the text."""

    id: int
    law: Law
    held: int
    sha256: str


def list_shelved(tx: Tx, short: str | None = None) -> list[Shelved]:
    """Return every version of every law (or of one), by short name, the newest first."""
    query = sa.select(laws, law_texts.c.articles.label("held"), law_texts.c.sha256).select_from(
        _KEPT
    )
    if short is not None:
        query = query.where((laws.c.short == short) | (laws.c.full == short))
    rows = tx.execute(query.order_by(laws.c.short, laws.c.version.desc()))
    return [Shelved(row.id, law_of(row), row.held or 0, row.sha256 or "") for row in rows]


def law_of(row: Any) -> Law:
    """Return the law that a row of `laws` holds."""
    return Law(row.short, row.full, row.version, row.effective_on, row.repealed_on, row.by_item)


def get_shelved(tx: Tx, law_id: int) -> Shelved:
    """Return one version of a law. Raises NotFound("law_not_found")."""
    query = sa.select(laws, law_texts.c.articles.label("held"), law_texts.c.sha256)
    row = tx.execute(query.select_from(_KEPT).where(laws.c.id == law_id)).one_or_none()
    if row is None:
        raise NotFound("law_not_found")
    return Shelved(row.id, law_of(row), row.held or 0, row.sha256 or "")


def list_held(tx: Tx) -> set[tuple[str, date]]:
    """Return name, short and full, and version of every law whose text is in the library."""
    query = sa.select(laws).join(law_texts, law_texts.c.law_id == laws.c.id)
    return {(name, row.version) for row in tx.execute(query) for name in (row.short, row.full)}


def put_law(tx: Tx, law: Law) -> int:
    """Add this version, or correct it where it is known already; return its id."""
    where = (laws.c.short == law.short, laws.c.version == law.version)
    values = {
        "full": law.full,
        "effective_on": law.effective_on,
        "by_item": law.by_item,
    } | ({"repealed_on": law.repealed_on} if law.repealed_on else {})
    known = tx.execute(sa.select(laws.c.id).where(*where)).scalar_one_or_none()
    if known is not None:
        tx.execute(sa.update(laws).where(laws.c.id == known).values(values))
        return int(known)
    added = sa.insert(laws).values(short=law.short, version=law.version, **values)
    return int(tx.execute(added.returning(laws.c.id)).scalar_one())


def close_law(tx: Tx, law_id: int, repealed_on: date | None) -> None:
    """Let a version end: on that day it is not in force any more; None: it ends no more."""
    tx.execute(sa.update(laws).where(laws.c.id == law_id).values(repealed_on=repealed_on))


def add_text(
    tx: Tx, law_id: int, text: LawText, sha256: str, *, imported_by: int | None, now: datetime
) -> None:
    """Let this be the text of that version; another one that was there goes."""
    tx.execute(sa.delete(law_articles).where(law_articles.c.law_id == law_id))
    tx.execute(sa.delete(law_texts).where(law_texts.c.law_id == law_id))
    tx.execute(
        sa.insert(law_texts).values(
            law_id=law_id,
            sha256=sha256,
            articles=len(text.articles),
            head=list(text.head),
            annex=list(text.annex),
            imported_by=imported_by,
            imported_at=now,
        )
    )
    tx.execute(
        sa.insert(law_articles),
        [
            {
                "law_id": law_id,
                "position": position,
                "number": article.number,
                "sub": article.sub,
                "path": list(article.path),
                "paragraphs": [
                    [p.text, [[item.number, item.text] for item in p.items]]
                    for p in article.paragraphs
                ],
                "text": article.text,
            }
            for position, article in enumerate(text.articles)
        ],
    )


def get_surroundings(tx: Tx, law_id: int) -> tuple[list[str], list[str]]:
    """Return the lines before the first article and behind the last; none without a text."""
    query = sa.select(law_texts.c.head, law_texts.c.annex).where(law_texts.c.law_id == law_id)
    row = tx.execute(query).one_or_none()
    return (list(row.head), list(row.annex)) if row else ([], [])


def list_articles(
    tx: Tx, law_id: int | None, keys: Collection[tuple[int, int]] | None = None
) -> list[Article]:
    """Return the articles of a version in their order, `keys`: these only; none without a text."""
    query = sa.select(law_articles).where(law_articles.c.law_id == law_id)
    if keys is not None:
        query = query.where(sa.tuple_(law_articles.c.number, law_articles.c.sub).in_(list(keys)))
    return [article_of(row) for row in tx.execute(query.order_by(law_articles.c.position))]


def find_article(tx: Tx, law_id: int, number: int, sub: int = 0) -> Article | None:
    """Return one article, or None."""
    row = tx.execute(
        sa.select(law_articles).where(
            law_articles.c.law_id == law_id,
            law_articles.c.number == number,
            law_articles.c.sub == sub,
        )
    ).one_or_none()
    return article_of(row) if row else None


def article_of(row: Any) -> Article:
    """Return the article that a row of `law_articles` holds."""
    return Article(
        row.number,
        row.sub,
        tuple(
            Paragraph(text, tuple(Item(number, words) for number, words in items))
            for text, items in row.paragraphs
        ),
        tuple(row.path),
    )
