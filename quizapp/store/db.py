"""The engine, the transaction and the column types; the only file that knows flask_sqlalchemy."""

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from quizapp.domain.clock import from_ms, to_ms
from quizapp.domain.errors import Busy

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

db = SQLAlchemy(metadata=sa.MetaData(naming_convention=NAMING))
metadata = db.metadata
Tx = Session
"""An open transaction. A store function without one cannot read or write."""

LOG = logging.getLogger(__name__)
LOCK_TIMEOUT = "55P03"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as whole milliseconds since 1970 UTC; the same on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse naive values (ValueError)."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return aware UTC."""
        return None if value is None else from_ms(value)


class Waiting(NamedTuple):
    """How a writer waits for SQLite's one write lock."""

    limit_s: float
    sleep: Callable[[float], Any]


_waiting = Waiting(limit_s=3.0, sleep=time.sleep)


def set_waiting(limit_s: float) -> None:
    """Writers wait `limit_s` seconds for the lock, then refuse with Busy.

    The sleep is looked up at call time, so under gevent other requests go on meanwhile.
    """
    global _waiting  # noqa: PLW0603 — one setting of the process
    _waiting = Waiting(limit_s, _sleep)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def prepare_engine(engine: Engine) -> None:
    """Make every connection durable and every transaction begin where we say."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "connect", _prepare_postgresql)


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Let no statement wait longer for a lock than a request may."""
    connection.execute(f"SET lock_timeout = {int(_waiting.limit_s * 1000)}")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    connection.executescript(
        "PRAGMA busy_timeout=0; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA wal_autocheckpoint=4000;"
    )


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        begin_immediate(
            lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"), options.get("wait_s")
        )
    else:
        connection.exec_driver_sql("BEGIN")


def begin_immediate(begin: Callable[[], Any], wait_s: float | None = None) -> None:
    """Run `begin` until SQLite gives the write lock. Raises Busy after `wait_s`, else the limit.

    We wait here and not in SQLite's busy handler: it would hold up the whole worker, unfairly.
    """
    limit_s = _waiting.limit_s if wait_s is None else wait_s
    waited = 0.0
    while True:
        try:
            begin()
        except (OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error) or waited >= limit_s:
                raise (Busy() if "locked" in str(error) else error) from error
        else:
            return
        pause = random.uniform(0.001, 0.010)  # noqa: S311 — jitter
        _waiting.sleep(pause)
        waited += pause


@contextmanager
def transaction(wait_s: float | None = None) -> Iterator[Tx]:
    """Open a writing transaction; commit at the end, roll back on any error. Raises Busy.

    `wait_s`: how long to wait for a lock where that is less than any other request would.
    """
    with Session(db.engine, expire_on_commit=False) as tx:
        tx.connection(execution_options={"writes": True, "wait_s": wait_s})
        if wait_s is not None and not is_sqlite(tx):
            tx.execute(sa.text(f"SET LOCAL lock_timeout = {int(wait_s * 1000)}"))
        try:
            yield tx
            tx.commit()
        except OperationalError as error:
            tx.rollback()
            if getattr(error.orig, "sqlstate", None) == LOCK_TIMEOUT:
                raise Busy from error
            raise
        except BaseException:
            tx.rollback()
            raise


@contextmanager
def reading() -> Iterator[Tx]:
    """Open a read-only view of one moment; nothing done in it is kept."""
    with Session(db.engine, expire_on_commit=False) as tx:
        yield tx
        tx.rollback()


class DriverTx(NamedTuple):
    """A transaction on the driver itself, for the one path where every microsecond counts."""

    cursor: Any
    is_sqlite: bool


def driver() -> Any:
    """Return the module of the driver in use, for its errors; the other one is not even loaded."""
    return db.engine.dialect.dbapi


@contextmanager
def driver_transaction() -> Iterator[DriverTx]:
    """Open a writing transaction on the driver's own cursor; same promises as `transaction`."""
    engine = db.engine
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        is_lite = engine.dialect.name == "sqlite"
        if is_lite:
            begin_immediate(lambda: connection.execute("BEGIN IMMEDIATE"))
        try:
            yield DriverTx(connection.cursor(), is_lite)
            connection.commit()
        except driver().OperationalError as error:
            # lock not had in time, disk full, flush failed, database gone: nothing was stored
            LOG.warning("a transaction failed: %s", error)
            if getattr(error, "sqlstate", None) == LOCK_TIMEOUT:
                connection.rollback()
            else:
                pooled.invalidate()
            raise Busy from error
        except BaseException:
            connection.rollback()
            raise
    finally:
        pooled.close()


@contextmanager
def driver_reading() -> Iterator[DriverTx]:
    """Open a read-only view on the driver's own cursor."""
    engine = db.engine
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        yield DriverTx(connection.cursor(), engine.dialect.name == "sqlite")
    finally:
        pooled.close()  # the pool rolls back


def dialect() -> Dialect:
    """Return how this installation's database is spoken to; work in a thread of its own is told."""
    return db.engine.dialect


def insert_new(tx: Tx, table: sa.Table) -> Any:
    """Return an insert that leaves alone what is there already, also in a race."""
    own = sqlite if is_sqlite(tx) else postgresql
    return own.insert(table).on_conflict_do_nothing()


def is_sqlite(tx: Tx) -> bool:
    """Say whether this transaction runs on SQLite."""
    return tx.get_bind().dialect.name == "sqlite"
