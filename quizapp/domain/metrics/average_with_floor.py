"""平均分 alone, for units in which enough of the roster took part."""

from quizapp.domain.metrics.base import (
    BY_EXCELLENT_RATE,
    BY_PARTICIPATION,
    BY_PASS_RATE,
    Metric,
    average_cp,
)
from quizapp.domain.text import Text

AVERAGE_WITH_FLOOR = Metric(
    key="average_with_floor",
    label=Text("平均分（须达到最低参与率）", "Average, above a least participation"),
    formula=Text(
        "综合得分 = 平均分；参与率未达到下限的单位不排名",
        "Combined score = average score; units below the least participation are not ranked",
    ),
    value=average_cp,
    ties=(BY_PARTICIPATION, BY_PASS_RATE, BY_EXCELLENT_RATE),
    floor_bp=6000,
)
