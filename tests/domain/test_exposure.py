"""A drawing is measured by what it shows."""

from quizapp.domain.assembly import facts_of
from quizapp.domain.bank import Question
from quizapp.domain.exams import Blueprint, Cell, PoolItem
from quizapp.domain.exposure import measure_exposure
from quizapp.domain.ids import VersionId

QUESTIONS = {VersionId(no): Question("judge", "问", (), True) for no in range(1, 11)}
FACTS = {no: facts_of(question) for no, question in QUESTIONS.items()}


def test_the_question_shown_most_and_the_paper_furthest_off_are_found() -> None:
    pool = [PoolItem(no, f"Q{no:02d}", "judge", "甲", 1 if no < 10 else 3) for no in QUESTIONS]
    always = Blueprint((Cell("judge", 1, 100, difficulties=(3,)), Cell("judge", 1, 100)))
    found = measure_exposure(always, pool, FACTS, papers=50, seed="s")
    assert (found.most_shown, found.most_shown_bp, found.difficulty_off_bp) == ("Q10", 10_000, 0)
    assert found.shown > 5


def test_papers_that_are_not_equally_hard_are_noticed() -> None:
    pool = [PoolItem(no, f"Q{no:02d}", "judge", "甲", 1 if no < 6 else 3) for no in QUESTIONS]
    found = measure_exposure(Blueprint((Cell("judge", 2, 100),)), pool, FACTS, papers=50, seed="s")
    assert found.difficulty_off_bp > 1_000
