"""Credit rules and the append-only ledger of training hours: tables and statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from quizapp.domain.credit_rules import CreditRule, Held, add_held
from quizapp.domain.errors import NotFound
from quizapp.domain.training import Posting
from quizapp.store.db import Tx, UTCDateTime, insert_new, metadata

credit_rules = sa.Table(
    "credit_rules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "kind", sa.String(16), nullable=False
    ),  # classroom | online | contest | exam | lecture | outside
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("minutes_per_hour", sa.Integer, nullable=False),  # minutes of training per 学时
    sa.Column(
        "step_ch", sa.Integer, nullable=False
    ),  # rounding step in hundredths of a 学时, downwards
    sa.Column("day_cap_ch", sa.Integer),
    sa.Column("year_cap_ch", sa.Integer),
    sa.Column("fixed_ch", sa.Integer),  # a fixed credit, e.g. for a passed contest
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.UniqueConstraint("kind", "version"),
)

hour_postings = sa.Table(  # never edited: a wrong posting is reversed by another
    "hour_postings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),  # of that day
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("cadre_level", sa.String(10), nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column(
        "credit_ch", sa.Integer, nullable=False
    ),  # hundredths of a 学时; negative in a reversal
    sa.Column("times", sa.Integer, nullable=False),  # 人次: 1, or -1 in a reversal
    sa.Column("rule_id", sa.ForeignKey("credit_rules.id"), nullable=False),
    sa.Column(
        "source", sa.String(80), nullable=False, unique=True
    ),  # contest:<exam>:<officer>, sheet:…, reversal:<id>
    sa.Column("batch_id", sa.ForeignKey("uploads.id")),
    sa.Column("reverses_id", sa.ForeignKey("hour_postings.id"), unique=True),
    sa.Column("reason", sa.String(200), nullable=False, server_default=""),
    sa.Column("posted_by", sa.ForeignKey("officers.id")),  # empty: posted by the system
    sa.Column("posted_at", UTCDateTime, nullable=False),
    sa.Index("ix_hour_postings_year", "year", "scoring_unit_id"),
    sa.Index("ix_hour_postings_officer", "officer_id", "year"),
)

CHUNK = 400
"""Values in one IN list or one INSERT: below every limit of both databases."""


def list_rules(tx: Tx) -> list[CreditRule]:
    """Return all credit rules by kind and version."""
    rows = tx.execute(sa.select(credit_rules).order_by(credit_rules.c.kind, credit_rules.c.version))
    return [CreditRule(**row) for row in rows.mappings()]


def add_rules(tx: Tx, rules: Iterable[CreditRule]) -> None:
    """Leave these versions in the table; a version that is there already is left alone."""
    values = [{k: v for k, v in asdict(rule).items() if k != "id"} for rule in rules]
    tx.execute(insert_new(tx, credit_rules), values)


def add_postings(tx: Tx, postings: Sequence[Posting]) -> int:
    """Append postings, leaving out those whose source is in the ledger; return how many are new."""
    statement = insert_new(tx, hour_postings).returning(hour_postings.c.id)
    added = 0
    for part in chunks(postings):
        values = [_values(posting) for posting in part]
        added += len(tx.execute(statement, values).all())
    return added


def list_postings(tx: Tx, officer_id: int, year: int | None = None) -> list[Posting]:
    """Return an officer's lines, newest day first; of one year or of all."""
    where = [hour_postings.c.officer_id == officer_id]
    if year is not None:
        where.append(hour_postings.c.year == year)
    return _postings(tx, sa.and_(*where), hour_postings.c.held_on.desc(), hour_postings.c.id.desc())


def get_posting(tx: Tx, posting_id: int) -> Posting:
    """Return one line of the ledger. Raises NotFound."""
    found = _postings(tx, hour_postings.c.id == posting_id)
    if not found:
        raise NotFound("posting_not_found")
    return found[0]


def list_standing(tx: Tx, batch_id: int) -> list[Posting]:
    """Return the postings of a batch that nobody has reversed, in the order of the file."""
    reversals = hour_postings.alias()
    reversed_ids = sa.select(reversals.c.reverses_id).where(reversals.c.reverses_id.is_not(None))
    return _postings(
        tx,
        sa.and_(hour_postings.c.batch_id == batch_id, hour_postings.c.id.not_in(reversed_ids)),
        hour_postings.c.id,
    )


def is_reversed(tx: Tx, posting_id: int) -> bool:
    """Say whether a reversal of that posting stands in the ledger."""
    found = tx.execute(
        sa.select(hour_postings.c.id).where(hour_postings.c.reverses_id == posting_id)
    )
    return found.first() is not None


def sources_of(tx: Tx, officer_ids: Iterable[int]) -> dict[str, bool]:
    """Return every source these officers have postings from, and whether it still stands."""
    reversals = hour_postings.alias()
    taken_back = sa.exists().where(reversals.c.reverses_id == hour_postings.c.id)
    found: dict[str, bool] = {}
    for part in chunks(sorted(set(officer_ids))):
        rows = tx.execute(
            sa.select(hour_postings.c.source, taken_back).where(
                hour_postings.c.officer_id.in_(part), hour_postings.c.reverses_id.is_(None)
            )
        )
        found |= {source: not is_back for source, is_back in rows}
    return found


def list_contest(tx: Tx, exam_id: int, officer_ids: Iterable[int]) -> list[tuple[Posting, bool]]:
    """Return what an exam posted for these officers, oldest first, and whether it still stands."""
    reversals = hour_postings.alias()
    stands = ~sa.exists().where(reversals.c.reverses_id == hour_postings.c.id)
    source = hour_postings.c.source.startswith(f"contest:{exam_id}:", autoescape=True)
    found = []
    for part in chunks(sorted(set(officer_ids))):
        rows = tx.execute(
            sa.select(hour_postings, stands.label("stands"))
            .where(hour_postings.c.officer_id.in_(part), source)
            .order_by(hour_postings.c.id)
        ).mappings()
        found += [(_posting_of(row), bool(row["stands"])) for row in rows]
    return found


def credited(tx: Tx, officer_ids: Iterable[int], years: Iterable[int]) -> Held:
    """Return the hours that officers hold by (officer, kind, day) and by (officer, kind, year)."""
    held: Held = {}
    years = sorted(set(years))
    columns = hour_postings.c
    for part in chunks(sorted(set(officer_ids))):
        rows = tx.execute(
            sa.select(
                columns.officer_id, columns.kind, columns.held_on, sa.func.sum(columns.credit_ch)
            )
            .where(columns.officer_id.in_(part), columns.year.in_(years))
            .group_by(columns.officer_id, columns.kind, columns.held_on)
        )
        for officer_id, kind, day, credit_ch in rows:
            add_held(held, officer_id, kind, day, int(credit_ch))
    return held


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Yield the values in parts of at most `size`, in order."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


_POSTED = tuple(field.name for field in fields(Posting) if field.name != "id")


def _values(posting: Posting) -> dict[str, Any]:
    values = {name: getattr(posting, name) for name in _POSTED}
    return values | {"year": posting.year}


def _postings(tx: Tx, where: sa.ColumnElement[bool], *order: Any) -> list[Posting]:
    rows = tx.execute(sa.select(hour_postings).where(where).order_by(*order)).mappings()
    return [_posting_of(row) for row in rows]


def _posting_of(row: Any) -> Posting:
    return Posting(**{k: v for k, v in row.items() if k not in ("year", "stands")})
