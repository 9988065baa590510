from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.credit_rules import (
    DEFAULT_RULES,
    CreditRule,
    NoRuleInForce,
    check_rule,
    credit,
    minutes_for,
    rule_on,
)
from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.ids import OfficerId, PostingId, UnitId
from quizapp.domain.people import Place
from quizapp.domain.training import (
    HoursTotal,
    Posting,
    class_source,
    contest_source,
    exam_of,
    reversal_of,
    scope_of,
    sum_totals,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = date(2026, 3, 5)


def rule(kind: str = "classroom", **over: object) -> CreditRule:
    values: dict[str, object] = {
        "kind": kind,
        "version": 1,
        "minutes_per_hour": 45,
        "step_ch": 50,
        "day_cap_ch": 800,
        "year_cap_ch": None,
        "fixed_ch": None,
        "valid_from": date(2000, 1, 1),
    }
    return CreditRule(**(values | over))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "credit_ch"),
    [(0, 0), (22, 0), (23, 50), (44, 50), (45, 100), (67, 100), (68, 150), (360, 800), (999, 800)],
)
def test_minutes_become_hours_rounded_down_and_capped(minutes: int, credit_ch: int) -> None:
    assert credit(minutes, rule()) == credit_ch


def test_what_is_held_already_lowers_the_credit_but_never_below_nothing() -> None:
    assert credit(360, rule(), already_today_ch=500) == 300
    assert credit(360, rule(), already_today_ch=900) == 0
    assert credit(90, rule(year_cap_ch=5000), already_year_ch=4900) == 100


def test_a_fixed_credit_does_not_look_at_minutes() -> None:
    assert credit(1, rule("contest", fixed_ch=200, day_cap_ch=None)) == 200
    assert credit(600, rule("contest", fixed_ch=0)) == 0


@given(st.integers(0, 3000), st.integers(1, 90), st.sampled_from([25, 50, 100]))
def test_credit_is_a_multiple_of_the_step_and_never_more_than_earned(
    minutes: int, per_hour: int, step: int
) -> None:
    earned = credit(minutes, rule(minutes_per_hour=per_hour, step_ch=step, day_cap_ch=None))
    assert earned % step == 0
    assert earned * per_hour <= minutes * 100 < (earned + step) * per_hour + 100


@given(st.lists(st.integers(0, 500), max_size=8), st.randoms())
def test_a_day_is_worth_the_same_in_whatever_order_it_is_posted(
    parts: list[int], chance: object
) -> None:
    def total(order: list[int]) -> int:
        held = 0
        for minutes in order:
            held += credit(minutes, rule(), already_today_ch=held)
        return held

    shuffled = list(parts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(parts) == total(shuffled)


@given(st.integers(0, 200).map(lambda half: half * 50), st.integers(1, 90))
def test_hours_given_as_hours_come_back_as_such(credit_ch: int, per_hour: int) -> None:
    plain = rule(minutes_per_hour=per_hour, day_cap_ch=None)
    assert credit(minutes_for(credit_ch, plain), plain) >= credit_ch


def test_the_newest_rule_in_force_on_the_day_counts() -> None:
    old, new = rule(), rule(version=2, valid_from=date(2026, 7, 1), minutes_per_hour=60)
    assert rule_on([old, new], "classroom", date(2026, 6, 30)) == old
    assert rule_on([old, new], "classroom", date(2026, 7, 1)) == new
    with pytest.raises(NoRuleInForce):
        rule_on([old], "classroom", date(1999, 12, 31))
    with pytest.raises(NoRuleInForce):
        rule_on([old], "online", DAY)


def test_the_shipped_rules_cover_every_kind_and_pass_their_own_check() -> None:
    for shipped in DEFAULT_RULES:
        check_rule(shipped, [])
        assert rule_on(DEFAULT_RULES, shipped.kind, DAY) is shipped


def test_a_rule_that_cannot_be_applied_is_refused_field_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(rule("duel", minutes_per_hour=0, step_ch=0, day_cap_ch=-1), [rule("duel")])
    assert [problem["field"] for problem in refused.value.problems] == [
        "minutes_per_hour",
        "step_ch",
        "day_cap_ch",
        "kind",
        "valid_from",
    ]


def posting(**over: object) -> Posting:
    values: dict[str, object] = {
        "officer_id": OfficerId(7),
        "unit_id": UnitId(2),
        "scoring_unit_id": UnitId(1),
        "cadre_level": "section",
        "held_on": DAY,
        "kind": "classroom",
        "title": "行政处罚法专题班",
        "minutes": 360,
        "credit_ch": 800,
        "rule_id": 1,
        "source": "sheet:7:x",
        "posted_at": NOW,
        "id": PostingId(12),
    }
    return Posting(**(values | over))  # type: ignore[arg-type]


def test_a_reversal_takes_back_everything_and_needs_a_reason() -> None:
    back = reversal_of(posting(), reason=" 重复登记 ", by=OfficerId(1), now=NOW)
    assert (back.minutes, back.credit_ch, back.times) == (-360, -800, -1)
    assert (back.year, back.reverses_id, back.reason) == (2026, 12, "重复登记")
    with pytest.raises(Invalid, match="reason_missing"):
        reversal_of(posting(), reason=" ", by=OfficerId(1), now=NOW)
    with pytest.raises(Conflict, match="reversal_of_reversal"):
        reversal_of(back, reason="x", by=OfficerId(1), now=NOW)


def test_sources_name_their_origin_and_fit_their_column() -> None:
    assert exam_of(contest_source(3, 81)) == 3
    source = class_source(2**31, DAY, "classroom", "题" * 120, "m360")
    assert exam_of(source) is None
    assert len(source) + len("#99999") <= 80
    assert source == class_source(2**31, DAY, "classroom", "题" * 120, "m360")
    assert source != class_source(2**31, DAY, "classroom", "题" * 120, "m361")


def place(id_: int, level: str, scoring: int) -> Place:
    return Place(UnitId(id_), str(id_), str(id_), level, None, UnitId(scoring))


def test_a_scope_is_the_province_or_the_units_named() -> None:
    province, city = place(1, "province", 1), place(2, "city", 2)
    direct, county = place(3, "county", 3), place(4, "county", 2)
    assert scope_of([city, province]) is None
    scope = scope_of([city, direct, county])
    assert scope is not None
    assert (scope.scoring_units, scope.units) == ({2, 3}, {4})
    nothing = scope_of([])
    assert nothing is not None
    assert not nothing.scoring_units | nothing.units


def test_totals_add_up_and_hours_per_head_round_half_up() -> None:
    rows = [HoursTotal("a", "a", 3, 2, 333, 150), HoursTotal("b", "b", 0, 0, 0, 0)]
    total = sum_totals(rows, label="全省")
    assert (total.times, total.persons, total.credit_ch, total.minutes) == (3, 2, 333, 150)
    assert total.per_head_ch == 167
    assert rows[1].per_head_ch is None
