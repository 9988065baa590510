"""No acknowledged answer is lost: workers killed, everything killed, deploys, a foreign lock."""

import random
import resource
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psutil
import pytest

from tests.faults.conftest import MakeStage
from tests.faults.phone import Phone
from tests.faults.server import Server
from tests.faults.stage import Stage

LETTERS = {"single": "ABCD", "multiple": "ABCD", "judge": "TF"}
Report = Callable[..., None]


def any_response(chance: random.Random, item: dict[str, object]) -> list[str]:
    letters = LETTERS[str(item["type"])]
    if item["type"] == "multiple":
        return sorted(chance.sample(letters, chance.randint(1, 4)))
    return [chance.choice(letters)]


def keep_saving(phone: Phone, count: int, pause_s: float = 0.0) -> None:
    """Answer questions at random, as long as it takes to have sent `count` saves."""
    chance = random.Random(phone.staff_no)
    for _ in range(count):
        item = chance.choice(phone.items)
        if phone.save(item["no"], any_response(chance, item)) == 0:
            time.sleep(0.05)
        if pause_s:
            time.sleep(pause_s)


def together(threads: Iterable[threading.Thread]) -> list[threading.Thread]:
    started = list(threads)
    for thread in started:
        thread.start()
    return started


def savers(stage: Stage, exam_id: int, count: int, pause_s: float = 0.0) -> list[threading.Thread]:
    """Let every officer of the stage begin, and return a running thread for each."""
    phones = [stage.phone(number).begin(exam_id) for number in range(len(stage.officers))]
    return together(
        threading.Thread(target=keep_saving, args=(phone, count, pause_s)) for phone in phones
    )


def bring_home(stage: Stage) -> tuple[int, int]:
    """Let every outbox empty itself, compare, hand in and compare the score; both counts."""
    lost = wrong = 0
    for phone in stage.phones:
        for _ in range(50):
            if phone.flush() == 200:
                break
            time.sleep(0.1)
        assert not phone.waiting()
        lost += phone.count_lost()
        receipt = phone.submit().json
        wrong += receipt["score_cp"] != phone.expected_cp()
    return lost, wrong


def kill_workers(server: Server, every_s: float, until: threading.Event) -> int:
    killed = 0
    while not until.wait(every_s):
        workers = server.workers()
        if workers:
            with suppress(psutil.NoSuchProcess):
                random.choice(workers).kill()
                killed += 1
    return killed


def test_killed_workers_lose_nothing(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=20)
    exam_id = stage.open_exam()
    threads = savers(stage, exam_id, 60, pause_s=0.1)
    over = threading.Event()
    kills: list[int] = []
    killer = threading.Thread(
        target=lambda: kills.append(kill_workers(stage.server, 0.7, over)), daemon=True
    )
    killer.start()
    for thread in threads:
        thread.join()
    over.set()
    killer.join()
    lost, wrong = bring_home(stage)
    failed = sum(phone.failed for phone in stage.phones)
    counted("D1", 20 * 60, lost + wrong, f"{kills[0]} workers killed, {failed} requests failed")


def test_a_killed_server_loses_nothing_and_is_back_at_once(
    make_stage: MakeStage, counted: Report
) -> None:
    stage = make_stage(officers=10)
    exam_id = stage.open_exam()
    threads = savers(stage, exam_id, 60, pause_s=0.1)
    back_s = []
    for _ in range(4):
        time.sleep(0.8)
        stage.server.kill_all()
        back_s.append(stage.server.start())
    for thread in threads:
        thread.join()
    lost, wrong = bring_home(stage)
    failed = sum(phone.failed for phone in stage.phones)
    note = f"4 kills, {failed} requests failed, back after at most {max(back_s):.1f} s"
    counted("D2", 10 * 60, lost + wrong, note)


@pytest.mark.parametrize("make_stage", ["sqlite"], indirect=True)
def test_a_full_disk_acknowledges_nothing_and_is_got_over(
    make_stage: MakeStage, counted: Report
) -> None:
    stage = make_stage(officers=6)
    exam_id = stage.open_exam()
    phones = [stage.phone(number).begin(exam_id) for number in range(6)]
    for phone in phones:
        keep_saving(phone, 5)
    journal = stage.folder / "quiz.sqlite-wal"
    stage.server.limit_files(journal.stat().st_size + 20_000)
    for phone in phones:
        keep_saving(phone, 60)
    failed = sum(phone.failed for phone in phones)
    stage.server.limit_files(resource.RLIM_INFINITY)
    for phone in phones:
        keep_saving(phone, 5)
    after = sum(phone.failed for phone in phones) - failed
    lost, wrong = bring_home(stage)
    assert failed > 0
    statuses = ", ".join(map(str, sorted({s for phone in phones for s in phone.refusals})))
    note = f"{failed} saves refused with {statuses} while full, {after} after"
    counted("D4", 6 * 70, lost + wrong + after, note)


def test_a_deploy_refuses_nobody(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=10)
    exam_id = stage.open_exam()
    threads = savers(stage, exam_id, 60, pause_s=0.1)
    for _ in range(3):
        time.sleep(0.7)
        stage.server.reload()
    time.sleep(0.5)
    stage.server.stop()
    stage.server.start()
    for thread in threads:
        thread.join()
    refused = sum(len(phone.refusals) for phone in stage.phones)
    lost, wrong = bring_home(stage)
    counted("D3", 10 * 60, lost + wrong + refused, "3 reloads, 1 stop and start")
