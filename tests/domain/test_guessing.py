"""K1: the place of an option on a paper says nothing about whether it is right."""

from collections import Counter
from collections.abc import Callable

import pytest

from quizapp.domain.assembly import OptionFacts, assemble
from quizapp.domain.exams import Blueprint, Cell, PoolItem
from quizapp.domain.ids import VersionId

PAPERS, QUESTIONS, OPTIONS = 50, 40, 4
CHANCE = PAPERS * QUESTIONS / OPTIONS
FAR = 5 * (PAPERS * QUESTIONS * (1 / OPTIONS) * (1 - 1 / OPTIONS)) ** 0.5
"""Five standard deviations of a fair draw."""


@pytest.mark.parametrize("right", range(OPTIONS))
def test_no_place_is_better_than_chance(right: int, counted: Callable[..., None]) -> None:
    pool = [PoolItem(VersionId(n), f"Q{n}", "single", "甲", 1) for n in range(60)]
    facts = {item.version_id: OptionFacts("single", OPTIONS) for item in pool}
    blueprint = Blueprint((Cell("single", QUESTIONS, 100),))
    places: Counter[int] = Counter()
    for number in range(PAPERS):
        for item in assemble(blueprint, pool, facts, seed=f"exam:{number}:1"):
            places[item.order.index(right)] += 1
    off = [place for place in range(OPTIONS) if abs(places[place] - CHANCE) > FAR]
    counted("K1 places", PAPERS * QUESTIONS, len(off), f"stored option {right}")
