"""What readers say of a file, in English."""

import pytest

from quizapp.domain.import_words import place_words, why_words


@pytest.mark.parametrize(
    ("place", "english"),
    [
        ("第 3 行", "Row 3"),
        ("单选 第 12 行", "单选, row 12"),
        ("表 1 第 2 题", "Table 1, question 2"),
        ("表 4", "Table 4"),
        ("一、单选题 第 7 题", "一、单选题, question 7"),
        ("quiz/question[3]", "quiz/question[3]"),
    ],
)
def test_a_place_is_said_in_english(place: str, english: str) -> None:
    assert place_words(place).zh == place
    assert place_words(place).en == english


def test_an_unknown_reason_stays_as_it_was_written() -> None:
    assert why_words("分节标题").en == "Heading of a section"
    assert why_words("别的").en == "别的"
