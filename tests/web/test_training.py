import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.ids import OfficerId
from quizapp.domain.training import Posting
from quizapp.formats import tabular
from quizapp.service import credit_rules
from quizapp.store import training as store
from quizapp.store.db import reading, transaction
from tests.factories import NOW, enter, make_officer, make_staff, place_of
from tests.statements import statements

HEADER = ["工号", "姓名", "日期", "类别", "名称", "分钟", "学时"]


def post_hours(officer_id: OfficerId, year: int, title: str = "执法培训") -> None:
    with transaction() as tx:
        place = place_of(tx, "130502")
        posting = Posting(
            officer_id=officer_id,
            unit_id=place.id,
            scoring_unit_id=place.scoring_unit_id,  # type: ignore[arg-type]
            cadre_level="section",
            held_on=date(year, 4, 1),
            kind="classroom",
            title=title,
            minutes=360,
            credit_ch=800,
            rule_id=credit_rules.rules_for_posting(tx)[0].id,
            source=f"sheet:{officer_id}:{year}:{title}",
            posted_at=NOW,
        )
        store.add_postings(tx, [posting])


@pytest.fixture
def officer(app: Flask) -> OfficerId:
    with transaction() as tx:
        return make_officer(tx, staff_no="0012", name="李队")


def staff(client: FlaskClient, role: str, unit: str = "130000") -> str:
    with transaction() as tx:
        officer_id = make_staff(tx, role, unit)
    return enter(client, officer_id)


def send(client: FlaskClient, token: str, rows: list[list[object]]) -> str:
    content = tabular.write("csv", "", HEADER, rows)  # type: ignore[arg-type]
    answer = client.post(
        "/manage/hours/import",
        data={"csrf_token": token, "file": (io.BytesIO(content), "培训.csv")},
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_an_officer_reads_the_own_year_line_by_line(
    client: FlaskClient, officer: OfficerId
) -> None:
    post_hours(officer, 2025)
    enter(client, officer)
    page = client.get("/hours?year=2025").text
    assert "执法培训" in page
    assert "<b>8</b> / 60 学时" in page
    assert "距离本年度目标还差 52 学时" in page
    assert "45 分钟折 1 学时" in page
    assert "还没有学时记录" in client.get("/hours?year=2024").text
    assert client.get("/hours?year=x").status_code == 200
    table = tabular.read("a.csv", client.get("/hours.csv?year=2025").data)[0]
    assert [row.cells[4] for row in table.rows] == ["学时", "8"]
    assert client.get("/hours.pdf").status_code == 422


def test_a_title_is_never_a_formula_in_a_file(client: FlaskClient, officer: OfficerId) -> None:
    post_hours(officer, 2025, title="=HYPERLINK(1)")
    enter(client, officer)
    assert "'=HYPERLINK(1)" in client.get("/hours.csv?year=2025").data.decode("utf-8-sig")
    (sheet,) = tabular.read("x.xlsx", client.get("/hours.xlsx?year=2025").data)
    assert sheet.rows[1].formulas == frozenset()


def test_figures_of_units_can_be_filtered_and_taken_away(
    client: FlaskClient, officer: OfficerId
) -> None:
    post_hours(officer, 2025)
    staff(client, "organizer")
    page = client.get("/manage/hours?year=2025").text
    assert "邢台市" in page
    for by in ("city", "county", "year", "cadre", "nonsense"):
        assert client.get(f"/manage/hours?by={by}&year=&cadre=section").status_code == 200
    for kind in ("xlsx", "csv"):
        answer = client.get(f"/manage/hours.{kind}?year=2025&by=city")
        (sheet,) = tabular.read(f"x.{kind}", answer.data)
        assert sheet.rows[0].cells[:4] == ("序号", "城市", "培训人次", "培训人数")
        assert sheet.rows[-1].cells[:4] == ("合计", "", "1", "1")
        assert len(sheet.rows) == 17
    assert "还没有学时记录" in client.get("/manage/hours?year=2001").text


def test_who_looks_after_a_county_is_shown_no_figures_as_those_of_its_city(
    client: FlaskClient, officer: OfficerId
) -> None:
    post_hours(officer, 2025)
    staff(client, "organizer", "130502")
    for asked in ("", "&by=city"):
        page = client.get(f"/manage/hours?year=2025{asked}").text
        assert 'value="city"' not in page
        assert '<th scope="row">襄都区' in page
        (sheet,) = tabular.read("x", client.get(f"/manage/hours.csv?year=2025{asked}").data)
        assert sheet.rows[1].cells[:4] == ("1", "襄都区", "邢台市", "1")
    for unit in ("130500", "130682"):
        staff(client, "organizer", unit)
        assert 'value="city" selected' in client.get("/manage/hours?year=2025").text


@pytest.mark.parametrize("by", ["city", "county", "cadre", "year"])
def test_files_of_hours_speak_the_readers_language(
    client: FlaskClient, officer: OfficerId, by: str
) -> None:
    post_hours(officer, 2025, title="Law course")
    client.set_cookie("lang", "en")
    staff(client, "trainer")
    (sheet,) = tabular.read("x.csv", client.get(f"/manage/hours.csv?by={by}&year=").data)
    assert all(cell.isascii() for row in sheet.rows for cell in row.cells)
    assert sheet.rows[-1].cells[0] == "Total"
    enter(client, officer)
    (sheet,) = tabular.read("x.csv", client.get("/hours.csv?year=2025").data)
    assert [row.cells for row in sheet.rows] == [
        ("Date", "Category", "Title", "Minutes", "Training hours", "Source", "Details"),
        ("2025-04-01", "Classroom training", "Law course", "360", "8", "By the system", ""),
    ]


@pytest.mark.parametrize(
    "path",
    ["", "/officer", "/import", "/batches", "/batches/1", "/postings/1", "/rules", "/import/1"],
)
def test_officers_have_no_business_in_the_staff_pages(
    client: FlaskClient, officer: OfficerId, path: str
) -> None:
    enter(client, officer)
    assert client.get(f"/manage/hours{path}").status_code == 403


def test_classes_come_in_by_preview_and_confirmation(
    client: FlaskClient, officer: OfficerId
) -> None:
    token = staff(client, "trainer")
    address = send(
        client,
        token,
        [
            ["0012", "李队", "2025-03-18", "集中培训", "专题班", 360, ""],
            ["0012", "李队", "2025-03-18", "打牌", "专题班", 360, ""],
        ],
    )
    page = client.get(address).text
    assert "专题班" in page
    assert "类别“打牌”无法识别" in page
    refused = client.post(address, data={"csrf_token": token, "mode": "all"})
    assert refused.status_code == 422
    assert "有 1 行有错误" in refused.text
    assert client.post(address, data={"csrf_token": token, "mode": "x"}).status_code == 422
    assert "打牌" in client.get(address + "/errors.csv").data.decode("utf-8-sig")
    done = client.post(address, data={"csrf_token": token, "mode": "good"}, follow_redirects=True)
    assert "记入 1 人次、1 人" in done.text
    assert "专题班" in client.get("/manage/hours/officer?staff_no=0012").text


def test_a_wrong_file_is_refused_in_words(client: FlaskClient) -> None:
    token = staff(client, "trainer")
    for content, words in (
        (b"", "文件里没有内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "不支持旧版"),
        ("工号,姓名\n1,2\n".encode(), "没有找到这些列"),
    ):
        answer = client.post(
            "/manage/hours/import",
            data={"csrf_token": token, "file": (io.BytesIO(content), "x.xls")},
        )
        assert answer.status_code == 422
        assert words in answer.text
    answer = client.post("/manage/hours/import", data={"csrf_token": token})
    assert "请先选择要上传的文件" in answer.text
    assert client.get("/manage/hours/import/99").status_code == 404
    for kind, status in (("xlsx", 200), ("csv", 200), ("exe", 422)):
        assert client.get(f"/manage/hours/import/template.{kind}").status_code == status


def test_one_line_and_a_whole_batch_are_taken_back_with_a_reason(
    client: FlaskClient, officer: OfficerId
) -> None:
    token = staff(client, "organizer")
    rows: list[list[object]] = [
        ["0012", "李队", "2025-03-18", "集中培训", f"班{no}", 90, ""] for no in range(3)
    ]
    address = send(client, token, rows)
    client.post(address, data={"csrf_token": token, "mode": "all"})
    with reading() as tx:
        line = store.list_postings(tx, officer)[0]
    one = f"/manage/hours/postings/{line.id}"
    assert client.post(one, data={"csrf_token": token, "reason": ""}).status_code == 422
    assert client.post(one, data={"csrf_token": token, "reason": "登记错误"}).status_code == 303
    assert client.post(one, data={"csrf_token": token, "reason": "又一次"}).status_code == 409
    assert "已经撤销" in client.get(one).text
    assert "部分撤销" in client.get("/manage/hours/batches").text
    batch = f"/manage/hours/batches/{address.rsplit('/', 1)[1]}"
    assert "全部 2 条" in client.get(batch).text
    done = client.post(
        batch, data={"csrf_token": token, "reason": "传错文件"}, follow_redirects=True
    )
    assert "已撤销 2 条学时记录" in done.text
    with reading() as tx:
        assert sum(posting.credit_ch for posting in store.list_postings(tx, officer)) == 0
    assert client.get("/manage/hours/postings/999999").status_code == 404
    assert client.get("/manage/hours/batches/999999").status_code == 404
    assert client.get("/manage/hours/officer?staff_no=%27--").status_code == 404


def test_only_a_batch_of_the_own_units_is_offered_to_be_taken_back(
    client: FlaskClient, officer: OfficerId
) -> None:
    with transaction() as tx:
        make_officer(tx, "130104", staff_no="0013", name="赵六")
    token = staff(client, "trainer")
    day: list[object] = ["2025-03-18", "集中培训", "班", 90, ""]
    for rows in (
        [["0012", "李队", *day], ["0013", "赵六", *day]],
        [["0013", "赵六", *day[:2], "二班", 90, ""]],
    ):
        address = send(client, token, rows)
        client.post(address, data={"csrf_token": token, "mode": "all"})
    for unit, offered in (("130502", 0), ("130104", 1), ("130000", 2)):
        staff(client, "organizer", unit)
        assert client.get("/manage/hours/batches").text.count("撤销…") == offered
    token = staff(client, "organizer", "130502")
    page = client.get("/manage/hours/batches/1").text
    assert "不能由您整批撤销" in page
    assert "确认撤销" not in page
    assert client.get("/manage/hours/batches/2").status_code == 404


def test_a_rule_gets_a_new_version_only_from_the_province(client: FlaskClient) -> None:
    values = {
        "kind": "classroom",
        "minutes_per_hour": "60",
        "step_ch": "0.5",
        "day_cap_ch": "7.5",
        "valid_from": "2027-01-01",
    }
    token = staff(client, "organizer", "130500")
    assert (
        client.post("/manage/hours/rules", data=values | {"csrf_token": token}).status_code == 403
    )
    token = staff(client, "organizer")
    for field, bad in (
        ("minutes_per_hour", "0"),
        ("minutes_per_hour", "abc"),
        ("step_ch", "-1"),
        ("day_cap_ch", "99999"),
        ("valid_from", "1999-01-01"),
        ("kind", "duel"),
    ):
        answer = client.post("/manage/hours/rules", data=values | {"csrf_token": token, field: bad})
        assert (field, answer.status_code) == (field, 422)
        assert f'value="{values["minutes_per_hour"]}"' in answer.text or field != "step_ch"
    answer = client.post("/manage/hours/rules", data=values | {"csrf_token": token})
    assert answer.status_code == 303
    assert (
        "60 分钟折 1 学时，向下取整到 0.5 学时，每日最多 7.5 学时"
        in client.get("/manage/hours/rules").text
    )


def test_a_page_of_hours_takes_at_most_five_statements(
    client: FlaskClient, officer: OfficerId
) -> None:
    post_hours(officer, 2025)
    with statements() as seen:
        enter(client, officer)
        for path in ("/", "/hours?year=2025"):
            seen.clear()
            assert client.get(path).status_code == 200
            assert len(seen) <= 5, (path, seen)
        staff(client, "organizer")
        for path in ("", "?by=county", "/batches", "/rules", "/officer?staff_no=0012"):
            seen.clear()
            assert client.get(f"/manage/hours{path}").status_code == 200
            assert len(seen) <= 5, (path, seen)
