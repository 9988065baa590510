"""Backup and restore of an SQLite installation."""

from datetime import datetime
from pathlib import Path

from quizapp.store import backup as store
from quizapp.store.db import db


def back_up(target: Path) -> int:
    """Leave a checked copy of the running database in `target`; return its bytes.

    It holds everything committed before the call began. Raises Conflict("use_pg_dump").
    """
    return store.copy_database(store.database_file(db.engine), target)


def restore(source: Path, *, now: datetime) -> Path | None:
    """Replace the database by the backup `source`; return where the former one was put.

    Raises Invalid("damaged_database") before anything is touched, Conflict("database_in_use")
    while a server runs on it, Conflict("use_pg_dump") on PostgreSQL.
    """
    file = store.database_file(db.engine)
    store.check_database(source)
    db.engine.dispose()
    kept = store.set_aside(file, f"before-{now:%Y%m%d-%H%M%S}")
    store.copy_database(source, file)
    return kept
