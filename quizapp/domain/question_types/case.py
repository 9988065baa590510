"""案例题: material with parts; only the parts are answered and marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.bank import Question
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.text import Text

LEAST_PARTS, MOST_PARTS = 2, 5


@dataclass(frozen=True, slots=True)
class Case(QuestionType):
    """The frame around its parts: it has no options, no key and no points of its own."""

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong with the frame; the parts have types of their own."""
        found = []
        if not LEAST_PARTS <= len(question.parts) <= MOST_PARTS:
            found.append("part_count")
        if question.options or question.key:
            found.append("key_in_case")
        if any(part.type == self.key for part in question.parts):
            found.append("case_in_case")
        return found

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:  # noqa: ARG002
        """Say no: nobody answers the frame."""
        return False

    def mark(self, key: str, response: Sequence[str], max_cp: int, scoring: str) -> int:  # noqa: ARG002
        """Return 0: the parts earn the points."""
        return 0


CASE = Case("case", Text("案例题", "Case"), "c", "case")
