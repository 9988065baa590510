"""参与率 × 平均分 × 合格率: rewards units that bring everybody over the line."""

from quizapp.domain.metrics.base import (
    BY_AVERAGE,
    BY_EXCELLENT_RATE,
    BY_PARTICIPATION,
    Metric,
    average_cp,
    participation,
    pass_rate,
)
from quizapp.domain.text import Text

PRODUCT_WITH_PASS_RATE = Metric(
    key="product_with_pass_rate",
    label=Text("参与率 × 平均分 × 合格率", "Participation × average × pass rate"),
    formula=Text(
        "综合得分 = 参与率 × 平均分 × 合格率",
        "Combined score = participation × average score × pass rate",
    ),
    value=lambda tally: participation(tally) * average_cp(tally) * pass_rate(tally),
    ties=(BY_PARTICIPATION, BY_AVERAGE, BY_EXCELLENT_RATE),
)
