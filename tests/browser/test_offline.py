"""Cuts, kills, tabs and clocks: what an officer answered arrives, and nothing else does."""

import random

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import MakePhone
from tests.browser.site import (
    ITEMS,
    Site,
    all_saved,
    begin,
    choose,
    extend,
    go,
    outbox,
    seconds,
    shown,
    sign_in,
    stored,
)

RETURN_LIMIT_MS = 5_000
ANSWER = """([no, key]) => {
  document.querySelector(`#q-${no} input[value=${key}]`).click();
}"""


def keys_of(no: int) -> str:
    return "ABCD" if no <= 15 else "TF"


def change(page: Page, chance: random.Random, times: int) -> None:
    """Tap rows of random questions."""
    for _ in range(times):
        no = chance.randrange(1, ITEMS + 1)
        page.evaluate(ANSWER, [no, chance.choice(keys_of(no))])


def test_ten_minutes_without_network_lose_nothing(site: Site, phone: Page, record_property) -> None:
    """D10: 45 changes in a cut of ten minutes; back without a tap or a reload."""
    phone.clock.install()
    attempt_id = begin(phone, site.officer(), site.open_exam())
    choose(phone, 1, "C")
    all_saved(phone)
    phone.context.set_offline(True)
    change(phone, random.Random(10), 45)
    expect(phone.locator("#saved")).to_contain_text("联网后自动上传")
    phone.clock.fast_forward("10:00")
    assert outbox(phone)
    phone.context.set_offline(False)
    expect(phone.locator("#saved")).to_have_text("已保存 ✓", timeout=RETURN_LIMIT_MS)
    wanted, found = shown(phone), stored(phone, attempt_id)
    losses = sum(wanted[no] != found[no] for no in wanted)
    record_property("counted", f"D10: {len(wanted)} answers after a 10-minute cut, {losses} losses")
    assert losses == 0
    assert outbox(phone) == []


def test_a_killed_tab_sends_what_it_kept(site: Site, phone: Page) -> None:
    """D12: the tab dies offline; opened again online, everything is restored and sent."""
    attempt_id = begin(phone, site.officer(), site.open_exam())
    phone.context.set_offline(True)
    change(phone, random.Random(12), 30)
    wanted = shown(phone)
    phone.close(run_before_unload=False)
    again = phone.context.new_page()
    phone.context.set_offline(False)
    again.goto(f"/attempts/{attempt_id}")
    all_saved(again)
    assert shown(again) == wanted
    assert stored(again, attempt_id) == wanted


def test_another_officer_on_the_same_phone_sees_and_sends_nothing(site: Site, phone: Page) -> None:
    """D12: the first officer's answers stay on the phone, unseen, until that officer is back."""
    first, second = site.officer(), site.officer()
    exam_id = site.open_exam()
    attempt_id = begin(phone, first, exam_id)
    phone.context.set_offline(True)
    change(phone, random.Random(13), 20)
    wanted, kept = shown(phone), outbox(phone)
    phone.close(run_before_unload=False)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    page = phone.context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    second_attempt = begin(page, second, exam_id)
    all_saved(page)
    assert not any(shown(page).values())
    assert not any(stored(page, second_attempt).values())
    assert not any(line.startswith("PUT") for line in sent)
    assert sorted(outbox(page)) == sorted(kept)
    phone.context.clear_cookies()
    sign_in(page, first)
    expect(page.locator("#waiting")).to_have_text("本机保存的答案已全部上传")
    assert stored(page, attempt_id) == wanted


def test_an_ended_session_asks_for_sign_in_and_comes_back(site: Site, phone: Page) -> None:
    """D13: answers are kept, sign-in is asked for, then they are sent; the attempt is the same."""
    officer = site.officer()
    attempt_id = begin(phone, officer, site.open_exam())
    choose(phone, 3, "A")
    all_saved(phone)
    phone.context.clear_cookies(name="session")
    choose(phone, 4, "B")
    expect(phone.get_by_role("heading", name="请重新登录")).to_be_visible()
    expect(phone.locator("#state-words")).to_contain_text("答案已保存在本机")
    phone.get_by_role("link", name="去登录").click()
    phone.get_by_label("工号").fill(officer.staff_no)
    phone.locator("input[name=password]").fill(officer.secret)
    phone.get_by_role("button", name="登录").click()
    expect(phone.locator("#q-4")).to_be_visible()
    all_saved(phone)
    found = stored(phone, attempt_id)
    assert (found[3], found[4]) == (["A"], ["B"])


def test_two_tabs_never_lose_a_change(site: Site, phone: Page, record_property) -> None:
    """D14: ten rounds of fifty changes, the same questions in both tabs; the last change wins."""
    attempt_id = begin(phone, site.officer(), site.open_exam())
    other = phone.context.new_page()
    other.goto(f"/attempts/{attempt_id}")
    chance = random.Random(14)
    wanted: dict[int, list[str]] = {}
    losses = 0
    for _ in range(10):
        for _ in range(50):
            no = chance.choice([*range(1, 11), *range(16, ITEMS + 1)])
            key = chance.choice(keys_of(no))
            chance.choice((phone, other)).evaluate(ANSWER, [no, key])
            wanted[no] = [key]
        all_saved(phone)
        all_saved(other)
        found = stored(phone, attempt_id)
        losses += sum(found[no] != keys for no, keys in wanted.items())
    record_property("counted", f"D14: 500 changes in two tabs, {losses} losses")
    assert losses == 0


def test_the_older_phone_is_told(site: Site, make_phone: MakePhone) -> None:
    """D14: the paper moves to the phone that opened it last, with its answers."""
    officer, exam_id = site.officer(), site.open_exam()
    first, second = make_phone(), make_phone()
    attempt_id = begin(first, officer, exam_id)
    choose(first, 1, "A")
    all_saved(first)
    sign_in(second, officer, f"/login?next=/attempts/{attempt_id}")
    expect(second.locator("#done")).to_have_text("1")
    choose(second, 2, "B")
    all_saved(second)
    choose(first, 3, "C")
    expect(first.get_by_role("heading", name="已在另一部手机继续")).to_be_visible()
    first.get_by_role("link", name="改在本机继续").click()
    all_saved(first)
    found = stored(first, attempt_id)
    assert (found[1], found[2], found[3]) == (["A"], ["B"], ["C"])


@pytest.mark.parametrize("hours", [-24, -5, 5, 24])
def test_the_phones_own_clock_does_not_matter(
    site: Site, make_phone: MakePhone, hours: int
) -> None:
    """D8: a wrong clock, a wrong zone, a clock set anew in the middle."""
    page = make_phone(timezone_id="America/New_York")
    real = page.evaluate("Date.now()")
    page.clock.install(time=real / 1000 + hours * 3600)
    attempt_id = begin(page, site.officer(), site.open_exam())
    assert abs(left_of(page) - left_by_server(page, attempt_id)) <= 2
    page.clock.set_system_time(real / 1000 - hours * 3600)
    choose(page, 1, "A")
    all_saved(page)
    assert abs(left_of(page) - left_by_server(page, attempt_id)) <= 2
    assert stored(page, attempt_id)[1] == ["A"]


def left_of(page: Page) -> int:
    return seconds(page.locator("#left").inner_text())


def left_by_server(page: Page, attempt_id: int) -> int:
    reply = page.request.get(
        f"/attempts/{attempt_id}/state", headers={"Accept": "application/json"}
    )
    return int(reply.json()["remaining_s"])


def test_a_page_left_alone_for_an_hour_still_saves(site: Site, phone: Page) -> None:
    """D28: 65 minutes without a touch, then an answer."""
    phone.clock.install()
    attempt_id = begin(phone, site.officer(), site.open_exam(duration_s=7200))
    phone.clock.fast_forward("01:05:00")
    choose(phone, 5, "D")
    all_saved(phone)
    assert stored(phone, attempt_id)[5] == ["D"]


def test_handing_in_waits_for_what_is_on_its_way(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    choose(phone, 1, "A")
    all_saved(phone)
    phone.context.set_offline(True)
    choose(phone, 2, "B")
    choose(phone, 3, "C")
    phone.locator("#to-card").click()
    phone.locator("#to-confirm").click()
    expect(phone.locator("#uploads")).to_contain_text("2 题正在上传")
    phone.get_by_role("button", name="确认交卷").click()
    expect(phone.locator("#state-more")).to_contain_text("2 题正在上传")
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("已交卷")
    expect(phone.locator("main")).to_contain_text(f"3/{ITEMS}")
    assert outbox(phone) == []


def test_the_end_of_the_time_hands_in_by_itself(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam(open_s=8))
    choose(phone, 1, "A")
    expect(phone.get_by_role("heading", level=1)).to_have_text("时间到，已自动交卷", timeout=30_000)
    expect(phone.locator("main")).to_contain_text(f"1/{ITEMS}")


def test_the_end_of_the_time_offline_says_how_long_there_is(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam(open_s=8))
    all_saved(phone)
    phone.context.set_offline(True)
    choose(phone, 2, "B")
    expect(phone.get_by_role("heading", name="时间到")).to_be_visible(timeout=20_000)
    expect(phone.locator("#state-words")).to_contain_text("最晚")
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("时间到，已自动交卷", timeout=30_000)
    expect(phone.locator("main")).to_contain_text(f"1/{ITEMS}")


def test_more_time_reaches_an_open_page_with_the_next_save(site: Site, phone: Page) -> None:
    officer, exam_id = site.officer(), site.open_exam()
    begin(phone, officer, exam_id)
    before = left_of(phone)
    extend(site, exam_id, 600, officer)
    choose(phone, 1, "A")
    expect(phone.locator("#notice")).to_contain_text("考试延长 10 分钟")
    assert left_of(phone) > before + 500


def test_a_busy_server_is_told_apart_from_no_network(site: Site, phone: Page) -> None:
    attempt_id = begin(phone, site.officer(), site.open_exam())
    busy = {"status": 503, "body": '{"code":"busy"}', "content_type": "application/json"}
    phone.route("**/answers", lambda route: route.fulfill(**busy))
    choose(phone, 1, "A")
    expect(phone.locator("#saved")).to_contain_text("服务器忙")
    phone.unroute("**/answers")
    all_saved(phone)
    assert stored(phone, attempt_id)[1] == ["A"]


def test_two_taps_on_hand_in_are_one(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    go(phone, 1)
    phone.locator("#to-card").click()
    phone.locator("#to-confirm").click()
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    phone.evaluate("() => { const b = document.getElementById('submit'); b.click(); b.click(); }")
    expect(phone.get_by_role("heading", level=1)).to_have_text("已交卷")
    assert sum(line.endswith("/submit") for line in sent) == 1


def test_storage_that_is_refused_is_said_and_survived(
    browser: Browser, site: Site, make_context
) -> None:
    context: BrowserContext = make_context()
    context.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); }"
    )
    page = context.new_page()
    attempt_id = begin(page, site.officer(), site.open_exam())
    choose(page, 1, "A")
    expect(page.locator("#saved")).to_contain_text("本机存储不可用")
    go(page, 2)
    choose(page, 2, "B")
    expect(page.locator("#saved")).to_contain_text("本机存储不可用")
    found = stored(page, attempt_id)
    assert (found[1], found[2]) == (["A"], ["B"])
