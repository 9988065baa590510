"""少选得分: what an incomplete but faultless response to a multiple choice earns."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.registry import Registry
from quizapp.domain.text import Text

HALF_POINT_CP = 50


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """`incomplete(max_cp, chosen, right)`: centi-points for some of the right letters, no wrong."""

    key: str
    label: Text
    incomplete: Callable[[int, int, int], int]


def half(max_cp: int, _chosen: int, _right: int) -> int:
    """Return half the points, rounded half up to half a point, never above the whole."""
    return min(max_cp, (max_cp + HALF_POINT_CP) // (2 * HALF_POINT_CP) * HALF_POINT_CP)


SCORING_RULES = Registry(
    "scoring",
    (
        ScoringRule(
            "all_or_nothing",
            Text("全对得分；少选、多选、错选均不得分", "All right ones and no other, else nothing"),
            lambda _max_cp, _chosen, _right: 0,
        ),
        ScoringRule(
            "half",
            Text(
                "少选得一半分；多选、错选不得分", "Half when incomplete; a wrong one earns nothing"
            ),
            half,
        ),
        ScoringRule(
            "sum",
            Text(
                "少选按选对个数得分；多选、错选不得分",
                "A share for each right one; a wrong one earns nothing",
            ),
            lambda max_cp, chosen, right: max_cp * chosen // right,  # rounded down to 0.01 point
        ),
    ),
)
