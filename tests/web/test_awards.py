"""The pages of awards, prizes on the board, the former board beside the new one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from quizapp.service import enforcing, results
from quizapp.service.enforcing import Approval
from quizapp.web import awards as pages
from quizapp.web import corrections as case_pages
from quizapp.web import live, standings
from tests.factories import enter
from tests.sat import OVER, Sat, draft_ruling, sit_exam
from tests.service.test_awards import KEY, UNITS, all_right, reversing, sat_by_cities
from tests.service.test_awards import second as another
from tests.service.test_corrections import ruling
from tests.service.test_misfits import excuse_late

LATER = OVER + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _after_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, case_pages, standings, live):
        monkeypatch.setattr(module, "now", lambda: LATER)


class Desk:
    """The organizer at the page of awards."""

    def __init__(self, client: FlaskClient, sat: Sat) -> None:
        self.client, self.path = client, f"/manage/exams/{sat.exam.id}/awards"
        self.token = enter(client, sat.organizer.officer_id)

    def send(self, step: str = "", key: str = KEY, **fields: str) -> tuple[int, str]:
        path = f"{self.path}/{key}{f'/{step}' if step else ''}"
        answer = self.client.post(path, data=fields | {"csrf_token": self.token})
        return answer.status_code, answer.get_data(as_text=True)

    def declare(self, *places: str, floor: str = "", key: str = KEY) -> tuple[int, str]:
        names = ("first", "second", "third")
        fields = {f"{key}-{name}": typed for name, typed in zip(names, places, strict=True)}
        return self.send(key=key, **fields, **{f"{key}-floor_bp": floor})

    def text(self) -> str:
        return self.client.get(self.path).get_data(as_text=True)


def test_from_declaring_to_the_public_board(client: FlaskClient) -> None:
    sat = sat_by_cities()
    desk = Desk(client, sat)
    assert "未设" in desk.text()
    assert desk.declare("1", "2", "4", floor="60")[0] == 303
    assert "按目前名次试算" in desk.text()
    assert desk.send("lock")[0] == 422
    assert desk.send("lock", checked="1")[0] == 303
    assert "已确认并锁定" in desk.text()
    board = f"/standings/{sat.exam.id}/cities"
    assert "一等奖" not in client.get(board).get_data(as_text=True)
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    text = client.get(board).get_data(as_text=True)
    assert "一等奖</span>" in text
    assert "名单确认于" in text
    assert "原名次" not in text


@pytest.mark.parametrize(
    ("places", "floor", "words"),
    [
        (("", "2", "4"), "", "名额请填"),
        (("x", "2", "4"), "", "名额请填"),
        (("0", "0", "0"), "", "名额请填"),
        (("1", "2", "4"), "101", "下限请填"),
        (("1", "2", "4"), "a", "下限请填"),
    ],
)
def test_what_was_typed_stays(
    client: FlaskClient, places: tuple[str, str, str], floor: str, words: str
) -> None:
    status, text = Desk(client, sat_by_cities()).declare(*places, floor=floor)
    assert status == 422
    assert words in text
    assert f'value="{places[1]}"' in text


def test_a_tie_is_settled_on_the_page(client: FlaskClient) -> None:
    sat = sit_exam(all_right, people=4, units=UNITS)
    desk = Desk(client, sat)
    desk.declare("1", "2", "4")
    text = desk.text()
    assert "并列第 1 名" in text
    names = [part.split('"')[0] for part in text.split('name="')[1:] if part.startswith("place-")]
    same = dict.fromkeys(names, "1")
    assert desk.send("ties", **same, reason="抽签")[0] == 422
    assert desk.send("ties", **dict.fromkeys(names, "²"), reason="抽签")[0] == 422
    assert desk.send("ties", **dict(zip(names, "21", strict=True)), reason="")[0] == 422
    assert desk.send("ties", **dict(zip(names, "21", strict=True)), reason="公开抽签")[0] == 303
    assert desk.send("lock", checked="1")[0] == 303
    assert "公开抽签" in desk.text()
    assert desk.send("unlock", reason="")[0] == 422
    assert desk.send("unlock", reason="重排")[0] == 303
    status, text = desk.send("unlock", reason="重排，又写了一遍")
    assert status == 409
    assert "重排，又写了一遍" in text
    assert desk.send("retract")[0] == 303
    assert desk.send(key="nobel")[0] == 422


def test_the_second_person_must_decide_about_locked_prizes(client: FlaskClient) -> None:
    sat = sat_by_cities()
    desk = Desk(client, sat)
    desk.declare("1", "1", "0")
    desk.send("lock", checked="1")
    path = f"/manage/corrections/case/{reversing(sat)}"
    other = another()
    token = enter(client, other.officer_id)
    text = client.get(path).get_data(as_text=True)
    for words in ("奖项变动", "团体奖已确认", "县（市、区）变动", "同时暂停使用"):
        assert words in text, words
    form = {"csrf_token": token, "checked": "1", "suspend": "1"}
    refused = client.post(f"{path}/approve", data=form)
    assert refused.status_code == 409
    assert "逐项选择维持或调整" in refused.get_data(as_text=True)
    done = client.post(f"{path}/approve", data=form | {f"prizes-{KEY}": "follow"})
    assert done.status_code == 303
    text = client.get(path).get_data(as_text=True)
    for words in ("按新名次调整获奖名单", "题库中已暂停使用", "还没有改正"):
        assert words in text, words
    listing = client.get(f"/manage/corrections/{sat.exam.id}").get_data(as_text=True)
    assert "题库中已暂停使用" in listing


def test_the_former_board_stands_beside_the_new_one(client: FlaskClient) -> None:
    sat = sat_by_cities()
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    correction_id = draft_ruling(sat.organizer, ruling(sat, "void_full"), now=LATER)
    enforcing.approve(another(), correction_id, Approval(suspend=True), now=LATER)
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    enter(client, sat.organizer.officer_id)
    for kind, words in (("cities", "原综合得分"), ("counties", "原名次"), ("officers", "原成绩")):
        text = client.get(f"/standings/{sat.exam.id}/{kind}").get_data(as_text=True)
        assert words in text
        assert "答案勘误后重新公布" in text
    past = client.get(f"/manage/exams/{sat.exam.id}/results").get_data(as_text=True)
    assert "历次公布" in past


def test_publication_asks_about_an_award_that_does_not_fit(client: FlaskClient) -> None:
    sat = sat_by_cities()
    excuse_late(sat)
    form = {"csrf_token": enter(client, sat.organizer.officer_id), "sure": "yes"}
    path = f"/manage/exams/{sat.exam.id}/results"
    text = client.get(path).get_data(as_text=True)
    for words in ("与目前名次不符的奖项", "石家庄市", "去撤销确认"):
        assert words in text, words
    refused = client.post(path, data=form)
    assert refused.status_code == 409
    assert "尚未公布" in refused.get_data(as_text=True)
    done = client.post(path, data=form | {f"keep-{KEY}": "请假在后"})
    assert done.status_code == 303
    page = client.get(f"/manage/exams/{sat.exam.id}/awards").get_data(as_text=True)
    assert "理由：请假在后" in page
