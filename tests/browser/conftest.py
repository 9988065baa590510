"""A real Chromium with a phone's profile, in front of the server as it is shipped."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from quizapp.app import create_app
from quizapp.service import upkeep
from quizapp.store import memory
from quizapp.store.db import db
from tests.browser.site import Site
from tests.conftest import settings
from tests.faults.server import Server
from tests.faults.stage import populate

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
OFFICERS = 120
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

MakePhone = Callable[..., Page]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One installation for all tests of the browser; every test takes officers of its own."""
    folder = Path(tempfile.mkdtemp(prefix="quiz-browser-", dir="/tmp"))
    url = f"sqlite:///{folder / 'quiz.sqlite'}"
    memory.forget_all()
    app = create_app(settings(folder, url))
    with app.app_context():
        upkeep.migrate()
    stage = populate(app, Server(url, folder), folder, OFFICERS)
    stage.server.start()
    yield Site(stage)
    stage.close()
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system, else the one that playwright installed."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield running
        running.close()


@pytest.fixture
def make_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that gives a browser of its own: storage and cookies of one phone."""
    contexts: list[BrowserContext] = []

    def make(**over: Any) -> BrowserContext:
        context = browser.new_context(base_url=site.address, **(PHONE | over))
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def make_phone(make_context: Callable[..., BrowserContext]) -> MakePhone:
    """Return a function that gives a page on a phone of its own."""

    def make(**over: Any) -> Page:
        return make_context(**over).new_page()

    return make


@pytest.fixture
def phone(make_phone: MakePhone) -> Page:
    return make_phone()
