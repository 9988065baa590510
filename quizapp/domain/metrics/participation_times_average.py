"""参与率 × 平均分: the average over the whole roster, who stayed away counting zero."""

from quizapp.domain.metrics.base import (
    BY_EXCELLENT_RATE,
    BY_PARTICIPATION,
    BY_PASS_RATE,
    Metric,
    average_cp,
    participation,
)
from quizapp.domain.text import Text

PARTICIPATION_TIMES_AVERAGE = Metric(
    key="participation_times_average",
    label=Text("参与率 × 平均分", "Participation × average"),
    formula=Text("综合得分 = 参与率 × 平均分", "Combined score = participation × average score"),
    value=lambda tally: participation(tally) * average_cp(tally),
    ties=(BY_PARTICIPATION, BY_PASS_RATE, BY_EXCELLENT_RATE),
)
