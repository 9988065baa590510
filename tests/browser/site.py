"""What a walk through the pages needs to know and do."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from playwright.sync_api import Page, expect

from quizapp.service import exam_times
from quizapp.service.exam_times import Target
from tests.faults.stage import ITEMS, Stage

__all__ = ["ITEMS"]


@dataclass(frozen=True)
class Officer:
    staff_no: str
    secret: str
    officer_id: int


@dataclass
class Site:
    """The stage with its server, handing out officers who have not been used."""

    stage: Stage
    _numbers: Any = field(default_factory=count)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.stage.server.port}"

    def officer(self) -> Officer:
        return Officer(*self.stage.officers[next(self._numbers)])

    def open_exam(self, **over: Any) -> int:
        return self.stage.open_exam(**over)


def sign_in(page: Page, officer: Officer, target: str = "/login") -> None:
    page.goto(target)
    page.get_by_label("工号").fill(officer.staff_no)
    page.locator("input[name=password]").fill(officer.secret)
    page.get_by_role("button", name="登录").click()


def begin(page: Page, officer: Officer, exam_id: int) -> int:
    """Sign in and start; the paper is open. Returns the attempt's id."""
    sign_in(page, officer, f"/login?next=/exams/{exam_id}")
    page.get_by_label("我承诺").check()
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator("#paper")).to_be_visible()
    return int(page.url.split("/attempts/")[1].split("#")[0])


def go(page: Page, no: int) -> None:
    """Open a question by the answer card."""
    if page.locator(f"#q-{no}.here").count() and page.locator("#paper").is_visible():
        return
    if not page.locator("#card").is_visible():
        page.locator("#to-card").click()
    page.locator(f"#card .cell[value='{no}']").click()


def choose(page: Page, no: int, key: str) -> None:
    """Tap a row of a question."""
    go(page, no)
    page.locator(f"#q-{no} .option", has=page.locator(f"input[value={key}]")).click()


def all_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile("(已保存|Saved) ✓"))


def shown(page: Page) -> dict[int, list[str]]:
    """Return the answers that the page shows, by number."""
    return page_answers(page.evaluate(SHOWN))


def stored(page: Page, attempt_id: int) -> dict[int, list[str]]:
    """Return the answers that the server holds, asked with the page's own session."""
    reply = page.request.get(f"/attempts/{attempt_id}", headers={"Accept": "application/json"})
    assert reply.ok, reply.text()
    return {item["no"]: sorted(item["response"]) for item in reply.json()["items"]}


def page_answers(plain: dict[str, list[str]]) -> dict[int, list[str]]:
    return {int(no): sorted(keys) for no, keys in plain.items()}


SHOWN = """() => {
  const found = {};
  document.querySelectorAll('.q').forEach(q => {
    found[q.id.slice(2)] = [...q.querySelectorAll('.option input:checked')].map(i => i.value);
  });
  return found;
}"""


def outbox(page: Page) -> list[str]:
    """Return the keys of what waits on this phone."""
    return list(
        page.evaluate("() => Object.keys(localStorage).filter(k => k.startsWith('outbox:'))")
    )


def seconds(text: str) -> int:
    """42:10 → 2530."""
    minutes, rest = text.split(":")
    return int(minutes) * 60 + int(rest)


def extend(site: Site, exam_id: int, extra_s: int, officer: Officer) -> None:
    """Give one officer more time, as an organizer does."""
    with site.stage.app.app_context():
        exam_times.grant_extra(
            site.stage.organizer, exam_id, Target(staff_no=officer.staff_no), extra_s=extra_s,
            reason="演练", now=datetime.now(UTC),
        )  # fmt: skip
