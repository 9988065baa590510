"""The trainer's pages: write, preview, review, compare; an officer's report and its answer."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from quizapp.domain.attempts import Caller
from quizapp.domain.bank import Picture
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.people import Viewer
from quizapp.service import attempts, closing, editing, pictures
from quizapp.store.db import transaction
from tests.factories import (
    NOW,
    enter,
    make_draft,
    make_exam,
    make_questions,
    make_small_bank,
    make_viewer,
    publish_question,
)

OFFICERS = ("officer", "officer")
SINGLE = {
    "scope": "province:13", "type": "single", "stem": "当场罚款对公民最高是多少（ ）？",
    "options-0": "二百元", "options-1": "一百元", "options-2": "五十元", "options-3": "三百元",
    "right": ["0"], "explanation": "依照第五十一条，对公民二百元以下罚款可以当场作出，其余不是。",
    "citations": "《行政处罚法》第五十一条", "difficulty": "1", "topics": "处罚程序",
    "as_of": "2026-01-05", "note": "", "base_version": "0",
}  # fmt: skip


class Desk:
    """A trainer at a browser."""

    def __init__(self, app: Flask, unit: str = "130000") -> None:
        with transaction() as tx:
            self.viewer = make_viewer(tx, "trainer", unit)
        self.client = app.test_client()
        self.token = enter(self.client, self.viewer.officer_id)

    def post(self, path: str, fields: dict[str, object]) -> TestResponse:
        return self.client.post(path, data=fields, headers={"X-CSRFToken": self.token})


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def code_in(reply: TestResponse) -> str:
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"].rsplit("/", 1)[1]


def test_a_question_is_written_and_shown(desk: Desk) -> None:
    assert desk.client.get("/bank/new").status_code == 200
    code = code_in(desk.post("/bank/new", SINGLE))
    page = desk.client.get(f"/bank/questions/{code}").text
    assert SINGLE["stem"] in page
    assert "草稿" in page
    question = editing.get_current(desk.viewer, code).question
    assert (question.options[0], question.key) == ("二百元", (0,))
    assert desk.client.get(f"/bank/questions/{code}/edit").text.count("二百元") >= 2


@pytest.mark.parametrize(
    ("fields", "key", "options"),
    [
        ({"type": "multiple", "right": ["1", "3"]}, (1, 3), 4),
        ({"type": "single", "options-1": "", "right": ["2"]}, (1,), 3),
        ({"type": "judge", "truth": "F"}, False, 0),
        ({"type": "judge"}, (), 0),
        ({"type": "blank"}, (0, 1, 2, 3), 4),
        ({"type": "ordering", "options-3": ""}, (0, 1, 2), 3),
    ],
)
def test_every_type_is_read_from_its_fields(
    desk: Desk, fields: dict[str, object], key: object, options: int
) -> None:
    code = code_in(desk.post("/bank/new", SINGLE | fields))
    question = editing.get_current(desk.viewer, code).question
    assert (question.key, len(question.options)) == (key, options)


def test_a_case_keeps_its_parts_together(desk: Desk) -> None:
    part = {"type": "judge", "stem": "程序合法。", "truth": "T", "explanation": "见条文。"}
    fields = {key: value for key, value in SINGLE.items() if not key.startswith("options")}
    for no in range(2):
        fields |= {f"parts-{no}-{name}": value for name, value in part.items()}
    fields |= {"type": "case", "stem": "执法人员甲在街头当场处罚了一名摊贩。"}
    grown = desk.post("/bank/new", fields | {"go": "part"})
    assert "parts-2-stem" in grown.text
    code = code_in(desk.post("/bank/new", fields))
    question = editing.get_current(desk.viewer, code).question
    assert [item.type for item in question.parts] == ["judge", "judge"]
    assert question.options == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stem": "  "}, 'id="stem-bad">请填写题干'),
        ({"citations": "行政处罚法51"}, "不是可以识别的法条引用"),
        ({"as_of": "2026-13-01"}, "2026-12-31"),
        ({"as_of": "2099-01-01"}, "不能晚于今天"),
        ({"topics": "一、二、三、四、五"}, 'id="topics-bad">主题最多三个'),
        ({"scope": "city:999999"}, "没有这个题库"),
        ({"scope": "nonsense"}, "没有这个题库"),
    ],
)
def test_a_failed_form_keeps_what_was_typed(
    desk: Desk, fields: dict[str, object], words: str
) -> None:
    reply = desk.post("/bank/new", SINGLE | fields)
    assert reply.status_code == 422
    assert words in reply.text
    assert str(SINGLE["explanation"]) in reply.text


def test_the_preview_shows_the_phone_the_faults_and_the_likeness(desk: Desk) -> None:
    code = code_in(desk.post("/bank/new", SINGLE))
    reply = desk.post("/bank/preview", SINGLE | {"right": []})
    assert reply.status_code == 200
    assert 'class="phone"' in reply.text
    assert code in reply.text
    assert "正确选项的个数不对" in reply.text
    assert code not in desk.post("/bank/preview", SINGLE | {"code": code}).text
    assert desk.post("/bank/preview", {}).status_code == 200


def test_what_is_typed_is_shown_as_text(desk: Desk) -> None:
    evil = "<script>alert(1)</script>"
    reply = desk.post("/bank/preview", SINGLE | {"stem": evil, "options-0": evil})
    assert evil not in reply.text
    assert "&lt;script&gt;" in reply.text


def test_an_edit_shows_its_difference(desk: Desk) -> None:
    code = code_in(desk.post("/bank/new", SINGLE))
    fields = SINGLE | {"base_version": "1", "options-2": "六十元", "note": "改数额"}
    assert desk.post(f"/bank/questions/{code}/edit", fields).status_code == 303
    page = desk.client.get(f"/bank/questions/{code}/compare?older=1&newer=2").text
    assert "<del>" in page
    assert "<ins>" in page
    assert "改数额" in desk.client.get(f"/bank/questions/{code}").text


def test_review_by_another_trainer(app: Flask, desk: Desk) -> None:
    other = Desk(app)
    code = code_in(desk.post("/bank/new", SINGLE))
    step = f"/bank/questions/{code}/steps/"
    assert desk.post(step + "submit", {"version": "1"}).status_code == 303
    assert code in other.client.get("/bank/reviews").text
    approval = {"version": "1", "law_checked": "1", "note": ""}
    assert desk.post(step + "approve", approval).status_code == 403
    assert other.post(step + "approve", {"version": "1"}).status_code == 422
    assert other.post(step + "approve", approval).status_code == 303
    assert "已发布" in other.client.get(f"/bank/questions/{code}").text
    said = other.post(f"/bank/questions/{code}/comments", {"text": "依据可以再细。"})
    assert said.status_code == 303
    assert "依据可以再细。" in desk.client.get(f"/bank/questions/{code}").text


def test_a_city_finds_its_own_bank_and_the_provinces(app: Flask, desk: Desk) -> None:
    city, neighbour = Desk(app, "130500"), Desk(app, "130200")
    code = code_in(city.post("/bank/new", SINGLE | {"scope": "city:130500"}))
    above = make_draft(desk.viewer)
    publish_question(desk.viewer, Desk(app).viewer, above)
    page = city.client.get("/bank/").text
    assert code in page
    assert above in page
    assert code not in neighbour.client.get("/bank/").text
    assert neighbour.client.get(f"/bank/questions/{code}").status_code == 404
    assert f"/bank/questions/{above}/edit" not in city.client.get(f"/bank/questions/{above}").text
    reply = city.post(f"/bank/questions/{above}/edit", SINGLE | {"base_version": "1"})
    assert reply.status_code == 403


def drawing() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, "PNG")
    return out.getvalue()


def test_a_picture_travels_with_the_question(desk: Desk) -> None:
    fields = SINGLE | {"picture_file": (io.BytesIO(drawing()), "图.png"), "picture_alt": "一块招牌"}
    code = code_in(desk.post("/bank/new", fields))
    picture = editing.get_current(desk.viewer, code).question.picture
    assert picture is not None
    assert picture.alt == "一块招牌"
    bare = SINGLE | {"base_version": "1"}
    assert desk.post(f"/bank/questions/{code}/edit", bare).status_code == 303
    page = desk.client.get(f"/bank/questions/{code}/compare?older=1&newer=2").text
    assert f'src="/bank/pictures/{picture.id}"' in page
    assert "第 2 版：没有图片" in page
    reply = desk.client.get(f"/bank/pictures/{picture.id}")
    assert reply.mimetype == "image/png"
    bad = desk.post("/bank/new", SINGLE | {"picture_file": (io.BytesIO(b"MZ"), "图.png")})
    assert bad.status_code == 422
    assert "图片无法读取" in bad.text
    mute = fields | {"picture_file": (io.BytesIO(drawing()), "图.png"), "picture_alt": " "}
    assert desk.post("/bank/new", mute).status_code == 422


def test_only_whoever_has_the_paper_sees_its_picture(
    desk: Desk, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = pictures.keep(desk.viewer, drawing(), now=NOW)
    with transaction() as tx:
        make_questions(tx, picture=Picture(kept, "一块招牌"))
        organizer, officer, stranger = (make_viewer(tx, role) for role in ("organizer", *OFFICERS))
    exam = make_exam(organizer, blueprint=Blueprint((Cell("single", 1, 100),)))
    attempt_id = attempts.start(officer, exam.id, pledged=True, now=NOW).attempt_id
    for module in ("attempts", "faults"):
        monkeypatch.setattr(f"quizapp.web.{module}.now", lambda: NOW)
    address = f"/attempts/{attempt_id}/pictures/1"
    enter(client, officer.officer_id)
    page = client.get(f"/attempts/{attempt_id}").text
    assert address in page
    assert "一块招牌" in page
    assert client.get(address).mimetype == "image/png"
    assert client.get(f"/attempts/{attempt_id}/pictures/2").status_code == 404
    assert client.get(f"/bank/pictures/{kept}").status_code == 403
    enter(client, stranger.officer_id)
    assert client.get(address).status_code == 403


@pytest.fixture
def sat(app: Flask) -> tuple[Viewer, int]:
    with transaction() as tx:
        make_small_bank(tx)
        organizer, officer = make_viewer(tx, "organizer"), make_viewer(tx)
    exam = make_exam(
        organizer, answers_release="closed", score_release="closed",
        closes_at=NOW + timedelta(minutes=30),
    )  # fmt: skip
    started = attempts.start(officer, exam.id, pledged=True, now=NOW)
    closing.submit(
        officer, Caller(officer.officer_id, 1, ""), started.attempt_id, [], now=NOW, allowance_s=0
    )
    return officer, started.attempt_id


def test_a_fault_is_reported_and_answered(
    app: Flask, desk: Desk, client: FlaskClient, sat: tuple[Viewer, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    officer, attempt_id = sat
    for module in ("attempts", "faults", "reviews"):
        monkeypatch.setattr(f"quizapp.web.{module}.now", lambda: NOW + timedelta(hours=2))
    token = enter(client, officer.officer_id)
    form = f"/attempts/{attempt_id}/items/1/fault"
    assert form in client.get(f"/attempts/{attempt_id}/result").text
    assert client.get(form).status_code == 200
    fields = {"kind": "law", "text": "该条已经修改", "csrf_token": token}
    empty = client.post(form, data=fields | {"text": ""})
    assert empty.status_code == 422
    assert client.post(form, data=fields).status_code == 303
    assert "等待答复" in client.get("/faults").text
    listed = desk.client.get("/bank/faults").text
    match = re.search(r"/bank/faults/\d+", listed)
    assert match
    assert "该条已经修改" in listed
    assert desk.post(match[0], {"outcome": "right", "text": ""}).status_code == 422
    assert desk.post(match[0], {"outcome": "right", "text": "该条没有修改。"}).status_code == 303
    assert "该条没有修改。" in client.get(f"/attempts/{attempt_id}/result").text
    assert desk.client.get(match[0]).status_code == 200
    late = desk.post(match[0], {"outcome": "right", "text": "另一位教员的答复"})
    assert late.status_code == 422
    assert "readonly>另一位教员的答复<" in late.text


def test_promotion_on_the_pages(app: Flask, desk: Desk) -> None:
    city, second = Desk(app, "130500"), Desk(app, "130500")
    code = make_draft(city.viewer, "city:130500")
    publish_question(city.viewer, second.viewer, code)
    assert city.post(f"/bank/questions/{code}/nominate", {}).status_code == 303
    assert code in desk.client.get("/bank/reviews").text
    assert "收入本级题库" in desk.client.get(f"/bank/questions/{code}").text
    taken = desk.post(f"/bank/questions/{code}/promotion", {"accept": "1"})
    assert taken.status_code == 303
    assert "省级题库" in desk.client.get(f"/bank/questions/{code}").text


def test_a_selection_goes_into_every_format(desk: Desk) -> None:
    make_draft(desk.viewer)
    make_draft(desk.viewer, type="ordering", key=(0, 1, 2, 3))
    page = desk.client.get("/bank/selection?state=draft").text
    keys = re.findall(r"/bank/selection/(\w+)", page)
    assert {"gift", "docx"} <= set(keys)
    for key in keys:
        reply = desk.client.get(f"/bank/selection/{key}?state=draft&anyway=1")
        assert reply.status_code == 200
        assert "attachment" in reply.headers["Content-Disposition"]
    held_back = desk.client.get("/bank/selection/gift?state=draft")
    assert "不会导出的题目" in held_back.text
    assert desk.client.get("/bank/selection/none").status_code == 422


def test_what_is_ticked_is_exported_and_nothing_else(desk: Desk) -> None:
    stems = [f"第{no}种情形下应当由谁批准（ ）？" for no in range(3)]
    codes = [make_draft(desk.viewer, stem=stem) for stem in stems]
    page = desk.client.get("/bank/?state=draft").text
    assert all(f'name="codes" value="{code}"' in page for code in codes)
    chosen = f"codes={codes[0]}&codes={codes[2]}&ticked=1&state=draft"
    page = desk.client.get(f"/bank/selection?{chosen}").text
    assert "勾选了 2 题" in page
    assert f"codes={codes[2]}" in page
    content = desk.client.get(f"/bank/selection/json?{chosen}").get_data(as_text=True)
    assert [stem in content for stem in stems] == [True, False, True]
    none = desk.client.get("/bank/selection?ticked=1&state=draft").text
    assert "还没有勾选题目" in none
    assert "/bank/selection/" not in none


def test_the_page_of_a_question_goes_without_its_article(desk: Desk) -> None:
    page = desk.post("/bank/preview", SINGLE | {"citations": "《无此法》第三条"})
    assert "法律目录中没有这部法律" in page.text
