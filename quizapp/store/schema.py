"""The whole schema: every table known, migrations applied and compared."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from quizapp.store import (  # noqa: F401 — every column with tables: importing fills `metadata`
    amendments,
    analysis,
    attempts,
    awards,
    bank,
    correction_runs,
    corrections,
    exams,
    faults,
    imports,
    journal,
    people,
    pictures,
    reviews,
    standings,
    statutes,
    training,
)
from quizapp.store.db import metadata
from quizapp.store.memory import forget_all

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; a database that is there already is left alone."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def write_migration(engine: Engine, message: str) -> None:
    """Write the next migration from the difference between the tables in code and the database."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)


def is_current(engine: Engine) -> bool:
    """Say whether the database answers and stands at the newest migration."""
    try:
        with engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_heads()
    except sa.exc.SQLAlchemyError:
        return False
    return set(here) == set(ScriptDirectory.from_config(_config()).get_heads())


def empty(engine: Engine) -> None:
    """Delete every row of every table but the migration's own mark; for tests only."""
    forget_all()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        connection.execute(journal.journal_head.insert().values(id=1, hash=journal.START))
