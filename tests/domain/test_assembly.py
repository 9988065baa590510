"""A paper meets its blueprint exactly, whatever the cells overlap."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.assembly import (
    OptionFacts,
    PoolTooSmall,
    assemble,
    feasibility,
    is_satisfiable,
    locked_options,
    shown_order,
)
from quizapp.domain.exams import PRESETS, Blueprint, Cell, PoolItem
from quizapp.domain.ids import VersionId


def pool_of(*kinds: tuple[str, str, int, int]) -> list[PoolItem]:
    """Kinds of (type, law, difficulty, how many)."""
    items = [kind[:3] for kind in kinds for _ in range(kind[3])]
    return [PoolItem(VersionId(no), f"Q{no}", *kind) for no, kind in enumerate(items, 1)]


def facts_of(pool: list[PoolItem]) -> dict[VersionId, OptionFacts]:
    return {
        item.version_id: OptionFacts(item.type, 0 if item.type == "judge" else 4) for item in pool
    }


FULL = pool_of(
    *(
        (t, law, d, 30)
        for t in ("single", "multiple", "judge")
        for law in ("甲", "乙")
        for d in (1, 2, 3)
    )
)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_preset_makes_a_hundred_points(preset: object) -> None:
    assert preset.blueprint.max_cp == 10_000


@given(st.integers())
@settings(max_examples=50, deadline=None)
def test_a_paper_meets_its_blueprint_cell_by_cell(seed: int) -> None:
    blueprint = PRESETS[0].blueprint
    paper = assemble(blueprint, FULL, facts_of(FULL), seed=str(seed))
    by_id = {item.version_id: item for item in FULL}
    drawn = Counter(
        (by_id[i.version_id].type, by_id[i.version_id].difficulty, i.points_cp) for i in paper
    )
    assert drawn == {(c.type, c.difficulties[0], c.points_cp): c.count for c in blueprint.cells}
    assert len({item.version_id for item in paper}) == len(paper) == 80
    assert [i.type for i in paper] == ["single"] * 40 + ["multiple"] * 20 + ["judge"] * 20


def test_the_same_seed_gives_the_same_paper_and_another_seed_another() -> None:
    blueprint = PRESETS[0].blueprint
    first, again, other = (
        assemble(blueprint, FULL, facts_of(FULL), seed=s) for s in ("a", "a", "b")
    )
    assert first == again != other


def test_overlapping_cells_fill_although_taking_them_in_turn_would_starve_the_second() -> None:
    pool = pool_of(("single", "甲", 1, 2), ("single", "乙", 1, 2))
    blueprint = Blueprint((Cell("single", 2, 100), Cell("single", 2, 100, laws=("甲",))))
    for seed in range(50):
        paper = assemble(blueprint, pool, facts_of(pool), seed=str(seed))
        assert len({item.version_id for item in paper}) == 4


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_plan_is_satisfiable_exactly_when_a_paper_can_be_drawn(data: st.DataObject) -> None:
    pool = data.draw(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 3)), max_size=9))
    items = [PoolItem(VersionId(n), str(n), "single", law, d) for n, (law, d) in enumerate(pool, 1)]
    cell = st.builds(
        Cell, st.just("single"), st.integers(1, 3), st.just(100),
        st.sets(st.sampled_from("甲乙丙")).map(tuple), st.sets(st.integers(1, 3)).map(tuple),
    )  # fmt: skip
    blueprint = Blueprint(tuple(data.draw(st.lists(cell, min_size=1, max_size=3))))
    if is_satisfiable(blueprint, items):
        assert all(row.slack >= 0 for row in feasibility(blueprint, items))
        assert len(assemble(blueprint, items, facts_of(items), seed="s")) == blueprint.item_count
    else:
        assert any(row.slack < 0 for row in feasibility(blueprint, items))
        with pytest.raises(PoolTooSmall):
            assemble(blueprint, items, facts_of(items), seed="s")


def test_the_slack_of_a_short_cell_is_the_number_that_is_missing() -> None:
    rows = feasibility(Blueprint((Cell("single", 5, 100),)), pool_of(("single", "甲", 1, 3)))
    assert (rows[0].available, rows[0].slack) == (3, -2)


def test_the_parts_of_a_case_stay_together_in_order() -> None:
    pool = [PoolItem(VersionId(n), f"C{n}", "case", "甲", 3, parts=3) for n in range(4)]
    part = OptionFacts("single", 4)
    facts = {
        item.version_id: OptionFacts("case", 0, parts=(part, OptionFacts("judge", 0), part))
        for item in pool
    }
    paper = assemble(Blueprint((Cell("case", 2, 150, parts=3),)), pool, facts, seed="s")
    assert [(i.case_no, i.part, i.type) for i in paper] == [
        (no, part, kind) for no in (1, 2) for part, kind in enumerate(("single", "judge", "single"))
    ]
    assert len({i.version_id for i in paper}) == 2


def test_an_option_that_speaks_of_those_above_stays_last() -> None:
    import random

    options = ["以上都对", "罚款", "警告", "以上均不正确"]
    facts = OptionFacts("single", 4, locked_options(options))
    orders = {shown_order(facts, random.Random(n)) for n in range(40)}
    assert {order[2:] for order in orders} == {(0, 3)}
    assert {order[:2] for order in orders} == {(1, 2), (2, 1)}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 40), st.integers())
@settings(max_examples=100, deadline=None)
def test_every_law_gets_its_share_of_a_cell_rounded_up_or_down(
    sizes: list[int], count: int, seed: int
) -> None:
    pool = pool_of(*(("single", f"第{no}法", 1, size) for no, size in enumerate(sizes)))
    count = min(count, len(pool))
    blueprint = Blueprint((Cell("single", count, 100),))
    paper = assemble(blueprint, pool, facts_of(pool), seed=str(seed))
    law_of = {item.version_id: item.law for item in pool}
    drawn = Counter(law_of[item.version_id] for item in paper)
    for no, size in enumerate(sizes):
        assert abs(drawn[f"第{no}法"] - count * size / len(pool)) < 1


def test_every_question_of_a_cell_has_the_same_chance() -> None:
    pool = pool_of(("single", "甲", 1, 3), ("single", "乙", 1, 7))
    blueprint = Blueprint((Cell("single", 4, 100),))
    seen = Counter(
        item.version_id
        for no in range(2000)
        for item in assemble(blueprint, pool, facts_of(pool), seed=f"chance {no}")
    )
    assert all(700 <= seen[item.version_id] <= 900 for item in pool)
