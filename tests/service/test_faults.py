"""试题报错: from the result page to the trainers and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from quizapp.domain.attempts import Caller
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.people import Viewer
from quizapp.service import attempts, closing, faults
from quizapp.store.db import transaction
from tests.factories import NOW, make_exam, make_small_bank, make_viewer

AFTER = NOW + timedelta(hours=9)


@pytest.fixture
def sat(app: Flask) -> tuple[Viewer, int]:
    """An officer with a finished paper whose answers open after the exam."""
    with transaction() as tx:
        make_small_bank(tx)
        organizer, officer = make_viewer(tx, "organizer"), make_viewer(tx, unit="130502")
    exam = make_exam(organizer, answers_release="closed")
    attempt_id = attempts.start(officer, exam.id, pledged=True, now=NOW).attempt_id
    caller = Caller(officer.officer_id, 1, "")
    closing.submit(officer, caller, attempt_id, [], now=NOW, allowance_s=30)
    return officer, attempt_id


def trainer(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer", unit)


def report(officer: Viewer, attempt_id: int, no: int = 1, **over: object) -> int:
    values = {"kind": "key", "text": "答案应为警告", "now": AFTER} | over
    return faults.report(officer, attempt_id, no, **values)  # type: ignore[arg-type]


def test_a_report_reaches_the_trainers_and_comes_back_answered(sat: tuple[Viewer, int]) -> None:
    officer, attempt_id = sat
    fault_id = report(officer, attempt_id)
    someone = trainer()
    (row,) = faults.list_desk(someone).open
    assert (row.id, row.no, row.text, row.kind) == (fault_id, 1, "答案应为警告", "key")
    faults.answer(someone, fault_id, outcome="right", text="依照第五十一条。", now=AFTER)
    assert faults.list_desk(someone).open == []
    (own,) = faults.list_own(officer, attempt_id)
    assert (own.outcome, own.answer) == ("right", "依照第五十一条。")
    with pytest.raises(Conflict):
        faults.answer(someone, fault_id, outcome="fixed", text="再答", now=AFTER)


def test_nothing_is_reported_before_the_answers_open(sat: tuple[Viewer, int]) -> None:
    officer, attempt_id = sat
    with pytest.raises(NotAllowed, match="answers_not_visible"):
        report(officer, attempt_id, now=NOW)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"kind": "?"}, Invalid), ({"text": " "}, Invalid), ({"text": "长" * 501}, Invalid),
        ({"no": 0}, NotFound), ({"no": 99}, NotFound),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    sat: tuple[Viewer, int], over: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        report(*sat, **over)  # type: ignore[arg-type]


def test_an_item_is_reported_once_and_only_on_the_own_paper(sat: tuple[Viewer, int]) -> None:
    officer, attempt_id = sat
    report(officer, attempt_id)
    with pytest.raises(Conflict):
        report(officer, attempt_id)
    with transaction() as tx:
        stranger = make_viewer(tx)
    with pytest.raises(NotAllowed):
        report(stranger, attempt_id, 2)


def test_reports_on_the_provinces_bank_are_for_its_own_trainers(sat: tuple[Viewer, int]) -> None:
    fault_id = report(*sat)
    city = trainer("130500")
    assert faults.list_desk(city).open == []
    with pytest.raises(NotFound):
        faults.get_fault(city, fault_id)
    with pytest.raises(NotFound):
        faults.answer(city, fault_id, outcome="right", text="无误", now=AFTER)


def test_of_two_reports_at_the_same_moment_one_is_kept(app: Flask, sat: tuple[Viewer, int]) -> None:
    officer, attempt_id = sat
    ready = Barrier(2)

    def one(text: str) -> object:
        with app.app_context():
            ready.wait()
            try:
                return report(officer, attempt_id, text=text)
            except Conflict as refusal:
                return refusal.name

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, ("应为甲", "应为乙")))
    assert "fault_reported_already" in found
    assert len(faults.list_own(officer, attempt_id)) == 1
