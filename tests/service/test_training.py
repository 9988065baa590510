import random
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.credit_rules import CreditRule
from quizapp.domain.errors import Invalid, NotAllowed, NotFound
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Viewer
from quizapp.domain.training import AlreadyReversed, ContestResult, Posting
from quizapp.service import credit_rules, ledger, places, training
from quizapp.store import exams
from quizapp.store import training as store
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.training import hour_postings
from tests.factories import NOW, make_bank, make_exam, make_officer, make_viewer, place_of

CITIES = ("130100", "130200", "130500", "130682", "133100")


@pytest.fixture(autouse=True)
def _places(app: Flask) -> None:
    places.load_places(NOW)


def post(tx: Tx, officer_id: OfficerId, unit: str, **over: object) -> None:
    place = place_of(tx, unit)
    count = tx.execute(sa.select(sa.func.count()).select_from(hour_postings)).scalar_one()
    values: dict[str, object] = {
        "officer_id": officer_id,
        "unit_id": place.id,
        "scoring_unit_id": place.scoring_unit_id,
        "cadre_level": "section",
        "held_on": date(2026, 5, 4),
        "kind": "classroom",
        "title": "执法规范化培训",
        "minutes": 90,
        "credit_ch": 200,
        "rule_id": credit_rules.rules_for_posting(tx)[0].id,
        "source": f"sheet:{count}",
        "posted_at": NOW,
    }
    assert store.add_postings(tx, [Posting(**(values | over))]) == 1  # type: ignore[arg-type]


def organizer(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "organizer", unit)


def result(tx: Tx, officer_id: OfficerId, unit: str = "130500", **over: object) -> ContestResult:
    place = place_of(tx, unit)
    values: dict[str, object] = {
        "officer_id": officer_id,
        "unit_id": place.id,
        "scoring_unit_id": place.scoring_unit_id,
        "submitted_at": datetime.fromisoformat("2026-12-31T16:30:00+00:00"),
        "duration_s": 1801,
        "passed": True,
    }
    return ContestResult(**(values | over))  # type: ignore[arg-type]


EXAM = SimpleNamespace(id=3, title="全省法律知识竞赛", credit_ch=None)


def test_a_passed_contest_posts_once_on_the_civil_day_of_the_hand_in(app: Flask) -> None:
    with transaction() as tx:
        passed, failed = make_officer(tx), make_officer(tx)
        results = [result(tx, passed), result(tx, failed, passed=False)]
        assert training.post_contest(tx, exam=EXAM, results=results, now=NOW) == 1
    with transaction() as tx:
        again = [result(tx, passed), result(tx, failed)]
        assert training.post_contest(tx, exam=EXAM, results=again, now=NOW) == 1
    with reading() as tx:
        (line,) = store.list_postings(tx, passed)
    assert (line.credit_ch, line.minutes, line.times) == (200, 31, 1)
    assert (line.held_on, line.year) == (date(2027, 1, 1), 2027)  # half past midnight in China
    assert line.source == f"contest:3:{passed}"


def test_an_exam_may_set_its_own_credit(app: Flask) -> None:
    exam = SimpleNamespace(id=4, title="专项竞赛", credit_ch=600)
    with transaction() as tx:
        officer_id = make_officer(tx)
        training.post_contest(tx, exam=exam, results=[result(tx, officer_id)], now=NOW)
        assert store.list_postings(tx, officer_id)[0].credit_ch == 600


def test_a_reversal_is_a_posting_of_its_own_and_only_one(app: Flask) -> None:
    viewer = organizer()
    with transaction() as tx:
        officer_id = make_officer(tx)
        post(tx, officer_id, "130500")
        (line,) = store.list_postings(tx, officer_id)
    ledger.reverse(viewer, line.id, "登记错误", now=NOW)
    with pytest.raises(AlreadyReversed):
        ledger.reverse(viewer, line.id, "再来一次", now=NOW)
    year = training.year_of(officer_id, 2026, now=NOW)
    assert year.credit_ch == 0
    assert [(entry.posting.credit_ch, entry.is_reversed) for entry in year.lines] == [
        (-200, False),
        (200, True),
    ]
    assert training.totals(viewer, "city").total.persons == 0
    with pytest.raises(NotFound):
        ledger.reverse(viewer, 999_999, "没有", now=NOW)


def test_an_organizer_reverses_only_inside_the_own_scope(app: Flask) -> None:
    viewer = organizer("130100")
    with transaction() as tx:
        officer_id = make_officer(tx)
        post(tx, officer_id, "130500")
        (line,) = store.list_postings(tx, officer_id)
    with pytest.raises(NotAllowed):
        ledger.reverse(viewer, line.id, "不是本市", now=NOW)


@pytest.mark.parametrize("seed", range(10))
def test_the_province_is_the_sum_of_its_cities_and_of_its_officers(app: Flask, seed: int) -> None:
    chance = random.Random(seed)
    viewer = organizer()
    with transaction() as tx:
        people = [(make_officer(tx, unit), unit) for unit in CITIES for _ in range(4)]
        for officer_id, unit in people:
            for _ in range(chance.randint(0, 3)):
                post(
                    tx,
                    officer_id,
                    chance.choice([unit, unit, "130102"]),  # some have moved
                    held_on=date(chance.choice([2024, 2025, 2026]), 3, 1),
                    credit_ch=chance.randrange(0, 801, 50),
                    cadre_level=chance.choice(["division", "section", "other"]),
                )
        lines = [p for officer_id, _ in people for p in store.list_postings(tx, officer_id)]
    for line in chance.sample(lines, len(lines) // 5):
        ledger.reverse(viewer, line.id, "更正", now=NOW)
    with reading() as tx:
        lines = [p for officer_id, _ in people for p in store.list_postings(tx, officer_id)]
    sums = {level: training.totals(viewer, level, year=2026) for level in training.LEVELS} | {
        "all": training.totals(viewer, "city")
    }
    of_year = [line for line in lines if line.year == 2026]
    assert sums["all"].total.credit_ch == sum(line.credit_ch for line in lines)
    assert sums["all"].total.times == sum(line.times for line in lines)
    for level in training.LEVELS:
        assert sums[level].total == sums["city"].total
        for figure in ("times", "credit_ch", "minutes"):
            assert sum(getattr(row, figure) for row in sums[level].rows) == sum(
                getattr(line, figure) for line in of_year
            )
    assert sums["city"].total.persons == sum(row.persons for row in sums["city"].rows)


def test_every_city_has_its_row_also_without_hours(app: Flask) -> None:
    viewer = organizer()
    table = training.totals(viewer, "city", year=2026)
    assert len(table.rows) == 15
    assert table.total.times == 0
    assert len(training.totals(viewer, "county").rows) == 180
    assert [row.key for row in training.totals(viewer, "cadre").rows] == [
        "division",
        "section",
        "other",
    ]


def test_a_city_organizer_counts_only_the_own_city(app: Flask) -> None:
    with transaction() as tx:
        for unit in ("130500", "130100"):
            post(tx, make_officer(tx, unit), unit)
    table = training.totals(organizer("130500"), "city")
    assert [(row.key, row.times) for row in table.rows] == [("130500", 1)]


def test_a_new_rule_counts_from_its_day_and_old_postings_stay(app: Flask) -> None:
    viewer = organizer()
    new = CreditRule("contest", 0, 45, 50, None, None, 600, date(2027, 1, 1))
    assert credit_rules.add_rule(viewer, new, now=NOW).version == 2
    with transaction() as tx:
        before, after = make_officer(tx), make_officer(tx)
        early = result(tx, before, submitted_at=NOW)
        training.post_contest(tx, exam=EXAM, results=[early, result(tx, after)], now=NOW)
        assert store.list_postings(tx, before)[0].credit_ch == 200
        assert store.list_postings(tx, after)[0].credit_ch == 600
    with pytest.raises(Invalid):
        credit_rules.add_rule(viewer, new, now=NOW + timedelta(days=1))
    with pytest.raises(NotAllowed):
        credit_rules.add_rule(organizer("130500"), new, now=NOW)


def test_hours_do_not_give_a_secret_score_away(app: Flask) -> None:
    with transaction() as tx:
        make_bank(tx, per_level=6)
        officer_id = make_officer(tx, "130500")
        viewer = make_viewer(tx, "organizer")
    exam = make_exam(viewer, score_release="published")
    with transaction() as tx:
        passed = result(tx, officer_id, submitted_at=NOW)
        training.post_contest(tx, exam=exam, results=[passed], now=NOW)
        (line,) = store.list_postings(tx, officer_id)
    assert training.year_of(officer_id, 2026, now=NOW).lines == ()
    ledger.reverse(viewer, line.id, "核对", now=NOW)
    assert training.year_of(officer_id, 2026, now=NOW).lines == ()
    with transaction() as tx:
        exams.mark_results(tx, exam.id, published_at=NOW)
    assert len(training.year_of(officer_id, 2026, now=NOW).lines) == 2
