"""The pages of organizers, trainers and administrators: axe, and no sideways scroll on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from quizapp.store.db import transaction
from tests.browser.site import Officer, Site, sign_in
from tests.browser.test_looks import AXE, OVERFLOW, RUN_AXE
from tests.factories import make_staff

PAGES = {
    "organizer": (
        "/", "/manage/exams", "/manage/exams/new", "/manage/exams/{exam}",
        "/manage/exams/{exam}/time", "/manage/exams/{exam}/live", "/manage/exams/{exam}/absent",
        "/manage/exams/{exam}/excused",
        "/manage/exams/{exam}/results", "/standings", "/standings/{exam}/cities",
        "/standings/{exam}/counties", "/standings/{exam}/officers", "/manage/hours",
        "/manage/hours/import", "/manage/hours/rules", "/manage/officers", "/manage/roster",
    ),
    "trainer": (
        "/bank/", "/bank/questions/T-000001", "/laws/", "/laws/import", "/laws/amendments",
    ),
    "administrator": ("/manage/officers", "/manage/officers/new", "/manage/units"),
}  # fmt: skip
SCREENS = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 360, "height": 740}}


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_staff_pages_are_sound(
    site: Site, make_context: Callable[..., BrowserContext], role: str, screen: str
) -> None:
    staff_no, secret = f"88{role[:3]}{screen}", f"a machine-made secret of {role} {screen}"
    with site.stage.app.app_context(), transaction() as tx:
        officer = Officer(staff_no, secret, make_staff(tx, role, secret=secret, staff_no=staff_no))
    exam_id = site.open_exam()
    context = make_context(viewport=SCREENS[screen], is_mobile=screen == "phone")
    page = context.new_page()
    sign_in(page, officer)
    page.locator(".foot form[action='/logout']").wait_for()
    found: dict[str, list[str]] = {}
    for address in PAGES[role]:
        path = address.format(exam=exam_id)
        reply = page.goto(path)
        assert reply is not None
        found[path] = page.evaluate(OVERFLOW)
        if screen == "desk":  # the markup is the same on both
            page.evaluate(AXE)
            found[path] += page.evaluate(RUN_AXE)
        if reply.status != 200:
            found[path].append(str(reply.status))
    assert {path: faults for path, faults in found.items() if faults} == {}
