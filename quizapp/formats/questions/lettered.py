"""Options that a format marks as right or wrong, as letters and an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.answer_notation import truths_of
from quizapp.domain.option_notation import letter_at


@dataclass(frozen=True, slots=True)
class Lettered:
    """Options with letters, the letters that are right, and the name of the type."""

    options: tuple[tuple[str, str], ...]
    answer: str
    type_text: str


def lettered(options: Sequence[tuple[str, bool]], *, is_single: bool) -> Lettered:
    """Return options (text, is right) with letters.

    A single choice between right and wrong is a judgement. Where several may be chosen it is a
    multiple choice whatever the key: one right of them is a fault to be seen, and no other type.
    """
    letters = [letter_at(at) for at in range(len(options))]
    right = [letter for letter, (_, is_right) in zip(letters, options, strict=True) if is_right]
    pairs = tuple((letter, text) for letter, (text, _) in zip(letters, options, strict=True))
    if is_single and truths_of(pairs):
        type_text = "判断题"
    elif is_single:
        type_text = "单选题"
    else:
        type_text = "多选题"
    return Lettered(pairs, "".join(right), type_text)
