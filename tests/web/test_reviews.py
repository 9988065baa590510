"""The reviewer's pages: the queue, many questions in one sitting, the record of what was done."""

import pytest
from flask import Flask

from quizapp.service import reviews
from tests.factories import NOW, make_draft
from tests.web.test_editing import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def hand_over(desk: Desk, **over: object) -> str:
    code = make_draft(desk.viewer, **over)  # type: ignore[arg-type]
    reviews.take_step(desk.viewer, code, "submit", version=1, now=NOW)
    return code


def test_a_sitting_shows_every_question_in_full_and_keeps_what_fails(
    app: Flask, desk: Desk
) -> None:
    reviewer = Desk(app)
    good, bad = hand_over(desk), hand_over(desk, stem="听证由谁主持，下列说法正确的是哪一项（ ）？")
    page = reviewer.client.get("/bank/reviews/sitting").text
    for words in (good, bad, "听证由谁主持", "二百元", "正确答案", "第五十一条"):
        assert words in page
    assert "没有等您审核的题目" in desk.client.get("/bank/reviews/sitting").text
    fields = {
        f"step-{good}": "approve", f"version-{good}": "1", "law_checked": "1",
        f"step-{bad}": "return", f"version-{bad}": "1", f"note-{bad}": "",
    }  # fmt: skip
    reply = reviewer.post("/bank/reviews/sitting", fields)
    assert reply.status_code == 422
    assert "请填写原因或意见" in reply.text
    assert f'id="{good}"' not in reply.text
    done = reviewer.post("/bank/reviews/sitting", fields | {f"note-{bad}": "缺款"})
    assert done.status_code == 422  # the first one is no longer in review
    assert "已发布" in reviewer.client.get(f"/bank/questions/{good}").text
    returned = desk.client.get(f"/bank/questions/{bad}").text
    assert "缺款" in returned
    assert "退回修改" in returned
    assert reviewer.post("/bank/reviews/sitting", {}).status_code == 422


def test_the_record_of_a_question_names_the_legal_review(app: Flask, desk: Desk) -> None:
    reviewer = Desk(app)
    code = hand_over(desk)
    step = f"/bank/questions/{code}/steps/"
    reviewer.post(step + "approve", {"version": "1", "law_checked": "1", "note": "已核对"})
    desk.post(step + "suspend", {"version": "1", "note": "法条有疑问"})
    page = desk.client.get(f"/bank/questions/{code}").text
    assert "办理记录（4）" in page
    assert "法制审核" in page
    assert page.count("法条有疑问") >= 2
    assert desk.post(step + "resume", {"version": "1", "note": ""}).status_code == 422
    assert desk.post(step + "resume", {"version": "1", "note": "已核实"}).status_code == 303


def test_the_queue_is_divided(app: Flask, desk: Desk) -> None:
    reviewer, code = Desk(app), hand_over(desk)
    assert code in reviewer.client.get("/bank/reviews").text
    assert code not in reviewer.client.get("/bank/reviews?show=own").text
    assert code not in reviewer.client.get("/bank/reviews?show=free&law=行政强制法").text
    assert code in desk.client.get("/bank/reviews?show=own").text
    assert reviewer.client.get("/bank/reviews?show=?&batch=x&page=-1").status_code == 200
