"""The form of a question: citations are picked, and nothing that was typed is ever lost."""

import re
from datetime import date

import pytest
from flask import Flask

from quizapp.domain.law_header import Facts
from quizapp.service import editing
from quizapp.service.law_desk import confirm, receive
from quizapp.store.bank import laws
from quizapp.store.db import transaction
from tests.factories import NOW, enter
from tests.law_of_kites import OLD_LINES
from tests.web.test_editing import SINGLE, Desk, code_in

KITES = "纸鸢场管理条例"
KEPT = {**SINGLE, "citations": "《行政处罚法》第五十一条"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    found = Desk(app)
    upload = receive(found.viewer, "条例.txt", OLD_LINES.encode(), now=NOW)
    told = Facts(effective_on=date(2020, 5, 1))
    confirm(found.viewer, upload, told, on=NOW.date(), now=NOW)
    return found


def press(desk: Desk, go: str, **over: object) -> str:
    reply = desk.post("/bank/new", KEPT | {"go": go} | over)
    assert reply.status_code == 200
    assert str(KEPT["explanation"]) in reply.text
    return reply.text


def offered(page: str) -> list[str]:
    return re.findall(r'value="cite:0:([^"]+)"', page)


def test_a_place_is_found_by_name_and_number_and_cited(desk: Desk) -> None:
    page = press(desk, "find:0", pick_law=KITES, pick_place="3")
    assert offered(page) == [
        f"《{KITES}》第三条{place}"
        for place in (
            "", "第一款", "第一款第（一）项", "第一款第（二）项", "第一款第（三）项", "第二款",
        )
    ]  # fmt: skip
    assert "不得携带剪刀" in page
    chosen = f"《{KITES}》第三条第一款第（二）项"
    page = press(desk, f"cite:0:{chosen}")
    assert f"{KEPT['citations']}\n{chosen}</textarea>" in page.replace("\r", "")
    code = code_in(desk.post("/bank/new", KEPT | {"citations": chosen}))
    (cited,) = editing.get_current(desk.viewer, code).question.citations
    assert (cited.version, cited.paragraph, cited.item) == (date(2020, 3, 1), 1, 2)


@pytest.mark.parametrize("place", ["6-1", "六之一", "第六条之一", "6之1"])
def test_a_number_may_be_written_as_people_do(desk: Desk, place: str) -> None:
    page = press(desk, "find:0", pick_law=f"《{KITES}》", pick_place=place)
    assert offered(page) == [f"《{KITES}》第六条之一"]
    assert "灯应当是红色或者黄色" in page


def test_a_law_is_found_by_a_part_of_its_name(desk: Desk) -> None:
    page = press(desk, "find:0", pick_law="纸鸢", pick_place="1")
    assert "法律目录中没有这部法律" in page
    assert f'value="name:0:{KITES}"' in page
    page = press(desk, f"name:0:{KITES}", pick_law="纸鸢", pick_place="1")
    assert offered(page) == [f"《{KITES}》第一条"]


def test_what_the_library_lacks_is_said(desk: Desk) -> None:
    with transaction() as tx:
        tx.execute(laws.insert().values(
            short="无文法", full="无文法", version=date(2020, 1, 1), effective_on=date(2020, 2, 1)
        ))  # fmt: skip
    missing = press(desk, "find:0", pick_law="无文法", pick_place="5")
    assert "还没有这个版本的条文" in missing
    assert offered(missing) == ["《无文法》第五条"]
    beyond = press(desk, "find:0", pick_law=KITES, pick_place="99")
    assert "这部法律没有这一条" in beyond
    assert offered(beyond) == []
    assert "不是可以识别的法条引用" in press(desk, "find:0", pick_law=KITES, pick_place="甲")
    assert "请填写法律名称和条号" in press(desk, "find:0", pick_law=KITES)
    assert press(desk, "find:9")
    assert press(desk, "cite")


def test_each_part_of_a_case_has_its_own_picker(desk: Desk) -> None:
    fields = {
        "type": "case",
        "parts-0-stem": "一",
        "parts-1-stem": "哪一项不得携带？",
        "parts-1-type": "blank",
    }
    page = press(desk, "find:2", **fields | {"parts-1-pick_law": KITES, "parts-1-pick_place": "1"})
    assert f'value="cite:2:《{KITES}》第一条"' in page
    page = press(desk, f"cite:2:《{KITES}》第一条", **fields)
    assert re.search(rf'id="parts-1-citations"[^>]*>\s*《{KITES}》第一条', page)


def test_a_change_of_type_loses_nothing(desk: Desk) -> None:
    judge = press(desk, "reshape", type="judge")
    assert str(KEPT["options-1"]) in judge
    case = press(desk, "reshape", type="case")
    assert 'name="parts-1-stem"' in case
    back = press(desk, "reshape", **{"type": "single", "parts-0-stem": "小题还在"})
    assert "小题还在" in back


def test_a_part_can_be_taken_out(desk: Desk) -> None:
    fields = {key: value for key, value in KEPT.items() if not key.startswith("options")}
    fields |= {"type": "case", "parts-1-gone": "y"}
    for no in range(3):
        fields |= {f"parts-{no}-type": "judge", f"parts-{no}-stem": f"第{no}小题"}
    code = code_in(desk.post("/bank/new", fields))
    parts = editing.get_current(desk.viewer, code).question.parts
    assert [part.stem for part in parts] == ["第0小题", "第2小题"]


def test_two_trainers_who_edit_at_once_see_both_texts(app: Flask, desk: Desk) -> None:
    code = code_in(desk.post("/bank/new", KEPT))
    address, other = f"/bank/questions/{code}/edit", Desk(app)
    theirs = KEPT | {"base_version": "1", "options-2": "六十元", "note": "改数额"}
    assert other.post(address, theirs).status_code == 303
    mine = KEPT | {
        "base_version": "1",
        "explanation": "依照第五十一条，我也改了解析。",
    }
    reply = desk.post(address, mine)
    assert reply.status_code == 409
    assert other.viewer.name in reply.text
    assert "<del>六十</del>" in reply.text.replace("<del>六十元</del>", "<del>六十</del>")
    assert str(mine["explanation"]) in reply.text
    assert 'name="base_version" type="hidden" value="2"' in reply.text
    assert desk.post(address, mine | {"base_version": "2"}).status_code == 303
    history = desk.client.get(f"/bank/questions/{code}/compare?older=2&newer=3").text
    assert "六十" in history


def test_what_was_typed_survives_the_end_of_the_sign_in(app: Flask, desk: Desk) -> None:
    code = code_in(desk.post("/bank/new", KEPT))
    address = f"/bank/questions/{code}/edit"
    typed = KEPT | {"base_version": "1", "stem": "登录结束前写的题干（ ）？", "right": ["0", "2"]}
    stranger = app.test_client()
    for status, headers in ((400, {}), (401, {"X-CSRFToken": enter(stranger, 0)})):
        reply = stranger.post(address, data=typed, headers=headers)
        assert reply.status_code == status
        main = reply.text.split("</main>")[0]
        held = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', main)
        assert ("stem", typed["stem"]) in held
        assert [value for name, value in held if name == "right"] == ["0", "2"]
        assert "csrf_token" not in dict(held)
    back = desk.client.post(address, data=typed)  # signed in again, the token is of the old session
    assert back.status_code == 400
    assert typed["stem"] in back.text
    assert "请再保存一次" in back.text
    assert editing.get_current(desk.viewer, code).version == 1
    assert desk.client.post("/bank/preview", data=typed).status_code == 400
