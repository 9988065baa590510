"""填空题: a word or number is written; the accepted wordings are its stored options, all right."""

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.bank import USUAL_OPTIONS, Question
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.text import Text

LONGEST = 200
STORED_MARK = "="
"""Stands before a written answer where it is stored, so that it is never taken for letters."""
_INSIDE_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")
_KEPT = "%‰\N{DEGREE SIGN}"


def same_wording(text: str) -> str:
    """Return the text without width, blanks, punctuation and case: what is compared.

    The point inside a number and the per cent sign stay: 1.5 is not 15.
    """
    plain = _INSIDE_NUMBER.sub("\x00", unicodedata.normalize("NFKC", text).lower())
    kept = "".join(char for char in plain if char.isalnum() or char in _KEPT or char == "\x00")
    return kept.replace("\x00", ".")


@dataclass(frozen=True, slots=True)
class Blank(QuestionType):
    """Exactly one of the accepted wordings earns the points; likeness earns nothing."""

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong: one to six wordings that can be compared."""
        found = []
        if not 1 <= len(question.options) <= USUAL_OPTIONS:
            found.append("wording_count")
        if any(not same_wording(text) or len(text) > LONGEST for text in question.options):
            found.append("wording_empty")
        if question.key != tuple(range(len(question.options))):
            found.append("key_not_all")
        return found

    def shown_count(self, question: Question) -> int:  # noqa: ARG002
        """Return 0: the accepted wordings are never shown."""
        return 0

    def shown_letters(self, options: int) -> str:  # noqa: ARG002
        """Return no letters."""
        return ""

    def shown_key(self, question: Question, order: Sequence[int]) -> str:  # noqa: ARG002
        """Return the accepted wordings, one per line."""
        return "\n".join(" ".join(text.split()) for text in question.options)

    def key_parts(self, key: str) -> tuple[str, ...]:
        """Return the accepted wordings."""
        return tuple(key.split("\n"))

    def pack(self, response: Sequence[str]) -> str:
        """Return the text behind a sign that no letter is."""
        text = "".join(response)
        return STORED_MARK + text if text else ""

    def unpack(self, stored: str) -> tuple[str, ...]:
        """Return the text, or nothing."""
        return (stored.removeprefix(STORED_MARK),) if stored else ()

    def from_form(self, values: Sequence[str]) -> tuple[str, ...]:
        """Return the text without the blanks around it."""
        text = values[0].strip() if values else ""
        return (text,) if text else ()

    def right_response(self, key: str) -> str:
        """Return the first accepted wording."""
        return STORED_MARK + self.key_parts(key)[0]

    def wrong_response(self, key: str, options: int, chance: random.Random) -> str:  # noqa: ARG002
        """Return a wording that is none of the accepted ones."""
        return STORED_MARK + "".join(self.key_parts(key)) + "？无此答案"

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:  # noqa: ARG002
        """Say whether it is one printable text of at most 200 characters, or empty."""
        if isinstance(response, str):
            response = (response,) if response else ()
        return len(response) <= 1 and all(
            len(text) <= LONGEST and text.isprintable() for text in response
        )

    def mark(self, key: str, response: Sequence[str], max_cp: int, scoring: str) -> int:  # noqa: ARG002
        """Return the centi-points: everything for an accepted wording, else nothing."""
        written = same_wording("".join(response).removeprefix(STORED_MARK))
        accepted = {same_wording(text) for text in self.key_parts(key)}
        return max_cp if written and written in accepted else 0


BLANK = Blank("blank", Text("填空题", "Fill-in"), "b", "text")
