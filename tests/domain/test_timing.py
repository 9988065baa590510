"""Window × limit × extra × officer, unit and all × expiry: whose terms are which."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.exams import Exam
from quizapp.domain.ids import ExamId, OfficerId, UnitId
from quizapp.domain.people import Place
from quizapp.domain.timing import Terms, TimeChange, due_at, terms_for

NINE = datetime(2026, 11, 22, 1, tzinfo=UTC)
ME, OTHER = OfficerId(1), OfficerId(2)
COUNTY, CITY, ELSEWHERE = UnitId(11), UnitId(12), UnitId(99)


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


EXAM = Exam(
    id=ExamId(1), title="竞赛", unit_id=UnitId(1), opens_at=at(0), closes_at=at(8), duration_s=3600,
    unit=Place(UnitId(1), "130000", "河北省", "province", None, UnitId(1)), state="published",
    seed="s", revision=1, last_closes_at=at(8), created_by=ME, created_at=at(-24),
)  # fmt: skip


def extra(
    seconds: int, *, officer: OfficerId | None = None, unit: UnitId | None = None
) -> TimeChange:
    return TimeChange("extra", officer, unit, extra_s=seconds)


def window(
    opens: float | None,
    closes: float | None,
    *,
    officer: OfficerId | None = None,
    unit: UnitId | None = None,
) -> TimeChange:
    return TimeChange(
        "window", officer, unit,
        opens_at=None if opens is None else at(opens),
        closes_at=None if closes is None else at(closes),
    )  # fmt: skip


def terms(opens: float = 0, closes: float = 8, extra_s: int = 0) -> Terms:
    return Terms(at(opens), at(closes), 3600, extra_s)


CASES = {
    "nothing changed": ([], terms()),
    "extra for all": ([extra(600)], terms(extra_s=600)),
    "extra for my county": ([extra(600, unit=COUNTY)], terms(extra_s=600)),
    "extra for my city": ([extra(600, unit=CITY)], terms(extra_s=600)),
    "extra for another unit": ([extra(600, unit=ELSEWHERE)], terms()),
    "extra for another officer": ([extra(600, officer=OTHER)], terms()),
    "extra for me": ([extra(600, officer=ME)], terms(extra_s=600)),
    "most generous of the groups": (
        [extra(600, unit=CITY), extra(300, unit=COUNTY), extra(60)],
        terms(extra_s=600),
    ),
    "all may be the most generous": ([extra(60, unit=CITY), extra(600)], terms(extra_s=600)),
    "my own beats a larger one of the group": (
        [extra(900, unit=CITY), extra(300, officer=ME)],
        terms(extra_s=300),
    ),
    "my own nothing beats the group": (
        [extra(900), extra(0, officer=ME)],
        terms(),
    ),
    "a later grant takes the place of the earlier": ([extra(600), extra(300)], terms(extra_s=300)),
    "a later grant of another target does not": (
        [extra(600), extra(300, unit=CITY)],
        terms(extra_s=600),
    ),
    "a slot of my city": ([window(2, 4, unit=CITY)], terms(2, 4)),
    "a slot of another city": ([window(2, 4, unit=ELSEWHERE)], terms()),
    "two slots: opens with the earlier, closes with the later": (
        [window(2, 4, unit=CITY), window(3, 6, unit=COUNTY)],
        terms(2, 6),
    ),
    "my own window beats both": (
        [window(2, 4, unit=CITY), window(7, 9, officer=ME)],
        terms(7, 9),
    ),
    "field by field: close from me, opening from the city, extra from all": (
        [window(2, 4, unit=CITY), window(None, 9, officer=ME), extra(60)],
        terms(2, 9, 60),
    ),
    "a window of all stands in the exam, its row is the record": ([window(1, 2)], terms()),
    "cancelling is no change of time": ([TimeChange("cancel")], terms()),
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES.keys())
def test_terms(changes: list[TimeChange], expected: Terms) -> None:
    assert terms_for(EXAM, ME, (COUNTY, CITY), changes) == expected


@pytest.mark.parametrize(
    ("start", "limit_s", "extra_s", "closes", "due"),
    [
        (0, 3600, 0, 8, 1),
        (7.5, 3600, 0, 8, 8),
        (7, 3600, 0, 8, 8),
        (0, 3600, 1800, 8, 1.5),
        (7.5, 3600, 1800, 8, 8),
        (0, 3600, 0, 0.5, 0.5),
        (7.5, 3600, 1800, 9.5, 9),
    ],
)
def test_due_is_the_earlier_of_own_time_and_window(
    start: float, limit_s: int, extra_s: int, closes: float, due: float
) -> None:
    assert due_at(at(start), limit_s, extra_s, at(closes)) == at(due)


@given(st.lists(st.tuples(st.sampled_from([None, COUNTY, CITY, ELSEWHERE]), st.integers(0, 9999))))
def test_giving_another_group_time_never_takes_mine_away(
    grants: list[tuple[UnitId | None, int]],
) -> None:
    changes = [extra(seconds, unit=unit) for unit, seconds in grants]
    before = terms_for(EXAM, ME, (COUNTY, CITY), changes).extra_s
    after = terms_for(EXAM, ME, (COUNTY, CITY), [*changes, extra(500, unit=ELSEWHERE)]).extra_s
    assert before == after


@pytest.mark.parametrize(
    ("hours", "is_open"), [(-0.001, False), (0, True), (7.999, True), (8, False)]
)
def test_a_window_is_half_open(hours: float, is_open: bool) -> None:
    assert terms_for(EXAM, ME, (), []).is_open(at(hours)) is is_open
