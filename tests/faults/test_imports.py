"""Thousands of questions come in while officers answer; the server dies in the middle of it."""

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from quizapp.store import imports
from quizapp.store.bank import questions
from quizapp.store.db import reading, transaction
from quizapp.store.imports import TAKING, Reading, import_batches, import_items
from quizapp.store.people import uploads
from tests.faults.conftest import MakeStage
from tests.faults.phone import Offline, Phone, Reply
from tests.faults.stage import Stage
from tests.faults.test_races import at_once, same_session
from tests.question_files import row, sheet

Report = Callable[..., None]
ROWS = 2000
BORDER = "a-line-that-no-file-holds"
UPLOAD = (
    f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="x.xlsx"\r\n\r\n'.encode()
    + sheet([row(no) for no in range(ROWS)])
    + f"\r\n--{BORDER}--\r\n".encode()
)


def upload(desk: Phone) -> str:
    """Send the file; return the page of its preview once it is read."""
    kind = {"Content-Type": f"multipart/form-data; boundary={BORDER}"}
    sent = desk.call("POST", "/imports/", raw=UPLOAD, headers=kind)
    assert sent.status == 303, sent.text
    path = sent.headers["Location"]
    follow(desk, path)
    return path


def follow(desk: Phone, path: str) -> str:
    """Look at a page until it no longer asks to be looked at again; return it."""
    while 'http-equiv="refresh"' in (page := desk.page(path).text):
        threading.Event().wait(0.2)
    return page


def confirm(desk: Phone, path: str) -> Reply:
    page = desk.page(path).text
    report = re.search(r'name="report" value="(\w+)"', page)
    form = {"mode": "good", "scope": "province:13", "csrf_token": desk.token}
    return desk.call("POST", path, form=form | {"report": report[1] if report else ""})


def confirm_whole(desk: Phone, path: str) -> int:
    """Confirm and follow the page to its end; return the status of the confirmation."""
    reply = confirm(desk, path)
    follow(desk, path)
    return reply.status


def count(stage: Stage) -> tuple[int, int, int]:
    """Return how many drafts, items of batches, and batches there are to be seen."""
    shown = sa.select(import_batches.c.id).join(uploads).where(uploads.c.confirmed_at.is_not(None))
    queries = (
        sa.select(sa.func.count()).where(questions.c.state == "draft"),
        sa.select(sa.func.count()).where(import_items.c.batch_id.in_(shown)),
        sa.select(sa.func.count()).where(import_batches.c.id.in_(shown)),
    )
    with stage.app.app_context(), reading() as tx:
        drafts, items, batches = (int(tx.execute(query).scalar_one()) for query in queries)
    return drafts, items, batches


def wait_for(stage: Stage, is_reached: Callable[[Reading], bool]) -> None:
    """Return when the one upload stands there."""
    is_there = False
    while not is_there:
        with stage.app.app_context(), reading() as tx:
            is_there = is_reached(imports.get_reading(tx, 1))
        threading.Event().wait(0.001)


def let_time_pass(stage: Stage) -> None:
    """Let the last sign of life of the one upload be a minute old."""
    signs = imports.import_reads
    with stage.app.app_context(), transaction() as tx:
        at = imports.get_reading(tx, 1).started_at - timedelta(minutes=1)
        tx.execute(sa.update(signs).values(started_at=at))


def leavings(stage: Stage) -> int:
    """Return how many questions of the bank have no wording in force."""
    without = sa.select(sa.func.count()).where(questions.c.current_version_id.is_(None))
    with stage.app.app_context(), reading() as tx:
        return int(tx.execute(without).scalar_one())


def keep_saving(phone: Phone, over: threading.Event) -> int:
    """Answer item after item until told; return how many answers were not taken."""
    refused = 0
    while not over.is_set():
        for item in phone.items:
            given = ["T"] if item["type"] == "judge" else ["A"]
            refused += phone.save(item["no"], given) != 200
    return refused


def test_officers_go_on_answering_while_a_file_is_read_and_taken(
    make_stage: MakeStage, counted: Report
) -> None:
    """I4: none of their answers is refused or lost, and all of the file is there afterwards."""
    stage = make_stage(officers=4)
    exam_id, desk = stage.open_exam(), stage.desk("trainer", "88000001")
    phones = [stage.phone(no).begin(exam_id) for no in range(4)]
    over = threading.Event()

    def work() -> int:
        try:
            return confirm_whole(desk, upload(desk))
        finally:
            over.set()

    status, *refused = at_once([work, *(partial(keep_saving, phone, over) for phone in phones)])
    assert status == 303
    assert count(stage) == (ROWS, ROWS, 1)
    lost = sum(phone.count_lost() for phone in phones)
    sent = sum(len(phone.sent) for phone in phones)
    counted("I4 saves beside an import", sent, sum(refused) + lost)


def test_a_double_click_makes_one_batch(make_stage: MakeStage) -> None:
    stage = make_stage()
    desk = stage.desk("trainer", "88000001")
    path, twin = upload(desk), same_session(stage, desk)
    twins = [partial(confirm_whole, desk, path), partial(confirm_whole, twin, path)]
    assert set(at_once(twins)) == {303}
    assert count(stage) == (ROWS, ROWS, 1)


MOMENTS: dict[str, Callable[[int], bool]] = {
    "before the first slice": lambda done: done == 0,
    "between two slices": lambda done: 0 < done < ROWS,
    "after the last slice": lambda done: done == ROWS,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_crash_while_a_file_is_taken_leaves_all_of_it_or_nothing(
    make_stage: MakeStage, moment: str
) -> None:
    """I4: and looking again completes it, once."""
    stage = make_stage()
    desk = stage.desk("trainer", "88000001")
    path = upload(desk)

    def work() -> None:
        with suppress(Offline):
            confirm(desk, path)

    def kill() -> None:
        wait_for(stage, lambda stand: stand.state != TAKING or MOMENTS[moment](stand.done))
        stage.server.kill_all()

    killer = threading.Thread(target=kill)
    worker = threading.Thread(target=work)
    worker.start()
    wait_for(stage, lambda stand: stand.state == TAKING)
    killer.start()
    for each in (worker, killer):
        each.join()
    desk.hang_up()
    assert count(stage) in ((0, 0, 0), (ROWS, ROWS, 1))
    stage.server.start()
    let_time_pass(stage)
    assert f"已导入 {ROWS} 题" in follow(desk, path)
    assert count(stage) == (ROWS, ROWS, 1)
    assert leavings(stage) == 0


def test_a_trainer_reads_that_the_process_died_and_tries_again(make_stage: MakeStage) -> None:
    stage = make_stage()
    desk = stage.desk("trainer", "88000001")
    path = upload(desk)
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.01):
            for worker in stage.server.workers():
                for child in worker.children():
                    over.set()
                    child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    assert confirm_whole(desk, path) == 303
    killer.join()
    assert "没有读完" in desk.page(path).text
    assert (count(stage), leavings(stage)) == ((0, 0, 0), 0)
    assert confirm_whole(desk, path) == 303
    assert count(stage) == (ROWS, ROWS, 1)
