"""Saving answers: the path that every officer takes once per question.

One statement, one commit, and only then the acknowledgement. What cannot change of a paper (whose
it is, what its items accept) is remembered by the process; everything else the statement checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.attempts import (
    Answer,
    AnswerInvalid,
    AttemptClosed,
    AttemptNotFound,
    Caller,
    Entry,
    MovedToOtherDevice,
    NotYourAttempt,
    SignInEnded,
    check_entries,
    given_at,
    is_in_time,
    remaining_s,
    state_of,
)
from quizapp.domain.clock import iso_z
from quizapp.domain.drawn import Shape, parse_shape
from quizapp.domain.errors import Conflict
from quizapp.store import save
from quizapp.store.db import DriverTx, driver_reading, driver_transaction
from quizapp.store.group import Group
from quizapp.store.memory import Memory

SHAPES_KEPT = 60_000


@dataclass(frozen=True, slots=True)
class Saved:
    """What the client may now forget, as (number, sequence number), and the time left."""

    saved: tuple[tuple[int, int], ...]
    remaining_s: int
    revision: int
    state: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How an attempt stands: state, seconds left, revision of its time, items saved."""

    state: str
    remaining_s: int
    revision: int
    saved: int


TOGETHER = Group()
SHAPES: Memory[int, tuple[int, Shape]] = Memory(SHAPES_KEPT)
"""Whose an attempt is and what its paper accepts; neither ever changes."""


def save_answers(
    caller: Caller,
    attempt_id: int,
    entries: Sequence[Entry],
    *,
    now: datetime,
    allowance_s: int,
    browser: str = "",
) -> Saved:
    """Leave the answers durable, or nothing of them.

    `saved` lists what is durable now; an answer that was given after the deadline is left out of
    it when others of the same request came in time. Raises SignInEnded, AttemptNotFound,
    NotYourAttempt, AttemptClosed (`submitted_at`), MovedToOtherDevice, AnswerInvalid (`problems`)
    or Busy.
    """
    shape = _shape(caller, attempt_id)
    check_entries(entries, shape)
    answers = [
        Answer(
            entry.no,
            entry.seq,
            shape[entry.no - 1].type.pack(entry.response),
            entry.flagged,
            given_at(now, entry.age_ms),
            now,
        )
        for entry in entries
    ]
    done: save.Appended | None = TOGETHER.run(
        lambda tx: save.append(tx, caller, attempt_id, answers, now=now, allowance_s=allowance_s),
        None if len(answers) == 1 else lambda done: len(done.stored) < len(answers),
    )
    if done is None:
        with driver_transaction() as tx:
            answers, done = _append_after_all(
                tx, caller, attempt_id, answers, now=now, allowance_s=allowance_s, browser=browser
            )
    return Saved(
        saved=tuple((answer.no, answer.seq) for answer in answers),
        remaining_s=remaining_s(done.due_at, now),
        revision=done.revision,
        state=state_of(None, done.due_at, now),
    )


def read_state(caller: Caller, attempt_id: int, *, now: datetime) -> Heartbeat:
    """Return how the attempt stands.

    Raises SignInEnded, AttemptNotFound, NotYourAttempt or MovedToOtherDevice.
    """
    with driver_reading() as tx:
        standing = save.get_standing(tx, caller, attempt_id)
        _check_owner(standing, caller)
        due = _known(standing.due_at)
        if standing.closed_at is None and _is_displaced(standing, caller):
            raise MovedToOtherDevice
        return Heartbeat(
            state=state_of(standing.closed_at, due, now),
            remaining_s=0 if standing.closed_at else remaining_s(due, now),
            revision=standing.revision,
            saved=save.count_saved(tx, attempt_id),
        )


def _shape(caller: Caller, attempt_id: int) -> Shape:
    known = SHAPES.find(attempt_id)
    if known is None:
        with driver_reading() as tx:
            found = save.find_shape(tx, attempt_id)
            if found is None or found[0] != caller.officer_id:
                _check_owner(save.get_standing(tx, caller, attempt_id), caller)
        if found is None:
            raise AttemptNotFound
        known = (found[0], parse_shape(found[1]))
        SHAPES.put(attempt_id, known)
    if known[0] != caller.officer_id:
        with driver_reading() as tx:
            _check_owner(save.get_standing(tx, caller, attempt_id), caller)
    return known[1]


def _append_after_all(
    tx: DriverTx,
    caller: Caller,
    attempt_id: int,
    answers: list[Answer],
    *,
    now: datetime,
    allowance_s: int,
    browser: str,
) -> tuple[list[Answer], save.Appended]:
    """Find out why not everything was stored; store what may be after all, or raise the reason."""
    standing = save.get_standing(tx, caller, attempt_id)
    _check_owner(standing, caller)
    due = _known(standing.due_at)
    timely = [a for a in answers if is_in_time(a.given_at, now, due, allowance_s)]
    if standing.closed_at is not None or not timely:
        raise closed_at(standing.submitted_at or due)
    if _is_displaced(standing, caller):
        raise MovedToOtherDevice
    if standing.one_device and standing.device != caller.sign_in:
        save.put_device(tx, attempt_id, caller.sign_in, browser=browser, now=now)
    done = save.append(tx, caller, attempt_id, timely, now=now, allowance_s=allowance_s)
    stored = done.stored if done else ()
    if done is None or len(stored) < len(timely):
        highest = save.list_highest(tx, attempt_id)
        raise AnswerInvalid(
            problems=[
                {"no": answer.no, "code": "seq_taken", "seq": highest.get(answer.no, answer.seq)}
                for answer in timely
                if (answer.no, answer.seq) not in stored
            ]
        )
    return timely, done


def closed_at(moment: datetime) -> AttemptClosed:
    """Return the refusal that names when the attempt ended."""
    return AttemptClosed(submitted_at=iso_z(moment))


def _is_displaced(standing: save.Standing, caller: Caller) -> bool:
    """Say whether this sign-in held the paper before and another one holds it now."""
    return (
        standing.one_device
        and standing.device not in (None, caller.sign_in)
        and standing.held_before
    )


def _check_owner(standing: save.Standing, caller: Caller) -> None:
    if not standing.is_signed_in:
        raise SignInEnded
    if standing.attempt_officer_id is None:
        raise AttemptNotFound
    if standing.attempt_officer_id != caller.officer_id:
        raise NotYourAttempt


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise Conflict
    return moment
