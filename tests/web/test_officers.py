import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.formats import tabular
from quizapp.store.db import reading, transaction
from quizapp.store.officers import Search, list_officers
from quizapp.store.places import find_place
from tests.factories import enter, make_grant, make_officer, make_staff

HEADER = ["工号", "姓名", "城市", "县区", "职级"]


@pytest.fixture
def organizer(app: Flask, client: FlaskClient) -> dict[str, str]:
    """The organizer of 石家庄, signed in; the token of the session."""
    with transaction() as tx:
        officer_id = make_staff(tx, "organizer", "130100", name="赵管")
    return {"csrf_token": enter(client, officer_id)}


def upload(
    client: FlaskClient, token: dict[str, str], content: bytes, name: str = "花名册.csv"
) -> Any:
    return client.post("/manage/roster", data=token | {"file": (io.BytesIO(content), name)})


def all_officers() -> dict[str, Any]:
    with reading() as tx:
        province = find_place(tx, "130000")
        assert province is not None
        return {o.staff_no: o for o in list_officers(tx, Search([province]))}


def sheet(*rows: list[str], kind: str = "csv") -> bytes:
    return tabular.write(kind, "x", HEADER, rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_roster_is_previewed_then_imported_and_again_changes_nothing(
    client: FlaskClient, organizer: dict[str, str], kind: str
) -> None:
    content = sheet(
        ["0071", "㛃𠮷", "石家庄市", "桥西区", "科级"],
        ["0072", "阿卜杜拉·木 提", "石家庄", "新华", ""],
        kind=kind,
    )
    place = upload(client, organizer, content, f"x.{kind}").headers["Location"]
    page = client.get(place).get_data(as_text=True)
    assert "㛃𠮷" in page
    assert "0071" not in all_officers()
    assert client.post(place, data=organizer | {"mode": "all"}).status_code == 303
    there = all_officers()
    assert there["0071"].name == "㛃𠮷"
    assert there["0071"].place.code == "130104"
    assert there["0072"].place.code == "130105"
    assert client.post(place, data=organizer | {"mode": "all"}).status_code == 303
    again = upload(client, organizer, content).headers["Location"]
    assert "不会带来任何变化" in client.get(again).get_data(as_text=True)
    assert all_officers() == there


def test_a_changed_row_is_shown_as_a_change_and_blanks_change_nothing(
    client: FlaskClient, organizer: dict[str, str]
) -> None:
    with transaction() as tx:
        make_officer(tx, "130104", staff_no="0071", name="李一", cadre_level="section")
    place = upload(client, organizer, sheet(["0071", "李一", "石家庄市", "长安区", ""])).headers[
        "Location"
    ]
    assert "桥西区 → 长安区" in client.get(place).get_data(as_text=True)
    client.post(place, data=organizer | {"mode": "all"})
    there = all_officers()["0071"]
    assert (there.place.code, there.cadre_level) == ("130102", "section")


BAD_ROWS = [
    (["", "李", "石家庄市", "长安区", ""], "缺少工号"),
    (["1", "", "石家庄市", "长安区", ""], "缺少姓名"),
    (["1", "李", "石家庄市", "襄都区", ""], "没有找到单位"),
    (["1", "李", "", "桥西区", ""], "不止一个"),
    (["1", "李", "", "", ""], "缺少单位"),
    (["1", "李", "张家口市", "桥西区", ""], "不在您的管理范围内"),
    (["1", "李", "石家庄市", "长安区", "高级"], "职级“高级”无法识别"),
    (["1 2", "李", "石家庄市", "长安区", ""], "格式不对"),
    (["1", "李" * 61, "石家庄市", "长安区", ""], "姓名太长"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS)
def test_a_bad_row_is_named_and_all_or_nothing_means_nothing(
    client: FlaskClient, organizer: dict[str, str], row: list[str], reason: str
) -> None:
    good = ["0071", "王一", "石家庄市", "", ""]
    place = upload(client, organizer, sheet(good, row)).headers["Location"]
    assert reason in client.get(place).get_data(as_text=True)
    assert client.post(place, data=organizer | {"mode": "all"}).status_code == 409
    assert client.post(place, data=organizer | {"mode": "?"}).status_code == 422
    assert "0071" not in all_officers()
    failed = client.get(place + "/errors.csv").get_data().decode("utf-8-sig")
    assert "错误原因" in failed.splitlines()[0]
    assert reason in failed
    assert "王一" not in failed
    assert client.post(place, data=organizer | {"mode": "good"}).status_code == 303
    assert all_officers()["0071"].place.code == "130100"


def test_a_number_twice_in_a_file_is_an_error_of_the_second(
    client: FlaskClient, organizer: dict[str, str]
) -> None:
    row = ["0071", "王一", "石家庄市", "", ""]
    place = upload(client, organizer, sheet(row, row)).headers["Location"]
    assert "与本文件第 2 行重复" in client.get(place).get_data(as_text=True)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a,b\n1,2\n"]
)
def test_what_is_no_roster_is_refused_with_advice(
    client: FlaskClient, organizer: dict[str, str], content: bytes
) -> None:
    answer = upload(client, organizer, content)
    assert answer.status_code == 422
    assert "summary" in answer.get_data(as_text=True)


def test_the_template_imports_without_findings_where_it_may(
    app: Flask, client: FlaskClient
) -> None:
    with transaction() as tx:
        token = {"csrf_token": enter(client, make_staff(tx, "administrator"))}
    for kind in ("xlsx", "csv"):
        content = client.get(f"/manage/roster/template.{kind}").get_data()
        page = client.get(upload(client, token, content).headers["Location"]).get_data(as_text=True)
        assert "全部导入" in page
        assert "错误行" not in page


def test_an_export_imports_unchanged(client: FlaskClient, organizer: dict[str, str]) -> None:
    with transaction() as tx:
        for unit in ("130100", "130104", "130105"):
            make_officer(tx, unit, name="=1+1", badge_no="冀A001", phone="+8613800000000")
    for kind in ("xlsx", "csv"):
        content = client.get(f"/manage/officers.{kind}").get_data()
        page = client.get(upload(client, organizer, content).headers["Location"])
        assert "不会带来任何变化" in page.get_data(as_text=True)


def test_an_upload_belongs_to_whoever_made_it(
    app: Flask, client: FlaskClient, organizer: dict[str, str]
) -> None:
    place = upload(client, organizer, sheet(["0071", "王一", "石家庄市", "", ""])).headers[
        "Location"
    ]
    with transaction() as tx:
        enter(client, make_staff(tx, "organizer"))
    assert client.get(place).status_code == 404


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "李%", "<script>", "{{7*7}}"])
def test_a_search_takes_every_sign_for_itself(
    client: FlaskClient, organizer: dict[str, str], text: str
) -> None:
    with transaction() as tx:
        make_officer(tx, "130104", name="李甲")
    page = client.get("/manage/officers", query_string={"q": text, "page": "99999999999"})
    assert page.status_code == 200
    assert "李甲" not in page.get_data(as_text=True)
    assert "<script>" not in page.get_data(as_text=True)


def test_a_list_ends_at_the_own_scope(client: FlaskClient, organizer: dict[str, str]) -> None:
    with transaction() as tx:
        inside = make_officer(tx, "130104", name="里面")
        outside = make_officer(tx, "130703", name="外面")
    page = client.get("/manage/officers").get_data(as_text=True)
    assert "里面" in page
    assert "外面" not in page
    assert client.get(f"/manage/officers/{inside}").status_code == 200
    assert client.get(f"/manage/officers/{outside}").status_code == 403
    assert client.get(f"/manage/officers/{outside}/edit").status_code == 403
    assert client.post(f"/manage/officers/{outside}/code", data=organizer).status_code == 403
    assert client.get("/manage/officers/999999").status_code == 404


def test_codes_are_listed_once_and_earlier_ones_stay_unless_renewed(
    client: FlaskClient, organizer: dict[str, str]
) -> None:
    with transaction() as tx:
        make_officer(tx, "130104", staff_no="01", password_hash=None)
        make_officer(tx, "130104", staff_no="02")
    first = (
        client.post("/manage/officers/codes", data=organizer | {"kind": "csv"}).get_data().decode()
    )
    assert "\n01," in first
    assert "\n02," not in first
    assert (
        client.post("/manage/officers/codes", data=organizer | {"kind": "csv"}).status_code == 409
    )
    renewed = client.post("/manage/officers/codes", data=organizer | {"kind": "csv", "renew": "1"})
    assert renewed.status_code == 200
    assert renewed.get_data().decode() != first
    assert (
        client.post("/manage/officers/codes", data=organizer | {"kind": "pdf"}).status_code == 422
    )


def test_an_organizer_cannot_take_over_an_administrator(
    client: FlaskClient, organizer: dict[str, str]
) -> None:
    with transaction() as tx:
        staff = make_officer(tx, "130104")
        make_grant(tx, staff, "administrator", "130000")
        waiting = make_staff(tx, "organizer", "130100", password_hash=None)
    assert client.post(f"/manage/officers/{waiting}/code", data=organizer).status_code == 403
    assert client.post("/manage/officers/codes", data=organizer).status_code == 409
    assert client.post(f"/manage/officers/{staff}/state", data=organizer).status_code == 403
    assert client.post(f"/manage/officers/{waiting}/roles", data=organizer).status_code == 403


def test_a_typed_officer_follows_the_rules_of_the_roster(
    client: FlaskClient, organizer: dict[str, str]
) -> None:
    typed = {"staff_no": "007", "name": "钱七", "unit_code": "130104", "cadre_level": "division"}
    assert client.post("/manage/officers/new", data=organizer | typed).status_code == 303
    again = client.post("/manage/officers/new", data=organizer | typed)
    assert again.status_code == 422
    assert "已有人使用" in again.get_data(as_text=True)
    outside = typed | {"staff_no": "008", "unit_code": "130703"}
    assert client.post("/manage/officers/new", data=organizer | outside).status_code == 403
    bad = typed | {"staff_no": "008", "badge_expires_on": "2026-13-40"}
    page = client.post("/manage/officers/new", data=organizer | bad)
    assert page.status_code == 422
    assert "2026-13-40" in page.get_data(as_text=True)
    officer_id = all_officers()["007"].id
    edited = client.post(
        f"/manage/officers/{officer_id}/edit", data=organizer | typed | {"phone": "13800001234"}
    )
    assert edited.status_code == 303
    assert all_officers()["007"].phone == "13800001234"
    assert client.get(f"/manage/officers/{officer_id}").status_code == 200
