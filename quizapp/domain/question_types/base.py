"""What every type of question can do. Responses and keys are the letters as shown: "BD", "T"."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.bank import LETTERS, USUAL_OPTIONS, Key, Question
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A kind of question. `letter` stands for it in the shape of a paper; `widget` draws it."""

    key: str
    label: Text
    letter: str
    widget: str = "choice"

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong with options and key; empty when they are sound."""
        raise NotImplementedError

    def shown_letters(self, options: int) -> str:
        """Return the letters an officer can choose among, in order."""
        return LETTERS[:options]

    def key_as_shown(self, key: Key, order: Sequence[int]) -> str:
        """Return the letters that are right on a paper that shows the stored options in `order`."""
        right = key if isinstance(key, tuple) else ()
        return "".join(LETTERS[place] for place, option in enumerate(order) if option in right)

    def shown_count(self, question: Question) -> int:
        """Return how many options a paper shows."""
        return len(question.options)

    def shown_key(self, question: Question, order: Sequence[int]) -> str:
        """Return the key as `mark` takes it, on a paper that shows the options in `order`."""
        return self.key_as_shown(question.key, order)

    def key_parts(self, key: str) -> tuple[str, ...]:
        """Return what a shown key consists of: letters, or the accepted texts."""
        return tuple(key)

    def pack(self, response: Sequence[str]) -> str:
        """Return a response as it is stored; equal responses give the same text."""
        return "".join(sorted(response))

    def unpack(self, stored: str) -> tuple[str, ...]:
        """Return the response that `pack` stored."""
        return tuple(stored)

    def from_form(self, values: Sequence[str]) -> tuple[str, ...]:
        """Return the response that the fields of a form hold."""
        return tuple(sorted(values))

    def right_response(self, key: str) -> str:
        """Return a stored response that earns everything against the shown `key`."""
        return key

    def wrong_response(self, key: str, options: int, chance: random.Random) -> str:
        """Return a stored response that can be given and earns less than everything."""
        letters = self.shown_letters(options)
        if len(key) == 1:
            return chance.choice([letter for letter in letters if letter != key])
        toggled = set(key) ^ {chance.choice(letters)}
        return "".join(sorted(toggled, key=letters.index))

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:
        """Say whether `response` (letters, or a list of them) can be given here; empty clears."""
        letters = self.shown_letters(options)
        return len(set(response)) == len(response) and all(
            len(letter) == 1 and letter in letters for letter in response
        )

    def mark(self, key: str, response: Sequence[str], max_cp: int, scoring: str) -> int:  # noqa: ARG002
        """Return the centi-points of `response` against the shown `key`: full or nothing."""
        return max_cp if response and set(response) == set(key) else 0


@dataclass(frozen=True, slots=True)
class Choice(QuestionType):
    """Lettered options with between `least` and `most` right ones."""

    least_options: int = 2
    most_options: int = USUAL_OPTIONS
    least_right: int = 1
    most_right: int = len(LETTERS)

    def check(self, question: Question) -> list[str]:
        """Return the codes of what is wrong with options and key."""
        if not isinstance(question.key, tuple):
            return ["key_not_letters"]
        found = []
        if not self.least_options <= len(question.options) <= self.most_options:
            found.append("option_count")
        if not self.least_right <= len(question.key) <= self.most_right:
            found.append("key_count")
        if len(set(question.key)) != len(question.key) or any(
            not 0 <= option < len(question.options) for option in question.key
        ):
            found.append("key_not_an_option")
        return found

    def is_response_valid(self, response: Sequence[str], options: int) -> bool:
        """Say whether the letters are on the paper, distinct, and not more than may be chosen."""
        # slots=True makes a new class, so super() would look for the old one
        return len(response) <= self.most_right and QuestionType.is_response_valid(
            self, response, options
        )


@dataclass(frozen=True, slots=True)
class ManyChoice(Choice):
    """A choice of several: an incomplete response may earn a part by the exam's rule."""

    def mark(self, key: str, response: Sequence[str], max_cp: int, scoring: str) -> int:
        """Return the centi-points; any wrong letter or nothing chosen earns nothing."""
        chosen, right = set(response), set(key)
        if not chosen or not chosen <= right:
            return 0
        if chosen == right:
            return max_cp
        return SCORING_RULES.get(scoring).incomplete(max_cp, len(chosen), len(right))
