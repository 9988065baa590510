"""Many at once and again: hand-in, start, replay, another network, a locked store."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa

from quizapp.store.attempts import attempts
from quizapp.store.db import db, reading
from tests.faults.conftest import MakeStage
from tests.faults.phone import Phone, Reply, right_answer
from tests.faults.stage import ITEMS, Stage

Report = Callable[..., None]


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make all calls at the same moment; return what they returned, in order."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        gate.wait()
        results[place] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def same_session(stage: Stage, phone: Phone) -> Phone:
    """The same browser's other connection: tab, double tap."""
    twin = Phone(phone.port, phone.staff_no, phone.secret)
    twin.cookies, twin.token, twin.attempt_id = dict(phone.cookies), phone.token, phone.attempt_id
    stage.phones.append(twin)
    return twin


def count_attempts(stage: Stage, exam_id: int) -> int:
    with stage.app.app_context(), reading() as tx:
        query = sa.select(sa.func.count()).where(attempts.c.exam_id == exam_id)
        return int(tx.execute(query).scalar_one())


def test_a_replay_changes_nothing(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=2)
    phone = stage.phone(0).begin(stage.open_exam())
    for letters in ("A", "B", "A"):
        for item in phone.items:
            given = [letters] if item["type"] != "judge" else ["T" if letters == "A" else "F"]
            assert phone.save(item["no"], given) == 200
    before = phone.read_paper()["items"]
    replays = [
        {"no": no, "response": response, "seq": seq, "flagged": False, "age_ms": 0}
        for (no, seq), response in phone.sent.items()
    ]
    for entry in replays * 3:
        assert phone.send([entry]) == 200
    changed = sum(a != b for a, b in zip(before, phone.read_paper()["items"], strict=True))
    counted("D15", len(replays) * 3, changed + phone.count_lost())


def test_simultaneous_hand_ins_close_once(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=8)
    exam_id = stage.open_exam()
    wrong = tries = 0
    for number in range(8):
        phone = stage.phone(number).begin(exam_id)
        for item in phone.items[:10]:
            phone.save(item["no"], right_answer(item))
        last = phone.items[10]
        twins = [same_session(stage, phone) for _ in range(10)]
        save = partial(phone.save, last["no"], right_answer(last))
        replies = at_once([save, *(twin.submit for twin in twins)])
        tries += len(twins)
        receipts = {(reply.status, reply.body) for reply in replies[1:]}
        wrong += len(receipts) - 1
        answer: Reply = replies[1]
        wrong += answer.status != 200 or answer.json["score_cp"] != phone.expected_cp()
    counted("D16", tries, wrong, "8 attempts, 10 hand-ins and a save at once each")


def test_parallel_starts_give_one_attempt(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=4)
    wrong = tries = 0
    for number in range(4):
        exam_id = stage.open_exam(attempts_allowed=2)
        phones = [stage.phone(number) for _ in range(2)]
        for phone in phones:
            assert phone.sign_in().status == 303
        for allowed in (1, 2, 2):
            callers = [same_session(stage, phones[i % 2]) for i in range(25)]
            replies = at_once([partial(caller.start, exam_id) for caller in callers])
            tries += len(replies)
            wrong += count_attempts(stage, exam_id) != allowed
            statuses = {reply.status for reply in replies}
            ids = {reply.json["attempt_id"] for reply in replies if reply.status == 201}
            if ids:
                wrong += len(ids) != 1 or statuses != {201}
                phones[0].attempt_id = ids.pop()
                phones[0].read_paper()
                wrong += phones[0].submit().status != 200
            else:
                wrong += {reply.json["code"] for reply in replies} != {"no_attempts_left"}
    counted("D21", tries, wrong, "25 starts at once")


def test_another_network_keeps_the_sign_in(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=1)
    phone = stage.phone(0).begin(stage.open_exam())
    refused = 0
    for change in range(40):
        phone.hang_up()
        phone.address, phone.agent = f"127.0.0.{2 + change}", f"phone of network {change}"
        item = phone.items[change % ITEMS]
        refused += phone.save(item["no"], right_answer(item)) != 200
    cookies = dict(phone.cookies)
    refused += phone.read_paper()["state"] != "open" or phone.cookies != cookies
    counted("D17", 41, refused + phone.count_lost(), "address and browser change every time")


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """A foreign process keeps every writer out."""
    with stage.app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")
    else:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            connection.execute("LOCK TABLE answer_events, attempts, journal_head IN EXCLUSIVE MODE")
            yield
            connection.rollback()


def save_behind_the_lock(phones: list[Phone]) -> Callable[[], set[int]]:
    """Let every phone save now; return how to wait for their statuses."""
    statuses: list[int] = []

    def save(phone: Phone) -> None:
        first = phone.items[0]
        statuses.append(phone.save(first["no"], right_answer(first)))

    threads = [threading.Thread(target=save, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()

    def wait() -> set[int]:
        for thread in threads:
            thread.join()
        return set(statuses)

    return wait


def test_a_locked_store_makes_saves_wait_and_nothing_else(
    make_stage: MakeStage, counted: Report
) -> None:
    stage = make_stage(officers=6)
    exam_id = stage.open_exam()
    phones = [stage.phone(number).begin(exam_id) for number in range(5)]
    with locked(stage):
        began = time.monotonic()
        wait = save_behind_the_lock(phones)
        time.sleep(0.5)
    was_short = time.monotonic() - began < 2
    wrong = int(wait() != {200}) if was_short else 0
    with locked(stage):
        wait = save_behind_the_lock(phones)
        visitor = stage.phone(5)
        wrong += visitor.sign_in().status != 303
        wrong += visitor.call("GET", "/exams").status != 200
        wrong += wait() != {503}
    wrong += sum(phone.flush() != 200 for phone in phones)
    wrong += sum(phone.count_lost() for phone in phones)
    note = "lock held for a moment: saved; for long: 503, kept, saved afterwards"
    counted("D6", 2 * len(phones) + 2, wrong, note)
