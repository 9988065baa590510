"""参与率, 平均分 and 合格率, each with its weight, on a scale of 100 points."""

from fractions import Fraction

from quizapp.domain.metrics.base import (
    BY_AVERAGE,
    BY_PARTICIPATION,
    BY_PASS_RATE,
    Metric,
    Tally,
    average_cp,
    participation,
    pass_rate,
)
from quizapp.domain.text import Text

PARTICIPATION_WEIGHT, AVERAGE_WEIGHT, PASS_WEIGHT = 40, 40, 20


def weighted_cp(tally: Tally) -> Fraction:
    """Return the weighted sum, centi-points of 100; an average counts as a share of full marks."""
    points = (
        PARTICIPATION_WEIGHT * participation(tally)
        + AVERAGE_WEIGHT * average_cp(tally) / tally.max_cp
        + PASS_WEIGHT * pass_rate(tally)
    )
    return 100 * points


WEIGHTED = Metric(
    key="weighted",
    label=Text(
        "加权：参与率 40、平均分 40、合格率 20",
        "Weighted: participation 40, average 40, pass rate 20",
    ),
    formula=Text(
        "综合得分 = 40 × 参与率 + 40 × 平均分 ÷ 满分 + 20 × 合格率",
        "Combined score = 40 × participation + 40 × average ÷ full marks + 20 × pass rate",
    ),
    value=weighted_cp,
    ties=(BY_PARTICIPATION, BY_AVERAGE, BY_PASS_RATE),
)
