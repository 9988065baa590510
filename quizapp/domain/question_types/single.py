"""单选题."""

from quizapp.domain.question_types.base import Choice
from quizapp.domain.text import Text

SINGLE = Choice(
    "single", Text("单选题", "Single choice"), "s", least_options=4, most_options=4, most_right=1
)
