"""排序题: all options are put in order; the key lists them first to last."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.bank import LETTERS, USUAL_OPTIONS, Key, Question
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.text import Text

OPEN = "-"
"""Stands for a place to which nothing is given yet."""
LEAST = 3


@dataclass(frozen=True, slots=True)
class Ordering(QuestionType):
    """The whole order is right or nothing is: steps of a procedure have one sequence."""

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong: three to six steps, each once in the key."""
        found = []
        if not LEAST <= len(question.options) <= USUAL_OPTIONS:
            found.append("step_count")
        if not isinstance(question.key, tuple):
            return [*found, "key_not_letters"]
        if sorted(question.key) != list(range(len(question.options))):
            found.append("key_not_all")
        return found

    def key_as_shown(self, key: Key, order: Sequence[int]) -> str:
        """Return the letters of this paper, first step to last."""
        place = dict(zip(order, LETTERS, strict=False))
        return "".join(place[option] for option in key) if isinstance(key, tuple) else ""

    def pack(self, response: Sequence[str]) -> str:
        """Return the letters in the order given; nothing when every place is open."""
        text = "".join(response)
        return text if text.strip(OPEN) else ""

    def from_form(self, values: Sequence[str]) -> tuple[str, ...]:
        """Return a letter for each place; of a letter given twice the first place keeps it."""
        places: list[str] = []
        for value in values:
            places.append(OPEN if not value or value in places else value)
        return tuple(places) if any(place != OPEN for place in places) else ()

    def wrong_response(self, key: str, options: int, chance: random.Random) -> str:  # noqa: ARG002
        """Return the right order with its first step moved to another place."""
        at = chance.randrange(1, len(key))
        return key[1 : at + 1] + key[0] + key[at + 1 :]

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:
        """Say whether each place holds a letter of the paper or none; no letter twice."""
        letters = self.shown_letters(options)
        given = [letter for letter in response if letter != OPEN]
        return (
            len(response) <= options
            and len(set(given)) == len(given)
            and all(len(letter) == 1 and letter in letters for letter in given)
        )

    def mark(self, key: str, response: Sequence[str], max_cp: int, scoring: str) -> int:  # noqa: ARG002
        """Return the centi-points: everything for the whole order, else nothing."""
        return max_cp if key and "".join(response) == key else 0


ORDERING = Ordering("ordering", Text("排序题", "Put in order"), "r", "order")
