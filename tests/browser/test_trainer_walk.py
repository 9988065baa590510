"""A question's way: from a trainer's file over a second person's desk to an officer's phone."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from quizapp.domain.exams import Blueprint, Cell
from quizapp.store.db import transaction
from tests.browser.conftest import MakePhone
from tests.browser.site import Officer, Site, all_saved, begin, choose, go, sign_in
from tests.factories import make_staff
from tests.question_files import HEADER, row, sheet

LAW = "灯会管理条例"
DESK = {"viewport": {"width": 1366, "height": 768}, "is_mobile": False, "has_touch": False}
STEMS = ("灯会开始以前，场地应当由谁检查（ ）？", "灯会结束以后，灯具应当在几日内收回（ ）？")
SOUND = {
    "选项A": "灯会的组织者", "选项B": "灯会的观众", "选项C": "路过的行人", "选项D": "灯具的厂家",
    "答案": "A", "依据": f"《{LAW}》第三条",
    "解析": "依照第三条，检查由灯会的组织者负责，观众、行人和厂家都没有这项责任。",
}  # fmt: skip


def staff(site: Site, staff_no: str) -> Officer:
    secret = f"a machine-made secret of {staff_no}"
    with site.stage.app.app_context(), transaction() as tx:
        return Officer(
            staff_no, secret, make_staff(tx, "trainer", secret=secret, staff_no=staff_no)
        )


def at_desk(make_context: Callable[..., BrowserContext], officer: Officer) -> Page:
    page = make_context(**DESK).new_page()
    sign_in(page, officer)
    expect(page.locator(".foot form[action='/logout']")).to_be_visible()
    return page


def bring_in(page: Page) -> str:
    """Upload a file with an odd heading, map it, confirm; return the batch's address."""
    rows = [
        row(1, **SOUND, 题干=STEMS[0]), row(2, **SOUND, 题干=STEMS[1]), row(3, 答案=""),
    ]  # fmt: skip
    odd = ["为什么这样选" if name == "解析" else name for name in HEADER]
    content = sheet(rows, header=odd)
    page.goto("/imports/")
    page.locator("input[type=file]").set_input_files(
        {"name": "灯会.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("article", has_text=STEMS[0])).not_to_contain_text("观众、行人和厂家")
    where = odd.index("为什么这样选") + 1
    page.get_by_label(f"第 {where} 列作为").select_option(label="解析")
    page.get_by_role("button", name="按此对应重新读取").click()
    expect(page.locator("main")).to_contain_text("缺少答案")
    for stem in STEMS:
        expect(page.locator("article", has_text=stem)).to_contain_text("观众、行人和厂家")
    page.get_by_label("放弃 1 行有错误的题").check()
    page.get_by_role("button", name="导入正确的 2 题").click()
    page.get_by_role("link", name="查看这一批题目").click()
    return page.url


def hand_over(page: Page) -> None:
    page.get_by_role("link", name="审核这一批").click()
    page.get_by_role("button", name="提交这 2 题草稿").click()
    expect(page.locator(".note.good")).to_contain_text("已提交审核 2 题")


def review(page: Page) -> None:
    """Read both questions, keep to the legal check, and publish them."""
    page.goto(f"/bank/reviews/sitting?law={LAW}")
    for stem in STEMS:
        section = page.locator("section.laid", has_text=stem)
        expect(section).to_contain_text("正确答案")
        section.get_by_label("审核通过并发布").check()
    page.get_by_role("button", name="提交所选结论").click()
    expect(page.locator(".summary")).to_contain_text("法制审核")
    page.get_by_label("我已逐题核对").check()
    page.get_by_role("button", name="提交所选结论").click()
    expect(page.locator(".note.good")).to_contain_text("审核通过并发布 2 题")


def answer(site: Site, page: Page) -> int:
    """Sit the paper on a phone: the first question right, the second left open."""
    plan = Blueprint((Cell("single", 2, 500, laws=(LAW,)),))
    attempt_id = begin(page, site.officer(), site.open_exam(blueprint=plan))
    go(page, 1)
    right = page.locator("#q-1 .option", has_text="灯会的组织者").locator("input")
    choose(page, 1, right.get_attribute("value") or "")
    all_saved(page)
    page.locator("#to-card").click()
    page.locator("#to-confirm").click()
    page.locator("#submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已交卷")
    return attempt_id


def result(page: Page, attempt_id: int) -> str:
    page.goto(f"/attempts/{attempt_id}/result")
    expect(page.locator(".score .points b")).to_have_text("5")
    page.locator("summary", has_text="答对的题").click()
    for stem in STEMS:
        expect(page.locator(".reviewed", has_text=stem)).to_contain_text("灯会的组织者")
    return page.locator("main").inner_text()


def edit_both(page: Page, batch: str) -> None:
    """Give both questions another key and another wording."""
    page.goto(batch)
    links = page.locator("tbody th a")
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        page.goto(address)
        page.get_by_role("link", name="修改", exact=True).click()
        page.get_by_label("题干", exact=True).fill("改过的题干：灯会由谁负责（ ）？")
        page.locator("#options-0").fill("灯会的主办单位")
        page.locator(".optionrow input[type=checkbox]").nth(1).check()
        page.locator(".optionrow input[type=checkbox]").nth(0).uncheck()
        page.get_by_label("修改说明").fill("换了答案")
        page.get_by_role("button", name="保存为草稿").click()
        expect(page.locator(".note.good")).to_contain_text("第 2 版草稿")
        expect(page.locator("main")).to_contain_text("换了答案")


def report(page: Page, attempt_id: int) -> None:
    page.goto(f"/attempts/{attempt_id}/result")
    page.get_by_role("link", name=re.compile("报告第 . 题有误")).first.click()
    page.get_by_label("答案有误").check()
    page.get_by_label("说明").fill("应当是主办单位。")
    page.get_by_role("button", name="报告", exact=True).click()
    expect(page.locator("main")).to_contain_text("等待答复")


def reply(page: Page) -> None:
    page.goto("/bank/faults")
    page.locator("tr", has_text="应当是主办单位。").get_by_role("link", name="答复").click()
    page.get_by_label("经核实，试题无误").check()
    page.get_by_label("给报告人的答复").fill("依照第三条，由组织者检查。")
    page.get_by_role("button", name="答复").click()
    expect(page.locator(".note.good")).to_be_visible()


def test_a_question_walks_from_a_file_to_a_phone_and_stays_as_it_was_asked(
    site: Site, make_context: Callable[..., BrowserContext], make_phone: MakePhone
) -> None:
    writer = at_desk(make_context, staff(site, "88walk1"))
    reader = at_desk(make_context, staff(site, "88walk2"))
    batch = bring_in(writer)
    hand_over(writer)
    expect(writer.get_by_role("link", name="逐题连续审核")).to_be_visible()
    writer.goto(f"/bank/reviews/sitting?law={LAW}")
    expect(writer.locator("main")).to_contain_text("没有等您审核的题目")
    review(reader)
    phone = make_phone()
    attempt_id = answer(site, phone)
    before = result(phone, attempt_id)
    edit_both(writer, batch)
    assert result(phone, attempt_id) == before
    report(phone, attempt_id)
    reply(reader)
    phone.goto(f"/attempts/{attempt_id}/result")
    expect(phone.locator("main")).to_contain_text("依照第三条，由组织者检查。")
