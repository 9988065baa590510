"""Every page as staff see it: axe, widths, targets, text twice as large, in both languages."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from quizapp.app import create_app
from quizapp.service import upkeep
from quizapp.store import memory
from quizapp.store.db import db
from tests.browser.site import Officer, sign_in
from tests.browser.test_looks import AXE, DOUBLE, OVERFLOW, RUN_AXE, SMALL
from tests.conftest import settings
from tests.faults.server import Server
from tests.office import Office, furnish

SECRET = "a machine-made secret of the office"
WIDTHS = {"desk": (1366, 768), "tablet": (768, 1024), "phone": (360, 740)}

OF_OFFICERS = ("attempts.", "people.", "training.own")
"""Pages that `test_looks` looks at."""
SENT_EMPTY = (
    "/bank/new?type=single", "/imports/", "/laws/import", "/manage/exams/new",
    "/manage/hours/import", "/manage/hours/rules", "/manage/officers/new", "/manage/roster",
    "/manage/units", "/password",
)  # fmt: skip
"""Forms whose refusal is looked at as well."""
SEND_EMPTY = """() => {
  const form = document.querySelector('main form[method=post]');
  form.noValidate = true;
  form.querySelectorAll('input[type=text], textarea').forEach(one => { one.value = ''; });
  form.querySelector('button[type=submit].main').click();
}"""


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Office, str]]:
    """A furnished installation of its own, and where its server listens."""
    folder = Path(tempfile.mkdtemp(prefix="quiz-office-", dir="/tmp"))
    url = f"sqlite:///{folder / 'quiz.sqlite'}"
    memory.forget_all()
    app = create_app(settings(folder, url))
    with app.app_context():
        upkeep.migrate()
        furnished = furnish(app, secret=SECRET)
        db.engine.dispose()
    server = Server(url, folder)
    server.start()
    yield furnished, f"http://127.0.0.1:{server.port}"
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["zh", "en"])
def page(
    request: pytest.FixtureRequest, browser: Browser, office: tuple[Office, str]
) -> Iterator[Page]:
    """A page of somebody who sees all there is, in one of the languages."""
    furnished, address = office
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, Officer("00880001", SECRET, furnished.boss.officer_id))
    page.locator(".foot form[action='/logout']").wait_for()
    context.add_cookies([{"name": "lang", "value": request.param, "url": address}])
    yield page
    context.close()


def looked_at(page: Page, *, with_axe: bool) -> list[str]:
    """Return what is wrong with the page as it stands, at every width and with text doubled."""
    found = []
    for name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{name}, beyond the edge: {one}" for one in page.evaluate(OVERFLOW)[:3]]
        if with_axe and name == "desk":
            page.evaluate(AXE)
            found += page.evaluate(RUN_AXE)
    found += [f"small target: {one}" for one in page.evaluate(SMALL)]
    page.evaluate(DOUBLE)
    return found + [f"text doubled, beyond the edge: {one}" for one in page.evaluate(OVERFLOW)[:3]]


def test_every_page_is_sound(page: Page, office: tuple[Office, str]) -> None:
    is_chinese = page.context.cookies()[-1]["value"] == "zh"
    found = {}
    for address in office[0].addresses(but=OF_OFFICERS):
        reply = page.goto(address)
        assert reply is not None
        assert reply.status < 500, address
        found[address] = looked_at(page, with_axe=is_chinese)
    for address in SENT_EMPTY:
        page.goto(address)
        page.evaluate(SEND_EMPTY)
        page.locator("[role=alert]").first.wait_for()
        found[f"{address} sent empty"] = looked_at(page, with_axe=is_chinese)
    assert {address: faults for address, faults in found.items() if faults} == {}
