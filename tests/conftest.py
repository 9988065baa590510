"""One application and one schema per run and database; every test starts with empty tables."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.service import upkeep
from quizapp.store import schema
from quizapp.store.db import Tx, db, transaction
from tests import postgres

PARTS = ("browser", "faults", "postgresql")
"""What may be switched off, by name only: WITHOUT="browser faults" (see `make test`)."""


def without() -> set[str]:
    """Return the parts the caller switched off. Unknown names are an error."""
    names = set(os.environ.get("WITHOUT", "").split())
    if unknown := names - set(PARTS):
        raise pytest.UsageError(f"WITHOUT knows {', '.join(PARTS)}; not {', '.join(unknown)}")
    return names


COUNTED = "counted"
SECRET = "a secret for tests only, long enough"
TEST_DATABASE = f"quizapp_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
DATABASES = ("sqlite",) if "postgresql" in without() else ("sqlite", "postgresql")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by folder; leave out what was switched off by name (counted as deselected)."""
    off = without()
    gone = []
    for item in items:
        part = item.path.parent.name
        if part in PARTS:
            item.add_marker(part)
        if any(item.get_closest_marker(name) for name in off):
            gone.append(item)
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the caller switched off and what every fault test counted."""
    terminalreporter.section("parts")
    terminalreporter.line(f"switched off by name: {', '.join(sorted(without())) or 'nothing'}")
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, text in report.user_properties:
            if name == COUNTED and report.when == "call":
                terminalreporter.line(text)


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Report `n attempts, k losses` of a case of the reliability list, and insist on k = 0."""

    def report(case: str, attempts: int, losses: int, note: str = "") -> None:
        text = f"{case}: {attempts} attempts, {losses} losses"
        request.node.user_properties.append((COUNTED, f"{text} ({note})" if note else text))
        assert attempts > 0
        assert losses == 0, text

    return report


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A short path outside private folders: a socket's path has a limit of about 100 characters."""
    path = Path(tempfile.mkdtemp(prefix="quiz-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL: TEST_DATABASE_URL, else one of our own."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield given
        return
    path = Path(tempfile.mkdtemp(prefix="quiz-pg-", dir="/tmp"))
    try:
        with postgres.running(path) as url:
            yield url
    finally:
        shutil.rmtree(path, ignore_errors=True)


def settings(folder: Path, database_url: str, **over: object) -> Settings:
    values = {
        "secret_key": SECRET,
        "database_url": database_url,
        "instance_dir": folder,
        "upkeep_s": 0.0,
        "board_cache_s": 0.0,
    }
    return Settings(**(values | over))  # type: ignore[arg-type]


class FreshClient(FlaskClient):
    """Gives every request an application context of its own, as a server does: `g` starts empty."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session", params=DATABASES)
def whole_app(request: pytest.FixtureRequest, folder: Path) -> Iterator[Flask]:
    """The application on one database, tables made by the migrations."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'test.sqlite'}"
    else:
        url = with_driver(
            postgres.new_database(request.getfixturevalue("postgres_url"), TEST_DATABASE)
        )
    app = create_app(settings(folder, url))
    app.config.update(TESTING=True)
    app.test_client_class = FreshClient
    with app.app_context():
        upkeep.migrate()
        yield app
        db.engine.dispose()


def with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


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
