"""Rules that hold for every route there is; the table comes from the application itself."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.app import create_app
from quizapp.service import attempts as sitting
from quizapp.service.people import find_viewer
from quizapp.store.db import transaction
from quizapp.web.security import OFFICER, PUBLIC, SESSION
from tests.conftest import settings
from tests.factories import (
    enter,
    make_exam,
    make_grant,
    make_officer,
    make_questions,
    make_viewer,
)

STEM, REASON = "第[0-9]问", "reason that gives the key away"
ROLES = ("trainer", "organizer", "administrator")
UNSAFE = ("POST", "PUT", "DELETE", "PATCH")
HOSTILE = ("0", "1", "-1", "2147483648", "99999999999999999999", "x", "'\"--", "%00", "..%2f", "中")
ODD_FORMS: tuple[dict[str, str], ...] = (
    {},
    {"csrf_token": "x", "id": "1", "role": "administrator", "is_admin": "1"},
    {"title": "<script>", "page": "-1", "unit_id": "99999999999", "duration_s": "1e9", "q": "\x7f"},
)


class Call(NamedTuple):
    """One method of one route, with its placeholders filled."""

    method: str
    path: str
    access: str
    endpoint: str


def fill(rule: Rule, value: str = "1") -> str:
    """Return the rule as an address; words among the placeholders take a word."""
    words = {"board": "cities", "kind": "cities", "form": "csv", "key": "a"}
    parts = (
        part if not is_name else words.get(part, value) if value == "1" else value
        for is_name, part in rule._trace
    )
    return "".join(parts).lstrip("|")


def calls(app: Flask) -> Iterator[Call]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        access = getattr(app.view_functions[rule.endpoint], "access", "")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(method, fill(rule), access, rule.endpoint)


def send(client: FlaskClient, call: Call, token: str = "", **over: object) -> TestResponse:
    if "data" not in over and "json" not in over and call.method in UNSAFE:
        over["data"] = {}
    headers = {"X-CSRFToken": token} if token else {}
    with client.open(call.path, method=call.method, headers=headers, **over) as reply:  # type: ignore[arg-type]
        reply.get_data()
    return reply


def client_with(app: Flask, *roles: str) -> tuple[FlaskClient, str]:
    with transaction() as tx:
        officer_id = make_officer(tx, "130000")
        for role in roles:
            make_grant(tx, officer_id, role)
    client = app.test_client()
    return client, enter(client, officer_id)


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    known = {PUBLIC, SESSION, OFFICER, *ROLES}
    wrong = [call for call in calls(app) if not call.access or set(call.access.split("|")) - known]
    assert not wrong


def test_a_stranger_reaches_nothing_but_public_pages(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session.clear()
    token = enter(client, 0)
    with client.session_transaction() as session:
        del session["_user_id"]
    wrong = []
    for call in calls(app):
        if call.access == PUBLIC:
            continue
        reply = send(client, call, token)
        to_sign_in = reply.status_code == 303 and "/login" in reply.headers["Location"]
        if not (to_sign_in or reply.status_code == 401):
            wrong.append((call, reply.status_code))
    assert not wrong


@pytest.mark.parametrize("role", ["officer", *ROLES])
def test_a_role_reaches_only_its_own_routes(
    app: Flask, role: str, counted: Callable[..., None]
) -> None:
    """K9: every route, every method, as every role that the route's rule does not name."""
    client, token = client_with(app, *([role] if role != "officer" else []))
    wrong, tried = [], 0
    for call in calls(app):
        if call.access in (PUBLIC, SESSION, OFFICER) or role in call.access.split("|"):
            continue
        tried += 1
        reply = send(client, call, token)
        if reply.status_code not in (403, 404):
            wrong.append((call, reply.status_code))
    assert tried > 5
    counted(f"K9 as {role}", tried, len(wrong), str(wrong or ""))


def test_nothing_changes_without_the_sessions_own_token(
    app: Flask, counted: Callable[..., None]
) -> None:
    """S6: no token, a foreign one, JSON sent as text: refused on every changing route."""
    client, _ = client_with(app, *ROLES)
    other = app.test_client()
    _, foreign = client_with(app, *ROLES)
    wrong, tried = [], 0
    for call in calls(app):
        if call.method not in UNSAFE:
            continue
        replies = (
            send(client, call),
            send(client, call, foreign + "x"),
            send(client, call, data='{"answers": []}', content_type="text/plain"),
            send(other, call),
        )
        tried += len(replies)
        wrong += [(call, reply.status_code) for reply in replies if reply.status_code != 400]
    counted("S6", tried, len(wrong), str(wrong or ""))


def test_a_route_that_changes_something_does_not_answer_get(app: Flask) -> None:
    client, _ = client_with(app, *ROLES)
    rules = {(call.path, call.method) for call in calls(app)}
    wrong = []
    for path, method in rules:
        if method in UNSAFE and (path, "GET") not in rules:
            reply = client.get(path)
            if reply.status_code not in (404, 405):
                wrong.append((path, reply.status_code))
    assert not wrong


def test_every_answer_carries_the_headers(app: Flask, counted: Callable[..., None]) -> None:
    """S8: pages, errors and files; nothing personal is kept by anybody on the way."""
    client, token = client_with(app, *ROLES)
    wrong = []
    tried = [*calls(app), Call("GET", "/static/site.css", "", ""), Call("GET", "/no", "", "")]
    for call in tried:
        reply = send(client, call, token)
        policy = reply.headers.get("Content-Security-Policy", "")
        script = re.search(r"script-src ([^;]*)", policy)
        fine = (
            script is not None
            and "unsafe" not in script.group(1)
            and "frame-ancestors 'none'" in policy
            and reply.headers.get("X-Content-Type-Options") == "nosniff"
            and reply.headers.get("Referrer-Policy") == "same-origin"
            and (call.path.startswith("/static") or "no-store" in reply.headers["Cache-Control"])
        )
        if not fine:
            wrong.append((call, dict(reply.headers)))
    counted("S8", len(tried), len(wrong), str(wrong or ""))


def test_behind_tls_cookies_and_headers_are_strict(
    app: Flask, counted: Callable[..., None]
) -> None:
    given = app.extensions["quizapp_settings"]
    over = {"production": True}
    strict = create_app(settings(given.instance_dir, given.database_url, **over))
    reply = strict.test_client().get("/login", base_url="https://localhost")
    cookie = reply.headers["Set-Cookie"]
    marks = ("__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/")
    counted("S5", len(marks), len([mark for mark in marks if mark not in cookie]))
    assert "max-age=" in reply.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_address_is_a_fault(app: Flask, value: str) -> None:
    """I10, addresses: every placeholder with nonsense, every page with a nonsense query."""
    client, token = client_with(app, *ROLES)
    query = "page=-1&q=%27%25_&sort=;drop&city=" + ("%00" if value == "%00" else "x") + "&city=2"
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            call = Call(method, f"{fill(rule, value)}?{query}", "", rule.endpoint)
            reply = send(client, call, token)
            if reply.status_code >= 500 or "Traceback" in reply.text:
                wrong.append((call, reply.status_code))
    assert not wrong


@pytest.mark.parametrize("form", ODD_FORMS)
def test_no_form_is_a_fault(app: Flask, form: dict[str, str]) -> None:
    """I10, bodies: nonsense as form, as JSON and as bytes on every changing route."""
    client, token = client_with(app, *ROLES)
    wrong = []
    for call in calls(app):
        if call.method not in UNSAFE:
            continue
        for over in (
            {"data": form},
            {"json": form},
            {"json": [[[]]]},
            {"json": {"staff_no": {"a": 1}, "title": [[]]}},
            {"data": b"\xff\xfe{", "content_type": "application/json"},
            {"data": b"--x", "content_type": "multipart/form-data; boundary=y"},
        ):
            reply = send(client, call, token, **over)
            if reply.status_code >= 500:
                wrong.append((call, over, reply.status_code))
    assert not wrong


@pytest.mark.parametrize(
    "path",
    ["/console", "/.git/config", "/instance/quiz.sqlite", "/instance/secret.key", "/.env",
     "/static/../wsgi.py", "/static/..%2fwsgi.py", "/static/%2e%2e/wsgi.py", "/wsgi.py",
     "/templates/base.html", "/backup.sqlite", "/debug"],
)  # fmt: skip
def test_files_of_the_installation_are_not_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def officer_sees(app: Flask, officer_id: int) -> bytes:
    """Return all bytes an officer can fetch: every GET route, page and JSON, with its headers."""
    seen = b""
    for accept in ("text/html", "application/json"):
        client = app.test_client()
        enter(client, officer_id)
        for call in calls(app):
            if call.method == "GET":
                reply = client.get(call.path, headers={"Accept": accept})
                seen += reply.data + str(reply.headers).encode()
    return seen


@pytest.mark.parametrize("opens_in_s", [3600, -60])
def test_an_officer_sees_no_question_before_and_no_key_during_an_exam(
    app: Flask, opens_in_s: int, counted: Callable[..., None]
) -> None:
    """K1, K3: all bytes an officer can fetch, before the opening and with an open paper."""
    now = datetime.now(UTC)
    with transaction() as tx:
        for kind in ("single", "multiple", "judge"):
            make_questions(tx, kind, 6, explanation=REASON)
        officer_id = make_officer(tx)
        organizer = make_viewer(tx, "organizer")
    opens_at = now + timedelta(seconds=opens_in_s)
    exam = make_exam(organizer, now=now, opens_at=opens_at, closes_at=opens_at + timedelta(hours=2))
    assert exam.id == 1
    is_open = opens_in_s < 0
    if is_open:
        viewer = find_viewer(officer_id, 1, "test")
        assert viewer is not None
        assert sitting.start(viewer, exam.id, pledged=True, now=now).attempt_id == 1
    seen = officer_sees(app, officer_id)
    assert bool(re.search(STEM.encode(), seen)) == is_open
    leaks = [mark for mark in (REASON.encode(), b'"key_', b"explanation") if mark in seen]
    counted("K1" if is_open else "K3", len(seen), len(leaks), "bytes looked through")
