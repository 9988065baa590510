"""不定项选择题: one or more are right, and the officer is not told how many."""

from quizapp.domain.question_types.base import ManyChoice
from quizapp.domain.text import Text

INDEFINITE = ManyChoice(
    "indefinite", Text("不定项选择题", "One-or-more choice"), "i", least_options=4
)
