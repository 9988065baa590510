"""判断题."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.bank import Key, Question
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class Judgement(QuestionType):
    """A statement that is true ("T") or false ("F"); the two never change places."""

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong: it has no options and its key is true or false."""
        found = ["options_in_judge"] if question.options else []
        return found if isinstance(question.key, bool) else [*found, "key_not_true_or_false"]

    def shown_letters(self, options: int) -> str:  # noqa: ARG002
        """Return "TF"."""
        return "TF"

    def key_as_shown(self, key: Key, order: Sequence[int]) -> str:  # noqa: ARG002
        """Return "T" or "F"."""
        return "T" if key is True else "F"

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:
        """Say whether it is one of T and F, or empty."""
        return len(response) <= 1 and QuestionType.is_response_valid(self, response, options)


JUDGE = Judgement("judge", Text("判断题", "True or false"), "j", "judge")
