"""计分: what a choice question is worth for a given choice, by the rule printed on the paper.

Points are whole centi-points. Rounding happens once, here, by the rule's own words.
"""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.registry import Registry
from quizapp.domain.text import Text

HALF_POINT_CP = 50
Partial = Callable[[int, int, int], int]
"""(right options chosen, right options in all, full marks) → points of an incomplete choice."""


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """A way of marking a choice of several options. `offered`: organizers may choose it."""

    key: str
    label: Text
    partial: Partial
    wrong_cp: Callable[[int], int] = lambda _max_cp: 0
    offered: bool = True


def _nothing(_right: int, _of: int, _max_cp: int) -> int:
    return 0


def _half(_right: int, _of: int, max_cp: int) -> int:
    """Return half of the points, rounded half up to 0.5 point."""
    return (max_cp + HALF_POINT_CP) // (2 * HALF_POINT_CP) * HALF_POINT_CP


def _sum(right: int, of: int, max_cp: int) -> int:
    return max_cp * right // of


def _fraction(right: int, of: int, max_cp: int) -> int:
    """Return half of the points when one option is missing, a third when more are."""
    return max_cp // 2 if of - right == 1 else max_cp // 3


SCORING_RULES = Registry(
    "scoring",
    [
        ScoringRule(
            "all_or_nothing",
            Text(
                "全对得分；少选、多选、错选均不得分",
                "Full points only for exactly the right options",
            ),
            _nothing,
        ),
        ScoringRule(
            "half",
            Text(
                "少选得一半分（按 0.5 分进位）；多选、错选不得分",
                "Incomplete: half the points, rounded half up to 0.5; any wrong option: 0",
            ),
            _half,
        ),
        ScoringRule(
            "sum",
            Text(
                "少选按所选正确项得分；多选、错选不得分",
                "Incomplete: the points of the right options chosen; any wrong option: 0",
            ),
            _sum,
        ),
        ScoringRule(
            "fraction",
            Text(
                "少选得部分分（缺一项得一半，缺多项得三分之一）；多选、错选不得分",
                "Incomplete: half (one missing) or a third; any wrong option: 0",
            ),
            _fraction,
            offered=False,
        ),
        ScoringRule(
            "deduct",
            Text("错选倒扣该题分值的一半", "A wrong option costs half of the points"),
            _nothing,
            wrong_cp=lambda max_cp: -(max_cp // 2),
            offered=False,
        ),
    ],
)


def choice_points(key: str, response: str, max_cp: int, *, scoring: str) -> int:
    """Return the centi-points of a choice. `key`, `response`: letters as shown, in any order.

    No choice is worth 0, exactly the right one `max_cp`; between them the rule decides.
    Raises Invalid("unknown_scoring").
    """
    rule = SCORING_RULES.get(scoring)
    right, chosen = set(key), set(response)
    if not chosen:
        return 0
    if chosen == right:
        return max_cp
    if chosen - right:
        return rule.wrong_cp(max_cp)
    return rule.partial(len(chosen), len(right), max_cp)
