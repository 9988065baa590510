"""A slice is as many rows as fit into its budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.slices import LEAST, MOST, next_size


@pytest.mark.parametrize(
    ("took_ms", "expected"),
    [(30, 200), (20, 300), (1, 400), (60, 100), (3000, LEAST)],
    ids=["fits", "half used", "grows by steps", "shrinks at once", "never to nothing"],
)
def test_the_next_slice_fits_into_the_budget(took_ms: float, expected: int) -> None:
    assert next_size(200, took_ms, budget_ms=30) == expected


@given(st.integers(1, 10_000), st.floats(0, 100_000))
def test_it_always_goes_on_and_never_takes_all(size: int, took_ms: float) -> None:
    assert LEAST <= next_size(size, took_ms) <= MOST


def test_equal_rows_come_to_rest_at_the_budget() -> None:
    size = 20
    for _ in range(10):
        size = next_size(size, size * 0.25, budget_ms=30)
    assert size == 120
