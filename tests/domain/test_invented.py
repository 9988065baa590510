import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.invented import allocate, invent_name, invent_officers, secret_of, seed_tag

TODAY = date(2026, 11, 22)
UNITS = {"130102": 1.0, "130104": 1.0, "130502": 2.0}


def test_the_same_seed_gives_the_same_people_and_another_one_others() -> None:
    people = invent_officers(30, UNITS, seed="a", today=TODAY)
    assert people == invent_officers(30, UNITS, seed="a", today=TODAY)
    others = invent_officers(30, UNITS, seed="b", today=TODAY)
    assert not {p.staff_no for p in people} & {p.staff_no for p in others}
    assert not {p.password for p in people} & {p.password for p in others}


def test_staff_numbers_are_unique_and_begin_with_a_nought() -> None:
    people = invent_officers(400, UNITS, seed="a", today=TODAY)
    assert len({person.staff_no for person in people}) == 400
    assert all(p.staff_no.startswith("0" + seed_tag("a")) for p in people)
    assert {person.unit_code for person in people} == set(UNITS)
    assert {person.cadre_level for person in people} == {"division", "section", "other"}


def test_a_secret_has_a_hundred_bits_of_its_own() -> None:
    secrets = {secret_of("a", f"{no:06d}") for no in range(500)}
    assert len(secrets) == 500
    assert {len(secret) for secret in secrets} == {20}


def test_names_have_two_to_four_characters() -> None:
    chance = random.Random(1)
    assert {len(invent_name(chance)) for _ in range(3000)} <= {2, 3, 4}


@given(st.integers(0, 5000), st.lists(st.floats(0.1, 10), min_size=1, max_size=40))
def test_an_allocation_is_whole_and_complete(total: int, weights: list[float]) -> None:
    counts = allocate(total, weights)
    assert sum(counts) == total
    assert all(
        abs(count - total * weight / sum(weights)) <= 1
        for count, weight in zip(counts, weights, strict=True)
    )
