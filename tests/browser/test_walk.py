"""From sign-in to receipt: by thumb, without the script, by keyboard."""

from datetime import date

from playwright.sync_api import Page, expect

from quizapp.domain.bank import Question
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.statutes import Citation
from quizapp.store.db import transaction
from tests.browser.conftest import MakePhone
from tests.browser.site import ITEMS, Site, all_saved, begin, choose, go, sign_in, stored
from tests.factories import make_question


def test_an_officer_walks_from_sign_in_to_receipt_and_result(site: Site, phone: Page) -> None:
    exam_id = site.open_exam(title="走一遍")
    sign_in(phone, site.officer(), f"/login?next=/exams/{exam_id}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("考前须知")
    expect(phone.locator("#line")).to_contain_text("网络良好")
    phone.get_by_label("我承诺").check()
    phone.get_by_role("button", name="开始答题").click()
    attempt_id = int(phone.url.split("/attempts/")[1])
    for no in range(1, ITEMS - 2):
        choose(phone, no, "A" if no <= 15 else "T")
    expect(phone.locator("#done")).to_have_text(str(ITEMS - 3))
    all_saved(phone)
    go(phone, 2)
    phone.get_by_text("标记，稍后检查").locator("visible=true").click()
    go(phone, ITEMS)
    phone.get_by_role("button", name="检查并交卷").click()
    expect(phone.locator("#review")).to_contain_text("还有 3 题未答")
    expect(phone.locator("#review")).to_contain_text("1 题已标记")
    phone.get_by_role("button", name="确认交卷").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("已交卷")
    expect(phone.locator(".receipt .code")).to_contain_text("-")
    expect(phone.locator("main")).to_contain_text(f"{ITEMS - 3}/{ITEMS}")
    phone.get_by_role("link", name="核对回执").click()
    expect(phone.locator(".note.good")).to_be_visible()
    phone.goto(f"/attempts/{attempt_id}/result")
    expect(phone.get_by_role("heading", level=1)).to_have_text("成绩与解析")
    expect(phone.locator(".reviewed").first).to_contain_text("行政处罚法")


def test_three_taps_lead_from_typing_to_the_first_question(site: Site, phone: Page) -> None:
    site.open_exam(title="三步")
    officer = site.officer()
    phone.goto("/login")
    phone.get_by_label("工号").fill(officer.staff_no)
    phone.locator("input[name=password]").fill(officer.secret)
    phone.get_by_role("button", name="登录").click()
    card = phone.locator(".exam-card", has_text="三步")
    card.get_by_role("link", name="进入考试").click()
    phone.get_by_label("我承诺").check()  # the promise is given, not a step
    phone.get_by_role("button", name="开始答题").click()
    expect(phone.locator("#q-1")).to_be_visible()


def test_a_reload_comes_back_to_the_same_question(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    choose(phone, 7, "B")
    all_saved(phone)
    phone.reload()
    expect(phone.locator("#q-7")).to_be_visible()
    expect(phone.locator("#q-7 input[value=B]")).to_be_checked()
    expect(phone.locator("#q-8")).to_be_hidden()


def test_all_questions_can_stand_in_one_list(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    phone.locator("#to-card").click()
    phone.get_by_text("全部题目排成一列").click()
    phone.get_by_role("button", name="继续答题").click()
    expect(phone.locator(".q:visible")).to_have_count(ITEMS)
    phone.locator("#q-9 .option").first.click()
    all_saved(phone)


def test_a_tap_may_lead_on_to_the_next_question(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    phone.locator("#to-card").click()
    phone.get_by_text("选后自动到下一题").click()
    phone.get_by_role("button", name="继续答题").click()
    phone.locator("#q-1 .option").first.click()
    expect(phone.locator("#q-2")).to_be_visible()


def test_the_material_of_a_case_stands_above_each_of_its_parts(site: Site, phone: Page) -> None:
    cited = (Citation("行政处罚法", date(2021, 1, 22), 51),)
    parts = tuple(
        Question(
            type=kind, stem=f"{kind} 的小题", options=("甲", "乙", "丙", "丁"), key=key,
            explanation="见条文。", citations=cited, difficulty=1, topics=("处罚程序",),
        )
        for kind, key in (("single", (0,)), ("multiple", (0, 1)))
    )  # fmt: skip
    case = Question(
        type="case", stem="张某在人行道上摆摊。", options=(), key=(), explanation="",
        citations=cited, difficulty=1, topics=("处罚程序",), parts=parts,
    )  # fmt: skip
    with site.stage.app.app_context(), transaction() as tx:
        make_question(tx, case)
    plan = Blueprint((Cell("judge", 2, 100), Cell("case", 1, 200, parts=2)))
    attempt_id = begin(phone, site.officer(), site.open_exam(blueprint=plan))
    expect(phone.locator(".material")).to_be_hidden()
    for no, label in ((3, "单选题"), (4, "多选题")):
        go(phone, no)
        expect(phone.locator(".material")).to_have_text("案例 1张某在人行道上摆摊。")
        expect(phone.locator(f"#q-{no}")).to_contain_text(label)
    phone.locator("#to-card").click()
    expect(phone.locator("#card h3")).to_have_text(["判断题", "案例题"])
    choose(phone, 4, "A")
    choose(phone, 4, "B")
    all_saved(phone)
    assert stored(phone, attempt_id)[4] == ["A", "B"]


def test_the_back_key_asks_before_it_leaves(site: Site, phone: Page) -> None:
    begin(phone, site.officer(), site.open_exam())
    choose(phone, 1, "A")
    all_saved(phone)
    phone.go_back()
    expect(phone.get_by_role("heading", name="离开考试？")).to_be_visible()
    phone.get_by_role("button", name="继续答题").locator("visible=true").click()
    expect(phone.locator("#q-1")).to_be_visible()


def test_everything_works_without_the_script(site: Site, make_phone: MakePhone) -> None:
    page = make_phone(java_script_enabled=False)
    exam_id = site.open_exam(title="无脚本")
    sign_in(page, site.officer(), f"/login?next=/exams/{exam_id}")
    page.get_by_role("button", name="开始答题").click()
    page.get_by_label("我承诺").check()
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator(".q:visible")).to_have_count(ITEMS)
    attempt_id = int(page.url.split("/attempts/")[1])
    page.locator("#q-1 .option").nth(1).click()
    page.locator("#q-11 .option").nth(0).click()
    page.locator("#q-11 .option").nth(2).click()
    page.locator("#q-12 .flag").click()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#q-1 input[value=B]")).to_be_checked()
    assert stored(page, attempt_id)[11] == ["A", "C"]
    page.get_by_role("button", name="交卷").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("交卷确认")
    expect(page.locator("main")).to_contain_text(f"还有 {ITEMS - 2} 题未答")
    page.get_by_role("button", name="确认交卷").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已交卷")


FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return '';
  const sign = at.matches('.option input') ? at.nextElementSibling : at;
  const style = getComputedStyle(sign);
  const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    || at.matches('.q, .view, main');
  return (seen ? '' : 'INVISIBLE ') + (at.id || at.name || at.textContent.trim());
}"""


def press_to(page: Page, selector: str, limit: int = 60) -> None:
    """Press Tab until the focus is there; on the way it can always be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert "INVISIBLE" not in page.evaluate(FOCUS), page.evaluate(FOCUS)
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_keyboard_alone_is_enough(site: Site, make_phone: MakePhone) -> None:
    page = make_phone(is_mobile=False, has_touch=False)
    officer, exam_id = site.officer(), site.open_exam()
    page.goto(f"/login?next=/exams/{exam_id}")
    press_to(page, "[name=staff_no]")
    page.keyboard.type(officer.staff_no)
    press_to(page, "[name=password]")
    page.keyboard.type(officer.secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("考前须知")
    press_to(page, "#pledge")
    page.keyboard.press("Space")
    press_to(page, "#start button")
    page.keyboard.press("Enter")
    expect(page.locator("#q-1")).to_be_visible()
    press_to(page, "#q-1 input")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-1 input[value=B]")).to_be_checked()
    press_to(page, "#next")
    page.keyboard.press("Enter")
    expect(page.locator("#q-2")).to_be_visible()
    press_to(page, "#to-card")
    page.keyboard.press("Enter")
    press_to(page, "#to-confirm", limit=80)
    page.keyboard.press("Enter")
    press_to(page, "#submit", limit=80)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("已交卷")
