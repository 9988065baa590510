"""A correction takes effect while officers sit another competition; the server dies in between."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from quizapp.domain.corrections import Draft
from quizapp.domain.ids import ExamId
from quizapp.service import corrections, laying
from quizapp.store import corrections as store
from quizapp.store import tallies
from quizapp.store.correction_runs import correction_runs
from quizapp.store.db import reading, transaction
from tests.bench.finished import Finished, finish_exam
from tests.faults.conftest import MakeStage
from tests.faults.phone import Offline, Phone, Reply
from tests.faults.stage import Stage
from tests.faults.test_imports import Report, keep_saving
from tests.faults.test_races import at_once

PAPERS = 1500


def drafted(stage: Stage, over: Finished) -> int:
    """Draft a ruling that changes every paper, and lay its dry run down."""
    now = datetime.now(UTC)
    draft = Draft(
        ExamId(over.exam_id), over.version_id, -1, "void_none", "", "recalculate", "题目有误"
    )
    with stage.app.app_context():
        correction_id = corrections.draft(stage.organizer, draft, now=now)
        laying.lay_down(correction_id, now=now)
    return correction_id


def approve(desk: Phone, correction_id: int) -> Reply:
    form = {"checked": "1", "csrf_token": desk.token}
    return desk.call("POST", f"/manage/corrections/case/{correction_id}/approve", form=form)


def shown_sum(stage: Stage, exam_id: int) -> int:
    """Return the sum of all scores as everybody reads them."""
    with stage.app.app_context(), reading() as tx:
        return tallies.state_of_marks(tx, exam_id)[1]


def state(stage: Stage, correction_id: int) -> str:
    with stage.app.app_context(), reading() as tx:
        return store.get_correction(tx, correction_id).state


def wait_for_force(stage: Stage, correction_id: int) -> None:
    for _ in range(300):
        if state(stage, correction_id) == "applied":
            return
        threading.Event().wait(0.1)
    raise AssertionError("the correction is not in force")


def test_officers_of_another_exam_go_on_answering(make_stage: MakeStage, counted: Report) -> None:
    """None of their answers is refused or lost while all scores of a competition change."""
    stage = make_stage(officers=4)
    exam_id = stage.open_exam()
    phones = [stage.phone(no).begin(exam_id) for no in range(4)]
    over = finish_exam(stage.app, exam_id, PAPERS)
    correction_id, desk = drafted(stage, over), stage.desk("organizer", "88000002")
    done = threading.Event()

    def work() -> int:
        try:
            status = approve(desk, correction_id).status
            wait_for_force(stage, correction_id)
            return status
        finally:
            done.set()

    status, *refused = at_once([work, *(partial(keep_saving, phone, done) for phone in phones)])
    assert status == 303
    lost = sum(phone.count_lost() for phone in phones)
    sent = sum(len(phone.sent) for phone in phones)
    counted("saves beside a correction", sent, sum(refused) + lost)


@pytest.mark.parametrize("after_s", [0.1, 0.3])
def test_a_crash_leaves_all_old_scores_or_all_new_ones(
    make_stage: MakeStage, counted: Report, after_s: float
) -> None:
    """And the next round of the server that comes back completes it."""
    stage = make_stage(officers=4)
    exam_id = stage.open_exam()
    for no in range(4):
        stage.phone(no).begin(exam_id)
    over = finish_exam(stage.app, exam_id, PAPERS)
    correction_id, desk = drafted(stage, over), stage.desk("organizer", "88000002")
    before = shown_sum(stage, over.exam_id)
    killer = threading.Timer(after_s, stage.server.kill_all)
    killer.start()
    try:
        approve(desk, correction_id)
    except Offline:
        desk.hang_up()
    killer.join()
    left = state(stage, correction_id)
    is_torn = left != "applied" and shown_sum(stage, over.exam_id) != before
    with stage.app.app_context(), transaction() as tx:
        while_ago = datetime.now(UTC) - timedelta(minutes=1)
        tx.execute(sa.update(correction_runs).values(moved_at=while_ago))
    stage.server.start()
    if left == "draft":
        desk.hang_up()
        assert approve(desk, correction_id).status == 303
    wait_for_force(stage, correction_id)
    assert shown_sum(stage, over.exam_id) != before
    with stage.app.app_context(), reading() as tx:
        assert store.get_correction(tx, correction_id).changed == PAPERS
    counted("a correction killed in between", PAPERS, PAPERS * is_torn, f"it was {left}")
