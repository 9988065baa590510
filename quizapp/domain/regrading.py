"""重判: what rulings on one item do to papers, ranks and tallies. Nothing is changed by asking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quizapp.domain.assembly import PaperItem
from quizapp.domain.bank import Question
from quizapp.domain.corrections import Correction, Draft, ScoreChange, with_answer
from quizapp.domain.ids import AttemptId, OfficerId, UnitId
from quizapp.domain.metrics.base import Tally
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.standings import TIES, Best


def points_of(
    item: PaperItem, question: Question, response: str, rulings: Sequence[Draft], scoring: str
) -> int:
    """Return the centi-points of one item under rulings, the earliest first; the last word counts.

    `accept_also` adds to what the rulings before it accept; every other takes their place.
    """
    kind = QUESTION_TYPES.get(item.type)

    def under(keyed: Question) -> int:
        shown = kind.shown_key(keyed, item.order)
        return kind.mark(shown, response, item.points_cp, scoring)

    points = under(question)
    for ruling in rulings:
        if ruling.ruling == "void_full":
            points = item.points_cp
        elif ruling.ruling == "void_none":
            points = 0
        else:
            earned = under(with_answer(question, ruling.answer))
            points = max(points, earned) if ruling.ruling == "accept_also" else earned
    return points


def total_of(
    items: Sequence[PaperItem], item_cp: Sequence[int], not_counted: Iterable[tuple[int, int]]
) -> int:
    """Return the score of a paper; without the items not counted, the rest scaled to full marks.

    `not_counted`: (version, part). The nearest centi-point, a half upwards; never below 0.
    """
    out = set(not_counted)
    whole = sum(item.points_cp for item in items)
    counted = [
        (item.points_cp, got)
        for item, got in zip(items, item_cp, strict=True)
        if key_of(item) not in out
    ]
    left = sum(points for points, _ in counted)
    got = max(0, sum(points for _, points in counted))
    return got if left in (0, whole) else (2 * got * whole + left) // (2 * left)


def key_of(item: PaperItem) -> tuple[int, int]:
    """Return the version and the part (-1: none) of an item."""
    return item.version_id, -1 if item.part is None else item.part


def change_of(
    attempt_id: AttemptId,
    items: Sequence[PaperItem],
    item_cp: Sequence[int],
    *,
    score_cp: int,
    response: str,
    question: Question,
    rulings: Sequence[Draft],
    in_force: Sequence[Draft],
    scoring: str,
) -> ScoreChange | None:
    """Return what the last of `rulings` does to one attempt; None when nothing changes.

    `rulings`: all of this item, the new one last. `in_force`: the last word on every other item.
    `question`: what the item asks, with its own key. `response`: the answer that counts.
    """
    new = rulings[-1]
    own = (
        no
        for no, item in enumerate(items)
        if item.version_id == new.version_id and key_of(item) == (new.version_id, new.part)
    )
    at = next(own, None)
    if at is None:
        return None
    after = list(item_cp)
    after[at] = points_of(items[at], question, response, rulings, scoring)
    was_void = any(ruling.ruling == "void_none" for ruling in rulings[-2:-1])
    if after[at] == item_cp[at] and was_void == (new.ruling == "void_none"):
        return None
    voided = [(d.version_id, d.part) for d in (*in_force, new) if d.ruling == "void_none"]
    score = total_of(items, after, voided)
    if new.policy == "no_loss" and score < score_cp:
        return None
    if tuple(after) == tuple(item_cp) and score == score_cp:
        return None
    return ScoreChange(
        attempt_id,
        at + 1,
        score_cp,
        score,
        _right(items, item_cp),
        _right(items, after),
        tuple(item_cp),
        tuple(after),
    )


def _right(items: Sequence[PaperItem], item_cp: Sequence[int]) -> int:
    return sum(got == item.points_cp for item, got in zip(items, item_cp, strict=True))


def last_words(applied: Iterable[Correction], but: tuple[int, int]) -> list[Draft]:
    """Return the ruling in force on every other item, from the corrections in order of effect."""
    last = {(c.draft.version_id, c.draft.part): c.draft for c in applied}
    return [draft for key, draft in last.items() if key != but]


def best_of(scored: Iterable[Best], ties: Sequence[str]) -> dict[OfficerId, Best]:
    """Return the attempt that counts of every officer: score, then the ties, then the earlier."""
    values = [TIES.get(key).value for key in ties]

    def order(best: Best) -> tuple[int, ...]:
        return (-best.score_cp, *(value(best) for value in values), best.attempt_id)

    found: dict[OfficerId, Best] = {}
    for best in scored:
        known = found.get(best.officer_id)
        if known is None or order(best) < order(known):
            found[best.officer_id] = best
    return found


def rescored(scored: Iterable[Best], changes: Mapping[int, tuple[int, int]]) -> list[Best]:
    """Return the attempts with the new scores (and right items) of those that change."""
    return [
        replace(best, score_cp=change[0], right_count=change[1])
        if (change := changes.get(best.attempt_id))
        else best
        for best in scored
    ]


def recount(
    tallies: Iterable[Tally], best: Iterable[Best], *, pass_cp: int, excellent_cp: int
) -> list[Tally]:
    """Return the tallies of units with the figures that these counting attempts give."""
    by_unit: dict[UnitId, list[int]] = {}
    for one in best:
        by_unit.setdefault(one.unit_id, []).append(one.score_cp)
    return [
        replace(
            tally,
            participants=len(scores),
            score_sum_cp=sum(scores),
            passed=sum(score >= pass_cp for score in scores),
            excellent=sum(score >= excellent_cp for score in scores),
            full_marks=sum(score >= tally.max_cp for score in scores),
            top_cp=max(scores, default=0),
        )
        for tally in tallies
        for scores in (by_unit.get(tally.unit.id, []),)
    ]
