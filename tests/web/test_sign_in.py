import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from quizapp.app import create_app
from quizapp.domain.passwords import hash_machine_secret
from quizapp.service import passwords
from quizapp.service.passwords import hash_password
from quizapp.store import officers as store
from quizapp.store.db import db, reading, transaction
from quizapp.store.journal import find_break, journal
from quizapp.store.people import officers, throttles
from tests.conftest import FreshClient, settings
from tests.factories import csrf, enter, make_grant, make_officer, make_staff

PASSWORD = "k9 vessel orbit"
HASH = hash_password(PASSWORD)


def sign_in(client: FlaskClient, staff_no: str, password: str, **more: str) -> Any:
    values = {"staff_no": staff_no, "password": password, "csrf_token": csrf(client)}
    address = more.pop("address", "127.0.0.1")
    return client.post("/login", data=values | more, environ_base={"REMOTE_ADDR": address})


def make_account(staff_no: str = "0012345", **over: Any) -> int:
    with transaction() as tx:
        return make_officer(tx, staff_no=staff_no, **({"password_hash": HASH} | over))


def is_inside(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def count_journal(action: str) -> int:
    with reading() as tx:
        assert find_break(tx) is None
        rows = sa.select(sa.func.count()).where(journal.c.action == action)
        return int(tx.execute(rows).scalar_one())


def test_a_sign_that_no_text_holds_is_refused_everywhere(app: Flask, client: FlaskClient) -> None:
    assert client.get("/login?next=%00").status_code == 400
    assert client.get("/ticket/a%00b").status_code == 400
    assert sign_in(client, "1\0", "x").status_code == 400


def test_a_good_pair_opens_a_new_session_and_leaves_who_when_what(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    before = client.get("/login").headers.get("Set-Cookie", "")
    answer = sign_in(client, "0012345", PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert is_inside(client)
    assert answer.headers["Set-Cookie"].split(";")[0] not in before
    assert count_journal("officer.signed_in") == 1


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    cookie = sign_in(client, "0012345", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_good_sign_in_writes_nothing_but_its_line_in_the_journal(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    with transaction():  # somebody holds SQLite's one write lock all the while
        assert sign_in(client, "0012345", PASSWORD).status_code == 303
    assert is_inside(client)


@pytest.mark.parametrize("staff_no", ["0012345", "unknown", "", "fast"])
def test_a_wrong_password_costs_one_slow_check_whoever_is_asked_for(
    app: Flask, client: FlaskClient, staff_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    make_account("fast", password_hash=hash_machine_secret("a machine-made secret"))
    checked: list[str] = []
    slow = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda *both: checked.append(both[1]) or slow(*both))
    answer = sign_in(client, staff_no, "wrong")
    if staff_no:
        assert answer.status_code == 401
        assert "还可尝试 4 次" in answer.get_data(as_text=True)
        assert len(checked) == 1
        assert checked[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    else:
        assert answer.status_code == 422
        assert not checked


def test_known_and_unknown_numbers_read_the_same(app: Flask, client: FlaskClient) -> None:
    make_account("known")
    pages = [
        sign_in(client, number, "wrong").get_data(as_text=True).replace(number, "")
        for number in ("known", "nobody")
    ]
    token = re.compile(r'name="csrf_token"[^>]*>|value="[^"]{30,}"')
    assert token.sub("", pages[0]) == token.sub("", pages[1])


@pytest.mark.parametrize("staff_no", ["0012345", "nobody"])
def test_five_wrong_ones_close_an_account_in_every_worker(
    app: Flask, client: FlaskClient, folder: Path, staff_no: str
) -> None:
    make_account()
    other = create_app(settings(folder, app.config["SQLALCHEMY_DATABASE_URI"]))
    other.test_client_class = FreshClient
    elsewhere = other.test_client()
    with other.app_context():
        other_engine = db.engine
        for no, left in enumerate((4, 3, 2, 1, 0)):
            answer = sign_in((client, elsewhere)[no % 2], staff_no, "wrong", address=f"10.0.0.{no}")
            assert answer.status_code == 401
            assert (f"还可尝试 {left} 次" in answer.get_data(as_text=True)) is (left > 0)
        for door in (client, elsewhere):
            answer = sign_in(door, staff_no, PASSWORD, address="10.0.0.99")
            assert answer.status_code == 429
            assert 0 < int(answer.headers["Retry-After"]) <= 901
    other_engine.dispose()


def test_the_wait_ends_with_its_window_and_a_good_sign_in_clears_the_count(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    for _ in range(4):
        sign_in(client, "0012345", "wrong")
    assert sign_in(client, "0012345", PASSWORD).status_code == 303
    enter(client, 0)
    assert "还可尝试 4 次" in sign_in(client, "0012345", "wrong").get_data(as_text=True)
    with transaction() as tx:
        tx.execute(sa.update(throttles).values(failures=99))
    assert sign_in(client, "0012345", PASSWORD).status_code == 429
    with transaction() as tx:
        tx.execute(
            sa.update(throttles).values(
                window_started_at=sa.type_coerce(0, sa.BigInteger), failures=99
            )
        )
    assert sign_in(client, "0012345", PASSWORD).status_code == 303


def test_too_many_wrong_ones_from_one_address_close_it_for_itself_alone(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    sign_in(client, "nobody", "wrong")
    with transaction() as tx:
        tx.execute(
            sa.update(throttles).where(throttles.c.key == "address:127.0.0.1").values(failures=200)
        )
    assert sign_in(client, "0012345", PASSWORD).status_code == 429
    assert sign_in(client, "0012345", PASSWORD, address="10.1.1.1").status_code == 303


INSIDE = ["/exams", "/exams/3?x=1", "/standings/3/cities#top"]
OUTSIDE = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "http:evil.example",
    "/\t/evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example@host",
    "/%09/evil.example@x", "evil.example", "///evil.example", "http:///evil.example",
    "https:evil.example", "@evil.example", "/@evil.example:80", "//evil%E3%80%82example",
    ".//evil.example", "/..//evil.example:80@x", "ftp://evil.example", "mailto:x@evil.example",
    "//[::1]", "://evil.example", "?next=//evil.example", "#//evil.example", "\u3002evil.example",
    "\u2044\u2044evil.example", "\uff0f\uff0fevil.example", "vbscript:x", "/\r\nSet-Cookie: x=y",
    "/\u2028/evil.example", " //evil.example", "/ /evil.example", "\n//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", INSIDE)
def test_after_sign_in_people_go_where_they_were_going(
    app: Flask, client: FlaskClient, target: str
) -> None:
    make_account()
    assert sign_in(client, "0012345", PASSWORD, next=target).headers["Location"] == target


def test_nobody_is_led_off_the_site(
    app: Flask, client: FlaskClient, counted: Callable[..., None]
) -> None:
    make_account(password_hash=hash_machine_secret("machine-made"))
    assert len(OUTSIDE) >= 30
    led = []
    for target in OUTSIDE:
        location = sign_in(client, "0012345", "machine-made", next=target).headers["Location"]
        if location != "/" and not location.startswith("/%"):
            led.append((target, location))
        client.delete_cookie("session")
    counted("S7", len(OUTSIDE), len(led), str(led))


def end_by_sign_out(client: FlaskClient, officer_id: int) -> None:
    client.post("/logout", data={"csrf_token": csrf(client)})


def end_by_password(client: FlaskClient, officer_id: int) -> None:
    new = {"old": PASSWORD, "new": "quite another 7", "csrf_token": csrf(client)}
    assert client.post("/password", data=new).status_code == 303


def end_by_disabling(client: FlaskClient, officer_id: int) -> None:
    by_staff(f"/manage/officers/{officer_id}/state", {"state": "disabled"})


def end_by_role(client: FlaskClient, officer_id: int) -> None:
    by_staff(f"/manage/officers/{officer_id}/roles", {"role": "trainer", "unit": "130500"})


def end_by_code(client: FlaskClient, officer_id: int) -> None:
    by_staff(f"/manage/officers/{officer_id}/code", {})


def end_by_leaving(client: FlaskClient, officer_id: int) -> None:
    client.post("/me/leave-others", data={"csrf_token": csrf(client)})


def by_staff(path: str, values: dict[str, str]) -> None:
    staff = current_app.test_client()
    with transaction() as tx:
        token = enter(staff, make_staff(tx, "administrator"))
    assert staff.post(path, data=values | {"csrf_token": token}).status_code in (200, 303)


ENDS = [
    end_by_sign_out,
    end_by_password,
    end_by_disabling,
    end_by_role,
    end_by_code,
    end_by_leaving,
]


@pytest.mark.parametrize("end", ENDS)
def test_a_session_cannot_be_used_after_its_end(
    app: Flask, client: FlaskClient, end: Any, counted: Callable[..., None]
) -> None:
    officer_id = make_account()
    sign_in(client, "0012345", PASSWORD)
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert is_inside(thief)
    end(client, officer_id)
    asked = [thief.get("/me").status_code]
    asked.append(thief.get("/me", headers={"Accept": "application/json"}).status_code)
    counted("S4", len(asked), len([one for one in asked if one not in (303, 401)]), end.__name__)


def test_a_code_is_used_once_for_a_password_of_ones_own(app: Flask, client: FlaskClient) -> None:
    officer_id = make_account()
    staff = app.test_client()
    with transaction() as tx:
        token = enter(staff, make_staff(tx, "organizer", "130500"))
    page = staff.post(f"/manage/officers/{officer_id}/code", data={"csrf_token": token})
    found = re.search(r"<code>([0-9A-Z-]{19})</code>", page.get_data(as_text=True))
    assert found is not None
    code = found[1].lower().replace("-", " ")
    assert sign_in(client, "0012345", PASSWORD).status_code == 401
    values = {"staff_no": "0012345", "code": code, "password": "short", "csrf_token": csrf(client)}
    assert "至少 8 个字符" in client.post("/activate", data=values).get_data(as_text=True)
    values["password"] = "my own words 7"
    assert client.post("/activate", data=values | {"code": "0" * 16}).status_code == 401
    assert client.post("/activate", data=values).status_code == 303
    assert is_inside(client)
    again = values | {"csrf_token": csrf(client)}
    assert client.post("/activate", data=again).status_code == 401
    assert sign_in(client, "0012345", "my own words 7").status_code == 303


def test_who_signs_in_with_a_code_must_choose_a_password_first(
    app: Flask, client: FlaskClient
) -> None:
    make_account(password_hash=None, activation_hash=hash_machine_secret("ABCD2345EFGH6789"))
    assert sign_in(client, "0012345", "abcd-2345-efgh-6789").status_code == 303
    assert client.get("/exams").headers["Location"] == "/password"
    assert client.get("/password").status_code == 200
    new = {"new": "my own words 7", "csrf_token": csrf(client)}
    assert client.post("/password", data=new).status_code == 303
    assert client.get("/me").status_code == 200
    assert sign_in(client, "0012345", "abcd-2345-efgh-6789").status_code == 401


def test_a_code_that_has_expired_opens_nothing(app: Flask, client: FlaskClient) -> None:
    officer_id = make_account(password_hash=None)
    with transaction() as tx:
        store.put_codes(
            tx,
            {officer_id: hash_machine_secret("ABCD")},
            expires_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    assert sign_in(client, "0012345", "ABCD").status_code == 401


def test_the_old_password_must_be_known(app: Flask, client: FlaskClient) -> None:
    make_account()
    sign_in(client, "0012345", PASSWORD)
    new = {"old": "wrong", "new": "my own words 7", "csrf_token": csrf(client)}
    assert client.post("/password", data=new).status_code == 422
    assert client.post("/password", data=new | {"old": ""}).status_code == 422
    same = client.post("/password", data=new | {"old": PASSWORD, "new": "0012345"})
    assert same.status_code == 422
    assert sign_in(client, "0012345", PASSWORD).status_code == 303


def test_extra_fields_do_nothing(app: Flask, client: FlaskClient) -> None:
    officer_id = make_account()
    extra = {"role": "administrator", "officer_id": "1", "is_admin": "1", "session_epoch": "9"}
    sign_in(client, "0012345", PASSWORD, **extra)
    with reading() as tx:
        assert store.list_grants(tx, [officer_id]) == {}
        assert tx.execute(sa.select(officers.c.session_epoch)).scalar_one() == 1


def test_own_data_are_masked(app: Flask, client: FlaskClient) -> None:
    make_account(phone="13812341234", badge_no="冀A0012345")
    sign_in(client, "0012345", PASSWORD)
    page = client.get("/me").get_data(as_text=True)
    assert "138****1234" in page
    assert "13812341234" not in page
    assert "冀A0012345" not in page


def test_every_way_in_needs_the_token_of_the_form(app: Flask, client: FlaskClient) -> None:
    make_account()
    for path in ("/login", "/activate", "/logout", "/password", "/me/leave-others", "/ticket/x"):
        assert (
            client.post(path, data={"staff_no": "0012345", "password": PASSWORD}).status_code == 400
        )
        foreign = {"csrf_token": "x" * 40}
        assert client.post(path, data=foreign).status_code == 400
    for path in ("/logout", "/me/leave-others"):
        assert client.get(path).status_code == 405


def test_an_administrator_keeps_the_own_rights_to_others(app: Flask, client: FlaskClient) -> None:
    with transaction() as tx:
        own = make_staff(tx, "administrator")
        other = make_officer(tx)
        make_grant(tx, other, "trainer", "130500")
        token = {"csrf_token": enter(client, own)}
    for path, values in (
        (
            f"/manage/officers/{own}/roles",
            {"role": "administrator", "unit": "130000", "go": "revoke"},
        ),
        (f"/manage/officers/{own}/state", {"state": "disabled"}),
        (f"/manage/officers/{own}/code", {}),
    ):
        assert client.post(path, data=token | values).status_code == 409
    odd = {"role": "god", "unit": "130000"}
    assert client.post(f"/manage/officers/{other}/roles", data=token | odd).status_code == 422
    odd = {"role": "trainer", "unit": "999999"}
    assert client.post(f"/manage/officers/{other}/roles", data=token | odd).status_code == 422
    gone = {"role": "trainer", "unit": "130500", "go": "revoke"}
    assert client.post(f"/manage/officers/{other}/roles", data=token | gone).status_code == 303
    with reading() as tx:
        assert store.list_grants(tx, [other]) == {}


def test_a_session_ends_twelve_hours_after_its_sign_in_whatever_happens(
    app: Flask, client: FlaskClient
) -> None:
    make_account()
    sign_in(client, "0012345", PASSWORD)
    with client.session_transaction() as session:
        session["since"] -= 12 * 3600 - 60
    assert is_inside(client)
    with client.session_transaction() as session:
        session["since"] -= 120
    assert not is_inside(client)
