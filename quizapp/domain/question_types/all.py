"""The shelf, in the order of a paper's sections."""

from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.question_types.blank import BLANK
from quizapp.domain.question_types.case import CASE
from quizapp.domain.question_types.indefinite import INDEFINITE
from quizapp.domain.question_types.judge import JUDGE
from quizapp.domain.question_types.multiple import MULTIPLE
from quizapp.domain.question_types.ordering import ORDERING
from quizapp.domain.question_types.single import SINGLE
from quizapp.domain.registry import Registry

QUESTION_TYPES: Registry[QuestionType] = Registry(
    "question_type", (SINGLE, MULTIPLE, INDEFINITE, JUDGE, BLANK, ORDERING, CASE)
)
"""Found by key; the letters of their shapes differ."""
