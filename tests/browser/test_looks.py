"""Every screen and state: axe, widths, text sizes, targets, requests, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import MakePhone
from tests.browser.site import Site, all_saved, begin, choose, go, sign_in

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.map(
    v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '));
}"""
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > wide + 1 && !e.closest('.frame, .sr, .skip');
  }).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right));
  return document.documentElement.scrollWidth > wide + 1 || out.length ? out.concat(wide) : [];
}"""
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, label.option')]
  .filter(e => e.offsetParent && !e.closest('.sr, .skip, .option') && e.type !== 'hidden')
  .map(e => e.closest('label') || e)
  .filter(e => getComputedStyle(e).display !== 'inline')
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([e, box]) =>
    e.outerHTML.slice(0, 90) + ' ' + Math.round(box.width) + '×' + Math.round(box.height))"""

Step = Callable[[Page], None]


def nothing(page: Page) -> None:
    """The page as it is opened."""


def answer_card(page: Page) -> None:
    choose(page, 2, "A")
    page.locator(".q.here .flag").click()
    page.locator("#to-card").click()


def confirmation(page: Page) -> None:
    answer_card(page)
    page.locator("#to-confirm").click()


def one_list(page: Page) -> None:
    page.locator("#to-card").click()
    page.locator("label", has=page.locator("#list")).click()
    page.locator("#resume").click()


def offline(page: Page) -> None:
    page.context.set_offline(True)
    choose(page, 3, "B")
    expect(page.locator("#notice")).to_be_visible()


def session_ended(page: Page) -> None:
    page.context.clear_cookies(name="session")
    choose(page, 1, "B")
    expect(page.locator("#state")).to_be_visible()


def leaving(page: Page) -> None:
    choose(page, 1, "B")
    all_saved(page)
    page.go_back()
    expect(page.locator("#state")).to_be_visible()


STATES: dict[str, Step] = {
    "question": nothing, "chosen": lambda page: choose(page, 11, "A"), "card": answer_card,
    "confirm": confirmation, "list": one_list, "offline": offline, "session": session_ended,
    "leave": leaving,
}  # fmt: skip


def hand_in_once(site: Site, page: Page) -> tuple[int, int]:
    """Sign an officer in and leave a handed-in attempt: (exam, attempt)."""
    officer = site.officer()
    exam_id = site.open_exam(title="规范执法行为年法律知识竞赛（襄都区、信都区联合训练赛）")
    first = begin(page, officer, exam_id)
    choose(page, 1, "A")
    all_saved(page)
    page.locator("#to-card").click()
    page.locator("#to-confirm").click()
    page.locator("#submit").click()
    expect(page).to_have_url(f"{site.address}/attempts/{first}/receipt")
    return exam_id, first


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    return [
        *page.evaluate(RUN_AXE),
        *(f"beyond the edge: {one}" for one in page.evaluate(OVERFLOW)),
        *(f"small target: {one}" for one in page.evaluate(SMALL)),
    ]


LOOKS: dict[str, dict[str, Any]] = {
    "phone": {},
    "large-english": {"cookies": {"type": "large", "lang": "en"}},
    "narrow-double": {"double": True, "viewport": {"width": 320, "height": 600}},
}
DOUBLE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html { font-size: 200% !important; }');
  document.adoptedStyleSheets = [sheet];
}"""


def dress(context: BrowserContext, site: Site, look: dict[str, Any]) -> None:
    for name, value in look.get("cookies", {}).items():
        context.add_cookies([{"name": name, "value": value, "url": site.address}])
    if look.get("double"):
        context.add_init_script(f"({DOUBLE})()")


def paper_faults(page: Page, site: Site, attempt_id: int, look: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    cookies = page.context.cookies()
    for name, step in STATES.items():
        page.context.set_offline(False)
        page.context.add_cookies(cookies)
        page.goto(f"/attempts/{attempt_id}")
        page.evaluate("() => { localStorage.removeItem('list'); }")
        page.reload()
        step(page)
        found[f"{look}: {name}"] = faults(page)
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_and_state_is_sound(
    site: Site, make_context: Callable[..., BrowserContext], look: str
) -> None:
    """No violation found by axe, nothing beyond the edge, no target under 44 px."""
    extra = LOOKS[look]
    viewport = {"viewport": extra["viewport"]} if "viewport" in extra else {}
    plain = make_context(**viewport)
    page = plain.new_page()
    found: dict[str, list[str]] = {}
    exam_id, attempt_id = hand_in_once(site, page)
    dress(plain, site, extra)
    page = plain.new_page()
    for path in (
        "/", "/exams", f"/exams/{exam_id}", f"/attempts/{attempt_id}/receipt",
        f"/attempts/{attempt_id}/result", "/password", "/privacy", "/nowhere", "/verify/x",
    ):  # fmt: skip
        page.goto(path)
        found[f"{look}: {path}"] = faults(page)
    page.goto(f"/exams/{exam_id}")
    page.locator("#pledge").check()
    page.locator("#start button").click()
    running = int(page.url.split("/attempts/")[1])
    page.goto(f"/attempts/{running}/confirm")
    found[f"{look}: plain confirmation"] = faults(page)
    found |= paper_faults(page, site, running, look)
    page.context.clear_cookies(name="session")
    for path in ("/login", "/activate"):
        page.goto(path)
        found[f"{look}: {path}"] = faults(page)
        page.locator("form.form button[type=submit]").click()
        found[f"{look}: {path} refused"] = faults(page)
    assert {name: list_ for name, list_ in found.items() if list_} == {}


def test_the_paper_needs_two_more_requests_and_no_stranger(site: Site, phone: Page) -> None:
    attempt_id = begin(phone, site.officer(), site.open_exam())
    requests: list[str] = []
    messages: list[str] = []
    page = phone.context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"/attempts/{attempt_id}")
    all_saved(page)
    own = [url for url in requests if url.startswith(site.address)]
    assert len(own) <= 3
    assert [url for url in requests if url not in own and not url.startswith("data:")] == []
    assert messages == []


def test_options_are_tall_in_large_type(site: Site, make_phone: MakePhone) -> None:
    page = make_phone()
    sign_in(page, site.officer())
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html.large")).to_have_count(1)
    exam_id = site.open_exam()
    page.goto(f"/exams/{exam_id}")
    page.locator("#pledge").check()
    page.locator("#start button").click()
    go(page, 1)
    heights = [one.bounding_box()["height"] for one in page.locator(".option:visible").all()]
    assert min(heights) >= 60
