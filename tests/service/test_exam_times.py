"""The time changes while officers are inside (D22): what running attempts get."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.people import Viewer
from quizapp.domain.timing import due_at, terms_of
from quizapp.service import exam_times, exams
from quizapp.service.exam_times import ALL, Target
from quizapp.store import exams as store
from quizapp.store.attempts import attempts
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from tests.factories import NOW, make_exam, make_officer, make_small_bank, make_viewer


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


class Scene:
    """An exam of 60 minutes open until NOW + 7 h, and one running attempt per officer."""

    def __init__(self) -> None:
        with transaction() as tx:
            make_small_bank(tx)
            self.organizer: Viewer = make_viewer(tx, "organizer")
            self.officers = {
                "xindu": make_officer(tx, "130503", staff_no="0001"),
                "qiaoxi": make_officer(tx, "130502", staff_no="0002"),
                "tangshan": make_officer(tx, "130202", staff_no="0003"),
            }
        self.exam: Exam = make_exam(self.organizer)
        for name in self.officers:
            self.start(name, at(0))

    def start(self, name: str, started_at: datetime) -> None:
        with transaction() as tx:
            entry = store.find_roster_entry(tx, self.exam.id, self.officers[name])
            assert entry is not None
            exam = store.get_exam(tx, self.exam.id)
            terms = terms_of(exam, entry, store.list_changes(tx, exam.id))
            values: dict[str, Any] = {
                "exam_id": exam.id,
                "officer_id": entry.officer_id,
                "try_no": 1,
                "unit_id": entry.unit_id,
                "scoring_unit_id": entry.scoring_unit_id,
                "seed": "s",
                "paper": [],
                "shape": "",
                "max_cp": 500,
                "started_at": started_at,
                "limit_s": terms.limit_s,
                "extra_s": terms.extra_s,
                "one_device": True,
                "due_at": due_at(started_at, terms.limit_s, terms.extra_s, terms.closes_at),
            }
            tx.execute(sa.insert(attempts).values(**values))

    def minutes(self) -> dict[str, float]:
        """Minutes from NOW to each attempt's due time."""
        return {name: (row.due_at - NOW).total_seconds() / 60 for name, row in self.rows().items()}

    def rows(self) -> dict[str, Any]:
        with reading() as tx:
            found = {row.officer_id: row for row in tx.execute(sa.select(attempts))}
        return {name: found[officer_id] for name, officer_id in self.officers.items()}

    def revisions(self) -> dict[str, int]:
        return {name: row.revision for name, row in self.rows().items()}

    def extra(self, target: Target, minutes: int, now: datetime = NOW) -> int:
        return exam_times.grant_extra(
            self.organizer, self.exam.id, target, extra_s=minutes * 60, reason="停电", now=now
        )

    def window(self, target: Target, opens: float, closes: float, now: datetime = NOW) -> int:
        return exam_times.move_window(
            self.organizer, self.exam.id, target,
            opens_at=at(opens), closes_at=at(closes), reason="停电", now=now,
        )  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene()


SAME = {"xindu": 60, "qiaoxi": 60, "tangshan": 60}


def test_extra_time_for_all_reaches_every_running_attempt(scene: Scene) -> None:
    assert scene.extra(ALL, 10) == 3
    assert scene.minutes() == {"xindu": 70, "qiaoxi": 70, "tangshan": 70}
    assert set(scene.revisions().values()) == {2}
    assert {row.started_at for row in scene.rows().values()} == {NOW}
    assert exams.get_exam(scene.exam.id).revision == 2


def test_extra_time_for_one_officer_leaves_the_others_alone(scene: Scene) -> None:
    assert scene.extra(Target(staff_no="0001"), 15) == 1
    assert scene.minutes() == SAME | {"xindu": 75}
    assert scene.revisions() == {"xindu": 2, "qiaoxi": 1, "tangshan": 1}


def test_extra_time_for_a_city_reaches_its_counties(scene: Scene) -> None:
    assert scene.extra(Target(unit_code="130500"), 20) == 2
    assert scene.minutes() == {"xindu": 80, "qiaoxi": 80, "tangshan": 60}


def test_extra_time_for_the_province_is_for_all(scene: Scene) -> None:
    assert scene.extra(Target(unit_code="130000"), 5) == 3


def test_the_most_generous_group_and_before_all_the_officer(scene: Scene) -> None:
    scene.extra(Target(unit_code="130500"), 20)
    scene.extra(ALL, 10)
    scene.extra(Target(staff_no="0002"), 5)
    assert scene.minutes() == {"xindu": 80, "qiaoxi": 65, "tangshan": 70}


def test_the_same_grant_again_changes_no_attempt(scene: Scene) -> None:
    scene.extra(ALL, 10)
    assert scene.extra(ALL, 10) == 0
    assert set(scene.revisions().values()) == {2}


def test_a_later_start_gets_the_terms_of_then(scene: Scene) -> None:
    with transaction() as tx:
        tx.execute(sa.delete(attempts).where(attempts.c.officer_id == scene.officers["xindu"]))
    scene.extra(Target(unit_code="130503"), 30)
    scene.start("xindu", at(5))
    assert scene.minutes() == SAME | {"xindu": 95}


def test_a_shorter_window_ends_all_attempts_with_it(scene: Scene) -> None:
    assert scene.window(ALL, -60, 30) == 3
    assert scene.minutes() == {"xindu": 30, "qiaoxi": 30, "tangshan": 30}
    assert exams.get_exam(scene.exam.id).closes_at == at(30)


def test_a_longer_window_gives_back_what_the_end_had_cut(scene: Scene) -> None:
    scene.window(ALL, -60, 30)
    scene.window(ALL, -60, 45)
    assert scene.minutes() == {"xindu": 45, "qiaoxi": 45, "tangshan": 45}
    scene.window(ALL, -60, 120)
    assert scene.minutes() == SAME
    assert set(scene.revisions().values()) == {4}


def test_a_citys_own_window_and_the_last_end_of_all(scene: Scene) -> None:
    assert scene.window(Target(unit_code="130200"), -60, 40) == 1
    assert scene.minutes() == SAME | {"tangshan": 40}
    scene.window(Target(unit_code="130500"), -60, 600)
    exam = exams.get_exam(scene.exam.id)
    assert exam.closes_at == at(420)
    assert exam.last_closes_at == at(600)
    assert exam.phase(at(500)) == "open"


def test_taking_extra_time_back_never_reaches_behind_now(scene: Scene) -> None:
    scene.extra(ALL, 30)
    assert scene.extra(ALL, 0, now=at(75)) == 3
    assert scene.minutes() == {"xindu": 75, "qiaoxi": 75, "tangshan": 75}


def test_a_closed_attempt_keeps_its_time(scene: Scene) -> None:
    with transaction() as tx:
        mine = attempts.c.officer_id == scene.officers["xindu"]
        tx.execute(sa.update(attempts).where(mine).values(closed_at=at(20), submitted_at=at(20)))
    assert scene.extra(ALL, 10, now=at(30)) == 2
    assert scene.minutes()["xindu"] == 60


def test_cancelling_closes_running_attempts_unmarked(scene: Scene) -> None:
    assert exam_times.cancel(scene.organizer, scene.exam.id, "题目泄露", now=at(10)) == 3
    exam = exams.get_exam(scene.exam.id)
    assert (exam.state, exam.cancelled_at) == ("cancelled", at(10))
    for row in scene.rows().values():
        assert (row.closed_at, row.close_reason, row.score_cp) == (at(10), "cancelled", None)
    with pytest.raises(Conflict, match="exam_not_running"):
        scene.extra(ALL, 10)


def test_every_change_is_a_row_with_who_when_and_why(scene: Scene) -> None:
    scene.extra(Target(staff_no="0003"), 10)
    scene.window(Target(unit_code="130500"), 0, 90)
    scene.window(ALL, -60, 300)
    exam_times.cancel(scene.organizer, scene.exam.id, "题目泄露", now=at(1))
    listed = exam_times.list_recorded(scene.organizer, scene.exam.id)
    assert [row.change.kind for row in listed] == ["cancel", "window", "window", "extra"]
    assert [row.reason for row in listed] == ["题目泄露", "停电", "停电", "停电"]
    targets = [row.target for row in listed]
    assert targets[:3] == [None, None, "邢台市"]
    assert targets[3] is not None
    assert targets[3].endswith(" 0003")
    assert {row.made_by for row in listed} == {scene.organizer.name}
    with reading() as tx:
        noted = list(tx.execute(sa.select(journal.c.action).order_by(journal.c.id)).scalars())
    assert noted[2:] == ["exam.extra", "exam.window", "exam.window", "exam.cancelled"]


Act = Callable[[Scene], Any]


@pytest.mark.parametrize(
    ("act", "refusal", "code"),
    [
        (lambda s: s.extra(ALL, -1), Invalid, "extra_s_out_of_range"),
        (lambda s: s.extra(ALL, 10**9), Invalid, "extra_s_out_of_range"),
        (lambda s: s.extra(Target(staff_no="9999"), 5), NotFound, "not_on_roster"),
        (lambda s: s.extra(Target(unit_code="999"), 5), NotFound, "unit_not_found"),
        (lambda s: s.window(ALL, 10, 5), Invalid, "window_invalid"),
        (lambda s: s.window(ALL, -60, -1), Invalid, "window_over"),
        (lambda s: s.window(ALL, 5, 60), Conflict, "already_open"),
        (lambda s: s.window(ALL, -60, 60 * 24 * 400), Invalid, "window_invalid"),
        (lambda s: s.extra(ALL, 5, now=at(420)), Conflict, "exam_over"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(
    scene: Scene, act: Act, refusal: type[Exception], code: str
) -> None:
    with pytest.raises(refusal, match=code):
        act(scene)
    assert scene.minutes() == SAME
    assert exam_times.list_recorded(scene.organizer, scene.exam.id) == []


def test_another_citys_organizer_changes_nothing(scene: Scene) -> None:
    with transaction() as tx:
        stranger = make_viewer(tx, "organizer", "130200")
    scene.organizer, own = stranger, scene.organizer
    for act in (
        lambda: scene.extra(ALL, 5),
        lambda: scene.window(ALL, -60, 60),
        lambda: exam_times.cancel(stranger, scene.exam.id, "无", now=NOW),
        lambda: exam_times.list_recorded(stranger, scene.exam.id),
    ):
        with pytest.raises(NotAllowed, match="out_of_scope"):
            act()
    scene.organizer = own
    assert scene.minutes() == SAME
