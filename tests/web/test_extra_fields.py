"""K10: whatever a form carries besides, nobody becomes more than he is. K2: a save is mute."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.store.attempts import answer_events, attempts
from quizapp.store.db import db, reading, transaction
from quizapp.store.exams import exams
from quizapp.store.people import grants, officers
from tests.factories import csrf, enter, make_grant, make_officer
from tests.web.sitting import Hall, answer
from tests.web.test_every_route import UNSAFE, calls

GREEDY: dict[str, Any] = {
    "role": "administrator", "roles": "administrator", "is_admin": "1", "grants": "administrator",
    "user_id": "1", "officer_id": "1", "city_id": "1", "unit_id": "1", "scoring_unit_id": "1",
    "score": "10000", "score_cp": "10000", "right_count": "80", "due_at": "9999999999999",
    "extra_s": "999999", "limit_s": "999999", "submitted_at": "0", "try_no": "9",
    "session_epoch": "99", "password_hash": "sha256$x", "disabled_at": "", "seed": "known",
    "state": "published", "results_published_at": "1",
}  # fmt: skip


def standing() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that nobody may give himself."""
    with reading() as tx:
        return {
            "people": _rows(
                tx, sa.select(officers.c.id, officers.c.unit_id, officers.c.disabled_at)
            ),
            "rights": _rows(tx, sa.select(grants)),
            "attempts": _rows(
                tx,
                sa.select(
                    attempts.c.id, attempts.c.officer_id, attempts.c.unit_id, attempts.c.try_no,
                    attempts.c.scoring_unit_id, attempts.c.limit_s, attempts.c.extra_s,
                    attempts.c.due_at, attempts.c.paper,
                ),
            ),
            "exams": _rows(
                tx, sa.select(exams.c.id, exams.c.seed, exams.c.state, exams.c.results_published_at)
            ),
        }  # fmt: skip


def _rows(tx: Any, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.execute(query)]


def test_an_officer_cannot_give_himself_anything_in_any_form(
    hall: Hall, counted: Callable[..., None]
) -> None:
    sitter = hall.sitter()
    before, tried = standing(), 0
    _, officer_id, unit_id, *_, limit_s, extra_s, _due, _paper = before["attempts"][0]
    usual = (officer_id, unit_id, limit_s, extra_s)
    for call in calls(hall.app):
        if call.method not in UNSAFE or call.endpoint == "people.logout":
            continue
        tried += 2
        for sent in ({"data": GREEDY}, {"json": GREEDY}):
            token = csrf(sitter.client)  # a call may have renewed the session
            reply = sitter.client.open(
                call.path, method=call.method, headers={"X-CSRFToken": token}, **sent
            )
            assert "页面已过期" not in reply.text, call
            assert "csrf_failed" not in reply.text, call
    after = standing()
    gone = {
        name for name, rows in before.items() if set(map(str, rows)) - set(map(str, after[name]))
    }
    more = {name for name in ("people", "rights", "exams") if len(after[name]) > len(before[name])}
    for _, officer_id, unit_id, *_, limit_s, extra_s, _due, _paper in after["attempts"]:
        assert (officer_id, unit_id, limit_s, extra_s) == usual  # a second try is his right
    counted("K10", tried, len(gone | more))


def test_calls_of_the_exam_ignore_what_the_contract_does_not_name(hall: Hall) -> None:
    sitter = hall.sitter()
    before = standing()
    body = {"answers": [answer(1, "A") | GREEDY]} | GREEDY
    assert sitter.put(body).status_code == 200
    done = sitter.submit(GREEDY)
    assert done.status_code == 200
    assert done.json["answered"] == 1
    assert standing() == before
    with reading() as tx:
        (stored,) = tx.execute(sa.select(answer_events.c.no, answer_events.c.response)).all()
    assert tuple(stored) == (1, "A")


def test_an_organizer_of_a_city_cannot_publish_or_seed_through_a_form(app: Flask) -> None:
    with transaction() as tx:
        officer_id = make_officer(tx, "130500")
        make_grant(tx, officer_id, "organizer")
    client = app.test_client()
    token = enter(client, officer_id)
    before = standing()
    for call in calls(app):
        if call.method == "POST" and call.endpoint.startswith("exams."):
            client.post(call.path, data=GREEDY | {"csrf_token": token})
    assert standing() == before


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_a_save_says_the_same_for_right_and_wrong(
    hall: Hall, statements: list[str], counted: Callable[..., None]
) -> None:
    """K2: the answer is the same to the byte, and the key is not even read."""
    sitter = hall.sitter()
    items = sitter.paper()["items"]
    sitter.save(answer(1, seq=1))
    del statements[:]
    said, tried = set(), 0
    for item in items:
        keys = [option["key"] for option in item["options"]] or ["T", "F"]
        for seq, key in enumerate(keys, 2):
            reply = sitter.save(answer(item["no"], key, seq=seq))
            assert reply.json["saved"] == [{"no": item["no"], "seq": seq}]
            said.add(tuple(sorted((k, str(v)) for k, v in reply.json.items() if k != "saved")))
            said.add(tuple(sorted(name for name, _ in reply.headers)))
            tried += 1
    counted("K2", tried, len(said) - 2)
    assert not [one for one in statements if "question_versions" in one]
