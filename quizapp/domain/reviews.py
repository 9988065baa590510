"""审核: the way of a question from draft to paper and back, and who may take which step."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.ids import OfficerId, QuestionId, VersionId
from quizapp.domain.text import Text

NOTE_LENGTH = 1000


class OwnWork(NotAllowed):
    """Whoever wrote a question cannot be the one who reviews it."""

    code = "own_work"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `begins`: states it starts from; `is_review`: only somebody else may take it."""

    key: str
    label: Text
    begins: tuple[str, ...]
    ends: str
    needs_note: bool = False
    is_review: bool = False


STEPS = {
    step.key: step
    for step in (
        Step("submit", Text("提交审核", "Hand over for review"), ("draft",), "in_review"),
        Step("withdraw", Text("撤回修改", "Take back"), ("in_review",), "draft"),
        Step(
            "approve",
            Text("审核通过并发布", "Approve and publish"),
            ("in_review",),
            "published",
            is_review=True,
        ),
        Step(
            "return",
            Text("退回修改", "Return to the author"),
            ("in_review",),
            "draft",
            needs_note=True,
            is_review=True,
        ),
        Step("suspend", Text("暂停使用", "Suspend"), ("published",), "suspended", needs_note=True),
        Step(
            "resume",
            Text("恢复（重新审核）", "Review again"),
            ("suspended",),
            "in_review",
            needs_note=True,
        ),
        Step(
            "retire",
            Text("停用", "Retire"),
            ("draft", "in_review", "published", "suspended"),
            "retired",
            needs_note=True,
        ),
        Step("revive", Text("重新启用（转为草稿）", "Back to draft"), ("retired",), "draft"),
    )
}
"""The journal names each: question.submit, question.approve, …"""


@dataclass(frozen=True, slots=True)
class Request:
    """A version that waits for its review, or was reviewed. Without a reviewer anybody may."""

    id: int
    question_id: QuestionId
    version_id: VersionId
    version: int
    asked_by: OfficerId
    asked_by_name: str
    asked_at: datetime
    reviewer_id: OfficerId | None = None
    reviewer_name: str = ""
    decided_by_name: str = ""
    decided_at: datetime | None = None
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a version."""

    version: int
    author: str
    at: datetime
    text: str


OUTCOMES = {
    "": Text("待审核", "Waiting"),
    "approve": Text("通过", "Approved"),
    "return": Text("退回", "Returned"),
    "withdraw": Text("撤回", "Taken back"),
    "retire": Text("停用", "Retired"),
    "edit": Text("审核中被修改", "Edited meanwhile"),
}


DEEDS = {
    "question.written": Text("写成", "Written"),
    "question.edited": Text("修改", "Edited"),
    **{f"question.{key}": step.label for key, step in STEPS.items()},
    "question.nominated": Text("推荐到上级题库", "Nominated for the bank above"),
    "question.promoted": Text("收入上级题库", "Taken into the bank above"),
    "question.not_promoted": Text("上级题库未收入", "Not taken into the bank above"),
    "question.reported": Text("收到报错", "Fault reported"),
    "question.fault_answered": Text("答复报错", "Fault report answered"),
    "question.settled": Text("法规变动已处理", "Change of law settled"),
}
"""What the journal may say of a question, in words."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of the journal about a question. `note`: the reason given.

    `law_checked`: a reviewer confirmed that key and citation agree with the law.
    """

    at: datetime
    who: str
    what: Text
    version: int | None
    note: str
    law_checked: bool


TABS = {
    "mine": Text("指定给我", "Handed to me"),
    "free": Text("谁都可审", "For anybody"),
    "others": Text("指定给他人", "Handed to others"),
    "own": Text("我写的", "Written by me"),
}
"""The parts of a queue, first what the viewer is asked for."""


@dataclass(frozen=True, slots=True)
class QueueSearch:
    """What somebody looks at of the queue: a tab (empty: the first that holds something).

    `law`: its short name; `batch`: of one import alone.
    """

    tab: str = ""
    law: str = ""
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer says of one version: a step's key and the reason."""

    code: str
    version: int
    key: str
    note: str = ""


def check_step(key: str, state: str) -> Step:
    """Return the step, if it starts from `state`.

    Raises Invalid("unknown_step"), Conflict("step_not_possible").
    """
    step = STEPS.get(key)
    if step is None:
        raise Invalid("unknown_step")
    if state not in step.begins:
        raise Conflict("step_not_possible")
    return step


def check_note(step: Step, note: str) -> str:
    """Return the note to keep. Raises Invalid("note_missing" | "too_long")."""
    note = note.strip()
    if step.needs_note and not note:
        raise Invalid("note_missing")
    if len(note) > NOTE_LENGTH:
        raise Invalid("too_long")
    return note


def check_other_eyes(step: Step, officer_id: int, authors: set[int]) -> None:
    """Pass a review only for somebody who wrote nothing that is reviewed. Raises OwnWork."""
    if step.is_review and officer_id in authors:
        raise OwnWork


def steps_from(state: str, *, is_author: bool) -> list[Step]:
    """Return the steps that start from a state, for somebody who did or did not write it."""
    return [
        step
        for step in STEPS.values()
        if state in step.begins and not (step.is_review and is_author)
    ]
