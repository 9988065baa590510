"""A selection printed as a paper: its title and points are the trainer's."""

import io

import pytest
from docx import Document
from flask import Flask

from tests.web.test_editing import Desk, make_draft


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_a_paper_bears_the_title_and_the_points_that_were_typed(desk: Desk) -> None:
    make_draft(desk.viewer)
    page = desk.client.get("/bank/selection?state=draft").text
    assert 'name="points_single"' in page
    assert 'name="points_judge"' not in page
    assert 'value="城市管理执法人员法律知识测试题"' in page
    typed = "state=draft&title=2026年邢台市选拔赛&points_single=1.5"
    reply = desk.client.get(f"/bank/selection/docx_paper?{typed}")
    assert "filename*=UTF-8''2026%E5%B9%B4" in reply.headers["Content-Disposition"]
    lines = [one.text for one in Document(io.BytesIO(reply.data)).paragraphs]
    assert lines[0] == "2026年邢台市选拔赛"
    assert "一、单项选择题（共 1 题，每题 1.5 分，共 1.5 分）" in lines


def test_points_that_cannot_be_are_said_at_their_field_and_nothing_is_printed(desk: Desk) -> None:
    make_draft(desk.viewer)
    for typed in ("0", "两分", "-1", "101"):
        reply = desk.client.get(
            f"/bank/selection/docx?state=draft&title=测试&points_single={typed}"
        )
        assert reply.status_code == 422
        assert 'aria-invalid="true"' in reply.text
        assert 'name="state" value="draft"' in reply.text
    assert desk.client.get(f"/bank/selection/docx?title={'长' * 61}").status_code == 422


def test_a_blank_title_is_the_usual_one(desk: Desk) -> None:
    make_draft(desk.viewer)
    reply = desk.client.get("/bank/selection/docx?state=draft&title=&points_single=")
    first = Document(io.BytesIO(reply.data)).paragraphs[0].text
    assert first == "城市管理执法人员法律知识测试题"
