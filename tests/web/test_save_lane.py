"""The lane in front of Flask: the same answers as the ordinary way, and nobody let in wrongly."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import Busy
from quizapp.service import saving
from quizapp.store.attempts import answer_events
from quizapp.store.db import DriverTx, driver_transaction, reading, transaction
from quizapp.store.group import Group
from quizapp.store.people import officers
from quizapp.web import attempt_json, lane
from tests.factories import NOW
from tests.web.sitting import Hall, answer


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note for every PUT whether the lane answered it."""
    seen: list[bool] = []
    real = lane.SaveLane._save

    def noting(self: lane.SaveLane, environ: dict[str, object]) -> bytes | None:
        body = real(self, environ)
        seen.append(body is not None)
        return body

    monkeypatch.setattr(lane.SaveLane, "_save", noting)
    return seen


def test_a_save_takes_the_lane_and_says_the_same(
    hall: Hall, taken: list[bool], monkeypatch: pytest.MonkeyPatch
):
    sitter = hall.sitter()
    with monkeypatch.context() as patch:
        patch.setattr(lane.SaveLane, "_find_pass", lambda *_: None)
        first = sitter.save(answer(1, "A"))
    second = sitter.save(answer(1, "A"))
    assert taken == [False, True]
    assert second.data == first.data
    ordinary = dict(first.headers)
    ordinary.pop("Vary")  # for caches, and no cache may store it
    assert dict(second.headers) == ordinary


def test_other_credentials_go_the_ordinary_way(hall: Hall, taken: list[bool]):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    path = f"/attempts/{sitter.attempt_id}/answers"
    body = {"answers": [answer(1, "B", seq=2)]}
    for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": sitter.token + "x"}):
        assert sitter.client.put(path, json=body, headers=headers).status_code == 400
    with sitter.client.session_transaction() as session:
        session["more"] = 1
    assert sitter.save(answer(1, "B", seq=2)).status_code == 200
    assert taken == [True, False, False, False, True]


def test_the_lane_ends_with_the_session(hall: Hall, taken: list[bool], app: Flask):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    (passed,) = {p.ends_at for p in app.extensions["quizapp_lane"]._passes.values()} or {None}
    assert passed is not None
    hall.now = passed + timedelta(seconds=1)
    sitter.save(answer(1, "B", seq=2))
    assert taken == [True, False]


def test_every_save_in_the_lane_asks_for_the_sign_in(hall: Hall, taken: list[bool]):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    with transaction() as tx:
        tx.execute(sa.update(officers).values(disabled_at=NOW))
    refused = sitter.save(answer(1, "B", seq=2))
    assert (refused.status_code, refused.json["code"]) == (401, "sign_in_required")
    assert taken == [True, False]


def test_refusals_in_the_lane_are_worded_by_the_ordinary_way(hall: Hall, taken: list[bool]):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    bad = sitter.save(answer(9, "A"))
    assert (bad.status_code, bad.json["problems"][0]["code"]) == (422, "unknown_number")
    assert sitter.put({"answers": "x"}).status_code == 400
    assert sitter.put({"answers": [answer(1, "A")] * 101}).status_code == 400
    assert sitter.save(answer(1, "A"), attempt_id=999).status_code == 404
    sitter.submit()
    assert sitter.save(answer(1, "B", seq=2)).json["code"] == "attempt_closed"
    assert taken == [True] + [False] * 5


def test_a_busy_store_is_not_asked_twice(
    hall: Hall, taken: list[bool], monkeypatch: pytest.MonkeyPatch
):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    asked: list[int] = []

    def busy(*args: object, **kwargs: object) -> None:
        asked.append(1)
        raise Busy

    monkeypatch.setattr(saving, "save_answers", busy)
    refused = sitter.save(answer(1, "B", seq=2))
    assert (refused.status_code, refused.json["code"]) == (503, "busy")
    assert refused.headers["Retry-After"]
    assert asked == [1]


def test_bodies_are_read_once(hall: Hall):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    headers = {"X-CSRFToken": sitter.token, "Content-Type": "application/json"}
    path = f"/attempts/{sitter.attempt_id}/answers"
    for raw in (b"{", b" " * (attempt_json.MAX_BODY + 1)):
        status = sitter.client.put(path, data=raw, headers=headers).status_code
        assert status == (400 if len(raw) == 1 else 413)
    with reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(answer_events)).scalar() == 1


def in_threads(app: Flask, count: int, act) -> None:
    def run(number: int) -> None:
        with app.app_context():
            act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def put_row(tx: DriverTx, no: int) -> int:
    mark = "?" if tx.is_sqlite else "%s"
    flag = "0" if tx.is_sqlite else "false"
    tx.cursor.execute(f"INSERT INTO answer_events VALUES (1, {mark}, 1, 'A', {flag}, 0, 0)", (no,))
    return no


def test_those_who_wait_share_a_commit_and_each_gets_its_own_outcome(app: Flask):
    group = Group()
    carried: list[int] = []
    transactions: list[int] = []
    outcomes: dict[int, object] = {}

    def act(number: int) -> None:
        def work(tx: DriverTx) -> int:
            transactions.append(id(tx))
            return put_row(tx, number)

        partial = (lambda done: done % 2 == 1) if number % 3 == 0 else None
        outcomes[number] = group.run(work, partial)
        carried.append(number)

    with driver_transaction() as held:  # everybody has to wait for this one
        put_row(held, 1000)
        threads = threading.Thread(target=in_threads, args=(app, 30, act))
        threads.start()
        if held.is_sqlite:
            while len(group._waiting) < 30:
                pass
    threads.join()
    undone = {number for number in range(30) if number % 3 == 0 and number % 2 == 1}
    assert outcomes == {n: None if n in undone else n for n in range(30)}
    with reading() as tx:
        stored = set(tx.execute(sa.select(answer_events.c.no)).scalars())
    assert stored == set(range(30)) - undone | {1000}
    if held.is_sqlite:
        assert len(set(transactions)) < 30


def test_work_that_fails_leaves_the_others_to_try_alone(app: Flask):
    group = Group()

    def work(tx: DriverTx) -> int:
        put_row(tx, 1)
        tx.cursor.execute("SELECT nonsense FROM nowhere")
        return 1

    try:
        assert group.run(work) is None
    except Busy:
        pytest.fail("a failed statement is no lack of time")
    with reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(answer_events)).scalar() == 0
    assert group.run(lambda tx: put_row(tx, 2)) == 2
