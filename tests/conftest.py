"""One application and one schema per run and database; every test starts with empty tables."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.service import upkeep
from quizapp.store import schema
from quizapp.store.db import Tx, db, transaction
from tests import postgres

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A short path outside private folders: PostgreSQL's socket has a limit of about 100 characters."""
    path = Path(tempfile.mkdtemp(prefix="quiz-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(folder: Path) -> Iterator[str]:
    """The address of a real PostgreSQL: TEST_DATABASE_URL, else one of our own."""
    with postgres.running(folder, os.environ.get("TEST_DATABASE_URL", "")) as url:
        yield url


def settings(folder: Path, database_url: str, **over: object) -> Settings:
    values = {
        "secret_key": "a secret for tests only, long enough",
        "database_url": database_url,
        "instance_dir": folder,
        "upkeep_s": 0.0,
        "board_cache_s": 0.0,
    }
    return Settings(**(values | over))  # type: ignore[arg-type]


@pytest.fixture(scope="session", params=DATABASES)
def whole_app(request: pytest.FixtureRequest, folder: Path) -> Iterator[Flask]:
    """The application on one database, tables made by the migrations."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'test.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_url")
    app = create_app(settings(folder, url))
    app.config.update(TESTING=True)
    with app.app_context():
        upkeep.migrate()
        yield app
        db.engine.dispose()


@pytest.fixture
def app(whole_app: Flask) -> Flask:
    """The application with empty tables."""
    schema.empty(db.engine)
    return whole_app


@pytest.fixture
def tx(app: Flask) -> Iterator[Tx]:
    """A writing transaction for tests of the store; committed at the end."""
    with transaction() as tx:
        yield tx


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
