"""D22: the organizer changes the time while officers are inside; each case counts its losses."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from quizapp.domain.people import Viewer
from quizapp.service import closing, exam_times
from quizapp.service.exam_times import ALL, Target
from quizapp.store.attempts import answer_events
from quizapp.store.db import reading, transaction
from tests.factories import NOW, make_viewer
from tests.web.sitting import Hall, Open, Sitter, answer

Counted = Callable[[str, int, int], None]


def organizer() -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "organizer")


def stored() -> int:
    with reading() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(answer_events)).scalar_one())


def seen(sitter: Sitter) -> tuple[str, int, int]:
    shown = sitter.get("/state").json
    return shown["state"], shown["remaining_s"], shown["revision"]


def test_extra_time_and_a_shorter_window_show_at_the_next_heartbeat(
    app: Flask, hall_of: Open, counted: Counted
) -> None:
    hall: Hall = hall_of(6)
    boss = organizer()
    sitters = [hall.sitter(place) for place in range(6)]
    for sitter in sitters:
        assert sitter.save(answer(1, "A"), answer(4, "T")).status_code == 200
    hall.later(minutes=10)
    exam_times.grant_extra(boss, hall.exam.id, ALL, extra_s=600, reason="停电", now=hall.now)
    wrong = sum(seen(sitter) != ("open", 3600, 2) for sitter in sitters)
    end = hall.now + timedelta(minutes=20)
    exam_times.move_window(
        boss, hall.exam.id, ALL,
        opens_at=hall.exam.opens_at, closes_at=end, reason="会议", now=hall.now,
    )  # fmt: skip
    wrong += sum(seen(sitter) != ("open", 1200, 3) for sitter in sitters)
    for sitter in sitters:
        saved = sitter.save(answer(2, "B")).json
        wrong += (saved["remaining_s"], saved["revision"]) != (1200, 3)
    hall.now = end + timedelta(seconds=60)
    wrong += sum(sitter.save(answer(3, "A")).status_code != 409 for sitter in sitters)
    wrong += closing.close_expired(now=hall.now, allowance_s=30) != 6
    wrong += sum(sitter.submit().json["answered"] != 3 for sitter in sitters)
    counted("D22 extended and shortened", 36, wrong + abs(stored() - 18))


def test_extra_time_for_one_officer_shows_to_that_one_alone(
    app: Flask, hall_of: Open, counted: Counted
) -> None:
    hall: Hall = hall_of(3)
    boss = organizer()
    sitters = [hall.sitter(place) for place in range(3)]
    with reading() as tx:
        staff_no = tx.execute(
            sa.text("SELECT staff_no FROM officers WHERE id = :id"), {"id": hall.officers[1]}
        ).scalar_one()
    target = Target(staff_no=staff_no)
    exam_times.grant_extra(boss, hall.exam.id, target, extra_s=300, reason="设备故障", now=NOW)
    expected = [("open", 3600, 1), ("open", 3900, 2), ("open", 3600, 1)]
    wrong = sum(seen(sitter) != one for sitter, one in zip(sitters, expected, strict=True))
    counted("D22 one officer", 3, wrong)


def test_a_cancelled_exam_stops_and_keeps_what_was_answered(
    app: Flask, hall_of: Open, counted: Counted
) -> None:
    hall: Hall = hall_of(4, score_release="handed_in", answers_release="handed_in")
    boss = organizer()
    sitters = [hall.sitter(place) for place in range(4)]
    for sitter in sitters:
        assert sitter.save(answer(1, "A")).status_code == 200
    exam_times.cancel(boss, hall.exam.id, "题目泄露", now=hall.now)
    wrong = sum(seen(sitter)[0] in ("open", "time_over") for sitter in sitters)
    wrong += sum(sitter.save(answer(2, "A")).status_code != 409 for sitter in sitters)
    wrong += sum(sitter.get("/result").status_code == 200 for sitter in sitters)
    again = hall.sitter(0, started=False).post(f"/exams/{hall.exam.id}/attempts")
    wrong += again.status_code < 400
    counted("D22 cancelled", 13, wrong + abs(stored() - 4))
