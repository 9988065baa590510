"""作答: one officer's sitting of one paper, from the start to the receipt.

Answers are events: (item number, sequence number, response). The highest sequence number of an
item is its current answer. Handing in seals the attempt with a digest over all its events.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from quizapp.domain.assembly import PaperItem
from quizapp.domain.clock import to_ms
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId, VersionId
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.base import QuestionType
from quizapp.domain.timing import Terms

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_CHARS, RECEIPT_GROUP = 16, 4
LOOK_ALIKES = str.maketrans("ILO", "110", "- ")
MAX_SEQ = 1_000_000_000
MAX_ENTRIES = 100

HANDED_IN, TIME_OVER, CANCELLED = "handed_in", "time_over", "cancelled"


class AttemptNotFound(NotFound):
    """There is no such attempt."""

    code = "attempt_not_found"


class AttemptClosed(Conflict):
    """The attempt was handed in or its time is over."""

    code = "attempt_closed"


class NotYourAttempt(NotAllowed):
    """The attempt is another officer's."""

    code = "not_your_attempt"


class MovedToOtherDevice(Conflict):
    """The paper was opened elsewhere later; that device holds it now."""

    code = "moved_to_other_device"


class SignInEnded(NotAllowed):
    """The sign-in behind the request is no longer valid."""

    code = "sign_in_required"


class NotInvited(NotAllowed):
    """The officer is not on the exam's frozen roster."""

    code = "not_invited"


class NoAttemptsLeft(Conflict):
    """All allowed attempts are used."""

    code = "no_attempts_left"


class PledgeMissing(Invalid):
    """The pledge of honesty was not given."""

    code = "pledge_missing"


class ResultNotVisible(NotAllowed):
    """The exam's rule does not show the result yet."""

    code = "result_not_visible"


class AnswerInvalid(Invalid):
    """Answers that cannot be on this paper; `problems` says which and why."""

    code = "invalid_answer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who saves, as the signed cookie says: officer, epoch of the sign-ins, this sign-in."""

    officer_id: int
    epoch: int
    sign_in: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What an item of a paper accepts: by its type and how many options it shows."""

    type: QuestionType
    options: int


Shape = tuple[Slot, ...]
_TYPE_BY_LETTER = {kind.letter: kind for kind in QUESTION_TYPES}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was sent. `response` as stored; `given_at` is the phone's word."""

    no: int
    seq: int
    response: str
    flagged: bool
    given_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt without its paper. `due_at` is the law; moments are aware UTC."""

    id: AttemptId
    exam_id: ExamId
    officer_id: OfficerId
    try_no: int
    unit_id: UnitId
    scoring_unit_id: UnitId
    max_cp: int
    started_at: datetime
    limit_s: int
    extra_s: int
    due_at: datetime
    revision: int
    one_device: bool
    device: str | None
    closed_at: datetime | None
    submitted_at: datetime | None
    close_reason: str | None
    duration_s: int | None
    answered: int | None
    right_count: int | None
    score_cp: int | None
    receipt: str | None


# --- time ------------------------------------------------------------------------------------


def check_may_start(exam: Exam, terms: Terms, now: datetime) -> None:
    """Pass only while the officer's window is open. Raises NotAllowed or Conflict."""
    if exam.state == "cancelled":
        raise Conflict("exam_cancelled")
    if now < terms.opens_at:
        raise NotAllowed("not_open_yet")
    if now >= terms.closes_at:
        raise Conflict("window_closed")


def remaining_s(due_at: datetime, now: datetime) -> int:
    """Return the whole seconds left, never less than 0."""
    return max(0, int((due_at - now).total_seconds()))


def state_of(closed_at: datetime | None, due_at: datetime, now: datetime) -> str:
    """Return open, time_over (late arrivals may still come in) or closed."""
    if closed_at is not None:
        return "closed"
    return "open" if now <= due_at else TIME_OVER


def is_in_time(
    given_at: datetime, received_at: datetime, due_at: datetime, allowance_s: int
) -> bool:
    """Say whether an answer counts: given by the deadline, arrived within the network allowance."""
    return given_at <= due_at and received_at <= due_at + timedelta(seconds=allowance_s)


def given_at(now: datetime, age_ms: int) -> datetime:
    """Return when an answer was given that the phone calls `age_ms` old."""
    return now - timedelta(milliseconds=age_ms)


def submitted_at(due_at: datetime, now: datetime) -> datetime:
    """Return the moment an attempt counts as handed in: never after its deadline."""
    return min(due_at, now)


def duration_s(started_at: datetime, handed_in_at: datetime) -> int:
    """Return 用时: whole server seconds from start to hand-in."""
    return max(0, int((handed_in_at - started_at).total_seconds()))


# --- the paper -------------------------------------------------------------------------------


def paper_to_plain(items: Iterable[PaperItem]) -> list[dict[str, Any]]:
    """Return the drawn paper as stored with the attempt."""
    return [
        {"v": item.version_id, "o": list(item.order), "p": item.points_cp}
        | ({} if item.part is None else {"part": item.part, "case": item.case_no})
        for item in items
    ]


def paper_from_plain(paper: Sequence[Mapping[str, Any]], types: Sequence[str]) -> list[PaperItem]:
    """Return the items that `paper_to_plain` wrote; `types`: the type of each, in order."""
    return [
        PaperItem(
            version_id=VersionId(item["v"]),
            type=type_key,
            points_cp=item["p"],
            order=tuple(item["o"]),
            part=item.get("part"),
            case_no=item.get("case"),
        )
        for item, type_key in zip(paper, types, strict=True)
    ]


def shape_of(items: Iterable[PaperItem]) -> str:
    """Return what a paper accepts, in short: the letter of each item's type and its options."""
    return "".join(f"{QUESTION_TYPES.get(item.type).letter}{len(item.order)}" for item in items)


@lru_cache(maxsize=4096)
def parse_shape(shape: str) -> Shape:
    """Return the slots of a stored shape such as "s4m5j0"; equal shapes give the same object."""
    return tuple(
        Slot(_TYPE_BY_LETTER[letter], int(options))
        for letter, options in re.findall(r"([a-z])(\d+)", shape)
    )


# --- answers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as a client sends it, shape of JSON checked, meaning not yet."""

    no: int
    response: tuple[str, ...]
    seq: int
    flagged: bool
    age_ms: int = 0


def check_entries(entries: Sequence[Entry], shape: Shape) -> None:
    """Pass only answers that this paper can hold. Raises AnswerInvalid with every problem."""
    problems = [
        {"no": entry.no, "code": code}
        for entry in entries
        if (code := _problem_of(entry, shape)) is not None
    ]
    seen: set[tuple[int, int]] = set()
    for entry in entries:
        if (entry.no, entry.seq) in seen:
            problems.append({"no": entry.no, "code": "sent_twice"})
        seen.add((entry.no, entry.seq))
    if problems:
        raise AnswerInvalid(problems=problems)


def _problem_of(entry: Entry, shape: Shape) -> str | None:
    if not 1 <= entry.no <= len(shape):
        return "unknown_number"
    if not 1 <= entry.seq <= MAX_SEQ:
        return "seq_out_of_range"
    slot = shape[entry.no - 1]
    if not slot.type.is_response_valid(entry.response, slot.options):
        return "impossible_response"
    return None


def current(events: Iterable[Answer]) -> dict[int, Answer]:
    """Return the answer that counts for each item: the one with the highest sequence number."""
    latest: dict[int, Answer] = {}
    for event in events:
        known = latest.get(event.no)
        if known is None or event.seq > known.seq:
            latest[event.no] = event
    return latest


def answered_count(latest: Mapping[int, Answer]) -> int:
    """Return how many items have an answer that is not empty."""
    return sum(1 for answer in latest.values() if answer.response)


# --- the receipt -----------------------------------------------------------------------------


def digest(attempt_id: int, started_at: datetime, events: Iterable[Answer]) -> str:
    """Return the SHA-256 (hex) over an attempt's events, whatever order they are given in."""
    rows = sorted(
        [e.no, e.seq, e.response, e.flagged, to_ms(e.given_at), to_ms(e.received_at)]
        for e in events
    )
    text = json.dumps(
        [attempt_id, to_ms(started_at), rows], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def short_receipt(full_digest: str) -> str:
    """Return the receipt an officer notes down: 80 bits of the digest in four groups of four."""
    bits = int(full_digest[: RECEIPT_CHARS * 5 // 4], 16)
    chars = [CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(RECEIPT_CHARS))]
    groups = [chars[at : at + RECEIPT_GROUP] for at in range(0, RECEIPT_CHARS, RECEIPT_GROUP)]
    return "-".join("".join(group) for group in groups)


def read_receipt(text: str) -> str | None:
    """Return a typed receipt in its one written form, or None when it cannot be one.

    Small letters, missing or other separators and the look-alikes I, L, O are understood.
    """
    plain = text.upper().translate(LOOK_ALIKES)
    if len(plain) != RECEIPT_CHARS or any(char not in CROCKFORD for char in plain):
        return None
    return "-".join(plain[at : at + RECEIPT_GROUP] for at in range(0, len(plain), RECEIPT_GROUP))
