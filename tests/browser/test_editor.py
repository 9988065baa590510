"""The form of a question in a browser: preview, citation picker, and a sign-in that ends."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from quizapp.domain.law_header import Facts
from quizapp.domain.people import Viewer
from quizapp.service.law_desk import confirm, receive
from quizapp.service.pictures import MOST_BYTES
from quizapp.store.db import transaction
from tests.browser.site import Officer, Site, sign_in
from tests.browser.test_trainer_walk import DESK
from tests.factories import make_viewer
from tests.law_of_kites import OLD_LINES

KITES = "纸鸢场管理条例"
SECRET = "a machine-made secret of a writer"
STEM = "夜间放飞应当挂什么颜色的灯（ ）？"


def keep_law(site: Site, viewer: Viewer) -> None:
    now = datetime.now(UTC)
    upload = receive(viewer, "条例.txt", OLD_LINES.encode(), now=now)
    confirm(viewer, upload, Facts(effective_on=date(2020, 5, 1)), on=now.date(), now=now)


@pytest.fixture(scope="module")
def writer(site: Site) -> Officer:
    """A trainer, and a library that holds the law of kites."""
    with site.stage.app.app_context():
        with transaction() as tx:
            viewer = make_viewer(tx, "trainer", secret=SECRET, staff_no="88editor")
        keep_law(site, viewer)
    return Officer(viewer.staff_no, SECRET, viewer.officer_id)


def picture(size: int) -> FilePayload:
    return {"name": "招牌.png", "mimeType": "image/png", "buffer": b"a" * size}


def open_form(make_context: Callable[..., BrowserContext], writer: Officer, **over: object) -> Page:
    page = make_context(**(DESK | over)).new_page()
    sign_in(page, writer)
    expect(page.locator(".foot form[action='/logout']")).to_be_visible()
    page.goto("/bank/new")
    return page


def pick(page: Page) -> None:
    page.locator(".picker summary").first.click()
    page.locator("#pick_law").fill(KITES)
    page.locator("#pick_place").fill("6-1")


def test_the_preview_and_the_picker_follow_what_is_typed(
    writer: Officer, make_context: Callable[..., BrowserContext]
) -> None:
    page = open_form(make_context, writer)
    page.locator("#stem").fill(STEM)
    expect(page.locator(".phone")).to_contain_text(STEM)
    pick(page)
    expect(page.locator("#picked-0")).to_contain_text("灯应当是红色或者黄色")
    page.get_by_role("button", name="引用第六条之一").click()
    expect(page.locator("#citations")).to_have_value(f"《{KITES}》第六条之一")
    expect(page.locator("#citations")).to_be_focused()
    expect(page.locator("#preview")).to_contain_text("灯应当是红色或者黄色")
    page.locator("#type").select_option("case")
    expect(page.locator("#type")).to_be_focused()
    page.locator("#parts-0-type").select_option("judge")
    expect(page.locator("#parts-0-truth input").first).to_be_visible()
    page.get_by_role("button", name="添加小题").click()
    expect(page.locator("#parts-2-stem")).to_be_focused()
    expect(page.locator("#stem")).to_have_value(STEM)


def test_the_picker_works_without_the_script(
    writer: Officer, make_context: Callable[..., BrowserContext]
) -> None:
    page = open_form(make_context, writer, java_script_enabled=False)
    page.locator("#stem").fill(STEM)
    pick(page)
    page.get_by_role("button", name="查看条文").first.click()
    page.get_by_role("button", name="引用第六条之一").click()
    expect(page.locator("#citations")).to_have_value(f"《{KITES}》第六条之一")
    expect(page.locator("#stem")).to_have_value(STEM)


def test_too_large_a_picture_is_told_at_its_field_and_not_sent(
    writer: Officer, make_context: Callable[..., BrowserContext]
) -> None:
    page = open_form(make_context, writer)
    page.locator("#stem").fill(STEM)
    page.locator("summary", has_text="题干图片").click()
    chosen = page.locator("#picture_file")
    chosen.set_input_files(picture(MOST_BYTES + 1))
    expect(page.locator("#picture_file-bad")).to_have_text(re.compile(r"招牌\.png.*不超过 1 MB"))
    expect(chosen).to_have_value("")
    expect(chosen).to_have_attribute("aria-invalid", "true")
    chosen.set_input_files(picture(MOST_BYTES))
    expect(page.locator("#picture_file-bad")).to_have_count(0)
    expect(chosen).to_have_attribute("aria-invalid", "false")


def test_without_the_script_the_way_back_keeps_what_was_typed(
    writer: Officer, make_context: Callable[..., BrowserContext]
) -> None:
    page = open_form(make_context, writer, java_script_enabled=False)
    page.locator("#stem").fill(STEM)
    page.locator("summary", has_text="题干图片").click()
    page.locator("#picture_file").set_input_files(picture(22 * MOST_BYTES))
    page.get_by_role("button", name="保存为草稿").click()
    expect(page.locator("main")).to_contain_text("不超过 1 MB")
    expect(page.locator("main")).to_contain_text("后退")
    page.go_back()
    expect(page.locator("#stem")).to_have_value(STEM)


def test_an_ended_sign_in_loses_nothing(
    writer: Officer, make_context: Callable[..., BrowserContext]
) -> None:
    page = open_form(make_context, writer)
    page.locator("#stem").fill(STEM)
    page.context.clear_cookies(name="session")
    page.locator("#explanation").fill("依照第六条之一。")
    expect(page.locator("#preview")).to_contain_text("登录可能已结束")
    page.get_by_role("button", name="保存为草稿").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已结束，内容还在")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="登录").click()
    sign_in(opened.value, writer)
    expect(opened.value.locator(".foot form[action='/logout']")).to_be_visible()
    page.get_by_role("button", name="已登录，继续编辑").click()
    expect(page.locator("#stem")).to_have_value(STEM)
    page.get_by_role("button", name="保存为草稿").click()
    expect(page).to_have_url(re.compile(r"/bank/questions/HB-130000-\d+$"))
    expect(page.locator("main")).to_contain_text(STEM)
