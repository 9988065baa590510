"""The server's clock is law: expired attempts are closed unseen, changed times reach open pages."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from quizapp.service import attempts as sitting
from quizapp.service import exam_times
from quizapp.service.people import find_viewer
from quizapp.store.attempts import attempts
from quizapp.store.db import reading
from tests.faults.conftest import MakeStage
from tests.faults.phone import right_answer
from tests.faults.stage import Stage

Report = Callable[..., None]
OFFICERS = 40
LEFT_S = 12


def count_open(stage: Stage, exam_id: int) -> int:
    with stage.app.app_context(), reading() as tx:
        query = sa.select(sa.func.count()).where(
            attempts.c.exam_id == exam_id, attempts.c.closed_at.is_(None)
        )
        return int(tx.execute(query).scalar_one())


def begin_in_the_past(stage: Stage, exam_id: int, at: datetime) -> None:
    """Let every officer begin at `at`, as an exam that has been running for long."""
    with stage.app.app_context():
        for _, _, officer_id in stage.officers:
            viewer = find_viewer(officer_id, 1, f"before-{officer_id}")
            assert viewer is not None
            sitting.start(viewer, exam_id, pledged=True, now=at)


def test_time_over_while_the_server_is_down(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=OFFICERS, network_allowance_s=1)
    began = datetime.now(UTC) - timedelta(seconds=3600 - LEFT_S)
    exam_id = stage.open_exam(at=began)
    begin_in_the_past(stage, exam_id, began)
    phones = [stage.phone(number) for number in range(5)]
    for phone in phones:
        assert phone.sign_in().status == 303
        phone.attempt_id = phone.start(exam_id).json["attempt_id"]
        phone.read_paper()
        for item in phone.items[:6]:
            phone.save(item["no"], right_answer(item))
    stage.server.kill_all()
    while datetime.now(UTC) < began + timedelta(seconds=3600):
        time.sleep(0.2)
    stage.server.start()
    until = time.monotonic() + 60
    while count_open(stage, exam_id) and time.monotonic() < until:
        time.sleep(0.2)
    wrong = count_open(stage, exam_id)
    for phone in phones:
        result = phone.insist("GET", f"/attempts/{phone.attempt_id}/result")
        wrong += result.status != 200 or result.json["score_cp"] != phone.expected_cp()
    counted("D19", OFFICERS, wrong, "server killed before the deadline, started after it")


def test_changed_times_reach_open_pages(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=4)
    exam_id = stage.open_exam()
    phones = [stage.phone(number).begin(exam_id) for number in range(4)]
    for phone in phones:
        for item in phone.items:
            assert phone.save(item["no"], right_answer(item)) == 200
    wrong = tries = 0
    for extra_s, closes_in_s in ((600, None), (0, None), (0, 900)):
        before = phones[0].call("GET", f"/attempts/{phones[0].attempt_id}/state").json
        now = datetime.now(UTC)
        with stage.app.app_context():
            if closes_in_s is None:
                exam_times.grant_extra(
                    stage.organizer,
                    exam_id,
                    exam_times.ALL,
                    extra_s=extra_s,
                    reason="停电",
                    now=now,
                )
                expected_s = 3600 + extra_s
            else:
                exam = sitting.exams.get_exam
                with reading() as tx:
                    opens_at = exam(tx, exam_id).opens_at
                exam_times.move_window(
                    stage.organizer, exam_id, exam_times.ALL, opens_at=opens_at,
                    closes_at=now + timedelta(seconds=closes_in_s), reason="提前结束", now=now,
                )  # fmt: skip
                expected_s = closes_in_s
        for phone in phones:
            beat = phone.call("GET", f"/attempts/{phone.attempt_id}/state").json
            saved = phone.save(1, phone.sent[1, 1])
            wrong += beat["revision"] <= before["revision"] or saved != 200
            wrong += not expected_s - 60 <= beat["remaining_s"] <= expected_s
            tries += 1
    with stage.app.app_context():
        exam_times.cancel(stage.organizer, exam_id, "试题泄露", now=datetime.now(UTC))
    for phone in phones:
        kept = dict(phone.acknowledged)
        wrong += phone.save(1, phone.sent[1, 1]) != 409 or phone.acknowledged != kept
        tries += 1
    counted("D22", tries, wrong, "extended, shortened, window moved, cancelled")
