"""What keeps the installation going: migrations, readiness, verification."""

from dataclasses import dataclass

from quizapp.service import closing
from quizapp.store import journal, schema
from quizapp.store.db import db, reading


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the records found; sound when nothing is broken or wrong."""

    entries: int
    broken_entry: int | None
    receipts: int
    wrong_attempts: tuple[int, ...]


def migrate() -> None:
    """Bring the database to the newest migration."""
    schema.upgrade(db.engine)


def write_migration(message: str) -> None:
    """Write the next migration file; for developers."""
    schema.write_migration(db.engine, message)


def is_ready() -> bool:
    """Say whether the database answers and its migrations are current."""
    return schema.is_current(db.engine)


def verify() -> Verification:
    """Return whether the journal's chain holds and every receipt fits its attempt's answers."""
    with reading() as tx:
        entries, broken = journal.count_entries(tx), journal.find_break(tx)
        receipts, wrong = closing.check_receipts(tx)
    return Verification(entries, broken, receipts, wrong)
