"""Many rows at once under a lock that others wait for: made ready before, inserted by the driver.

Of the time an insert of thousands takes, nine tenths go into packing values; that needs no lock.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from quizapp.store.db import Tx, is_sqlite


class ReadyRows(NamedTuple):
    """Rows as the driver takes them. `names`: their columns, in order."""

    table: sa.Table
    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def ready_rows(
    table: sa.Table, rows: Sequence[Mapping[str, Any]], dialect: sa.Dialect
) -> ReadyRows:
    """Return rows packed for the driver; all of them have the columns of the first."""
    names = tuple(rows[0]) if rows else ()
    packers = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        for name in names
    ]
    return ReadyRows(
        table,
        names,
        [tuple(pack(row[name]) for name, pack in zip(names, packers, strict=True)) for row in rows],
    )


def _as_it_is(value: Any) -> Any:
    return value


def take_ids(tx: Tx, table: sa.Table, count: int) -> list[int]:
    """Return ids for as many new rows, ascending; nobody else is given them."""
    if is_sqlite(tx):  # the transaction holds the one write lock
        last = int(tx.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0)
        return list(range(last + 1, last + 1 + count))
    numbers = sa.func.generate_series(1, count).table_valued("no")
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    query = sa.select(sa.func.nextval(sequence)).select_from(numbers)
    return sorted(tx.execute(query).scalars())


def insert_ready(tx: Tx, ready: ReadyRows, **more: Sequence[Any]) -> None:
    """Insert rows; `more`: columns that were not known before, each with a value for every row."""
    if not ready.rows:
        return
    names = (*more, *ready.names)
    rows = [(*late, *row) for *late, row in zip(*more.values(), ready.rows, strict=True)]
    into = f"{ready.table.name} ({', '.join(names)})"
    if is_sqlite(tx):
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 — names of our own
        tx.connection().exec_driver_sql(statement, rows)
        return
    cursor = tx.connection().connection.cursor()
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()
