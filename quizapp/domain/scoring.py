"""计分: marking a whole paper. Pure: the same answers, keys and rule give the same points.

It does not matter in which order or by which way the answers arrived. Points are centi-points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer
from quizapp.domain.bank import Question
from quizapp.domain.exams import Exam, line_cp
from quizapp.domain.question_types.all import QUESTION_TYPES


@dataclass(frozen=True, slots=True)
class Marks:
    """What a paper earned. `item_cp`: points per item, in the order of the paper."""

    item_cp: tuple[int, ...]
    score_cp: int
    right_count: int
    answered: int


@dataclass(frozen=True, slots=True)
class Regrade:
    """What marking anew would change for one attempt."""

    before_cp: int
    after: Marks

    @property
    def change_cp(self) -> int:
        """Centi-points gained (lost: negative)."""
        return self.after.score_cp - self.before_cp


def question_of(item: PaperItem, questions: Mapping[int, Question]) -> Question:
    """Return what an item asks: the question itself, or its part of a case."""
    whole = questions[item.version_id]
    return whole if item.part is None else whole.parts[item.part]


def shown_key(item: PaperItem, question: Question) -> str:
    """Return the key in the letters of this paper; of a blank the accepted texts, one per line."""
    return QUESTION_TYPES.get(item.type).shown_key(question, item.order)


def mark_paper(
    items: Sequence[PaperItem],
    questions: Mapping[int, Question],
    latest: Mapping[int, Answer],
    *,
    scoring: str,
) -> Marks:
    """Return the marks of a paper: `latest` holds the answer that counts, by item number from 1.

    Raises Invalid("unknown_scoring") or Invalid("unknown_question_type").
    """
    responses = [latest[no].response if no in latest else "" for no in range(1, len(items) + 1)]
    item_cp = tuple(
        QUESTION_TYPES.get(item.type).mark(
            shown_key(item, question_of(item, questions)), response, item.points_cp, scoring
        )
        for item, response in zip(items, responses, strict=True)
    )
    return Marks(
        item_cp=item_cp,
        score_cp=max(0, sum(item_cp)),
        right_count=sum(got == item.points_cp for got, item in zip(item_cp, items, strict=True)),
        answered=sum(1 for response in responses if response),
    )


def regrade(
    items: Sequence[PaperItem],
    questions: Mapping[int, Question],
    latest: Mapping[int, Answer],
    *,
    scoring: str,
    before_cp: int,
) -> Regrade:
    """Return what marking anew against `questions` gives; nothing is changed by asking."""
    return Regrade(before_cp, mark_paper(items, questions, latest, scoring=scoring))


def grade(exam: Exam, score_cp: int) -> str:
    """Return excellent, good, passed or failed: the highest of the exam's lines that is reached."""
    lines = (
        ("excellent", exam.excellent_bp),
        ("good", exam.good_bp),
        ("passed", exam.pass_bp),
    )
    max_cp = exam.max_cp
    reached = (name for name, share_bp in lines if score_cp >= line_cp(max_cp, share_bp))
    return next(reached, "failed")
