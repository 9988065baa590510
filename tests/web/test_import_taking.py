"""The page of what is coming in: how far it is, who goes on, and why nothing came in."""

import pytest

from quizapp.domain.errors import Busy
from quizapp.service import import_reading, import_taking, imports
from tests.question_files import row, sheet
from tests.web.test_imports import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def dead(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a file whose taker died before its first slice, a minute ago."""
    path = desk.upload(sheet([row(1), row(2)]))
    with monkeypatch.context() as patched:
        patched.setattr(import_taking, "carry_on", lambda *_, **__: None)
        assert desk.confirm(path).status_code == 303
    return path


def test_what_comes_in_shows_its_progress_and_is_gone_on_with_by_a_look(
    desk: Desk, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f'<a href="{dead}">题库.xlsx</a>' in desk.client.get("/imports/").text
    page = desk.client.get(dead).text
    assert "存为草稿" in page
    assert "0 / 2" in page
    assert 'http-equiv="refresh"' in page
    assert "第 1 种情形" not in desk.client.get("/bank/").text
    assert desk.post(dead, mode="good", report="x").headers["Location"] == dead
    monkeypatch.setattr(imports, "GIVEN_UP", -imports.GIVEN_UP)
    assert "已导入 2 题" in desk.client.get(dead).text
    assert dead not in desk.client.get("/imports/").text


def test_who_goes_on_reads_why_nothing_came_in(
    desk: Desk, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "GIVEN_UP", -imports.GIVEN_UP)
    other = desk.upload(sheet([row(1)]))
    assert desk.confirm(other).status_code == 303
    page = desk.client.get(dead).text
    assert "题库有变化" in page
    assert "确认导入" not in page
    assert "导入正确的 1 题" in page
    assert desk.confirm(dead).status_code == 303
    page = desk.client.get(dead).text
    assert "题库有变化" not in page
    assert "已导入 1 题" in page


def test_a_process_that_fails_is_told_and_can_be_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.upload(sheet([row(1)]))
    with monkeypatch.context() as patched:
        patched.setattr(import_reading, "COMMAND", ("false",))
        assert desk.confirm(path).status_code == 303
    assert "没有读完" in desk.client.get(path).text
    assert desk.confirm(path).status_code == 303
    assert "已导入 1 题" in desk.client.get(path).text


def test_a_look_that_cannot_go_on_shows_the_page_all_the_same(
    desk: Desk, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy

    monkeypatch.setattr(imports, "GIVEN_UP", -imports.GIVEN_UP)
    monkeypatch.setattr(import_taking, "carry_on", busy)
    page = desk.client.get(dead)
    assert page.status_code == 200
    assert "存为草稿" in page.text
    assert "读取中断了" not in page.text


def test_an_import_is_stopped_and_read_anew(desk: Desk, dead: str) -> None:
    assert desk.post(f"{dead}/read").status_code == 303
    assert desk.confirm(dead).status_code == 303
    assert "已导入 2 题" in desk.client.get(dead).text
