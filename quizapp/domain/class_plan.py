"""What importing past classes would post: each attendance under the rule of its day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.attendance import Attendance, ClassSheet
from quizapp.domain.credit_rules import (
    CreditRule,
    Held,
    add_held,
    credit_held,
    minutes_for,
    rule_on,
)
from quizapp.domain.errors import Refusal
from quizapp.domain.ids import OfficerId, UploadId
from quizapp.domain.people import Officer, Place
from quizapp.domain.places import squeeze
from quizapp.domain.training import Posting, class_source
from quizapp.domain.uploads import Problem


@dataclass(frozen=True, slots=True)
class Booking:
    """An attendance that would be posted, for the officer it names."""

    attendance: Attendance
    officer: Officer
    posting: Posting


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What an import would post; `known` rows are in the ledger already."""

    bookings: tuple[Booking, ...]
    known: int
    problems: tuple[Problem, ...]

    @property
    def faulty_rows(self) -> int:
        """Return the number of rows with at least one problem."""
        return len({problem.row for problem in self.problems})

    @property
    def credit_ch(self) -> int:
        """Return the hours that would be posted."""
        return sum(booking.posting.credit_ch for booking in self.bookings)

    @property
    def persons(self) -> int:
        """Return the number of officers who would get a posting."""
        return len({booking.officer.id for booking in self.bookings})


@dataclass(frozen=True, slots=True)
class Ledger:
    """What planning must know of the ledger: rules, sources (True: it stands), hours held."""

    rules: tuple[CreditRule, ...]
    sources: Mapping[str, bool]
    held: Held


@dataclass(frozen=True, slots=True)
class PostedBy:
    """Who posts, in which batch, and when."""

    officer_id: OfficerId
    batch_id: UploadId
    now: datetime


def plan_classes(
    classes: ClassSheet,
    known: Mapping[str, Officer],
    may: Callable[[Place], bool],
    ledger: Ledger,
    by: PostedBy,
) -> ClassPlan:
    """Return what an import would post, each credit under the rule of its day and its caps.

    What stands in the ledger already is counted, not posted again; what was reversed may be
    posted anew. Rows for officers of other units are problems ("out_of_scope").
    """
    bookings: list[Booking] = []
    problems, heading = list(classes.problems), classes.heading
    standing = 0
    ledger = replace(ledger, held=dict(ledger.held))  # grows with every booking
    for attendance in classes.attendances:
        officer = known.get(attendance.staff_no)
        code = _problem_of(attendance, officer, may)
        if code or officer is None:
            column = heading.written("name" if code == "name_mismatch" else "staff_no")
            problems.append(Problem(attendance.row, code or "officer_unknown", column))
            continue
        source = _free_source(attendance, officer, ledger.sources)
        if source is None:
            standing += 1
            continue
        try:
            posting = _posting(attendance, officer, source, ledger, by)
        except Refusal as refusal:
            column = heading.written("held_on")
            problems.append(Problem(attendance.row, refusal.name, column, refusal.facts))
            continue
        add_held(ledger.held, officer.id, posting.kind, posting.held_on, posting.credit_ch)
        bookings.append(Booking(attendance, officer, posting))
    problems.sort(key=lambda problem: problem.row)
    return ClassPlan(tuple(bookings), standing, tuple(problems))


def _problem_of(
    attendance: Attendance, officer: Officer | None, may: Callable[[Place], bool]
) -> str:
    if officer is None:
        return "officer_unknown"
    if not may(officer.place):
        return "out_of_scope"
    is_same = squeeze(officer.name) == squeeze(attendance.name)
    return "" if is_same else "name_mismatch"


def _free_source(
    attendance: Attendance, officer: Officer, sources: Mapping[str, bool]
) -> str | None:
    """Return the source to post under; None when the same attendance stands in the ledger."""
    base = class_source(
        officer.id, attendance.held_on, attendance.kind, attendance.title, attendance.amount
    )
    source, again = base, 1
    while source in sources:
        if sources[source]:
            return None
        again += 1
        source = f"{base}#{again}"
    return source


def _posting(
    attendance: Attendance,
    officer: Officer,
    source: str,
    ledger: Ledger,
    by: PostedBy,
) -> Posting:
    rule = rule_on(ledger.rules, attendance.kind, attendance.held_on)
    minutes = attendance.minutes
    if minutes is None:
        minutes = minutes_for(attendance.credit_ch or 0, rule)
    return Posting(
        officer_id=officer.id,
        unit_id=officer.place.id,
        scoring_unit_id=officer.place.scoring_unit_id or officer.place.id,
        cadre_level=officer.cadre_level,
        held_on=attendance.held_on,
        kind=attendance.kind,
        title=attendance.title,
        minutes=minutes,
        credit_ch=credit_held(minutes, rule, ledger.held, officer.id, attendance.held_on),
        rule_id=rule.id,
        source=source,
        batch_id=by.batch_id,
        posted_by=by.officer_id,
        posted_at=by.now,
    )
