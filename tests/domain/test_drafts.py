"""What keeps a trainer's question from its review, and what is only advice."""

from datetime import date

import pytest

from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.drafts import QuestionUnsound, check_sound
from quizapp.domain.statutes import Citation

CITED = (Citation("地方规定", None, 5),)


def is_sound(question: Question) -> bool:
    try:
        check_sound(question, "T-1", [], as_of=date(2026, 1, 1))
    except QuestionUnsound:
        return False
    return True


@pytest.mark.parametrize("count", [2, 4, 7, 26])
def test_how_many_options_a_choice_has_is_a_matter_of_advice(count: int) -> None:
    options = tuple(f"第{letter}项" for letter in LETTERS[:count])
    for kind, key in (("single", (count - 1,)), ("multiple", (0, count - 1))):
        question = Question(kind, "下列说法正确的是（　）？", options, key, "见第五条。", CITED)
        assert is_sound(question)


@pytest.mark.parametrize(
    ("kind", "lines"), [("blank", 0), ("blank", 7), ("ordering", 2), ("ordering", 7)]
)
def test_how_many_lines_a_blank_or_an_ordering_has_is_none(kind: str, lines: int) -> None:
    options = tuple(f"第{no}步" for no in range(lines))
    question = Question(kind, "听证先（　）。", options, tuple(range(lines)), "见第五条。", CITED)
    assert not is_sound(question)
