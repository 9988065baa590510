"""The ledger counted: read-only queries over postings, units and rosters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.training import PROVINCE_OWN, HoursTotal, Scope
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster
from quizapp.store.people import officers, units, uploads
from quizapp.store.training import chunks, hour_postings


def _per_officer(
    key: sa.ColumnElement[Any],
    year: int | None,
    cadre_level: str | None,
    scope: Scope | None,
) -> sa.Subquery:
    columns = hour_postings.c
    statement = sa.select(
        key.label("key"),
        sa.func.sum(columns.times).label("times"),
        sa.func.sum(columns.credit_ch).label("credit_ch"),
        sa.func.sum(columns.minutes).label("minutes"),
    ).group_by(key, columns.officer_id)
    if year is not None:
        statement = statement.where(columns.year == year)
    if cadre_level is not None:
        statement = statement.where(columns.cadre_level == cadre_level)
    if scope is not None:
        statement = statement.where(_inside(scope, columns.unit_id, columns.scoring_unit_id))
    return statement.subquery()


def _inside(
    scope: Scope, unit_id: sa.ColumnElement[int], scoring_unit_id: sa.ColumnElement[int]
) -> sa.ColumnElement[bool]:
    return sa.or_(scoring_unit_id.in_(scope.scoring_units), unit_id.in_(scope.units))


def count_hours(
    tx: Tx,
    level: str,
    *,
    year: int | None = None,
    cadre_level: str | None = None,
    scope: Scope | None = None,
) -> list[HoursTotal]:
    """Return one row per "city", "county", "year" or "cadre", also for units with nothing (zeros).

    `scope`: None for all. City: every scoring unit, the province's own staff
    among them, by code; county: every unit, by the code of its scoring unit and its own; an officer
    who moved counts as a person in each unit that posted for him.
    """
    if level in ("city", "county"):
        return _by_unit(tx, level, year, cadre_level, scope)
    column = hour_postings.c.year if level == "year" else hour_postings.c.cadre_level
    inner = _per_officer(sa.cast(column, sa.String(10)), year, cadre_level, scope)
    rows = tx.execute(
        sa.select(inner.c.key, *_figures(inner)).group_by(inner.c.key).order_by(inner.c.key)
    )
    return [_total(key, key, figures) for key, *figures in rows]


def _total(key: str, label: str, figures: Sequence[int], above: str = "") -> HoursTotal:
    times, persons, credit_ch, minutes = map(int, figures)  # PostgreSQL may sum as Decimal
    return HoursTotal(key, label, times, persons, credit_ch, minutes, above)


def _figures(inner: sa.Subquery) -> list[sa.ColumnElement[int]]:
    zero = sa.literal(0)
    trained = sa.case((inner.c.times > 0, 1), else_=0)
    return [
        sa.func.coalesce(sa.func.sum(figure), zero)
        for figure in (inner.c.times, trained, inner.c.credit_ch, inner.c.minutes)
    ]


def _by_unit(
    tx: Tx, level: str, year: int | None, cadre_level: str | None, scope: Scope | None
) -> list[HoursTotal]:
    columns = hour_postings.c
    city = units.alias("city")
    key = columns.scoring_unit_id if level == "city" else columns.unit_id
    inner = _per_officer(key, year, cadre_level, scope)
    joined = units.join(city, units.c.scoring_unit_id == city.c.id).outerjoin(
        inner, inner.c.key == units.c.id
    )
    order = (city.c.code, units.c.code) if level == "county" else (units.c.code,)
    statement = (
        sa.select(units.c.code, _shown_name(units), *_figures(inner), _shown_name(city))
        .select_from(joined)
        .group_by(units.c.code, units.c.name, units.c.level, city.c.code, city.c.name, city.c.level)
        .order_by(*order)
    )
    if level == "city":
        statement = statement.where(units.c.id == units.c.scoring_unit_id)
    if scope is not None:
        seen = _inside(scope, units.c.id, units.c.scoring_unit_id)
        statement = statement.where(sa.or_(seen, inner.c.key.is_not(None)))
    return [
        _total(code, name, figures, above) for code, name, *figures, above in tx.execute(statement)
    ]


def _shown_name(table: sa.FromClause) -> sa.ColumnElement[str]:
    return sa.case((table.c.level == "province", PROVINCE_OWN), else_=table.c.name)


def list_years(tx: Tx) -> list[int]:
    """Return the years that have postings, newest first."""
    year = hour_postings.c.year
    return [int(row[0]) for row in tx.execute(sa.select(year).distinct().order_by(year.desc()))]


@dataclass(frozen=True, slots=True)
class Batch:
    """An import as the ledger holds it; `standing` of its `times` postings are not reversed.

    The hours are those that stand. `elsewhere`: how many stand outside the reader's scope.
    """

    id: int
    file_name: str
    confirmed_at: datetime
    by: str
    times: int
    standing: int
    persons: int
    credit_ch: int
    elsewhere: int


def list_batches(tx: Tx, scope: Scope | None) -> list[Batch]:
    """Return the imports with postings inside the scope, the latest first; figures of that part."""
    columns = hour_postings.c
    reversals = hour_postings.alias()
    inside = (
        sa.true() if scope is None else _inside(scope, columns.unit_id, columns.scoring_unit_id)
    )
    is_inside = sa.case((inside, 1), else_=0)
    standing = sa.case((reversals.c.id.is_(None), 1), else_=0)
    query = (
        sa.select(
            uploads.c.id,
            uploads.c.file_name,
            uploads.c.confirmed_at,
            officers.c.name,
            sa.func.sum(is_inside),
            sa.func.sum(standing * is_inside),
            sa.func.count(sa.case((inside, columns.officer_id)).distinct()),
            sa.func.sum(standing * is_inside * columns.credit_ch),
            sa.func.sum(standing * (1 - is_inside)),
        )
        .select_from(hour_postings)
        .join(uploads, uploads.c.id == columns.batch_id)
        .join(officers, officers.c.id == uploads.c.created_by)
        .outerjoin(reversals, reversals.c.reverses_id == columns.id)
        .group_by(uploads.c.id, uploads.c.file_name, uploads.c.confirmed_at, officers.c.name)
        .having(sa.func.sum(is_inside) > 0)
        .order_by(uploads.c.id.desc())
    )
    return [
        Batch(*said, *map(int, figures))
        for said, figures in ((row[:4], row[4:]) for row in tx.execute(query))
    ]


def cadre_levels_on(tx: Tx, exam_id: int, officer_ids: Iterable[int]) -> dict[int, str]:
    """Return the cadre level of officers as an exam's frozen roster has it."""
    found: dict[int, str] = {}
    for part in chunks(sorted(set(officer_ids))):
        rows = tx.execute(
            sa.select(exam_roster.c.officer_id, exam_roster.c.cadre_level).where(
                exam_roster.c.exam_id == exam_id, exam_roster.c.officer_id.in_(part)
            )
        )
        found |= {int(officer_id): level for officer_id, level in rows}
    return found
