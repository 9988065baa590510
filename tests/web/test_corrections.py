"""The pages of a correction: drafted, looked at, approved by another; what was typed stays."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from quizapp.domain.awards.base import Terms
from quizapp.service import award_acts
from quizapp.store.bank import question_versions, questions
from quizapp.store.correction_runs import correction_runs
from quizapp.store.db import reading, transaction
from quizapp.web import analysis, corrections
from quizapp.web import attempts as attempt_pages
from tests.factories import enter, make_staff
from tests.sat import OVER, Sat, scores, sit_exam
from tests.service.test_corrections import by_number


@pytest.fixture(autouse=True)
def _after_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    for pages in (analysis, corrections):
        monkeypatch.setattr(pages, "now", lambda: OVER)


def code_of(sat: Sat) -> str:
    with reading() as tx:
        return str(
            tx.execute(
                sa.select(questions.c.code)
                .join(question_versions, question_versions.c.question_id == questions.c.id)
                .where(question_versions.c.id == sat.versions["single"][0])
            ).scalar_one()
        )


def typed(sat: Sat, **over: Any) -> dict[str, str]:
    values = {"code": code_of(sat), "part": "", "ruling": "accept_also", "answer": "b",
              "policy": "no_loss", "reason": "依据第五十一条，B 项也正确。"}  # fmt: skip
    return values | over


def drafted(client: FlaskClient, sat: Sat, **over: str) -> str:
    token = enter(client, sat.organizer.officer_id)
    answer = client.post(
        f"/manage/corrections/{sat.exam.id}/new", data=typed(sat, **over) | {"csrf_token": token}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def second(client: FlaskClient, role: str = "organizer", unit: str = "130000") -> str:
    with transaction() as tx:
        other = make_staff(tx, role, unit)
    return enter(client, other)


def test_a_correction_goes_from_draft_to_force(client: FlaskClient) -> None:
    sat = sit_exam(by_number, people=4)
    token = enter(client, sat.organizer.officer_id)
    assert "没有勘误" in client.get(f"/manage/corrections/{sat.exam.id}").get_data(as_text=True)
    path = drafted(client, sat)
    text = client.get(path).get_data(as_text=True)
    assert "等待起草人以外的组织者批准" in text
    assert "试算结果" in text
    refused = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert refused.status_code == 403
    assert "起草人以外" in refused.get_data(as_text=True)
    token = second(client)
    assert "选项和原答案" in client.get(path).get_data(as_text=True), "what is to be approved"
    assert client.post(f"{path}/approve", data={"csrf_token": token}).status_code == 422
    sheet = client.get(f"{path}/people.csv").get_data(as_text=True)
    assert len(sheet.strip().splitlines()) >= 3
    done = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert done.status_code == 303
    assert "原成绩保留" in client.get(path).get_data(as_text=True)
    assert client.get(f"{path}/people.xlsx").data[:2] == b"PK"
    with reading() as tx:
        assert scores(tx, sat) == [1000, 700, 1000, 700]
    again = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert again.status_code == 409
    assert "已生效" in client.get(f"/manage/corrections/{sat.exam.id}").get_data(as_text=True)


def test_the_officer_reads_the_old_score_beside_the_new(client: FlaskClient) -> None:
    sat = sit_exam(by_number, people=2, score_release="handed_in")
    path = drafted(client, sat)
    token = second(client)
    client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    enter(client, sat.officers[1])
    text = client.get(f"/attempts/{sat.attempts[1]}/result").get_data(as_text=True)
    assert "原成绩 6 分，现成绩 7 分" in text
    enter(client, sat.officers[0])
    assert "原成绩" not in client.get(f"/attempts/{sat.attempts[0]}/result").get_data(as_text=True)


@pytest.mark.parametrize(
    ("ruling", "words", "never"),
    [
        ("accept_also", ("另认一个答案也正确", "现认可：", "，或 "), ("已作废的题",)),
        ("void_none", ("已作废的题（1）", "原答案：", "你选了</small>"), ("现认可：",)),
        ("void_full", ("已作废的题（1）", "抽到者均得满分"), ("现认可：",)),
    ],
)
def test_the_reviewed_item_says_what_was_ruled(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, ruling: str, words: tuple[str, ...],
    never: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.setattr(attempt_pages, "now", lambda: OVER + timedelta(hours=1))
    sat = sit_exam(by_number, people=2, score_release="handed_in")
    path = drafted(client, sat, ruling=ruling)
    client.post(f"{path}/approve", data={"csrf_token": second(client), "checked": "1"})
    for no, notice in ((1, "成绩已重新计算"), (0, "您的成绩不变")):
        enter(client, sat.officers[no])
        text = client.get(f"/attempts/{sat.attempts[no]}/result").get_data(as_text=True)
        for word in (*words, notice, "B 项也正确"):
            assert word in text, word
        assert not [word for word in never if word in text]
    plain = client.get(
        f"/attempts/{sat.attempts[0]}/result", headers={"Accept": "application/json"}
    ).json
    ruled = [item["ruling"] for item in plain["items"] if "ruling" in item]
    assert [one["ruling"] for one in ruled] == [ruling]


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"code": "HB-NONE"}, "没有这个编号"),
        ({"answer": "Z"}, "答案与题型不符"),
        ({"reason": " "}, "请填写事由"),
        ({"ruling": ""}, "请选择处理方式"),
        ({"policy": "x"}, "请选择重新计分的方式"),
        ({"part": "x"}, "没有这个小题"),
        ({"part": "²"}, "没有这个小题"),
        ({"code": "<script>" * 30}, ""),
        ({"answer": "A" * 2000}, ""),
    ],
)
def test_what_was_typed_stays_and_the_page_says_what_to_do(
    client: FlaskClient, over: dict[str, str], words: str
) -> None:
    sat = sit_exam(by_number, people=1)
    token = enter(client, sat.organizer.officer_id)
    answer = client.post(
        f"/manage/corrections/{sat.exam.id}/new", data=typed(sat, **over) | {"csrf_token": token}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert "<script><script>" not in text
    if "reason" not in over:
        assert "依据第五十一条" in text


def test_others_stay_outside_and_trainers_read_masked_names(client: FlaskClient) -> None:
    sat = sit_exam(by_number, people=2)
    path = drafted(client, sat)
    second(client, "organizer", "130500")
    assert client.get(path).status_code == 403
    token = second(client, "trainer")
    text = client.get(path).get_data(as_text=True)
    assert "李**" in text
    approve = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert approve.status_code == 403
    assert client.post(f"{path}/drop", data={"csrf_token": token, "note": "x"}).status_code == 403
    assert client.get("/manage/corrections/case/999999").status_code == 404
    token = enter(client, sat.organizer.officer_id)
    assert client.post(f"{path}/drop", data={"csrf_token": token}).status_code == 422
    assert (
        client.post(f"{path}/drop", data={"csrf_token": token, "note": "无误"}).status_code == 303
    )
    text = client.get(path).get_data(as_text=True)
    assert "已否决" in text
    assert "题库中仍是原答案" not in text, "that key was found right"
    late = client.post(f"{path}/drop", data={"csrf_token": token, "note": "依据仍然不足"})
    assert late.status_code == 409
    assert "readonly>依据仍然不足<" in late.get_data(as_text=True)


def test_a_dry_run_under_way_shows_how_far_it_is(client: FlaskClient) -> None:
    sat = sit_exam(by_number, people=4)
    path = drafted(client, sat)
    with transaction() as tx:
        tx.execute(sa.update(correction_runs).values(step="laying", moves=None, done=1, total=4))
    page = client.get(path).get_data(as_text=True)
    for words in ("正在试算", "已处理 1 / 4 份答卷", 'value="1"', "progress.js"):
        assert words in page, words
    assert client.get(f"{path}/people.csv").status_code == 409
    token = second(client)
    refused = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert refused.status_code == 409
    assert "试算还没有完成" in refused.get_data(as_text=True)
    assert "unsaved" not in refused.get_data(as_text=True)


def test_a_dry_run_that_no_longer_holds_is_made_anew_and_says_so(client: FlaskClient) -> None:
    sat = sit_exam(by_number, people=4)
    path = drafted(client, sat)
    assert "已重新试算" not in client.get(path).get_data(as_text=True)
    award_acts.declare(sat.organizer, sat.exam.id, "city_prizes", Terms((1, 0, 0)), now=OVER)
    token = second(client)
    refused = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert refused.status_code == 409
    text = refused.get_data(as_text=True)
    for words in ("正在重新试算", "已重新试算", "试算结果"):
        assert words in text, words
    done = client.post(f"{path}/approve", data={"csrf_token": token, "checked": "1"})
    assert done.status_code == 303
