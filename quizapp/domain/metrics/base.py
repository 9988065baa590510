"""What a formula of the city board is: exact ratios of counted integers, its words and its ties."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from quizapp.domain.people import Place
from quizapp.domain.text import Text

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted for one unit. Persons count once, with their best attempt.

    `unit.is_ranked` is False for one listed outside the competition: the province's own staff.
    """

    unit: Place
    eligible: int
    """应参加人数: the frozen roster without those excused who stayed away."""
    participants: int
    score_sum_cp: int
    passed: int
    excellent: int
    full_marks: int
    top_cp: int
    max_cp: int = 10_000
    """Full marks of a paper of this exam."""


def ratio(part: int, whole: int) -> Fraction:
    """Return part ÷ whole exactly; nothing of nothing is zero."""
    return Fraction(part, whole) if whole else ZERO


def participation(tally: Tally) -> Fraction:
    """Return 参与率, 0 … 1."""
    return ratio(tally.participants, tally.eligible)


def average_cp(tally: Tally) -> Fraction:
    """Return 平均分 of those who took part, centi-points."""
    return ratio(tally.score_sum_cp, tally.participants)


def pass_rate(tally: Tally) -> Fraction:
    """Return 合格率 of those who took part, 0 … 1."""
    return ratio(tally.passed, tally.participants)


def excellent_rate(tally: Tally) -> Fraction:
    """Return 优秀率 of those who took part, 0 … 1."""
    return ratio(tally.excellent, tally.participants)


@dataclass(frozen=True, slots=True)
class UnitTie:
    """What decides between two units of equal value: the higher one goes first."""

    label: Text
    value: Callable[[Tally], Fraction]


BY_PARTICIPATION = UnitTie(Text("参与率高者在前", "higher participation first"), participation)
BY_AVERAGE = UnitTie(Text("平均分高者在前", "higher average first"), average_cp)
BY_PASS_RATE = UnitTie(Text("合格率高者在前", "higher pass rate first"), pass_rate)
BY_EXCELLENT_RATE = UnitTie(
    Text("优秀率高者在前", "higher rate of excellence first"), excellent_rate
)


@dataclass(frozen=True, slots=True)
class Metric:
    """A formula by which units are ranked, highest value first.

    `value` gives centi-points, exactly. `floor_bp` is the least participation (basis points) when
    the exam itself names none; who stays below it is listed without a rank.
    """

    key: str
    label: Text
    formula: Text
    value: Callable[[Tally], Fraction]
    ties: tuple[UnitTie, ...]
    floor_bp: int = 0
