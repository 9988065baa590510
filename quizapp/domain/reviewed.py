"""What an officer sees of a marked paper, as far as the gate allows: keys, rulings, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer
from quizapp.domain.bank import Question
from quizapp.domain.corrections import VOIDS, Correction, with_answer
from quizapp.domain.ids import AttemptId
from quizapp.domain.papers import ExamRef, ShownItem, show_items
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.regrading import key_of
from quizapp.domain.scoring import question_of, shown_key
from quizapp.domain.statutes import Citation

Rulings = Mapping[tuple[int, int], Sequence[Correction]]
"""Corrections in force by (version, part), the earliest first."""


@dataclass(frozen=True, slots=True)
class TypeTally:
    """How the items of one type went."""

    type: str
    count: int
    right: int
    score_cp: int
    max_cp: int


@dataclass(frozen=True, slots=True)
class ItemRuling:
    """What was ruled of an item: the last ruling, the key before any, the keys accepted now."""

    ruling: str
    reason: str
    at: datetime
    old_key: tuple[str, ...]
    accepted: tuple[tuple[str, ...], ...]

    @property
    def is_void(self) -> bool:
        """Say whether the item no longer tells right from wrong."""
        return self.ruling in VOIDS


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """An item after the gate opened: the key as shown, what it earned, why.

    After a ruling `key` is the accepted one that fits the answer best; see `ruling` for the others.
    """

    item: ShownItem
    key: tuple[str, ...]
    score_cp: int
    explanation: str
    citations: tuple[Citation, ...]
    ruling: ItemRuling | None = None

    @property
    def is_right(self) -> bool:
        """Say whether it earned full marks."""
        return self.score_cp == self.item.points_cp


@dataclass(frozen=True, slots=True)
class ScoreNotice:
    """A correction as its officer reads it: the item's number on the own paper, both scores."""

    no: int
    ruling: str
    reason: str
    old_cp: int
    new_cp: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What the gate allows to see of an attempt; what it does not is None or empty.

    `law_day`: the day whose law the exam's questions fit. `former_rank`: on the board that was
    public before the present one. `prize`: 1 the first.
    """

    attempt_id: AttemptId
    exam: ExamRef
    law_day: date
    try_no: int
    receipt: str
    submitted_at: datetime
    duration_s: int
    answered: int
    total: int
    max_cp: int
    score_cp: int | None
    right_count: int | None
    grade: str | None
    rank: int | None
    per_type: tuple[TypeTally, ...]
    items: tuple[ReviewedItem, ...]
    score_release: str
    answers_release: str
    corrections: tuple[ScoreNotice, ...] = ()
    former_rank: int | None = None
    prize: int | None = None


def review_items(
    items: Sequence[PaperItem],
    questions: Mapping[int, Question],
    latest: Mapping[int, Answer],
    item_cp: Sequence[int],
    *,
    scoring: str,
    rulings: Rulings | None = None,
) -> tuple[ReviewedItem, ...]:
    """Return the paper with keys, marks and reasons; only for a reader whom the gate lets in."""
    shown = show_items(items, questions, latest)
    found = []
    for no, (item, view, got) in enumerate(zip(items, shown, item_cp, strict=True), 1):
        question = question_of(item, questions)
        ruled = (rulings or {}).get(key_of(item), ())
        response = latest[no].response if no in latest else ""
        keys = accepted_keys(item, question, ruled)
        best = _best_fitting(item, keys, response, scoring)
        found.append(
            ReviewedItem(
                item=view,
                key=_parts(item, best),
                score_cp=got,
                explanation=question.explanation,
                citations=question.citations or questions[item.version_id].citations,
                ruling=_ruling_of(item, question, ruled, keys),
            )
        )
    return tuple(found)


def accepted_keys(item: PaperItem, question: Question, ruled: Sequence[Correction]) -> list[str]:
    """Return the keys in force in the letters of this paper; rulings the earliest first."""
    keys = [shown_key(item, question)]
    for draft in (one.draft for one in ruled):
        if draft.ruling == "new_key":
            keys = [shown_key(item, with_answer(question, draft.answer))]
        elif draft.ruling == "accept_also":
            keys.append(shown_key(item, with_answer(question, draft.answer)))
    return list(dict.fromkeys(keys))


def _best_fitting(item: PaperItem, keys: Sequence[str], response: str, scoring: str) -> str:
    kind = QUESTION_TYPES.get(item.type)
    return max(keys, key=lambda key: kind.mark(key, response, item.points_cp, scoring))


def _parts(item: PaperItem, key: str) -> tuple[str, ...]:
    return QUESTION_TYPES.get(item.type).key_parts(key)


def _ruling_of(
    item: PaperItem, question: Question, ruled: Sequence[Correction], keys: Sequence[str]
) -> ItemRuling | None:
    if not ruled:
        return None
    last = ruled[-1]
    return ItemRuling(
        ruling=last.draft.ruling,
        reason=last.draft.reason,
        at=last.decided_at or last.drafted_at,
        old_key=_parts(item, shown_key(item, question)),
        accepted=tuple(_parts(item, key) for key in keys),
    )


def tally_types(items: Sequence[PaperItem], item_cp: Sequence[int]) -> tuple[TypeTally, ...]:
    """Return one row per type in the order of the paper."""
    return tuple(
        _tally(
            type_key,
            [pair for pair in zip(items, item_cp, strict=True) if pair[0].type == type_key],
        )
        for type_key in dict.fromkeys(item.type for item in items)
    )


def _tally(type_key: str, marked: list[tuple[PaperItem, int]]) -> TypeTally:
    return TypeTally(
        type=type_key,
        count=len(marked),
        right=sum(got == item.points_cp for item, got in marked),
        score_cp=sum(got for _, got in marked),
        max_cp=sum(item.points_cp for item, _ in marked),
    )
