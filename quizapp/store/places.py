"""Statements on units."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from quizapp.domain.ids import UnitId
from quizapp.domain.people import Place
from quizapp.domain.places import Alias, NewUnit, Unit
from quizapp.store.db import Tx
from quizapp.store.people import units

_UNITS = sa.select(units).order_by(units.c.code)


def place_columns(table: Any, prefix: str) -> list[Any]:
    """Return the columns of a Place from `table`, named with `prefix`; read back by `place_of`."""
    names = ("id", "code", "name", "name_en", "level", "parent_id", "scoring_unit_id", "is_ranked")
    return [table.c[name].label(prefix + name) for name in names]


def place_of(row: Any, prefix: str) -> Place:
    """Return the Place of a row (mapping) selected with `place_columns`."""
    return Place(
        id=UnitId(row[f"{prefix}id"]),
        code=row[f"{prefix}code"],
        name=row[f"{prefix}name"],
        level=row[f"{prefix}level"],
        parent_id=row[f"{prefix}parent_id"],
        scoring_unit_id=row[f"{prefix}scoring_unit_id"],
        is_ranked=row[f"{prefix}is_ranked"],
        name_en=row[f"{prefix}name_en"],
    )


def list_units(tx: Tx) -> list[Unit]:
    """Return all units in the order of their codes, which is the official one."""
    return [_unit(row) for row in tx.execute(_UNITS).mappings()]


def list_scoring_units(tx: Tx) -> list[Place]:
    """Return the units that rank for themselves, by code; the province's own among them."""
    rows = tx.execute(_UNITS.where(units.c.scoring_unit_id == units.c.id)).mappings()
    return [place_of(row, "") for row in rows]


def find_place(tx: Tx, code: str) -> Place | None:
    """Return the unit of that code, or None."""
    row = tx.execute(_UNITS.where(units.c.code == code)).mappings().first()
    return place_of(row, "") if row else None


def add_units(tx: Tx, new: Sequence[NewUnit]) -> None:
    """Leave these units in the table; parents and scoring units are there already or among them."""
    if not new:
        return
    tx.execute(
        sa.insert(units),
        [
            {
                "code": unit.code,
                "name": unit.name,
                "name_en": unit.name_en,
                "level": unit.level,
                "kind": unit.kind,
                "is_ranked": unit.is_ranked,
                "aliases": [{"name": a.name, "until": a.until} for a in unit.aliases],
            }
            for unit in new
        ],
    )
    ids: dict[str, int] = {
        row.code: row.id for row in tx.execute(sa.select(units.c.code, units.c.id))
    }
    tx.execute(
        sa.update(units)
        .where(units.c.id == sa.bindparam("unit"))
        .values(parent_id=sa.bindparam("above"), scoring_unit_id=sa.bindparam("ranked_in")),
        [
            {"unit": ids[u.code], "above": ids.get(u.parent), "ranked_in": ids[u.scoring_unit]}
            for u in new
        ],
        execution_options={"synchronize_session": False},
    )


def put_english_names(tx: Tx, names: Mapping[UnitId, str]) -> None:
    """Leave these English names at the units of these ids."""
    if names:
        tx.execute(
            sa.update(units)
            .where(units.c.id == sa.bindparam("unit"))
            .values(name_en=sa.bindparam("english")),
            [{"unit": unit_id, "english": name} for unit_id, name in names.items()],
            execution_options={"synchronize_session": False},
        )


def _unit(row: Any) -> Unit:
    return Unit(
        place=place_of(row, ""),
        name_en=row["name_en"],
        kind=row["kind"],
        aliases=tuple(Alias(entry["name"], entry["until"]) for entry in row["aliases"]),
        is_closed=row["closed_at"] is not None,
    )
