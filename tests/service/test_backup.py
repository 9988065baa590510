from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from quizapp.domain.errors import Conflict, Invalid
from quizapp.service import backup, places, upkeep
from quizapp.store.db import db, reading, transaction

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_a_backup_brings_back_what_was_committed_before_it(app: Flask, tmp_path: Path) -> None:
    if is_postgresql():
        with pytest.raises(Conflict, match="use_pg_dump"):
            backup.back_up(tmp_path / "copy.sqlite")
        return
    places.load_places(NOW)
    size = backup.back_up(tmp_path / "copy.sqlite")
    assert size > 0
    assert (tmp_path / "copy.sqlite").stat().st_mode & 0o777 == 0o600
    with transaction() as tx:
        tx.execute(text("DELETE FROM units"))
    kept = backup.restore(tmp_path / "copy.sqlite", now=NOW)
    assert len(places.list_units()) > 180 - 1
    assert kept is not None
    assert kept.exists()
    kept.unlink()
    assert upkeep.verify().broken_entry is None


def test_a_file_that_is_no_backup_touches_nothing(app: Flask, tmp_path: Path) -> None:
    if is_postgresql():
        return
    places.load_places(NOW)
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_bytes(b"not a database" * 100)
    with pytest.raises(Invalid, match="damaged_database"):
        backup.restore(wrong, now=NOW)
    assert places.list_units()


def test_a_running_server_keeps_its_database(app: Flask, tmp_path: Path) -> None:
    if is_postgresql():
        return
    places.load_places(NOW)
    backup.back_up(tmp_path / "copy.sqlite")
    with db.engine.connect() as another:
        another.execute(text("SELECT 1"))
        file = Path(str(db.engine.url.database))
        with pytest.raises(Conflict, match="database_in_use"):
            backup.store.set_aside(file, "test")
    assert places.list_units()


def test_a_changed_journal_is_found(app: Flask) -> None:
    places.load_places(NOW)
    assert upkeep.verify().broken_entry is None
    with transaction() as tx:
        tx.execute(text("UPDATE journal SET subject = 'units!'"))
    with reading() as tx:
        first = tx.execute(text("SELECT id FROM journal")).scalar_one()
    assert upkeep.verify().broken_entry == first
