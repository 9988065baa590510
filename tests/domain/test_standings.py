"""Ranks are a total order by exact numbers; nothing a unit loses can lift it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.errors import Invalid
from quizapp.domain.ids import AttemptId, OfficerId, UnitId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.metrics.base import Metric, Tally, participation
from quizapp.domain.people import Place
from quizapp.domain.standings import (
    DEFAULT_TIES,
    TIES,
    Best,
    add_up,
    by_city,
    by_county,
    rank_officers,
    rank_units,
    rounded,
    share_bp,
    shared_ranks,
)

T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
PRODUCT = METRICS.get("participation_times_average")
PROVINCE = Place(UnitId(1), "130000", "河北省", "province", None, UnitId(1), is_ranked=False)
all_metrics = pytest.mark.parametrize("metric", list(METRICS), ids=lambda metric: metric.key)


def city(no: int) -> Place:
    return Place(UnitId(no), f"13{no:02d}00", f"城市{no}", "city", UnitId(1), UnitId(no))


def tally(no: int, eligible: int, scores: list[int], **over: object) -> Tally:
    """Scores in whole points; lines at 60 and 90."""
    facts = {
        "unit": city(no), "eligible": eligible, "participants": len(scores),
        "score_sum_cp": sum(scores) * 100,
        "passed": sum(s >= 60 for s in scores), "excellent": sum(s >= 90 for s in scores),
        "full_marks": scores.count(100), "top_cp": max(scores, default=0) * 100,
    }  # fmt: skip
    return Tally(**(facts | over))  # type: ignore[arg-type]


def best(
    officer: int, score: int, seconds: int = 600, *, at: int = 0, right: int = 0, no: int = 2
) -> Best:
    return Best(
        OfficerId(officer), AttemptId(officer), UnitId(no), UnitId(no), score * 100, seconds,
        T0 + timedelta(seconds=at), right,
    )  # fmt: skip


def places(standings: list) -> list[tuple[str, int | None]]:
    return [(s.tally.unit.code, s.rank) for s in standings]


score_lists = st.lists(st.integers(0, 100), max_size=6)
rosters = st.lists(st.tuples(score_lists, st.integers(0, 4)), min_size=1, max_size=6)


def tallies_of(drawn: list[tuple[list[int], int]]) -> list[Tally]:
    return [tally(no, len(scores) + more, scores) for no, (scores, more) in enumerate(drawn, 2)]


def test_the_product_counts_who_stayed_away_as_zero() -> None:
    full, half = tally(2, 2, [80, 80]), tally(3, 4, [100, 100])
    first, second = rank_units([half, full], PRODUCT)
    assert (first.tally, first.value_cp, first.rank) == (full, 8000, 1)
    assert (second.tally, second.value_cp, second.rank) == (half, 5000, 2)


def test_an_average_counts_only_above_the_least_participation() -> None:
    metric = METRICS.get("average_with_floor")
    few, many = tally(2, 10, [100] * 5), tally(3, 10, [70] * 6)
    assert places(rank_units([few, many], metric)) == [("130300", 1), ("130200", None)]
    assert rank_units([few, many], metric)[1].reason == "below_floor"
    assert places(rank_units([few, many], metric, min_participation_bp=5000))[0] == ("130200", 1)


def test_weights_add_up_to_a_hundred_points_whatever_the_full_marks() -> None:
    perfect = tally(2, 1, [60], passed=1, max_cp=6000)
    assert rank_units([perfect], METRICS.get("weighted"))[0].value_cp == 10_000


def test_the_product_with_the_pass_rate() -> None:
    half_passed = tally(2, 4, [100, 20])
    standing = rank_units([half_passed], METRICS.get("product_with_pass_rate"))[0]
    assert standing.value_cp == 1500  # 0.5 × 60 × 0.5


def test_equal_value_goes_to_higher_participation_and_only_then_is_shared() -> None:
    few, many, twin = tally(4, 4, [80, 80]), tally(3, 4, [40] * 4), tally(2, 4, [40] * 4)
    assert places(rank_units([few, many, twin], PRODUCT)) == [
        ("130200", 1), ("130300", 1), ("130400", 3),
    ]  # fmt: skip


def test_units_without_a_rank_say_why() -> None:
    nobody, absent = tally(2, 0, []), tally(3, 5, [])
    outside = tally(1, 3, [100], unit=PROVINCE)
    by_code = {s.tally.unit.code: s for s in rank_units([nobody, absent, outside], PRODUCT)}
    assert by_code["130200"].reason == "no_roster"
    assert by_code["130000"].reason == "outside"
    assert (by_code["130300"].rank, by_code["130300"].value_cp) == (1, 0)


@all_metrics
@given(rosters)
@settings(max_examples=60, deadline=None)
def test_ranks_are_a_total_order_whatever_the_order_of_counting(
    metric: Metric, drawn: list[tuple[list[int], int]]
) -> None:
    tallies = tallies_of(drawn)
    board = rank_units(tallies, metric)
    assert board == rank_units(reversed(tallies), metric)
    assert sorted(s.tally.unit.code for s in board) == sorted(t.unit.code for t in tallies)
    ranked = [s for s in board if s.rank is not None]
    values = [metric.value(s.tally) for s in ranked]
    assert values == sorted(values, reverse=True)
    assert all(s.rank == 1 + sum(o.rank < s.rank for o in ranked) for s in ranked)


@all_metrics
@given(rosters, st.data())
@settings(max_examples=60, deadline=None)
def test_a_lower_score_never_lifts_a_unit(
    metric: Metric, drawn: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    before = rank_units(tallies_of(drawn), metric)
    chosen = data.draw(st.integers(0, len(drawn) - 1))
    scores, more = drawn[chosen]
    if not scores:
        return
    worse = [data.draw(st.integers(0, scores[0])), *scores[1:]]
    after = rank_units(tallies_of([*drawn[:chosen], (worse, more), *drawn[chosen + 1 :]]), metric)
    code = city(chosen + 2).code
    was, now = dict(places(before))[code], dict(places(after))[code]
    assert (was is None and now is None) or now >= was


@all_metrics
@given(rosters)
@settings(max_examples=30, deadline=None)
def test_values_are_shares_of_what_can_be_reached(
    metric: Metric, drawn: list[tuple[list[int], int]]
) -> None:
    assert all(0 <= metric.value(t) <= t.max_cp for t in tallies_of(drawn))


def test_every_formula_and_tie_has_words_in_both_languages_and_a_key_that_fits() -> None:
    for metric in METRICS:
        texts = [metric.label, metric.formula, *(tie.label for tie in metric.ties)]
        assert all(text.zh and text.en for text in texts)
        assert len(metric.key) <= 40
    assert all(tie.label.zh and tie.label.en for tie in TIES)


def test_officers_by_score_then_time_then_hand_in_and_equal_in_all_share_a_rank() -> None:
    board = rank_officers(
        [best(1, 90, 700), best(2, 95), best(3, 90, 600, at=5), best(4, 90, 600), best(5, 90, 600)],
        DEFAULT_TIES,
    )
    assert [(r.best.officer_id, r.rank) for r in board] == [(2, 1), (4, 2), (5, 2), (3, 4), (1, 5)]


def test_ranks_in_the_own_city_count_only_the_own_city() -> None:
    board = rank_officers([best(1, 90, no=2), best(2, 95, no=3), best(3, 80, no=2)], DEFAULT_TIES)
    assert [(r.best.officer_id, r.rank, r.rank_in_city) for r in board] == [
        (2, 1, 1), (1, 2, 1), (3, 3, 2),
    ]  # fmt: skip


def test_the_declared_ties_decide_and_an_unknown_one_is_refused() -> None:
    slow_but_right, fast = best(1, 90, 700, right=50), best(2, 90, 600, right=40)
    assert rank_officers([fast, slow_but_right], ("most_right",))[0].best == slow_but_right
    assert [r.rank for r in rank_officers([fast, slow_but_right], ())] == [1, 1]
    with pytest.raises(Invalid):
        rank_officers([fast], ("shoe_size",))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=20))
@settings(deadline=None)
def test_a_lower_score_never_lifts_an_officer(rows: list[tuple[int, int]]) -> None:
    results = [best(no, 90 + score, seconds) for no, (score, seconds) in enumerate(rows, 1)]
    ranks = {r.best.officer_id: r.rank for r in rank_officers(results, DEFAULT_TIES)}
    for no, result in enumerate(results):
        lowered = [
            *results[:no],
            replace(result, score_cp=result.score_cp - 100),
            *results[no + 1 :],
        ]
        after = {r.best.officer_id: r.rank for r in rank_officers(lowered, DEFAULT_TIES)}
        assert after[result.officer_id] >= ranks[result.officer_id]


def test_shared_ranks_skip() -> None:
    assert shared_ranks([]) == []
    assert shared_ranks(["a", "a", "b", "c", "c"]) == [1, 1, 3, 4, 4]


def test_the_province_is_the_sum_of_its_cities_and_of_its_counties() -> None:
    counties = [
        replace(tally(2, 5, [80, 90]), unit=replace(city(2), id=UnitId(20 + no), level="county", code=f"13020{no}"))  # noqa: E501
        for no in range(3)
    ]  # fmt: skip
    units = [tally(2, 2, [100]), *counties, tally(3, 4, [])]
    cities = by_city(units)
    assert [c.unit.code for c in cities] == ["130200", "130300"]
    assert cities[0].eligible == 17
    assert cities[0].top_cp == 10_000
    whole = add_up(units, PROVINCE)
    assert add_up(cities, PROVINCE) == add_up(by_county(units), PROVINCE) == whole


def test_a_city_without_officers_of_its_own_is_no_row_among_the_counties() -> None:
    assert [t.unit.code for t in by_county([tally(2, 0, []), tally(3, 1, [])])] == ["130300"]


def test_rounding_is_half_up_and_done_once() -> None:
    assert [rounded(Fraction(n, 2)) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert share_bp(Fraction(2, 3)) == 6667
    assert participation(tally(2, 0, [])) == 0
