"""Whose window and time are which: extra time and moved windows, resolved field by field.

A change for one officer beats those for units; among units (and "all") the most generous holds.
A later change for the same target takes the place of the earlier one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quizapp.domain.exams import Exam, RosterEntry
from quizapp.domain.ids import OfficerId, UnitId


@dataclass(frozen=True, slots=True)
class TimeChange:
    """A recorded change. Without officer and unit it is for all; a field of None says nothing.

    `kind`: extra | window | cancel. `extra_s` is the target's whole extra time, not an addition.
    """

    kind: str
    officer_id: OfficerId | None = None
    unit_id: UnitId | None = None
    extra_s: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The window, limit and extra time of one officer; half-open window, whole seconds."""

    opens_at: datetime
    closes_at: datetime
    limit_s: int
    extra_s: int = 0

    def is_open(self, now: datetime) -> bool:
        """Say whether an attempt may be started at `now`."""
        return self.opens_at <= now < self.closes_at


def due_at(started_at: datetime, limit_s: int, extra_s: int, closes_at: datetime) -> datetime:
    """Return the moment after which answers are refused: own time over, or the window's end."""
    return min(started_at + timedelta(seconds=limit_s + extra_s), closes_at)


def terms_for(
    exam: Exam,
    officer_id: OfficerId | None,
    units: Iterable[UnitId],
    changes: Iterable[TimeChange],
) -> Terms:
    """Return the terms of an officer of `units` (own unit and scoring unit).

    `changes` in the order they were made. The window of all stands in `exam` itself.
    """
    made = list(changes)
    extra_s = _resolve("extra_s", officer_id, {*units, None}, made)
    groups: set[UnitId | None] = set(units)
    opens_at = _resolve("opens_at", officer_id, groups, made, smallest=True)
    closes_at = _resolve("closes_at", officer_id, groups, made)
    return Terms(
        opens_at or exam.opens_at, closes_at or exam.closes_at, exam.duration_s, extra_s or 0
    )


def _resolve(
    field: str,
    officer_id: OfficerId | None,
    groups: set[UnitId | None],
    changes: list[TimeChange],
    *,
    smallest: bool = False,
) -> Any:
    """Return the officer's own latest value, else the most generous of the groups', else None."""
    own = None
    latest: dict[UnitId | None, Any] = {}
    for change in changes:
        value = getattr(change, field)
        if value is None:
            continue
        if change.officer_id is None:
            latest[change.unit_id] = value
        elif change.officer_id == officer_id:
            own = value
    if own is not None:
        return own
    found = [value for unit, value in latest.items() if unit in groups]
    return (min if smallest else max)(found, default=None)


def terms_of(exam: Exam, entry: RosterEntry, changes: Iterable[TimeChange]) -> Terms:
    """Return the terms of a roster member."""
    return terms_for(exam, entry.officer_id, (entry.unit_id, entry.scoring_unit_id), changes)
