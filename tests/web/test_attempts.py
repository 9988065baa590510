"""The contract of the exam client, call by call (docs/api.md)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.store.attempts import answer_events, attempts
from quizapp.store.db import db, reading, transaction
from quizapp.store.people import ended_sign_ins, officers
from tests.factories import NOW, enter, make_officer
from tests.web.sitting import Hall, Open, answer

RECEIPT = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$")


def events() -> list[tuple[int, int, str]]:
    with reading() as tx:
        rows = tx.execute(
            sa.select(answer_events.c.no, answer_events.c.seq, answer_events.c.response).order_by(
                answer_events.c.no, answer_events.c.seq
            )
        )
        return [tuple(row) for row in rows]


def test_the_list_names_what_can_be_sat(hall: Hall):
    sitter = hall.sitter(started=False)
    (card,) = sitter.client.get("/exams", headers={"Accept": "application/json"}).json
    assert card == {
        "id": hall.exam.id, "title": "法律知识竞赛", "opens_at": "2026-11-22T07:00:00Z",
        "closes_at": "2026-11-22T15:00:00Z", "duration_s": 3600, "questions": 4,
        "attempts_allowed": 3, "attempts_used": 0, "attempt_id": None, "state": "open",
    }  # fmt: skip
    attempt_id = sitter.start(hall.exam.id)
    (card,) = sitter.client.get("/exams", headers={"Accept": "application/json"}).json
    assert (card["attempt_id"], card["attempts_used"]) == (attempt_id, 1)


def test_starting_twice_is_one_attempt_one_paper_one_clock(hall: Hall):
    first, second = hall.sitter(), hall.sitter(started=False)
    hall.later(minutes=5)
    assert second.start(hall.exam.id) == first.attempt_id
    one, two = first.paper(), second.paper()
    assert one["items"] == two["items"]
    assert two["remaining_s"] == 3300


@pytest.mark.parametrize(
    ("shift", "status", "code"),
    [(timedelta(hours=-2), 403, "not_open_yet"), (timedelta(hours=7), 409, "window_closed")],
)
def test_outside_the_window_nothing_starts(hall: Hall, shift, status, code):
    sitter = hall.sitter(started=False)
    hall.now = NOW + shift
    refused = sitter.post(f"/exams/{hall.exam.id}/attempts")
    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_who_is_not_on_the_roster_is_not_let_in(hall: Hall, app: Flask):
    with transaction() as tx:
        hall.officers.append(make_officer(tx))  # joined after the roster was frozen
    refused = hall.sitter(1, started=False).post(f"/exams/{hall.exam.id}/attempts")
    assert (refused.status_code, refused.json["code"]) == (403, "not_invited")


def test_no_more_attempts_than_allowed(hall_of: Open):
    hall = hall_of(attempts_allowed=1)
    sitter = hall.sitter()
    assert sitter.submit().status_code == 200
    refused = sitter.post(f"/exams/{hall.exam.id}/attempts")
    assert (refused.status_code, refused.json["code"]) == (409, "no_attempts_left")


def test_a_page_start_needs_the_pledge(hall: Hall):
    sitter = hall.sitter(started=False)
    form = {"csrf_token": sitter.token}
    path = f"/exams/{hall.exam.id}/attempts"
    assert sitter.client.post(path, data=form).status_code == 422
    done = sitter.client.post(path, data=form | {"pledge": "1"})
    assert done.status_code == 303
    assert done.location.startswith("/attempts/")


def test_the_paper_holds_what_the_contract_says_and_no_key(hall: Hall):
    sitter = hall.sitter()
    response = sitter.get("")
    paper = response.json
    assert response.headers["Cache-Control"] == "no-store"
    head = {
        name: value for name, value in paper.items() if name not in ("items", "exam", "scoring")
    }
    assert head == {
        "attempt_id": sitter.attempt_id, "state": "open", "server_time": "2026-11-22T08:00:00Z",
        "remaining_s": 3600, "revision": 1,
    }  # fmt: skip
    assert [item["type"] for item in paper["items"]] == ["single", "single", "multiple", "judge"]
    for item in paper["items"]:
        assert set(item) == {
            "no", "type", "stem", "options", "points_cp", "response", "seq", "flagged"
        }  # fmt: skip
    assert [o["key"] for o in paper["items"][3]["options"]] == ["T", "F"]
    assert paper["items"][2]["options"][-1]["text"] == "以上都对"


def test_a_save_is_acknowledged_and_read_back(hall: Hall):
    sitter = hall.sitter()
    hall.later(minutes=8)
    done = sitter.save(answer(3, "D", "B", seq=5), answer(4, "T", flagged=True))
    assert done.status_code == 200
    assert done.json == {
        "saved": [{"no": 3, "seq": 5}, {"no": 4, "seq": 1}], "remaining_s": 3120, "revision": 1,
        "state": "open",
    }  # fmt: skip
    assert "Set-Cookie" not in done.headers
    items = sitter.paper()["items"]
    assert (items[2]["response"], items[2]["seq"]) == (["B", "D"], 5)
    assert (items[3]["response"], items[3]["flagged"]) == (["T"], True)


def test_an_older_answer_changes_nothing_and_an_empty_one_clears(hall: Hall):
    sitter = hall.sitter()
    sitter.save(answer(1, "B", seq=2))
    assert sitter.save(answer(1, "A", seq=1)).status_code == 200
    assert sitter.paper()["items"][0]["response"] == ["B"]
    sitter.save(answer(1, seq=3))
    assert sitter.paper()["items"][0]["response"] == []
    assert sitter.submit().json["answered"] == 0


def test_the_same_answer_again_is_harmless_another_under_its_number_is_refused(hall: Hall):
    sitter = hall.sitter()
    sitter.save(answer(1, "B"))
    assert sitter.save(answer(1, "B")).json["saved"] == [{"no": 1, "seq": 1}]
    sitter.save(answer(1, "C", seq=2))
    refused = sitter.save(answer(2, "A"), answer(1, "D", seq=1))
    assert refused.status_code == 422
    assert refused.json["problems"] == [{"no": 1, "code": "seq_taken", "seq": 2}]
    assert events() == [(1, 1, "B"), (1, 2, "C")]


BAD = [
    (answer(0, "A"), "unknown_number"),
    (answer(5, "A"), "unknown_number"),
    (answer(-1, "A"), "unknown_number"),
    (answer(10**30, "A"), "unknown_number"),
    (answer(1, "E"), "impossible_response"),
    (answer(1, "A", "B"), "impossible_response"),
    (answer(1, "AB"), "impossible_response"),
    (answer(1, "a"), "impossible_response"),
    (answer(1, ""), "impossible_response"),
    (answer(1, "\ud800"), "impossible_response"),
    (answer(3, "A", "A"), "impossible_response"),
    (answer(4, "A"), "impossible_response"),
    (answer(4, "T", "F"), "impossible_response"),
    (answer(1, "A", seq=0), "seq_out_of_range"),
    (answer(1, "A", seq=2**63), "seq_out_of_range"),
]


def test_what_cannot_be_on_the_paper_is_refused_with_its_number(
    hall: Hall, counted: Callable[..., None]
):
    sitter = hall.sitter()
    for entry, code in BAD:
        refused = sitter.save(answer(2, "A"), entry)
        assert refused.status_code == 422, entry
        assert refused.json["problems"] == [{"no": entry["no"], "code": code}]
    twice = sitter.save(answer(1, "A"), answer(1, "B"))
    assert twice.json["problems"] == [{"no": 1, "code": "sent_twice"}]
    counted("K5 not on the paper", len(BAD) + 1, len(events()))


MALFORMED = [
    [], {}, {"answers": []}, {"answers": {}}, {"answers": None}, "x", 1,
    {"answers": [answer(1, "A", seq=n) for n in range(1, 102)]},
    {"answers": [1]}, {"answers": [[]]}, {"answers": [{}]},
    {"answers": [answer(1, "A", seq=1.5)]}, {"answers": [answer(1, "A", seq="1")]},
    {"answers": [answer(True, "A")]}, {"answers": [answer(1.0, "A")]},
    {"answers": [answer(1, "A") | {"response": "A"}]},
    {"answers": [answer(1, "A") | {"response": [["A"]]}]},
    {"answers": [answer(1, "A") | {"response": ["A"] * 10_000}]},
    {"answers": [answer(1, "A") | {"flagged": "no"}]},
    {"answers": [answer(1, "A") | {"age_ms": "1"}]},
]  # fmt: skip


def test_malformed_bodies_are_400_and_store_nothing(hall: Hall, counted: Callable[..., None]):
    sitter = hall.sitter()
    for body in MALFORMED:
        assert sitter.put(body).status_code == 400, body
    headers = {"X-CSRFToken": sitter.token, "Content-Type": "application/json"}
    path = f"/attempts/{sitter.attempt_id}/answers"
    for raw in (b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"answers": ' + b"9" * 5000 + b"}"):
        assert sitter.client.put(path, data=raw, headers=headers).status_code == 400
    huge = b'{"answers": [' + b" " * 70_000 + b"]}"
    assert sitter.client.put(path, data=huge, headers=headers).status_code == 413
    other = {"X-CSRFToken": sitter.token, "Content-Type": "text/plain"}
    assert sitter.client.put(path, data=b'{"answers": []}', headers=other).status_code == 400
    counted("K5 malformed", len(MALFORMED) + 7, len(events()))


def test_extra_fields_have_no_effect(hall: Hall):
    sitter = hall.sitter()
    more = {"score_cp": 10_000, "officer_id": 1, "attempt_id": 7, "received_at": 0}
    assert sitter.put({"answers": [answer(1, "A") | more], **more}).status_code == 200
    assert events() == [(1, 1, "A")]


def test_without_a_sign_in_or_with_an_ended_one_nothing_is_saved(hall: Hall, app: Flask):
    sitter = hall.sitter(sign_in="this-phone")
    stranger = app.test_client()
    token = enter(stranger, hall.officers[0])
    with stranger.session_transaction() as session:
        del session["_user_id"]
    path = f"/attempts/{sitter.attempt_id}/answers"
    body = {"answers": [answer(1, "A")]}
    refused = stranger.put(path, json=body, headers={"X-CSRFToken": token})
    assert (refused.status_code, refused.json["code"]) == (401, "sign_in_required")
    with transaction() as tx:
        tx.execute(sa.insert(ended_sign_ins).values(sign_in="this-phone", ended_at=NOW))
    assert sitter.save(answer(1, "A")).status_code == 401
    assert sitter.get("/state").status_code == 401
    again = hall.sitter(started=False)
    again.attempt_id = sitter.attempt_id
    assert again.save(answer(1, "A")).status_code == 200
    with transaction() as tx:
        tx.execute(sa.update(officers).values(session_epoch=2))
    assert again.save(answer(1, "B", seq=2)).status_code == 401
    assert events() == [(1, 1, "A")]


def test_every_call_refuses_somebody_elses_attempt(hall_of: Open, counted: Callable[..., None]):
    hall = hall_of(2)
    mine, other = hall.sitter(0), hall.sitter(1)
    other.attempt_id = mine.attempt_id
    answers = [
        other.get(""), other.get("/state"), other.get("/receipt"), other.get("/result"),
        other.save(answer(1, "A")), other.submit(), other.submit({"answers": [answer(1, "A")]}),
    ]  # fmt: skip
    for refused in answers:
        assert (refused.status_code, refused.json["code"]) == (403, "not_your_attempt")
    counted("K4", len(answers), len(events()))


def test_attempts_that_do_not_exist_are_404(hall: Hall):
    sitter = hall.sitter()
    for attempt_id in (999_999, 2**31 - 1):
        sitter.attempt_id = attempt_id
        for missing in (sitter.get(""), sitter.get("/state"), sitter.save(answer(1, "A")),
                        sitter.submit(), sitter.get("/result")):  # fmt: skip
            assert missing.status_code == 404
    sitter.attempt_id = 2**70
    assert sitter.save(answer(1, "A")).status_code == 404


def test_state_is_a_heartbeat(hall: Hall):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"), answer(2, "B"))
    hall.later(minutes=1)
    assert sitter.get("/state").json == {
        "state": "open", "remaining_s": 3540, "revision": 1, "saved": 2
    }  # fmt: skip


def test_handing_in_gives_a_receipt_that_anybody_can_check(hall: Hall, app: Flask):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"), answer(2, "A"))
    hall.later(minutes=10)
    done = sitter.submit({"answers": [answer(4, "T")]})
    assert done.status_code == 200
    body = done.json
    assert RECEIPT.match(body["receipt"])
    assert body["submitted_at"] == "2026-11-22T08:10:00Z"
    assert (body["answered"], isinstance(body["score_cp"], int)) == (3, True)
    hall.later(minutes=1)
    assert sitter.submit().json == body
    closed = sitter.save(answer(1, "B", seq=2))
    assert (closed.status_code, closed.json["code"]) == (409, "attempt_closed")
    assert closed.json["submitted_at"] == "2026-11-22T08:10:00Z"
    assert sitter.get("/state").json["state"] == "closed"
    public = app.test_client()
    checked = public.get(
        f"/verify/{body['receipt'].lower()}", headers={"Accept": "application/json"}
    )
    assert checked.json == {
        "valid": True, "receipt": body["receipt"], "exam": "法律知识竞赛",
        "submitted_at": "2026-11-22T08:10:00Z", "answered": 3, "questions": 4,
    }  # fmt: skip
    assert public.get("/verify/0000-0000-0000-0000").status_code == 404
    assert public.get("/verify/张三").status_code == 404


def test_a_changed_record_no_longer_verifies(hall: Hall, app: Flask):
    sitter = hall.sitter()
    sitter.save(answer(1, "A"))
    receipt = sitter.submit().json["receipt"]
    with transaction() as tx:
        tx.execute(sa.update(answer_events).values(response="B"))
    assert app.test_client().get(f"/verify/{receipt}").status_code == 404


def test_refused_last_answers_hand_nothing_in(hall: Hall):
    sitter = hall.sitter()
    assert sitter.submit({"answers": [answer(9, "A")]}).status_code == 422
    assert sitter.get("/state").json["state"] == "open"


def test_the_result_shows_only_what_the_rule_allows(hall_of: Open, counted: Callable[..., None]):
    hall = hall_of(score_release="closed", answers_release="closed")
    sitter = hall.sitter()
    assert sitter.get("/result").json["code"] == "attempt_running"
    sitter.save(*(answer(no, "T" if no == 4 else "A") for no in range(1, 5)))
    assert sitter.submit().json["score_cp"] is None
    early = sitter.get("/result").json
    shown = [early[name] for name in ("score_cp", "right", "grade", "items", "per_type", "rank")]
    counted("K7", len(shown), sum(1 for value in shown if value not in (None, [])))
    hall.now = NOW + timedelta(hours=8)
    late = sitter.get("/result").json
    assert late["score_cp"] == sum(row["score_cp"] for row in late["items"])
    assert late["items"][3]["key"] == ["T"]
    assert late["items"][0]["citations"][0]["law"] == "行政处罚法"


def test_the_newest_device_holds_the_paper(hall: Hall):
    old = hall.sitter(sign_in="old-phone")
    old.save(answer(1, "A"))
    new = hall.sitter(sign_in="new-phone", started=False)
    new.attempt_id = old.attempt_id
    assert new.paper()["items"][0]["seq"] == 1
    refused = old.save(answer(1, "B", seq=2))
    assert (refused.status_code, refused.json["code"]) == (409, "moved_to_other_device")
    assert old.get("/state").json["code"] == "moved_to_other_device"
    assert new.save(answer(1, "C", seq=2)).status_code == 200
    old.paper()  # taken back on purpose
    assert old.save(answer(1, "B", seq=3)).status_code == 200
    assert new.save(answer(1, "C", seq=4)).status_code == 409
    assert new.submit().status_code == 200


def test_a_new_sign_in_on_the_way_takes_the_paper_over_by_saving(hall: Hall):
    old = hall.sitter(sign_in="before")
    again = hall.sitter(sign_in="after", started=False)
    again.attempt_id = old.attempt_id
    assert again.save(answer(1, "A")).status_code == 200
    assert old.save(answer(1, "B", seq=2)).status_code == 409


def test_without_the_rule_two_devices_may_save(hall_of: Open):
    hall = hall_of(one_device=False)
    one, two = hall.sitter(), hall.sitter()
    assert one.save(answer(1, "A")).status_code == 200
    assert two.save(answer(1, "B", seq=2)).status_code == 200


def test_a_changed_address_or_browser_keeps_the_session(hall: Hall):
    sitter = hall.sitter()
    for seq in range(1, 21):
        done = sitter.client.put(
            f"/attempts/{sitter.attempt_id}/answers",
            json={"answers": [answer(1, "A", seq=seq)]},
            headers={"X-CSRFToken": sitter.token, "User-Agent": f"phone {seq}"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{seq}"},
        )
        assert done.status_code == 200
        assert "Set-Cookie" not in done.headers


def test_saving_needs_the_token(hall: Hall):
    sitter = hall.sitter()
    sitter.token = "foreign"
    assert sitter.save(answer(1, "A")).json["code"] == "csrf_failed"
    assert events() == []


def test_a_save_takes_one_statement_and_loads_nobody(hall: Hall):
    sitter = hall.sitter()
    seen: list[str] = []
    sitter.save(answer(1, "A"))  # the paper's shape is remembered from here on

    def note(conn, cursor, statement, *rest):
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert sitter.save(answer(1, "B", seq=2)).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert seen == []  # nothing but the one statement on the driver's own cursor


def test_the_plain_form_saves_what_changed(hall: Hall):
    sitter = hall.sitter()
    path = f"/attempts/{sitter.attempt_id}/answers"
    form = {"csrf_token": sitter.token, "q1": "B", "q3": ["A", "C"], "f2": "1", "go": "save"}
    done = sitter.client.post(path, data=form)
    assert (done.status_code, done.location) == (303, f"/attempts/{sitter.attempt_id}")
    assert events() == [(1, 1, "B"), (2, 1, ""), (3, 1, "AC")]
    form = {"csrf_token": sitter.token, "q1": "B", "go": "confirm"}
    done = sitter.client.post(path, data=form)
    assert done.location.endswith("/confirm")
    assert [i["response"] for i in sitter.paper()["items"]] == [["B"], [], [], []]
    assert sitter.client.post(path, data={"csrf_token": sitter.token, "q1": "Z"}).status_code == 422


def test_pages_say_the_same(hall: Hall):
    sitter = hall.sitter(started=False)
    client = sitter.client
    assert "诚信" in client.get(f"/exams/{hall.exam.id}").text or client.get("/exams").text
    sitter.start(hall.exam.id)
    assert client.get(f"/exams/{hall.exam.id}").status_code == 303
    base = f"/attempts/{sitter.attempt_id}"
    assert hall.exam.title in client.get(base).text
    assert client.get(f"{base}/receipt").status_code == 303
    assert client.get(f"{base}/result").status_code == 303
    assert client.get(f"{base}/confirm").status_code == 200
    done = client.post(f"{base}/submit", data={"csrf_token": sitter.token})
    assert (done.status_code, done.location) == (303, f"{base}/receipt")
    receipt = sitter.get("/receipt").json["receipt"]
    assert receipt in client.get(f"{base}/receipt").text
    assert client.get(base).status_code == 303
    assert client.get(f"{base}/result").status_code == 200
    assert receipt in client.get(f"/verify/{receipt}").text


def test_the_row_keeps_what_the_contract_showed(hall: Hall):
    sitter = hall.sitter()
    shown = sitter.submit().json
    with reading() as tx:
        row = tx.execute(sa.select(attempts)).mappings().one()
    assert (row["receipt"], row["answered"], row["score_cp"]) == (shown["receipt"], 0, 0)
    assert (row["close_reason"], row["duration_s"]) == ("handed_in", 0)
