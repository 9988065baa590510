"""How an invented officer sits a paper: answers over time, right as often as the ability says."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer
from quizapp.domain.bank import Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.scoring import question_of, shown_key

HARDER_BY_LEVEL = 0.06
HARDER_BY_TYPE = {"multiple": 0.14, "indefinite": 0.14, "judge": -0.05}
SKIPS, CHANGES = 0.006, 0.05
ON_THE_WAY = timedelta(milliseconds=340)


def invent_answers(
    items: Sequence[PaperItem],
    questions: Mapping[int, Question],
    chance: random.Random,
    *,
    ability: float,
    begins_at: datetime,
    ends_at: datetime,
) -> list[Answer]:
    """Return the answer events of one sitting in their order; a few items stay empty.

    `ability`: the share of easy single-choice questions the officer gets right.
    """
    whole_s = (ends_at - begins_at).total_seconds()
    moments = sorted(chance.uniform(0.01, 0.99) * whole_s for _ in items)
    events: list[Answer] = []
    for no, (item, after_s) in enumerate(zip(items, moments, strict=True), 1):
        if chance.random() < SKIPS:
            continue
        question = question_of(item, questions)
        harder = HARDER_BY_LEVEL * (question.difficulty - 1) + HARDER_BY_TYPE.get(item.type, 0)
        key = shown_key(item, question)
        is_right = chance.random() < ability - harder
        response = right_answer(item, key) if is_right else wrong_answer(item, key, chance)
        at = begins_at + timedelta(seconds=after_s)
        if chance.random() < CHANGES:
            events.append(_event(no, 1, wrong_answer(item, key, chance), at))
            at += timedelta(seconds=chance.uniform(2, 20))
            events.append(_event(no, 2, response, min(at, ends_at)))
        else:
            events.append(_event(no, 1, response, at))
    return events


def wrong_answer(item: PaperItem, key: str, chance: random.Random) -> str:
    """Return a response that can be given to the item and is not the key."""
    return QUESTION_TYPES.get(item.type).wrong_response(key, len(item.order), chance)


def right_answer(item: PaperItem, key: str) -> str:
    """Return a response that earns everything."""
    return QUESTION_TYPES.get(item.type).right_response(key)


def _event(no: int, seq: int, response: str, at: datetime) -> Answer:
    return Answer(no, seq, response, flagged=False, given_at=at, received_at=at + ON_THE_WAY)
