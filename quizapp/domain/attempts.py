"""作答: one officer's sitting of one paper, from the start to the receipt.

Answers are events: (item number, sequence number, response). The highest sequence number of an
item is its current answer. Handing in seals the attempt with a digest over all its events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.domain.drawn import Shape
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId
from quizapp.domain.timing import Terms

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
