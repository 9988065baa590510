"""The formulas of the city board, in the order of the form; the first is the default."""

from quizapp.domain.metrics.average_with_floor import AVERAGE_WITH_FLOOR
from quizapp.domain.metrics.participation_times_average import PARTICIPATION_TIMES_AVERAGE
from quizapp.domain.metrics.product_with_pass_rate import PRODUCT_WITH_PASS_RATE
from quizapp.domain.metrics.weighted import WEIGHTED
from quizapp.domain.registry import Registry

METRICS = Registry(
    "metric",
    [PARTICIPATION_TIMES_AVERAGE, AVERAGE_WITH_FLOOR, WEIGHTED, PRODUCT_WITH_PASS_RATE],
)
