"""The organizer's pages: from an empty form to a published competition; nonsense is refused."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.domain.people import Viewer
from quizapp.service import exams
from quizapp.store.db import transaction
from quizapp.web import exam_times as web_times
from quizapp.web import exams as web_exams
from quizapp.web import pages
from tests.factories import (
    NOW,
    enter,
    make_exam,
    make_officer,
    make_small_bank,
    make_viewer,
    place_of,
)

ROW = {"type": "single", "count": "2", "points_cp": "1"}
PLAN = {
    "title": "2026 年法律知识竞赛", "theme": "规范执法行为年",
    "opens_at": "2026-11-23T09:00", "closes_at": "2026-11-24T18:00", "duration_s": "60",
    "attempts_allowed": "3", "scoring": "half", "pass_bp": "60", "good_bp": "80",
    "excellent_bp": "90", "tie_1": "least_time", "tie_2": "earliest", "tie_3": "",
    "metric": "participation_times_average", "min_participation_bp": "0",
    "score_release": "handed_in", "answers_release": "closed", "board_release": "published",
    "one_device": "y", "credit_ch": "2", "rules_text": "", "go": "save",
}  # fmt: skip


class Office:
    """An organizer of the province at the desk, with a small bank and two officers."""

    def __init__(self, client: FlaskClient, unit: str = "130000") -> None:
        with transaction() as tx:
            make_small_bank(tx)
            make_officer(tx, "130503", staff_no="0007", name="王五")
            self.viewer: Viewer = make_viewer(tx, "organizer", unit)
            self.unit_id = place_of(tx, unit).id
        self.client = client
        self.token = enter(client, self.viewer.officer_id)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token} | fields)

    def send(
        self, path: str = "/manage/exams/new", *rows: dict[str, Any], **over: Any
    ) -> TestResponse:
        fields: dict[str, Any] = {"unit_id": str(self.unit_id)} | PLAN | over
        for no, row in enumerate(rows or (ROW,)):
            fields |= {f"cells-{no}-{name}": value for name, value in row.items()}
        return self.post(path, **fields)

    def published(self) -> int:
        return make_exam(self.viewer).id


@pytest.fixture
def office(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Office:
    for module in (pages, web_exams, web_times):
        monkeypatch.setattr(module, "now", lambda: NOW)
    return Office(client)


def draft_of(response: TestResponse) -> int:
    found = re.fullmatch(r"/manage/exams/(\d+)/plan", response.location)
    assert response.status_code == 303
    assert found is not None
    return int(found[1])


def test_from_an_empty_form_to_a_published_competition(office: Office) -> None:
    assert "还没有竞赛" in office.client.get("/manage/exams").text
    assert "标准卷" in office.client.get("/manage/exams/new").text
    exam_id = draft_of(office.send())
    exam = exams.get_exam(exam_id)
    assert (exam.title, exam.scoring, exam.credit_ch) == ("2026 年法律知识竞赛", "half", 200)
    assert exam.ties == ("least_time", "earliest")
    assert exam.opens_at.isoformat() == "2026-11-23T01:00:00+00:00"
    assert "少选得一半分" in exam.rules_text
    check = office.client.get(f"/manage/exams/{exam_id}/publish").text
    for words in ("发布后以下内容全部冻结", "确认发布", "应参加人数", "余量", "少选得一半分"):
        assert words in check
    done = office.post(f"/manage/exams/{exam_id}/publish")
    assert done.location == f"/manage/exams/{exam_id}"
    shown = office.client.get(done.location).text
    assert "竞赛已发布，应参加人数 2 人" in shown
    assert "加时与改期" in shown
    assert "2026 年法律知识竞赛" in office.client.get("/manage/exams").text


def test_a_draft_is_edited_and_keeps_its_rules(office: Office) -> None:
    exam_id = draft_of(office.send())
    path = f"/manage/exams/{exam_id}/plan"
    assert 'value="2026 年法律知识竞赛"' in office.client.get(path).text
    assert 'value="2026-11-23T09:00"' in office.client.get(path).text
    assert office.send(path, title="改名", rules_text="一、自定规则").status_code == 303
    exam = exams.get_exam(exam_id)
    assert (exam.title, exam.rules_text) == ("改名", "一、自定规则")


def test_untouched_rules_follow_the_settings(office: Office) -> None:
    path = f"/manage/exams/{draft_of(office.send())}/plan"
    exam_id = int(path.split("/")[3])
    written = exams.get_exam(exam_id).rules_text
    assert office.send(path, duration_s="45", rules_text=written).status_code == 303
    assert "限时 45 分钟" in exams.get_exam(exam_id).rules_text


def test_rows_are_added_dropped_and_taken_from_a_preset_without_a_script(office: Office) -> None:
    added = office.send(go="add")
    assert added.status_code == 200
    assert "第 2 行" in added.text
    assert "第 3 行" not in added.text
    two = (ROW, ROW | {"type": "judge", "count": "17"})
    dropped = office.send("/manage/exams/new", *two, go="drop:0").text
    assert 'value="17"' in dropped
    assert "第 2 行" not in dropped
    preset = office.send(go="preset:fifty").text
    assert "合计 50 题，满分 100 分" in preset
    assert 'value="90"' in preset
    assert "还缺" in preset
    for act in ("drop:99", "drop:-1", "drop:x", "preset:none", "nonsense"):
        assert office.send(go=act).status_code == 200
    assert exams.list_managed(office.viewer) == []


def test_the_slack_of_every_row_is_shown(office: Office) -> None:
    page = office.send(
        "/manage/exams/new", ROW, ROW | {"type": "judge", "count": "5"}, go="refresh"
    )
    assert "可用 4，余量 2" in page.text
    assert "可用 2，还缺 3" in page.text


def test_rules_are_written_anew_from_the_settings(office: Office) -> None:
    page = office.send(go="rules", rules_text="旧的", duration_s="45")
    assert "限时 45 分钟" in page.text
    assert "旧的" not in page.text


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"title": ""}, "请填写此项"),
        ({"title": "x" * 5000}, "内容太长"),
        ({"title": "a\x01b"}, "含有不能显示的字符"),
        ({"closes_at": "2026-11-22T18:00"}, "结束时间必须晚于开始时间"),
        ({"opens_at": ""}, "请填写此项"),
        ({"opens_at": "明天"}, "请按“年-月-日 时:分”填写时间"),
        ({"opens_at": "0001-01-01T00:00"}, "时间须在 2000 年至 2099 年之间"),
        ({"closes_at": "9999-12-31T23:59"}, "时间须在 2000 年至 2099 年之间"),
        ({"duration_s": "0"}, "答题时限请填 1 至 600 分钟"),
        ({"duration_s": "-5"}, "答题时限请填 1 至 600 分钟"),
        ({"duration_s": "1e9"}, "请填写整数"),
        ({"duration_s": "9" * 400}, "请填写整数"),
        ({"duration_s": ""}, "请填写此项"),
        ({"attempts_allowed": "0"}, "答题次数请填 1 至 20"),
        ({"pass_bp": "90", "good_bp": "80"}, "分数线应当合格 ≤ 良好 ≤ 优秀"),
        ({"pass_bp": "sixty"}, "请填写数字，小数最多两位"),
        ({"pass_bp": "60.123"}, "请填写数字，小数最多两位"),
        ({"excellent_bp": "101"}, "请填 0.01 至 100 的百分数"),
        ({"credit_ch": "-1"}, "学时请填 0 至 100"),
        ({"scoring": "deduct"}, "请从所列选项中选择"),
        ({"metric": "'; DROP"}, "请从所列选项中选择"),
        ({"score_release": "x"}, "请从所列选项中选择"),
        ({"tie_1": "earliest", "tie_2": "earliest"}, "同一条规则只能选一次"),
        ({"tie_1": "luck"}, "同一条规则只能选一次"),
        ({"audience_units": "999999"}, "有参赛单位不在主办单位范围内"),
        ({"cadre_levels": "king"}, "请从所列选项中选择"),
        ({"rules_text": "长" * 9000}, "内容太长"),
        ({"cells-0-count": "-3"}, "题数请填 1 至 200"),
        ({"cells-0-count": "999999999"}, "题数请填 1 至 200"),
        ({"cells-0-count": "many"}, "请填写整数"),
        ({"cells-0-count": ""}, "请填写此项"),
        ({"cells-0-points_cp": "0"}, "每题分值请填 0.01 至 100"),
        ({"cells-0-points_cp": "0.001"}, "请填写数字，小数最多两位"),
        ({"cells-0-type": "essay"}, "没有这种题型"),
        ({"cells-0-laws": "火星法"}, "题库中没有所选的法规"),
        ({"cells-0-topics": "占星"}, "题库中没有所填的知识点"),
        ({"cells-0-difficulties": "9"}, "没有这个难度"),
        ({"cells-0-parts": "3"}, "案例题请填每题的小题数"),
        ({"cells-0-parts": "x"}, "请填写整数"),
    ],
)  # fmt: skip
def test_nonsense_is_named_beside_its_field_and_the_rest_stays_typed(
    office: Office, over: dict[str, str], words: str
) -> None:
    plain = {name: value for name, value in over.items() if not name.startswith("cells-")}
    row = {n.removeprefix("cells-0-"): v for n, v in over.items() if n.startswith("cells-")}
    for go in ("save", "rules"):
        refused = office.send("/manage/exams/new", ROW | row, **(plain | {"go": go}))
        assert refused.status_code == 422
        assert words in refused.text
        assert "规范执法行为年" in refused.text
    assert office.send("/manage/exams/new", ROW | row, **(plain | {"go": "add"})).status_code == 200
    assert exams.list_managed(office.viewer) == []


def test_a_form_without_rows_or_with_far_too_many_is_refused(office: Office) -> None:
    bare = office.post("/manage/exams/new", unit_id=str(office.unit_id), **PLAN)
    assert bare.status_code == 422
    assert "请至少添加一行题目" in bare.text
    many = office.send("/manage/exams/new", *[ROW] * 70)
    assert many.status_code == 422
    assert (
        "一份试卷最多 200 题" in office.send("/manage/exams/new", ROW | {"count": "200"}, ROW).text
    )
    assert office.post("/manage/exams/new").status_code == 422


@pytest.mark.parametrize("unit_id", ["", "999999", "x", "-1", "１", "9" * 30])
def test_a_unit_that_is_not_mine_is_no_500(office: Office, unit_id: str) -> None:
    assert office.send(unit_id=unit_id).status_code in (303, 403)


def test_what_the_bank_cannot_fill_is_not_published(office: Office) -> None:
    exam_id = draft_of(office.send("/manage/exams/new", ROW, ROW | {"type": "judge", "count": "9"}))
    check = office.client.get(f"/manage/exams/{exam_id}/publish").text
    assert "题库不够" in check
    assert "确认发布" not in check
    refused = office.post(f"/manage/exams/{exam_id}/publish")
    assert refused.status_code == 409
    assert "第 2 行抽不出足够的题" in refused.text
    assert exams.get_exam(exam_id).state == "draft"


def test_a_published_competition_is_no_longer_edited(office: Office) -> None:
    exam_id = office.published()
    for path in ("plan", "publish", "delete"):
        assert office.client.get(f"/manage/exams/{exam_id}/{path}").status_code == 409
        assert office.send(f"/manage/exams/{exam_id}/{path}").status_code == 409


def test_a_sample_shows_keys_to_the_organizer(office: Office) -> None:
    exam_id = draft_of(office.send())
    page = office.client.get(f"/manage/exams/{exam_id}/sample?no=3").text
    assert "正确答案" in page
    assert "第 2 题" in page
    for no in ("0", "-1", "x", "9" * 30):
        assert office.client.get(f"/manage/exams/{exam_id}/sample?no={no}").status_code == 200


def test_a_copy_as_warm_up_and_a_deleted_draft(office: Office) -> None:
    exam_id = office.published()
    copied = draft_of(office.post(f"/manage/exams/{exam_id}/copy", kind="warm_up"))
    assert exams.get_exam(copied).title.endswith("（训练赛）")
    assert "不能恢复" in office.client.get(f"/manage/exams/{copied}/delete").text
    assert office.post(f"/manage/exams/{copied}/delete").status_code == 303
    assert office.client.get(f"/manage/exams/{copied}/plan").status_code == 404


def test_members_are_excused_with_a_reason_and_counted_again(office: Office) -> None:
    path = f"/manage/exams/{office.published()}/excused"
    refused = office.post(path, staff_no="0007", reason="")
    assert refused.status_code == 422
    assert "请填写事由" in refused.text
    assert 'value="0007"' in refused.text
    assert "不在本场竞赛的参赛名单中" in office.post(path, staff_no="a\x01", reason="病假").text
    assert office.post(path, staff_no="0007", reason="产假").status_code == 303
    assert "王五" in office.client.get(path).text
    assert office.post(path, staff_no="0007", go="count_again").status_code == 303
    assert "王五" not in office.client.get(path).text


def test_extra_time_asks_once_more_and_is_listed(office: Office) -> None:
    path = f"/manage/exams/{office.published()}/time"
    fields = {
        "extra-whom": "officer", "extra-staff_no": "0007", "extra-extra_s": "15",
        "extra-reason": "停电",
    }  # fmt: skip
    asked = office.post(f"{path}/extra", **fields)
    assert "共加时 15 分钟" in asked.text
    assert "还没有时间变更" in office.client.get(path).text
    back = office.post(f"{path}/extra", go="back", **fields)
    assert 'value="停电"' in back.text
    assert office.post(f"{path}/extra", go="confirm", **fields).location == path
    assert "共加时 15 分钟" in office.client.get(path).text


def test_a_moved_window_asks_once_more_and_holds(office: Office) -> None:
    exam_id = draft_of(office.send())
    office.post(f"/manage/exams/{exam_id}/publish")
    path = f"/manage/exams/{exam_id}/time"
    fields = {
        "window-whom": "all", "window-opens_at": "2026-11-25T09:00",
        "window-closes_at": "2026-11-26T18:00", "window-reason": "会议冲突",
    }  # fmt: skip
    assert "2026-11-26 18:00" in office.post(f"{path}/window", **fields).text
    assert office.post(f"{path}/window", go="confirm", **fields).status_code == 303
    assert exams.get_exam(exam_id).closes_at.isoformat() == "2026-11-26T10:00:00+00:00"


@pytest.mark.parametrize(
    ("kind", "over", "words"),
    [
        ("extra", {"extra_s": ""}, "请填写此项"),
        ("extra", {"extra_s": "-1"}, "加时请填 0 至 600 分钟"),
        ("extra", {"extra_s": "99999999"}, "加时请填 0 至 600 分钟"),
        ("extra", {"extra_s": "ten"}, "请填写整数"),
        ("extra", {"reason": " "}, "请填写事由"),
        ("extra", {"whom": "officer"}, "不在本场竞赛的参赛名单中"),
        ("extra", {"whom": "officer", "staff_no": "nobody"}, "不在本场竞赛的参赛名单中"),
        ("extra", {"whom": "unit"}, "没有找到这个单位"),
        ("extra", {"whom": "unit", "unit_code": "a\x01"}, "没有找到这个单位"),
        ("extra", {"whom": "everybody"}, "请从所列选项中选择"),
        ("window", {"closes_at": ""}, "请填写此项"),
        ("window", {"closes_at": "2026-11-22T10:00"}, "结束时间必须晚于开始时间"),
        ("window", {"closes_at": "2026-11-22T15:30"}, "结束时间已经过去"),
        ("window", {"opens_at": "2026-11-22T15:30"}, "竞赛已经开始"),
        ("window", {"reason": "x" * 201}, "事由请控制在 200 字以内"),
    ],
)  # fmt: skip
def test_nonsense_changes_no_time(
    office: Office, kind: str, over: dict[str, str], words: str
) -> None:
    exam_id = office.published()
    sound = {
        "whom": "all", "reason": "停电", "extra_s": "10",
        "opens_at": "2026-11-22T15:00", "closes_at": "2026-11-22T23:30",
    }  # fmt: skip
    fields = {f"{kind}-{name}": value for name, value in (sound | over).items()}
    for go in ("next", "confirm"):
        refused = office.post(f"/manage/exams/{exam_id}/time/{kind}", go=go, **fields)
        assert refused.status_code == 422
        assert words in refused.text
    assert "还没有时间变更" in office.client.get(f"/manage/exams/{exam_id}/time").text


def test_cancelling_needs_a_reason_and_is_final(office: Office) -> None:
    exam_id = office.published()
    path = f"/manage/exams/{exam_id}/cancel"
    assert "全部成绩作废" in office.client.get(path).text
    assert office.post(path, reason="").status_code == 422
    assert office.post(path, reason="题目泄露").status_code == 303
    assert "已取消" in office.client.get(f"/manage/exams/{exam_id}").text
    assert office.post(path, reason="再来").status_code == 409


PAGES = ("", "/plan", "/publish", "/sample", "/delete", "/excused", "/time", "/cancel")
ACTS = (
    "/plan", "/publish", "/copy", "/delete", "/excused", "/time/extra", "/time/window", "/cancel",
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("organizer", "130200"),
        ("organizer", "130503"),
        ("trainer", "130000"),
        ("officer", "130000"),
    ],
)
def test_nobody_else_opens_or_changes_a_competition(office: Office, role: str, unit: str) -> None:
    ids = office.published(), draft_of(office.send())
    with transaction() as tx:
        stranger = make_viewer(tx, role, unit)
    office.token = enter(office.client, stranger.officer_id)
    for exam_id in ids:
        for page in PAGES:
            assert office.client.get(f"/manage/exams/{exam_id}{page}").status_code == 403
        for act in ACTS:
            assert office.send(f"/manage/exams/{exam_id}{act}", reason="x").status_code == 403
    assert office.send().status_code == 403
    assert [exams.get_exam(exam_id).state for exam_id in ids] == ["published", "draft"]


def test_a_city_organizer_runs_a_competition_of_the_own_city(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pages, web_exams, web_times):
        monkeypatch.setattr(module, "now", lambda: NOW)
    city = Office(client, "130500")
    page = city.client.get("/manage/exams/new").text
    assert "信都区" in page
    assert "唐山" not in page
    assert city.send(audience_units="130202").status_code == 422
    exam_id = draft_of(city.send(audience_units="130503"))
    assert city.post(f"/manage/exams/{exam_id}/publish").status_code == 303
    assert "应参加人数 1 人" in city.client.get(f"/manage/exams/{exam_id}").text


def test_extra_fields_of_a_form_change_nothing(office: Office) -> None:
    exam_id = draft_of(
        office.send(state="published", seed="known", created_by="1", published_at="2026-01-01")
    )
    exam = exams.get_exam(exam_id)
    assert (exam.state, exam.created_by, exam.published_at) == (
        "draft",
        office.viewer.officer_id,
        None,
    )
    assert exam.seed != "known"


def test_what_is_not_there_is_not_found(office: Office) -> None:
    for number in ("404", "9" * 25):
        for page in PAGES:
            assert office.client.get(f"/manage/exams/{number}{page}").status_code == 404
        for act in ACTS:
            assert office.send(f"/manage/exams/{number}{act}").status_code == 404
