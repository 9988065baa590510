"""What keeps the installation going: migrations, readiness, expired attempts, verification."""

from quizapp.store import schema
from quizapp.store.db import db


def migrate() -> None:
    """Bring the database to the newest migration."""
    schema.upgrade(db.engine)


def write_migration(message: str) -> None:
    """Write the next migration file; for developers."""
    schema.write_migration(db.engine, message)


def is_ready() -> bool:
    """Say whether the database answers and its migrations are current."""
    try:
        return schema.is_current(db.engine)
    except OSError:
        return False
