"""What is counted, and that SQL and the rules in Python give the same board."""

import random

import pytest
import sqlalchemy as sa

from quizapp.domain.metrics.base import Tally
from quizapp.domain.standings import TIES, add_up, by_city, by_county, rank_officers, span_of
from quizapp.store import exams, standings, tallies, watch
from quizapp.store.attempts import attempts
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster
from quizapp.store.ranked import TIE_COLUMNS, list_best, list_live_officers
from quizapp.store.training import credit_rules, hour_postings
from tests.boards import OPENS, Contest, make_contest, sit
from tests.factories import make_officer, place_of

FIGURES = (
    "eligible",
    "participants",
    "score_sum_cp",
    "passed",
    "excellent",
    "full_marks",
    "top_cp",
)


def figures(counted: list[Tally]) -> dict[str, tuple[int, ...]]:
    return {t.unit.code: tuple(getattr(t, name) for name in FIGURES) for t in counted if t.eligible}


def count(tx: Tx, contest: Contest) -> list[Tally]:
    return tallies.unit_tallies(tx, exams.get_exam(tx, contest.exam_id))


THREE_CITIES = {
    "130100": (4, 3, 24000, 3, 1, 0, 9000),
    "130500": (2, 2, 15000, 1, 1, 1, 10000),
    "130682": (2, 1, 9000, 1, 1, 0, 9000),
}


def test_three_cities_by_hand(tx: Tx) -> None:
    assert figures(by_city(count(tx, make_contest(tx)))) == THREE_CITIES


def test_every_unit_has_a_row_also_without_anybody(tx: Tx) -> None:
    counted = count(tx, make_contest(tx))
    assert len(counted) == 180
    assert figures(counted)["130104"] == (2, 1, 7000, 1, 0, 0, 7000)
    assert len([t for t in by_city(counted) if t.unit.is_ranked]) == 14


def test_a_worse_second_attempt_changes_nothing_and_a_better_one_counts_once(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["甲"], 20, 100)
    assert figures(by_city(count(tx, contest))) == THREE_CITIES
    sit(tx, contest.exam_id, contest.people["甲"], 95, 900)
    assert figures(by_city(count(tx, contest)))["130100"] == (4, 3, 24500, 3, 1, 0, 9500)


def test_running_and_cancelled_attempts_do_not_count(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["丁"], None)
    cancelled = {"closed_at": OPENS, "close_reason": "cancelled"}
    sit(tx, contest.exam_id, contest.people["辛"], None, **cancelled)
    assert figures(by_city(count(tx, contest))) == THREE_CITIES
    assert tallies.count_open(tx, contest.exam_id) == 1


def test_an_excused_officer_who_takes_part_counts_on_both_sides(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["壬"], 10)
    assert figures(by_city(count(tx, contest)))["130682"] == (3, 2, 10000, 1, 1, 0, 9000)


def test_every_tie_of_the_rules_has_its_column() -> None:
    assert list(TIE_COLUMNS) == TIES.keys()


def test_the_live_board_ranks_as_the_rules_do(tx: Tx) -> None:
    for seed, ties in enumerate((("least_time", "earliest"), ("most_right",), ())):
        contest = make_contest(tx, ties=ties)
        chance = random.Random(seed)
        for officer_id in list(contest.people.values()) * 2:
            sit(
                tx, contest.exam_id, officer_id, chance.choice((80, 85, 90)),
                chance.choice((300, 400)),
                started_s=chance.choice((0, 60)), right_count=chance.choice((15, 16)),
            )  # fmt: skip
        exam = exams.get_exam(tx, contest.exam_id)
        ruled = rank_officers(list_best(tx, exam), ties)
        shown = list_live_officers(tx, exam, span=None, city_id=None, limit=100, offset=0)
        assert [(r.best.officer_id, r.rank, r.rank_in_city) for r in ruled] == [
            (r.officer_id, r.rank, r.rank_in_city) for r in shown
        ]
        page = list_live_officers(tx, exam, span=None, city_id=None, limit=2, offset=2)
        assert page == shown[2:4]
        tx.execute(sa.delete(exam_roster))
        tx.execute(sa.delete(attempts))


def test_the_attempt_that_counts_is_chosen_by_the_declared_ties(tx: Tx) -> None:
    contest = make_contest(tx)
    faster = sit(tx, contest.exam_id, contest.people["甲"], 90, 500, started_s=900)
    best = {b.officer_id: b.attempt_id for b in list_best(tx, exams.get_exam(tx, contest.exam_id))}
    assert best[contest.people["甲"]] == faster


def test_a_span_and_a_city_limit_every_list(tx: Tx) -> None:
    contest = make_contest(tx)
    exam = exams.get_exam(tx, contest.exam_id)
    xingtai, county = place_of(tx, "130500"), place_of(tx, "130104")
    span = span_of([xingtai, county])
    lines = list_live_officers(tx, exam, span=span, city_id=None, limit=9, offset=0)
    assert [line.name[0] for line in lines] == ["戊", "丙", "己"]
    only = list_live_officers(tx, exam, span=span, city_id=xingtai.id, limit=9, offset=0)
    assert [line.name[0] for line in only] == ["戊", "己"]
    assert span_of([place_of(tx, "130000"), county]) is None
    absent = watch.list_absent(tx, exam.id, span=span, city_id=None, limit=9, offset=0)
    assert [row.name[0] for row in absent] == ["丁"]


def test_absent_are_those_invited_and_not_excused_and_running_is_said(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["丁"], None)
    rows = watch.list_absent(tx, contest.exam_id, span=None, city_id=None, limit=9, offset=0)
    assert [(row.name[0], row.city_name, row.is_running) for row in rows] == [
        ("丁", "石家庄市", True), ("辛", "定州市", False),
    ]  # fmt: skip
    assert watch.count_absent(tx, contest.exam_id, span=None, city_id=None) == 2


def test_fast_attempts_are_those_that_passed_below_the_line(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["丁"], 40, 30)
    rows = watch.list_fast(
        tx, contest.exam_id, faster_than_s=60, least_cp=6000, span=None, limit=10
    )
    assert [(row.name[0], row.duration_s, row.devices) for row in rows] == [("戊", 50, 0)]


def test_hours_count_each_officer_once_at_the_first_hand_in(tx: Tx) -> None:
    contest = make_contest(tx)
    sit(tx, contest.exam_id, contest.people["甲"], 95, 600, started_s=7200)
    sit(tx, contest.exam_id, contest.people["丁"], 60, 600, started_s=3600)
    trend = tallies.hourly_participants(tx, contest.exam_id, span=None, city_id=None)
    assert [(at.hour, people) for at, people in trend] == [(8, 6), (9, 1)]


def test_a_new_officer_after_the_freeze_is_not_invited(tx: Tx) -> None:
    contest = make_contest(tx)
    make_officer(tx, "130502")
    assert figures(by_city(count(tx, contest))) == THREE_CITIES
    assert standings.find_publication(tx, contest.exam_id) is None


@pytest.mark.parametrize("seed", range(3))
def test_the_province_is_the_sum_of_its_cities_and_of_its_officers(tx: Tx, seed: int) -> None:
    contest = make_contest(tx)
    chance = random.Random(seed)
    for officer_id in list(contest.people.values()) * 2:
        sit(tx, contest.exam_id, officer_id, chance.randrange(101))
    counted = count(tx, contest)
    province = counted[0].unit
    whole = add_up(counted, province)
    assert add_up(by_city(counted), province) == add_up(by_county(counted), province) == whole
    best = list_best(tx, exams.get_exam(tx, contest.exam_id))
    assert whole.participants == len(best)
    assert whole.score_sum_cp == sum(b.score_cp for b in best)
    assert whole.top_cp == max(b.score_cp for b in best)


def test_hours_posted_for_the_exam_are_found_and_reversals_taken_off(tx: Tx) -> None:
    contest = make_contest(tx)
    rule_id = tx.execute(
        sa.insert(credit_rules)
        .values(kind="contest", version=1, minutes_per_hour=45, step_ch=50, valid_from=OPENS.date())
        .returning(credit_rules.c.id)
    ).scalar_one()

    def post(nick: str, source: str, credit_ch: int, reverses: int | None = None) -> int:
        place = place_of(tx, "130102")
        posted = tx.execute(
            sa.insert(hour_postings)
            .values(
                officer_id=contest.people[nick], unit_id=place.id, scoring_unit_id=place.id,
                cadre_level="section", held_on=OPENS.date(), year=2026, kind="contest",
                title="竞赛", minutes=0, credit_ch=credit_ch, times=1, rule_id=rule_id,
                source=source, reverses_id=reverses, posted_at=OPENS,
            )
            .returning(hour_postings.c.id)
        )  # fmt: skip
        return int(posted.scalar_one())

    exam_id, other = contest.exam_id, contest.exam_id + 10
    post("甲", f"contest:{exam_id}:1", 200)
    wrong = post("乙", f"contest:{exam_id}:2", 200)
    post("乙", f"reversal:{wrong}", -200, wrong)
    post("丙", f"contest:{exam_id}{other}:3", 200)
    assert standings.contest_credits(tx, exam_id) == {
        contest.people["甲"]: 200, contest.people["乙"]: 0,
    }  # fmt: skip
