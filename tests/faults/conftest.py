"""A stage on each database; the server is started by the test, since killing it is the point."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizapp.app import create_app
from quizapp.service import upkeep
from quizapp.store import memory
from quizapp.store.db import db
from tests import postgres
from tests.conftest import DATABASES, TEST_DATABASE, settings, with_driver
from tests.faults.server import Server
from tests.faults.stage import Stage, populate

MakeStage = Callable[..., Stage]


@pytest.fixture(params=DATABASES)
def make_stage(request: pytest.FixtureRequest) -> Iterator[MakeStage]:
    """Return a function that makes a stage with a running server: officers=…, settings=…."""
    folder = Path(tempfile.mkdtemp(prefix="quiz-faults-", dir="/tmp"))
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'quiz.sqlite'}"
    else:
        parent = request.getfixturevalue("postgres_url")
        url = with_driver(postgres.new_database(parent, f"{TEST_DATABASE}_faults"))
    memory.forget_all()
    app = create_app(settings(folder, url))
    stages: list[Stage] = []

    def make(officers: int = 10, **server_settings: object) -> Stage:
        with app.app_context():
            upkeep.migrate()
        stage = populate(app, Server(url, folder, **server_settings), folder, officers)
        stages.append(stage)
        stage.server.start()
        return stage

    yield make
    for stage in stages:
        stage.close()
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
