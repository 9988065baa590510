"""勘误重判: ruling on a key that was wrong, after an exam. Pure; nothing is changed by asking.

A ruling is about one item (a question version, or a part of a case) in one exam. Only the points of
that item are marked anew; everything else on the paper keeps the points it has.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.bank import LETTERS, Key, Question
from quizapp.domain.errors import Invalid
from quizapp.domain.ids import AttemptId, ExamId, OfficerId
from quizapp.domain.question_types.all import QUESTION_TYPES
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
VOIDS = ("void_full", "void_none")
POLICIES = {
    "no_loss": Text("只增不减：无人因此失分", "Nobody loses points"),
    "recalculate": Text("全部重算：分数可增可减", "Recalculate everybody"),
}
STATES = {
    "draft": Text("待批准", "Waiting for approval"),
    "applying": Text("正在生效", "Taking effect"),
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
    if set(kind.check(changed)) - {"option_count"}:  # that was a matter of its review
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
        if one.type != "blank":
            answer = "".join(answer.split()).upper()
    return replace(draft, reason=reason, answer=answer)
