import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.exams import Exam
from quizapp.store.db import transaction
from quizapp.store.exams import exams as exams_table
from quizapp.store.people import officers, tickets
from tests.factories import csrf, enter, make_exam, make_officer, make_small_bank, make_viewer

NOW = datetime.now(UTC)
Hall = tuple[Exam, FlaskClient, dict[str, str]]


@pytest.fixture
def hall(app: Flask) -> Hall:
    """A competition that is open now, one officer of 桥西区 invited, the organizer's client."""
    with transaction() as tx:
        make_small_bank(tx)
        organizer = make_viewer(tx, "organizer")
        make_officer(tx, "130104", staff_no="0071", name="张三", password_hash=None)
    hour = timedelta(hours=1)
    exam = make_exam(organizer, now=NOW, opens_at=NOW - hour, closes_at=NOW + hour)
    client = app.test_client()
    return exam, client, {"csrf_token": enter(client, organizer.officer_id)}


def print_one(hall: Hall) -> str:
    exam, client, token = hall
    page = client.post(f"/manage/exams/{exam.id}/tickets", data=token | {"unit": "130104"})
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "张三" in text
    assert "<svg" in text
    assert "style=" not in text
    return text


def make_ticket(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address on the one ticket, read as it goes into the QR code."""
    links: list[str] = []
    whole = segno.make

    def note(link: str, **more: Any) -> Any:
        links.append(link)
        return whole(link, **more)

    monkeypatch.setattr(segno, "make", note)
    print_one(hall)
    found = re.fullmatch(r"http://localhost(/ticket/[A-Za-z0-9_-]{22,})", links[-1])
    assert found is not None
    return found[1]


def test_a_ticket_signs_in_once_and_to_its_exam_only(
    hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = hall[0]
    path = make_ticket(hall, monkeypatch)
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/exams/{exam.id}"
    assert client.get(f"/exams/{exam.id}").status_code == 200
    assert client.get("/").status_code == 200
    begun = client.post(
        f"/exams/{exam.id}/attempts", data={"pledge": "1", "csrf_token": csrf(client)}
    )
    assert begun.status_code == 303
    assert client.get(begun.headers["Location"]).status_code == 200
    for other in ("/me", "/password", f"/exams/{exam.id + 1}", "/manage/officers"):
        assert client.get(other).status_code == 403
    assert client.get(path).status_code == 303  # scanned again on the phone that is in already
    assert hall[1].application.test_client().get(path).status_code == 422


AHEAD: list[dict[str, Any]] = [
    {"method": "HEAD"},
    {"headers": {"Sec-Purpose": "prefetch"}},
    {"headers": {"Purpose": "prefetch"}},
    {"headers": {"X-Moz": "prefetch"}},
    {"headers": {"X-Purpose": "preview"}},
]


@pytest.mark.parametrize("ahead", AHEAD)
def test_whoever_looks_ahead_does_not_use_a_ticket_up(
    hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, ahead: dict[str, Any]
) -> None:
    path = make_ticket(hall, monkeypatch)
    assert client.open(path, **({"method": "GET"} | ahead)).status_code == 200
    assert client.post(path, data={"csrf_token": csrf(client)}).status_code == 303


def use(kind: str) -> dict[str, Any]:
    before, after = NOW - timedelta(days=2), NOW + timedelta(days=2)
    return {
        "revoked": {"revoked_at": NOW},
        "used": {"used_at": NOW},
        "too early": {"valid_from": after},
    }.get(kind, {"valid_from": before, "valid_to": before})


@pytest.mark.parametrize("kind", ["revoked", "used", "too early"])
def test_a_ticket_that_is_void_opens_nothing(
    hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = make_ticket(hall, monkeypatch)
    with transaction() as tx:
        tx.execute(sa.update(tickets).values(**use(kind)))
    assert client.get(path).status_code == 422
    assert client.get("/me").status_code == 303


def test_a_ticket_ends_with_its_exam_also_when_that_is_moved(
    hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_ticket(hall, monkeypatch)
    past = NOW - timedelta(minutes=1)
    with transaction() as tx:
        tx.execute(sa.update(tickets).values(valid_to=past))
        tx.execute(sa.update(exams_table).values(closes_at=past))
    assert client.get(path).status_code == 422
    with transaction() as tx:
        tx.execute(sa.update(exams_table).values(closes_at=NOW + timedelta(hours=1)))
    assert client.get(path).status_code == 303


def test_a_new_printing_and_a_disabled_account_make_tickets_void(
    hall: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_ticket(hall, monkeypatch)
    second = make_ticket(hall, monkeypatch)
    assert client.get(first).status_code == 422
    with transaction() as tx:
        tx.execute(sa.update(officers).where(officers.c.staff_no == "0071").values(disabled_at=NOW))
    assert client.get(second).status_code == 422


def test_tickets_are_printed_for_the_own_scope_of_a_published_exam(hall: Hall) -> None:
    exam, client, token = hall
    path = f"/manage/exams/{exam.id}/tickets"
    assert client.get(path).status_code == 200
    assert client.post(path, data=token | {"unit": "130703"}).status_code == 409
    assert client.post(path, data=token | {"unit": "x"}).status_code == 422
    assert client.get("/manage/exams/99999/tickets").status_code == 404
    with transaction() as tx:
        local = {"csrf_token": enter(client, make_viewer(tx, "organizer", "130700").officer_id)}
    assert client.post(path, data=local | {"unit": "130104"}).status_code == 403


@pytest.mark.parametrize("token", ["x", "a" * 500, "%F0%9F%99%82", "..%2f", "'"])
def test_an_invented_ticket_opens_nothing(app: Flask, client: FlaskClient, token: str) -> None:
    assert client.get(f"/ticket/{token}").status_code in (404, 422)
