"""勘误重判: ruling on a key that was wrong, after an exam. Pure; nothing is changed by asking.

A ruling is about one item (a question version, or a part of a case) in one exam. Only the points of
that item are marked anew; everything else on the paper keeps the points it has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.assembly import PaperItem
from quizapp.domain.bank import LETTERS, Key, Question
from quizapp.domain.errors import Invalid
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId
from quizapp.domain.metrics.base import Tally
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.standings import TIES, Best
from quizapp.domain.text import Text

RULINGS = {
    "accept_also": Text("另认一个答案也正确", "Accept another answer as well"),
    "new_key": Text("更正答案，按新答案判分", "New key instead of the old one"),
    "void_full": Text("本题作废，抽到者均得满分", "Void: full marks for all who had it"),
    "void_none": Text(
        "本题作废不计分，其余题得分按满分折算", "Void, not counted; the rest scaled to full marks"
    ),
}
"""What can be ruled. Officers who did not draw the question keep their points in every case."""
NEED_ANSWER = ("accept_also", "new_key")
POLICIES = {
    "no_loss": Text("只增不减：无人因此失分", "Nobody loses points"),
    "recalculate": Text("全部重算：分数可增可减", "Recalculate everybody"),
}
STATES = {
    "draft": Text("待批准", "Waiting for approval"),
    "applied": Text("已生效", "In force"),
    "dropped": Text("已否决", "Dropped"),
}
REASON_MAX = 300
ANSWER_MAX = 1300
_TRUE, _FALSE = ("T", "对", "正确", "√"), ("F", "错", "错误", "×")


@dataclass(frozen=True, slots=True)
class Draft:
    """A ruling somebody proposes. `part`: of a case, else -1. `answer`: see `key_of`."""

    exam_id: ExamId
    version_id: int
    part: int
    ruling: str
    answer: str
    policy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A draft, who wrote it, and what a second person decided."""

    id: int
    draft: Draft
    state: str
    drafted_by: OfficerId
    drafter: str
    drafted_at: datetime
    decided_by: OfficerId | None = None
    decider: str = ""
    decided_at: datetime | None = None
    note: str = ""
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """What a correction does to one attempt. `no`: the item's number on that paper."""

    attempt_id: AttemptId
    no: int
    old_cp: int
    new_cp: int
    old_right: int
    new_right: int
    old_item_cp: tuple[int, ...]
    new_item_cp: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    """Whose score a correction in force changed; the unit is that of the frozen roster."""

    staff_no: str
    name: str
    unit: str
    try_no: int
    old_cp: int
    new_cp: int


def asked(question: Question, part: int) -> Question:
    """Return the question itself, or its part. Raises Invalid("correction_item_unknown")."""
    if part < 0 and not question.parts:
        return question
    if not 0 <= part < len(question.parts):
        raise Invalid("correction_item_unknown")
    return question.parts[part]


def with_answer(question: Question, answer: str) -> Question:
    """Return the question with the answer in place of its key.

    `answer`: letters of the stored options (a sequence for an ordering), T or F (对, 错) for a
    judgement, one accepted wording per line for a blank. Raises Invalid("correction_answer_wrong").
    """
    kind = QUESTION_TYPES.get(question.type)
    if question.type == "blank":
        texts = tuple(line.strip() for line in answer.splitlines() if line.strip())
        changed = replace(question, options=texts, key=tuple(range(len(texts))))
    else:
        changed = replace(question, key=_key_of(question.type, answer))
    if kind.check(changed):
        raise Invalid("correction_answer_wrong")
    return changed


def _key_of(type_key: str, answer: str) -> Key:
    text = "".join(answer.split()).upper()
    if type_key == "judge":
        if text not in (*_TRUE, *_FALSE):
            raise Invalid("correction_answer_wrong")
        return text in _TRUE
    if not text or any(letter not in LETTERS for letter in text):
        raise Invalid("correction_answer_wrong")
    chosen = [LETTERS.index(letter) for letter in text]
    return tuple(chosen if type_key == "ordering" else sorted(chosen))


def check_draft(draft: Draft, question: Question) -> Draft:
    """Return the draft with its fields in order, for a question of the exam.

    Raises Invalid("correction_ruling_unknown", "correction_policy_unknown", "reason_missing",
    "reason_long", "correction_item_unknown", "correction_answer_wrong").
    """
    reason = draft.reason.strip()
    if draft.ruling not in RULINGS:
        raise Invalid("correction_ruling_unknown")
    if draft.policy not in POLICIES:
        raise Invalid("correction_policy_unknown")
    if not reason:
        raise Invalid("reason_missing")
    if len(reason) > REASON_MAX or not reason.replace("\n", "").replace("\r", "").isprintable():
        raise Invalid("reason_long")
    one = asked(question, draft.part)
    answer = draft.answer.strip() if draft.ruling in NEED_ANSWER else ""
    if draft.ruling in NEED_ANSWER:
        if len(answer) > ANSWER_MAX:
            raise Invalid("correction_answer_wrong")
        with_answer(one, answer)
    return replace(draft, reason=reason, answer=answer)


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
    at = next(
        (no for no, item in enumerate(items) if key_of(item) == (new.version_id, new.part)), None
    )
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


def rescored(scored: Iterable[Best], changes: Mapping[int, ScoreChange]) -> list[Best]:
    """Return the attempts with the new scores of those that change."""
    return [
        replace(best, score_cp=change.new_cp, right_count=change.new_right)
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
