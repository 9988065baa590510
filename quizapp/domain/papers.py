"""What an officer sees of a paper: while sitting it, and afterwards as far as the gate allows.

A shown item carries letters of *this* paper only; the key comes in with the review, never before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer
from quizapp.domain.bank import Question
from quizapp.domain.ids import AttemptId, ExamId
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.scoring import question_of
from quizapp.domain.text import Text

JUDGE_WORDS = {"T": Text("正确", "True"), "F": Text("错误", "False")}


@dataclass(frozen=True, slots=True)
class Option:
    """One option as shown: its letter on this paper and its words."""

    key: str
    text: str | Text


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item with the officer's current answer. `seq` 0: not answered yet."""

    no: int
    type: str
    stem: str
    options: tuple[Option, ...]
    points_cp: int
    response: tuple[str, ...] = ()
    seq: int = 0
    flagged: bool = False
    case_no: int | None = None
    material: str | None = None
    picture_alt: str | None = None
    """What its picture shows, in words; None without a picture."""

    @property
    def section_type(self) -> str:
        """The heading it stands under: a part of a case under the cases."""
        return self.type if self.case_no is None else "case"

    @property
    def is_answered(self) -> bool:
        """Say whether the current answer is not empty."""
        return any(self.response)


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive items of one type and worth. `points_cp` is for each item."""

    type: str
    first: int
    last: int
    points_cp: int

    @property
    def count(self) -> int:
        """Items in the section."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class ExamRef:
    """The exam as a paper names it."""

    id: ExamId
    title: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper being sat, as the page and the contract show it."""

    attempt_id: AttemptId
    exam: ExamRef
    state: str
    server_time: datetime
    due_at: datetime
    remaining_s: int
    revision: int
    items: tuple[ShownItem, ...]
    scoring: str
    scoring_text: Text

    @property
    def sections(self) -> tuple[Section, ...]:
        """The paper in runs of the same type and worth; the parts of cases stand together."""
        runs = groupby(self.items, key=lambda item: (item.section_type, item.points_cp))
        spans = [(kind, [item.no for item in items]) for kind, items in runs]
        return tuple(
            Section(type_key, numbers[0], numbers[-1], points_cp)
            for (type_key, points_cp), numbers in spans
        )

    @property
    def answered(self) -> int:
        """Items with an answer that is not empty."""
        return sum(item.is_answered for item in self.items)

    @property
    def unanswered_nos(self) -> tuple[int, ...]:
        """Numbers of the items without an answer."""
        return tuple(item.no for item in self.items if not item.is_answered)

    @property
    def flagged_nos(self) -> tuple[int, ...]:
        """Numbers of the items marked for review."""
        return tuple(item.no for item in self.items if item.flagged)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an officer takes home. `score_cp` only when the exam shows it at this time."""

    attempt_id: AttemptId
    exam: ExamRef
    receipt: str
    submitted_at: datetime
    close_reason: str
    answered: int
    total: int
    max_cp: int
    score_cp: int | None
    score_release: str


@dataclass(frozen=True, slots=True)
class ExamCard:
    """A competition on an officer's list."""

    id: ExamId
    title: str
    opens_at: datetime
    closes_at: datetime
    duration_s: int
    questions: int
    attempts_allowed: int
    attempts_used: int
    attempt_id: AttemptId | None
    state: str
    remaining_s: int | None = None
    answered: int | None = None
    last_attempt_id: AttemptId | None = None


def shown_options(item: PaperItem, question: Question) -> tuple[Option, ...]:
    """Return the options in the order of this paper, with the letters it shows."""
    letters = QUESTION_TYPES.get(item.type).shown_letters(len(item.order))
    if not item.order:
        return tuple(Option(letter, JUDGE_WORDS[letter]) for letter in letters)
    return tuple(
        Option(letter, question.options[index])
        for letter, index in zip(letters, item.order, strict=True)
    )


def show_items(
    items: Sequence[PaperItem],
    questions: Mapping[int, Question],
    latest: Mapping[int, Answer],
) -> tuple[ShownItem, ...]:
    """Return the paper as shown, with the current answers; nothing of the key is in it."""
    return tuple(show_item(no, item, questions, latest.get(no)) for no, item in enumerate(items, 1))


def show_item(
    no: int, item: PaperItem, questions: Mapping[int, Question], answer: Answer | None
) -> ShownItem:
    """Return one item as shown. The material of a case stands with each of its parts."""
    question = question_of(item, questions)
    picture = questions[item.version_id].picture
    return ShownItem(
        no=no,
        type=item.type,
        stem=question.stem,
        options=shown_options(item, question),
        points_cp=item.points_cp,
        response=QUESTION_TYPES.get(item.type).unpack(answer.response) if answer else (),
        seq=answer.seq if answer else 0,
        flagged=bool(answer and answer.flagged),
        case_no=item.case_no,
        material=None if item.part is None else questions[item.version_id].stem,
        picture_alt=picture.alt if picture else None,
    )
