"""A file of harmful words in a real browser: imported, previewed, reviewed, and nothing runs."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from quizapp.store.db import transaction
from tests.browser.conftest import MakePhone
from tests.browser.site import Officer, Site, sign_in
from tests.factories import make_grant, make_officer
from tests.question_files import row, sheet
from tests.web.test_hostile_text import PAYLOADS

SECRET = "a machine-made secret of a trainer"
WATCH = """
window.caught = [];
window.zq7 = () => window.caught.push('ran');
document.addEventListener('securitypolicyviolation', one => window.caught.push(one.blockedURI));
"""
FILES = "".join(each for each in PAYLOADS[0] if each not in "/") + ".xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def trainer(site: Site, number: int) -> Officer:
    with site.stage.app.app_context(), transaction() as tx:
        staff_no = f"6600{number:04d}"
        officer_id = make_officer(tx, secret=SECRET, staff_no=staff_no)
        make_grant(tx, officer_id, "trainer")
    return Officer(staff_no, SECRET, int(officer_id))


class Watched:
    """A page whose dialogs, violations and programs are written down."""

    def __init__(self, page: Page) -> None:
        self.page, self.found = page, list[str]()
        page.add_init_script(WATCH)
        page.on("dialog", self._dialog)
        page.on("console", lambda said: self._said(said.text))
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append("dialog")
        dialog.dismiss()

    def _said(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.found.append(text)

    def check(self) -> None:
        """Everything that can be opened is opened, every field is entered; nothing has run."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        self.page.evaluate(
            "document.querySelectorAll('input, textarea, a').forEach(one => one.focus())"
        )
        self.found += self.page.evaluate("window.caught")
        assert self.found == [], self.page.url


@pytest.fixture
def pages(make_phone: MakePhone) -> tuple[Watched, Watched]:
    return Watched(make_phone()), Watched(make_phone())


def test_nothing_of_an_imported_file_runs(site: Site, pages: tuple[Watched, Watched]) -> None:
    author, reviewer = pages
    rows = [row(no, 题干=f"{payload}题干{no}", 选项A=f"{payload}甲{no}", 解析=payload)
            for no, payload in enumerate(PAYLOADS)]  # fmt: skip
    sign_in(author.page, trainer(site, 1), "/login?next=/imports/")
    content = {"name": FILES, "mimeType": XLSX, "buffer": sheet(rows)}
    author.page.locator("input[type=file]").set_input_files([content])  # type: ignore[list-item]
    author.page.locator("main form[enctype] button[type=submit]").click()
    author.page.wait_for_url(re.compile(r"/imports/\d+"))
    expect(author.page.locator("form button[name=mode][value=good]")).to_be_visible(timeout=60_000)
    path = author.page.url
    author.check()
    for number in (2, 3):
        author.page.goto(f"{path}?page={number}")
        author.check()
    author.page.goto(path)
    for tick in author.page.locator("input[name=left_out]").all():
        tick.check()
    author.page.locator("form button[name=mode][value=good]").click()
    author.page.locator("a[href*='/imports/batches/']").first.click()
    author.check()
    sign_in(reviewer.page, trainer(site, 2), "/login?next=/bank/")
    links = author.page.locator("a[href^='/bank/questions/']")
    codes = {str(each.get_attribute("href")) for each in links.all()}
    assert len(codes) > 5
    for code in sorted(codes):
        author.page.goto(f"{code}/edit")
        author.check()
        reviewer.page.goto(code)
        reviewer.check()
