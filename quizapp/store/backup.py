"""Whole copies of an SQLite database, made while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import Engine

from quizapp.domain.errors import Conflict, Invalid

SUFFIXES = ("", "-wal", "-shm")
PAGES_A_STEP = 2000


def database_file(engine: Engine) -> Path:
    """Return the file of the database. Raises Conflict("use_pg_dump") on PostgreSQL."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        raise Conflict("use_pg_dump")
    return Path(engine.url.database)


def copy_database(source: Path, target: Path) -> int:
    """Leave a checked copy of one moment in `target`, readable by its owner only; return bytes.

    Writers go on meanwhile. A half-made copy never stands under that name. Raises
    Invalid("damaged_database") when the copy fails SQLite's own check.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as from_here,
            closing(sqlite3.connect(partial)) as to_there,
        ):
            from_here.backup(to_there, pages=PAGES_A_STEP)
            to_there.execute("PRAGMA journal_mode=DELETE")
        check_database(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def check_database(file: Path) -> None:
    """Pass only a sound SQLite database of this product. Raises Invalid("damaged_database")."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            state = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT hash FROM journal_head").fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid("damaged_database", file=str(file), reason=str(error)) from None
    if state != "ok":
        raise Invalid("damaged_database", file=str(file), reason=state)


def set_aside(file: Path, mark: str) -> Path | None:
    """Move the database away under a name with `mark`; return it, or None if there was none.

    Raises Conflict("database_in_use") while any other connection is open.
    """
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file, timeout=0.5)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # succeeds only when alone
    except sqlite3.OperationalError as error:
        raise Conflict("database_in_use", file=str(file), reason=str(error)) from None
    except sqlite3.DatabaseError:
        pass  # not a database any more: that may be why it is being replaced
    kept = file.with_name(f"{file.name}.{mark}")
    for suffix in SUFFIXES:
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    return kept
