"""From a marked paper to what is counted of it: one cell per item, options as they are stored."""

from collections.abc import Mapping, Sequence

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import Answer, current
from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.clock import to_ms
from quizapp.domain.corrections import VOIDS, Draft, with_answer
from quizapp.domain.item_figures import Cell, ItemFacts, ItemKey
from quizapp.domain.regrading import key_of

COUNTED = ("single", "multiple", "indefinite", "judge")
"""Types of which every option is counted."""
_JUDGED = "TF"


def facts_of(item: PaperItem, question: Question, rulings: Sequence[Draft] = ()) -> ItemFacts:
    """Return what an item offers; `question` is the item's own, rulings on it the earliest first.

    The key is the one in force: a corrected key takes the place of the first, or is added to it.
    """
    is_void = bool(rulings) and rulings[-1].ruling in VOIDS
    if is_void or item.type not in COUNTED:
        return ItemFacts(item.type, item.points_cp, is_void=is_void)
    right = right_options(question)
    for ruling in rulings:
        if ruling.ruling == "new_key":
            right = right_options(with_answer(question, ruling.answer))
        elif ruling.ruling == "accept_also":
            right |= right_options(with_answer(question, ruling.answer))
    options = len(_JUDGED) if item.type == "judge" else len(question.options)
    return ItemFacts(item.type, item.points_cp, options, right)


def right_options(question: Question) -> frozenset[int]:
    """Return the stored options that are right; of a judgement 0 is right (对), 1 is wrong (错)."""
    if isinstance(question.key, bool):
        return frozenset({0 if question.key else 1})
    return frozenset(question.key)


def chosen_options(item: PaperItem, response: str) -> tuple[int, ...]:
    """Return the stored options that a response on this paper names; of other types none."""
    if item.type == "judge":
        return tuple(_JUDGED.index(letter) for letter in response)
    if item.type not in COUNTED:
        return ()
    return tuple(sorted(item.order[LETTERS.index(letter)] for letter in response))


def cells_of(
    items: Sequence[PaperItem],
    item_cp: Sequence[int],
    events: Sequence[Answer],
    *,
    started_ms: int,
    ended_ms: int,
) -> list[Cell]:
    """Return the cells of one person's paper, in its order."""
    latest: Mapping[int, Answer] = current(events)
    answered = [(event.no, to_ms(event.given_at)) for event in events]
    used = seconds_by_item(started_ms, ended_ms, answered)
    return [
        Cell(
            ItemKey(*key_of(item)),
            got,
            chosen_options(item, latest[no].response) if no in latest else (),
            used.get(no),
        )
        for no, (item, got) in enumerate(zip(items, item_cp, strict=True), 1)
    ]


def seconds_by_item(
    started_ms: int, ended_ms: int, answers: Sequence[tuple[int, int]]
) -> dict[int, float]:
    """Return the seconds used per item number, from (item number, moment in ms) of each answer.

    The time before an answer, since the answer before it or the start, belongs to its item.
    Moments outside of the sitting (a phone's clock that is wrong) count as its start or end.
    """
    used: dict[int, float] = {}
    before = started_ms
    for at, no in sorted((min(max(at, started_ms), ended_ms), no) for no, at in answers):
        used[no] = used.get(no, 0.0) + (at - before) / 1000
        before = at
    return used
