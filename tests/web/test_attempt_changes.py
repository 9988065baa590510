"""D22: an organizer changes the time or cancels while officers are inside."""

from datetime import timedelta

from quizapp.service import exam_times
from quizapp.service.exam_times import Target
from quizapp.store.db import transaction
from tests.factories import NOW, make_viewer
from tests.web.sitting import Open, answer


def test_time_changes_reach_the_next_save_and_lose_no_answer(hall_of: Open, counted):
    hall = hall_of(20)
    with transaction() as tx:
        organizer = make_viewer(tx, "organizer")
    sitters = [hall.sitter(place) for place in range(20)]
    wrong = sum(sitter.save(answer(1, "A")).json["remaining_s"] != 3600 for sitter in sitters)
    hall.later(minutes=10)
    exam_times.grant_extra(
        organizer, hall.exam.id, Target(), extra_s=600, reason="停电", now=hall.now
    )
    for sitter in sitters:
        done = sitter.save(answer(2, "B")).json
        wrong += (done["remaining_s"], done["revision"]) != (3600, 2)
    exam_times.move_window(
        organizer, hall.exam.id, Target(), opens_at=NOW - timedelta(hours=1),
        closes_at=NOW + timedelta(minutes=30), reason="缩短", now=hall.now,
    )  # fmt: skip
    for sitter in sitters:
        beat = sitter.get("/state").json
        wrong += (beat["remaining_s"], beat["revision"], beat["saved"]) != (1200, 3, 2)
    exam_times.cancel(organizer, hall.exam.id, "事故", now=hall.now)
    for sitter in sitters:
        refused = sitter.save(answer(3, "A"))
        wrong += (refused.status_code, refused.json["code"]) != (409, "attempt_closed")
        kept = sitter.submit().json
        wrong += (kept["answered"], kept["score_cp"], kept["receipt"]) != (2, None, "")
        wrong += sitter.get("/result").json["code"] != "exam_cancelled"
    counted("D22", 20 * 4, wrong)
