"""Boards over HTTP: nothing before publication by any route, masked names, safe files."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from quizapp.service import results
from quizapp.store.db import reading, transaction
from quizapp.store.exams import exams
from quizapp.store.journal import journal
from quizapp.store.people import officers
from tests.boards import Contest, make_contest, sit
from tests.factories import NOW, csrf, enter, make_staff
from tests.statements import statements

KINDS = ("cities", "counties", "officers")
FORMS = ("", ".json", ".csv", ".xlsx")
JSON = {"Accept": "application/json"}


@pytest.fixture
def contest(app: Flask) -> Contest:
    with transaction() as tx:
        return make_contest(tx)


@pytest.fixture
def published(contest: Contest) -> Contest:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    return contest


def board_routes(contest: Contest) -> list[str]:
    base = f"/standings/{contest.exam_id}"
    plain = [f"{base}/{kind}{form}" for kind in KINDS for form in FORMS]
    return [*plain, f"{base}/officers?city=130500", f"{base}/counties.json?city=130500&format=json"]


def staff_routes(contest: Contest) -> list[str]:
    base = f"/manage/exams/{contest.exam_id}"
    return [f"{base}/{page}" for page in
            ("live", "live?charts=interactive", "live.json", "live?city=130500", "absent",
             "absent.csv", "absent.xlsx", "fast", "results")]  # fmt: skip


SECRETS = ("乙某某", "7500", "75.0", "戊**", "邢台市")


def test_nothing_before_publication_by_any_route_method_or_header(
    client: FlaskClient, contest: Contest, counted: Callable[..., None]
) -> None:
    tried = 0
    for who in (None, contest.people["甲"]):
        if who is not None:
            enter(client, who)
        for path in board_routes(contest):
            for headers in ({}, JSON, {"Accept": "text/csv"}, {"If-None-Match": "*"}):
                answer = client.get(path, headers=headers)
                tried += 1
                assert answer.status_code == 403, path
                assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS)
                assert "ETag" not in answer.headers
                assert answer.headers["Cache-Control"] == "no-store"
            assert client.head(path).status_code == 403
        for path in staff_routes(contest):
            assert client.get(path).status_code in (303, 403), path
        assert contest.exam_id not in ids_in(client.get("/standings").get_data(as_text=True))
    counted("K6", tried, 0)  # every leak fails above, with its route


def ids_in(page: str) -> set[int]:
    return {int(no) for no in re.findall(r"/standings/(\d+)/", page)}


def test_withdrawal_closes_every_route_again(client: FlaskClient, published: Contest) -> None:
    for path in board_routes(published):
        assert client.get(path).status_code == 200
    results.withdraw_results(published.organizer, published.exam_id, "勘误", now=NOW)
    for path in board_routes(published):
        assert client.get(path).status_code == 403


def test_a_draft_and_an_unknown_exam_are_not_there(client: FlaskClient, contest: Contest) -> None:
    with transaction() as tx:
        tx.execute(sa.update(exams).values(state="draft"))
    for path in board_routes(contest):
        assert client.get(path).status_code == 404
        assert client.get(path.replace(f"/{contest.exam_id}/", "/99999/")).status_code == 404
    assert client.get(f"/standings/{contest.exam_id}/schools").status_code == 404


def test_one_address_answers_page_json_csv_and_xlsx(
    client: FlaskClient, published: Contest
) -> None:
    path = f"/standings/{published.exam_id}/cities"
    types = {
        "text/html,*/*;q=0.8": "text/html",
        "application/json": "application/json",
        "text/csv": "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "application/vnd",
    }
    for accept, kind in types.items():
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.mimetype.startswith(kind)
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"/standings/{published.exam_id}").status_code == 303


def test_cities_in_json_are_integers_with_rule_and_totals(
    client: FlaskClient, published: Contest
) -> None:
    plain = client.get(f"/standings/{published.exam_id}/cities.json").get_json()
    assert [(r["code"], r["rank"], r["value_cp"]) for r in plain["rows"][:3]] == [
        ("130500", 1, 7500), ("130100", 2, 6000), ("130682", 3, 4500),
    ]  # fmt: skip
    assert plain["metric"] == "participation_times_average"
    assert plain["published_at"] == "2026-11-22T08:00:00Z"
    assert plain["totals"]["eligible"] == sum(r["eligible"] for r in plain["rows"])
    assert plain["rows"][0] | {"participation_bp": 10000, "average_cp": 7500} == plain["rows"][0]
    counties = client.get(f"/standings/{published.exam_id}/counties.json?city=130100").get_json()
    assert [r["name"] for r in counties["rows"][:2]] == ["长安区", "桥西区"]
    assert {r["code"][:4] for r in counties["rows"]} == {"1301"}


def test_the_city_page_prints_rule_time_chart_and_own_unit(
    client: FlaskClient, published: Contest
) -> None:
    enter(client, published.people["戊"])
    page = client.get(f"/standings/{published.exam_id}/cities").get_data(as_text=True)
    for words in ("综合得分 = 参与率 × 平均分", "2026-11-22 16:00", "参与率高者在前",
                  "按参与率与平均分之积排名。", "<svg", "<title>综合得分</title>",
                  "我的单位"):  # fmt: skip
        assert words in page
    assert page.count('class="me"') == 1
    assert " style=" not in page
    assert page.count("<caption>") == page.count("<table")


def test_names_are_masked_but_the_own_line_is_not(client: FlaskClient, published: Contest) -> None:
    path = f"/standings/{published.exam_id}/officers"
    for form in FORMS[:3]:
        assert "某某" not in client.get(path + form).get_data(as_text=True)
    enter(client, published.people["乙"])
    page = client.get(path).get_data(as_text=True)
    assert set(re.findall("[甲乙丙戊己庚]某某", page)) == {"乙某某"}
    plain = client.get(path + ".json").get_json()
    assert plain["own"]["rank"] == 4
    assert "HB-" not in client.get(path + ".csv").get_data(as_text=True)


def test_organizers_export_full_names_and_the_journal_knows(
    client: FlaskClient, published: Contest
) -> None:
    enter(client, published.organizer.officer_id)
    rows = table(client.get(f"/standings/{published.exam_id}/officers.csv").data)
    assert rows[0] == [
        "序号", "城市", "单位", "姓名", "执法证号", "成绩", "用时（秒）", "交卷时间", "学时",
        "等次", "名次", "市内名次",
    ]  # fmt: skip
    assert rows[1][:6] == ["1", "邢台市", "襄都区", "戊某某", "HB-0004", "100"]
    assert len(rows) == 7
    with reading() as tx:
        entry = tx.execute(sa.select(journal).order_by(journal.c.id.desc())).mappings().first()
    assert entry is not None
    assert (entry["action"], entry["facts"]["people"]) == ("names.exported", 6)


def table(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_city_sheet_has_the_official_columns_and_real_numbers(
    client: FlaskClient, published: Contest
) -> None:
    answer = client.get(f"/standings/{published.exam_id}/cities.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "序号", "城市", "应参加人数", "实际参加人数", "参与率(%)", "平均分", "合格人数",
        "合格率(%)", "优秀率(%)", "最高分", "满分人数", "综合得分", "名次",
    ]  # fmt: skip
    assert rows[2] == [2, "石家庄市", 4, 3, 75, 80, 3, 100, 33.33, 90, 0, 60, 2]
    assert rows[-1][1:5] == ["合计", 8, 6, 75]
    assert rows[5][-1] == "无应参加人员"


@pytest.mark.parametrize("payload", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "＝1", '",=1'])
def test_no_cell_of_a_file_is_a_formula(
    client: FlaskClient, published: Contest, payload: str, counted: Callable[..., None]
) -> None:
    formulas, cells = 0, 0
    with transaction() as tx:
        tx.execute(sa.update(officers).values(name=payload))
    enter(client, published.organizer.officer_id)
    base = f"/standings/{published.exam_id}/officers"
    absent = f"/manage/exams/{published.exam_id}/absent"
    for path, column in ((base, 3), (absent, 4)):
        cell = table(client.get(path + ".csv").data)[1][column]
        assert cell == payload or cell.lstrip("'") in (payload, payload.strip())
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "＝")
        book = load_workbook(io.BytesIO(client.get(path + ".xlsx").data))
        kinds = [c.data_type for row in book.active.iter_rows() for c in row]
        cells, formulas = cells + len(kinds), formulas + kinds.count("f")
    counted("I2", cells, formulas, repr(payload))


def test_a_city_organizer_gets_only_the_own_city_before_publication(
    client: FlaskClient, contest: Contest
) -> None:
    enter(client, contest.local.officer_id)
    for path in (*board_routes(contest)[:12:4], *staff_routes(contest)[:8]):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "石家庄" not in answer.data.decode(errors="replace")
        assert "甲某某" not in answer.data.decode(errors="replace")
    for path in (*board_routes(contest)[:12], *staff_routes(contest)[:7]):
        tampered = path + ("&" if "?" in path else "?") + "city=130100"
        assert client.get(tampered.replace("city=130500&", "")).status_code == 403, path
    assert client.get(f"/manage/exams/{contest.exam_id}/results").status_code == 403
    answer = client.post(
        f"/manage/exams/{contest.exam_id}/results",
        data={"sure": "yes", "csrf_token": csrf(client)},
    )
    assert answer.status_code == 403


def test_results_are_published_with_a_confirmation_and_withdrawn_with_a_reason(
    client: FlaskClient, contest: Contest
) -> None:
    token = enter(client, contest.organizer.officer_id)
    path = f"/manage/exams/{contest.exam_id}/results"
    page = client.get(path).get_data(as_text=True)
    assert 'name="sure"' in page
    assert client.post(path, data={"csrf_token": token}).status_code == 422
    assert client.post(path, data={"sure": "yes"}).status_code == 400
    assert client.post(path, data={"csrf_token": token, "sure": "yes"}).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert client.post(path, data={"csrf_token": token, "sure": "yes"}).status_code == 409
    assert "共 6 人进入个人排名" in page
    assert 'name="sure"' not in page
    away = path + "/withdrawal"
    assert client.post(away, data={"csrf_token": token, "reason": " "}).status_code == 422
    assert client.post(away, data={"csrf_token": token, "reason": "勘误"}).status_code == 303
    assert client.post(away, data={"csrf_token": token, "reason": "勘误"}).status_code == 409


def test_an_open_attempt_keeps_the_button_away_and_says_why(
    client: FlaskClient, contest: Contest
) -> None:
    with transaction() as tx:
        sit(tx, contest.exam_id, contest.people["辛"], None)
    enter(client, contest.organizer.officer_id)
    page = client.get(f"/manage/exams/{contest.exam_id}/results").get_data(as_text=True)
    assert "还有 1 份答卷尚未收卷" in page
    assert 'name="sure"' not in page


def test_the_live_page_shows_figures_charts_and_lists(
    client: FlaskClient, contest: Contest
) -> None:
    enter(client, contest.organizer.officer_id)
    page = client.get(f"/manage/exams/{contest.exam_id}/live").get_data(as_text=True)
    assert page.count('<svg class="chart"') == 2
    assert " style=" not in page
    assert "石家庄市" in page
    drilled = client.get(f"/manage/exams/{contest.exam_id}/live?city=130100")
    assert "长安区" in drilled.get_data(as_text=True)
    assert "丁某某" in client.get(f"/manage/exams/{contest.exam_id}/absent").get_data(as_text=True)
    fast = client.get(f"/manage/exams/{contest.exam_id}/fast").get_data(as_text=True)
    assert "戊某某" in fast
    plain = client.get(f"/manage/exams/{contest.exam_id}/live.json").get_json()
    assert [figure["data"][0]["type"] for figure in plain] == ["bar", "scatter"]


def test_an_organizer_of_a_county_sees_it_headed_as_a_county(
    client: FlaskClient, contest: Contest
) -> None:
    with transaction() as tx:
        enter(client, make_staff(tx, "organizer", "130102"))
    page = client.get(f"/manage/exams/{contest.exam_id}/live").get_data(as_text=True)
    assert '<th scope="col">县（市、区）</th>' in page
    assert '<th scope="row">长安区</th>' in page


def test_an_exam_without_anybody_has_pages_too(client: FlaskClient, app: Flask) -> None:
    with transaction() as tx:
        contest = make_contest(tx)
        tx.execute(sa.text("DELETE FROM attempts"))
    token = enter(client, contest.organizer.officer_id)
    for path in (*board_routes(contest), *staff_routes(contest)):
        assert client.get(path).status_code == 200, path
    path = f"/manage/exams/{contest.exam_id}/results"
    assert client.post(path, data={"csrf_token": token, "sure": "yes"}).status_code == 303
    for path in board_routes(contest):
        assert client.get(path).status_code == 200, path


def test_only_the_interactive_page_allows_inline_styles(
    client: FlaskClient, contest: Contest
) -> None:
    enter(client, contest.organizer.officer_id)
    path = f"/manage/exams/{contest.exam_id}/live"
    assert "unsafe-inline" not in client.get(path).headers["Content-Security-Policy"]
    answer = client.get(path + "?charts=interactive")
    policy = answer.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    script = re.search(r'src="(/manage/plotly-[^"]+)"', answer.get_data(as_text=True))
    assert script is not None
    with client.get(script.group(1), headers={"Accept-Encoding": "gzip"}) as library:
        assert library.headers["Content-Encoding"] == "gzip"
        assert "immutable" in library.headers["Cache-Control"]
        assert len(library.data) < 2_000_000
    with client.get(script.group(1)) as library:
        assert library.data[:2] == b"/*"
    assert client.get("/manage/plotly-1.js").status_code == 303


def test_nonsense_in_the_address_is_refused_in_words(
    client: FlaskClient, published: Contest
) -> None:
    path = f"/standings/{published.exam_id}/officers"
    for bad in ("page=0", "page=-1", "page=x", "page=1e9", "size=7", "size=1000000", "page=٣",
                "page=99999999999999999999", "size="):  # fmt: skip
        answer = client.get(f"{path}?{bad}")
        assert answer.status_code == (200 if bad == "size=" else 422), bad
        if answer.status_code == 422:
            assert "从第一页重新查看" in answer.get_data(as_text=True)
    assert client.get(f"{path}?city=abc").status_code == 404
    assert client.get(f"{path}?city=%00").status_code == 400
    assert client.get(f"{path}?page=500").status_code == 200


def test_a_page_takes_at_most_five_statements(client: FlaskClient, published: Contest) -> None:
    for who in (published.people["甲"], published.organizer.officer_id):
        enter(client, who)
        for path in ("/standings", *board_routes(published)[:12:4]):
            with statements() as seen:
                assert client.get(path).status_code == 200
            assert len(seen) <= 5, path
    enter(client, published.organizer.officer_id)
    for path in staff_routes(published)[:5]:
        with statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 5, path


def test_the_charts_title_is_text_and_nothing_else(client: FlaskClient, app: Flask) -> None:
    with transaction() as tx:
        contest = make_contest(tx, title="<script>alert(1)</script>")
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    for kind in KINDS:
        page = client.get(f"/standings/{contest.exam_id}/{kind}").get_data(as_text=True)
        assert "<script>alert" not in page
    assert Path("static/board.js").exists()
