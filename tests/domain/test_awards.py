"""Prizes by quota: never more than places, never one above a higher rank, ties are people's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import (
    UNDECIDED,
    Entrant,
    Given,
    OpenTie,
    Terms,
    by_rank,
    check_order,
    check_terms,
    reaches,
)
from quizapp.domain.errors import Invalid
from quizapp.domain.standings import shared_ranks

CUSTOMERS = Terms((1, 2, 4))
TERMS = st.builds(
    Terms,
    st.tuples(*[st.integers(0, 4)] * 3),
    st.sampled_from([0, 5000, 6000]),
    st.booleans(),
)


@st.composite
def boards(draw: st.DrawFn) -> list[Entrant]:
    """Entrants of a few cities, many of them equal."""
    scores = sorted(draw(st.lists(st.integers(0, 6), max_size=14)), reverse=True)
    return [
        Entrant(no, draw(st.integers(1, 5)), rank, draw(st.integers(0, 10)), 10)
        for no, rank in enumerate(shared_ranks(scores), 1)
    ]


def board(*ranks: int, part: int = 10) -> list[Entrant]:
    return [Entrant(no, no, rank, part, 10) for no, rank in enumerate(ranks, 1)]


def levels(given_prizes: Given) -> list[int]:
    return [prize.level for prize in given_prizes.prizes]


@given(boards(), TERMS, st.permutations(range(1, 15)))
def test_prizes_keep_to_places_and_ranks(
    entrants: list[Entrant], terms: Terms, order: list[int]
) -> None:
    by_id = {entrant.id: entrant for entrant in entrants}
    for found in (by_rank(entrants, terms), by_rank(entrants, terms, order)):
        for level, places in enumerate(terms.quotas, 1):
            waiting = sum(tie.levels.count(level) for tie in found.ties)
            assert levels(found).count(level) + waiting <= places
        for better, other in pairwise(found.prizes):
            assert (better.rank, better.level) <= (other.rank, other.level)
            assert better.level <= other.level
        winners = [by_id[prize.entrant_id] for prize in found.prizes]
        assert all(reaches(winner, terms) for winner in winners)
        assert len({winner.id for winner in winners}) == len(winners)
        if terms.one_per_city:
            assert len({winner.city_id for winner in winners}) == len(winners)
        assert not set(found.levels()) & {e.id for e in entrants if not reaches(e, terms)}
    assert by_rank(entrants, terms, order).ties == ()


@given(boards(), TERMS)
def test_who_goes_without_had_no_place_left_or_a_city_served(
    entrants: list[Entrant], terms: Terms
) -> None:
    found = by_rank(entrants, terms, [entrant.id for entrant in entrants])
    cities = {entrant.id: entrant.city_id for entrant in entrants}
    served = {cities[prize.entrant_id] for prize in found.prizes}
    last = max((prize.rank for prize in found.prizes), default=0)
    for entrant in entrants:
        if reaches(entrant, terms) and entrant.id not in found.levels() and entrant.rank < last:
            assert terms.one_per_city
            assert entrant.city_id in served
    without = [e for e in entrants if reaches(e, terms) and e.id not in found.levels()]
    if without and not terms.one_per_city:
        assert len(found.prizes) == sum(terms.quotas)


@given(boards(), TERMS, st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(entrants: list[Entrant], terms: Terms, chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(entrants)
    chance.shuffle(mixed)
    assert by_rank(mixed, terms) == by_rank(entrants, terms)


def test_the_customers_quota_on_a_board_without_ties() -> None:
    found = by_rank(board(*range(1, 15)), CUSTOMERS)
    assert levels(found) == [1, 2, 2, 3, 3, 3, 3]
    assert found.ties == ()


@pytest.mark.parametrize(
    ("ranks", "given_levels", "tie"),
    [
        ((1, 1, 3, 4), [2, 3], OpenTie((1, 2), 1, (1, 2))),
        ((1, 2, 2, 4), [1, 2, 2, 3], None),
        ((1, 2, 3, 4, 4, 4, 4, 4), [1, 2, 2], OpenTie((4, 5, 6, 7, 8), 4, (3, 3, 3, 3))),
    ],
)
def test_ties_share_a_level_or_wait_for_people(
    ranks: tuple[int, ...], given_levels: list[int], tie: OpenTie | None
) -> None:
    found = by_rank(board(*ranks), CUSTOMERS)
    assert levels(found) == given_levels
    assert found.ties == ((tie,) if tie else ())
    if tie:
        assert all(found.levels()[one] == UNDECIDED for one in tie.entrant_ids)
        order = tuple(reversed(tie.entrant_ids))
        check_order(order, found)
        settled = by_rank(board(*ranks), CUSTOMERS, order)
        first = [p.entrant_id for p in settled.prizes if p.entrant_id in tie.entrant_ids]
        assert first == list(order[: len(tie.levels)])


def test_one_prize_a_city_and_a_floor() -> None:
    entrants = [
        Entrant(1, 7, 1, 9, 10), Entrant(2, 7, 2, 9, 10), Entrant(3, 8, 3, 5, 10),
        Entrant(4, 9, 4, 9, 10),
    ]  # fmt: skip
    found = by_rank(entrants, Terms((1, 1, 1), 6000, one_per_city=True))
    assert found.levels() == {1: 1, 4: 2}
    twins = [Entrant(1, 7, 1, 9, 10), Entrant(2, 7, 1, 9, 10), Entrant(3, 8, 3, 9, 10)]
    found = by_rank(twins, Terms((1, 1, 1), one_per_city=True))
    assert found.levels() == {1: UNDECIDED, 2: UNDECIDED, 3: 2}
    assert by_rank(twins, Terms((1, 1, 1), one_per_city=True), [2, 1]).levels() == {2: 1, 3: 2}


@pytest.mark.parametrize("quotas", [(0, 0, 0), (1, 2), (-1, 1, 1), (1000, 0, 0)])
def test_terms_that_cannot_be_kept_are_refused(quotas: tuple[int, ...]) -> None:
    with pytest.raises(Invalid, match="award_quota_wrong"):
        check_terms(Terms(quotas))
    with pytest.raises(Invalid, match="award_floor_wrong"):
        check_terms(Terms((1, 2, 4), 10_001))


@pytest.mark.parametrize("order", [[1], [1, 1], [1, 2, 3], []])
def test_an_order_that_settles_nothing_is_refused(order: list[int]) -> None:
    with pytest.raises(Invalid, match="award_order_wrong"):
        check_order(order, by_rank(board(1, 1, 3), CUSTOMERS))


def test_every_award_gives_its_usual_places() -> None:
    for award in AWARDS:
        check_terms(Terms(award.quotas))
        found = award.give(board(*range(1, 200)), Terms(award.quotas), ())
        assert len(found.prizes) == sum(award.quotas)
