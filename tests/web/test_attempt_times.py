"""Time, replay and races of the contract; each case reports what it tried and lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from quizapp.domain.clock import to_ms
from quizapp.service import closing
from quizapp.store.attempts import answer_events, attempts
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from quizapp.store.training import hour_postings
from tests.factories import NOW
from tests.web.sitting import Hall, Open, answer


def rows() -> list[tuple[int, ...]]:
    with reading() as tx:
        return [
            tuple(row)
            for row in tx.execute(sa.select(answer_events).order_by(*answer_events.primary_key))
        ]


def attempt() -> sa.RowMapping:
    with reading() as tx:
        return tx.execute(sa.select(attempts)).mappings().one()


def close(hall: Hall) -> int:
    return closing.close_expired(now=hall.now, allowance_s=30)


def test_a_save_after_deadline_and_allowance_is_refused_one_just_before_is_not(hall: Hall, counted):
    sitter = hall.sitter()
    hall.now = NOW + timedelta(seconds=3600, milliseconds=-1)
    refused = sum(
        sitter.save(answer(1 + n % 2, "AB"[n % 2], seq=n)).status_code != 200 for n in range(1, 501)
    )
    counted("D7 before", 500, refused)
    stored = rows()
    hall.now = NOW + timedelta(seconds=3631)
    accepted = 0
    for n in range(501, 1001):
        late = sitter.save(answer(1, "C", seq=n, age_ms=n * 1000))
        accepted += late.status_code != 409 or late.json["code"] != "attempt_closed"
    counted("D7 after", 500, accepted + (rows() != stored))


def test_answers_given_in_time_may_arrive_within_the_allowance(hall: Hall):
    sitter = hall.sitter()
    hall.now = NOW + timedelta(seconds=3620)
    assert sitter.get("/state").json["state"] == "time_over"
    done = sitter.save(answer(1, "A", age_ms=25_000), answer(2, "B", age_ms=5_000))
    assert (done.status_code, done.json["saved"]) == (200, [{"no": 1, "seq": 1}])
    assert (done.json["state"], done.json["remaining_s"]) == ("time_over", 0)
    late = sitter.save(answer(2, "B", age_ms=19_000))
    assert late.status_code == 409
    (stored,) = rows()
    assert stored[5] == NOW + timedelta(seconds=3595)
    assert stored[6] == hall.now
    done = sitter.submit({"answers": [answer(4, "T", age_ms=21_000)]})
    assert done.json["answered"] == 2
    assert done.json["submitted_at"] == "2026-11-22T09:00:00Z"
    assert attempt()["close_reason"] == "time_over"


def test_expired_attempts_are_closed_and_marked_without_a_visit(hall_of: Open, counted):
    hall = hall_of(40, score_release="handed_in")
    sitters = [hall.sitter(place) for place in range(40)]
    for sitter in sitters:
        right = "T" if sitter.attempt_id % 2 else "F"
        assert sitter.save(answer(4, right)).status_code == 200
    hall.now = NOW + timedelta(seconds=3600)
    assert close(hall) == 0
    hall.later(seconds=60)
    assert closing.close_expired(now=hall.now, allowance_s=30, slice_size=16) == 40
    assert close(hall) == 0
    wrong = 0
    for sitter in sitters:
        result = sitter.get("/result").json
        expected = 100 if sitter.attempt_id % 2 else 0
        wrong += result["score_cp"] != expected or result["duration_s"] != 3600
        wrong += result["submitted_at"] != "2026-11-22T09:00:00Z"
        wrong += sitter.submit().json["receipt"] != result["receipt"]
    counted("D19", 40, wrong)
    with reading() as tx:
        facts = tx.execute(
            sa.select(journal.c.facts).where(journal.c.action == "attempts.closed")
        ).scalars()
        noted = {attempt_id for entry in facts for attempt_id, _, _ in entry["closed"]}
    assert noted == {sitter.attempt_id for sitter in sitters}


def test_a_passed_competition_posts_its_hours_once(hall_of: Open):
    hall = hall_of(score_release="handed_in", answers_release="handed_in", pass_bp=2000)
    sitter = hall.sitter()
    sitter.save(answer(4, "T"))
    sitter.submit()
    again = hall.sitter()
    again.save(answer(4, "T"))
    hall.now = NOW + timedelta(hours=3)
    assert close(hall) == 1
    with reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(hour_postings)).scalar_one() == 1


def test_a_warm_up_posts_no_hours(hall_of: Open):
    hall = hall_of(score_release="handed_in", pass_bp=1, credit_ch=0)
    sitter = hall.sitter()
    sitter.save(answer(4, "T"))
    sitter.submit()
    with reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(hour_postings)).scalar_one() == 0


def test_a_moved_deadline_reaches_the_next_save(hall: Hall):
    sitter = hall.sitter()
    with transaction() as tx:
        tx.execute(
            sa.update(attempts).values(due_at=NOW + timedelta(minutes=70), extra_s=600, revision=2)
        )
    hall.now = NOW + timedelta(minutes=65)
    done = sitter.save(answer(1, "A"))
    assert (done.json["remaining_s"], done.json["revision"]) == (300, 2)
    assert sitter.get("/state").json["revision"] == 2


def test_replayed_saves_change_nothing(hall: Hall, counted):
    sitter = hall.sitter()
    log = []
    for seq in range(1, 101):
        for no, response in ((1, "ABCD"[seq % 4]), (2, "DCBA"[seq % 4]), (4, "TF"[seq % 2])):
            log.append(answer(no, response, seq=seq))
    for at in range(0, len(log), 50):
        assert sitter.save(*log[at : at + 50]).status_code == 200
    stored, shown = rows(), sitter.paper()["items"]
    failed = sum(sitter.save(entry).status_code != 200 for entry in log for _ in range(4))
    changed = rows() != stored or sitter.paper()["items"] != shown
    counted("D15", 1200, failed + changed)


@pytest.mark.parametrize("case", ["start", "submit", "both"])
def test_races_have_one_outcome(hall_of: Open, counted, case: str):
    """D21: parallel starts give one attempt. D16: parallel hand-ins and saves give one receipt."""
    rounds, at_once = (2, 50) if case == "start" else (4, 25)
    losses = 0
    hall = hall_of(rounds, one_device=False)
    for place in range(rounds):
        phones = [hall.sitter(place, started=False) for _ in range(at_once)]
        if case != "start":
            attempt_id = phones[0].start(hall.exam.id)
            for phone in phones:
                phone.attempt_id = attempt_id

        def act(pair: tuple[int, object]) -> object:
            number, phone = pair
            if case == "start":
                return phone.start(hall.exam.id)  # type: ignore[attr-defined]
            if case == "both" and number % 2:
                saved = phone.save(answer(1, "A", seq=number))  # type: ignore[attr-defined]
                assert saved.status_code in (200, 409)
                return saved.status_code, number
            return phone.submit().json["receipt"]  # type: ignore[attr-defined]

        with ThreadPoolExecutor(16) as pool:
            outcomes = list(pool.map(act, enumerate(phones)))
        receipts = {one for one in outcomes if not isinstance(one, tuple)}
        losses += len(receipts) != 1
        if case == "both":
            acknowledged = {one[1] for one in outcomes if isinstance(one, tuple) and one[0] == 200}
            losses += len(acknowledged - {row[2] for row in rows()})
            phone = phones[0]
            last = max(acknowledged, default=0)
            losses += phone.get("/receipt").json["answered"] != (1 if last else 0)
            receipt = next(iter(receipts))
            losses += phone.client.get(f"/verify/{receipt}").status_code != 200
    with reading() as tx:
        begun = tx.execute(sa.select(sa.func.count()).select_from(attempts)).scalar_one()
    losses += begun != rounds
    counted({"start": "D21", "submit": "D16", "both": "D16 save"}[case], rounds * at_once, losses)


def test_moments_are_stored_in_milliseconds(hall: Hall):
    sitter = hall.sitter()
    sitter.save(answer(1, "A", age_ms=1234))
    with reading() as tx:
        stored = tx.execute(
            sa.select(sa.type_coerce(answer_events.c.given_at, sa.BigInteger))
        ).scalar_one()
    assert stored == to_ms(NOW) - 1234
