"""多选题: two or more are right."""

from quizapp.domain.question_types.base import ManyChoice
from quizapp.domain.text import Text

MULTIPLE = ManyChoice(
    "multiple", Text("多选题", "Multiple choice"), "m", least_options=4, least_right=2
)
