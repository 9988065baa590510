"""The statistics pages: formulas beside numbers, warnings, small groups, files, refusals."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from quizapp.store.db import transaction
from quizapp.web import analysis as pages
from tests.factories import enter, make_staff
from tests.sat import OVER, sit_exam
from tests.service.test_analysis import first_half


@pytest.fixture(autouse=True)
def _after_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "now", lambda: OVER)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def computed(client: FlaskClient, **over: Any) -> tuple[str, Any]:
    sat = sit_exam(first_half, **over)
    token = enter(client, sat.organizer.officer_id)
    path = f"/manage/analysis/{sat.exam.id}"
    assert "还没有统计" in page(client, path)
    answer = client.post(path, data={"csrf_token": token})
    assert answer.status_code == 303
    return path, sat


def test_numbers_stand_beside_their_formulas(client: FlaskClient) -> None:
    path, sat = computed(client)
    text = page(client, path)
    for words in ("α 系数", "r(x, T−x)", "cov(x, T) ÷ var(T)", "有选项无人选择", "即 KR-20"):
        assert words in text, words
    assert "随机抽题" not in text
    item = page(client, f"{path}/items/{sat.versions['single'][0]}")
    assert "罚款" in item
    assert "50.0%" in item
    assert "试题分析" in page(client, "/manage/analysis")


def test_drawn_papers_carry_the_warning_and_small_groups_stay_hidden(client: FlaskClient) -> None:
    path, _ = computed(client, people=14, spare=3)
    text = page(client, path)
    assert "试卷为随机抽题" in text
    assert "不足 10 人" in text


def test_the_sheet_has_every_item(client: FlaskClient) -> None:
    path, _ = computed(client)
    lines = page(client, f"{path}/items.csv").splitlines()
    assert len(lines) >= 9
    assert client.get(f"{path}/items.xlsx").data[:2] == b"PK"


def test_refusals_say_what_is_the_matter(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sat = computed(client, people=1)
    assert "参加人数为 1 人" in page(client, path)
    page(client, f"{path}/items/999999", 404)
    page(client, "/manage/analysis/999999", 404)
    with transaction() as tx:
        other = make_staff(tx, "trainer", "130500")
    monkeypatch.setattr(pages, "now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    enter(client, sat.organizer.officer_id)
    assert "尚未结束" in page(client, path, 409)
    enter(client, other)
    page(client, path, 403)


def test_a_long_list_is_paged_sorted_and_filtered(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sat = computed(client)
    monkeypatch.setattr(pages, "PAGE", 3)
    first = page(client, path)
    assert "第 1 / 3 页" in first
    assert "得分率分布" in first
    assert "第 3 / 3 页" in page(client, f"{path}?page=999")
    assert "第 1 / 3 页" in page(client, f"{path}?page=-1&sort=x&flag=x&type=x")
    judges = page(client, f"{path}?type=judge&sort=code")
    assert "各题统计（2 题）" in judges
    assert "type=judge" in judges
    assert len(page(client, f"{path}/items.csv?type=judge").splitlines()) == 3
    flagged = page(client, f"{path}?flag=idle_option")
    assert "有选项无人选择" in flagged
    assert "没有符合条件的题目" in page(client, f"{path}?flag=negative&type=judge")
    orders = {sort: page(client, f"{path}/items.csv?sort={sort}") for sort in pages.SORT_WORDS}
    facility = [float(line.split(",")[6]) for line in orders["facility"].splitlines()[1:]]
    assert facility == sorted(facility)
    assert sat.exam.title in first
