"""The ledger of training hours (学时): postings, their sources, reversals, totals.

Minutes are whole, credit is hundredths of an hour (`_ch`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.ids import OfficerId, PostingId, UnitId, UploadId
from quizapp.domain.people import Place

HOURS_ROLES = "organizer|trainer"
"""Who may see and import hours; taking back and rules are for organizers."""

PROVINCE_OWN = "省本级"
"""How tables name the province's own staff beside its cities."""


class AlreadyReversed(Conflict):
    """A posting is reversed at most once."""

    code = "already_reversed"


NEW = PostingId(0)
"""The id of a posting that is not in the ledger yet."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the ledger; never changed. `times` (人次) is 1, in a reversal -1."""

    officer_id: OfficerId
    unit_id: UnitId
    scoring_unit_id: UnitId
    cadre_level: str
    held_on: date
    kind: str
    title: str
    minutes: int
    credit_ch: int
    rule_id: int
    source: str
    posted_at: datetime
    times: int = 1
    batch_id: UploadId | None = None
    reverses_id: PostingId | None = None
    reason: str = ""
    posted_by: OfficerId | None = None
    id: PostingId = NEW

    @property
    def year(self) -> int:
        """The year whose hours it counts in."""
        return self.held_on.year


def reversal_of(posting: Posting, *, reason: str, by: OfficerId, now: datetime) -> Posting:
    """Return the posting that takes `posting` back, on the same day and unit, so all sums close.

    Raises Conflict("reversal_of_reversal") and Invalid("reason_missing").
    """
    if posting.reverses_id is not None:
        raise Conflict("reversal_of_reversal")
    if not reason.strip():
        raise Invalid("reason_missing")
    return replace(
        posting,
        minutes=-posting.minutes,
        credit_ch=-posting.credit_ch,
        times=-posting.times,
        source=f"reversal:{posting.id}",
        reverses_id=posting.id,
        batch_id=None,
        reason=reason.strip(),
        posted_by=by,
        posted_at=now,
        id=NEW,
    )


@dataclass(frozen=True, slots=True)
class ContestResult:
    """A closed attempt as the ledger sees it; both units are those of the frozen roster."""

    officer_id: OfficerId
    unit_id: UnitId
    scoring_unit_id: UnitId
    submitted_at: datetime
    duration_s: int
    passed: bool


def contest_source(exam_id: int, officer_id: int) -> str:
    """Return the source that makes the credit of a contest unique per officer."""
    return f"contest:{exam_id}:{officer_id}"


def exam_of(source: str) -> int | None:
    """Return the exam a posting came from, or None when it came from elsewhere."""
    kind, _, rest = source.partition(":")
    return int(rest.split(":")[0]) if kind == "contest" else None


def class_source(officer_id: int, held_on: date, kind: str, title: str, amount: str) -> str:
    """Return the source of one attendance: the same for the same facts in whatever file."""
    facts = "\0".join((kind, title, amount))
    digest = hashlib.sha256(facts.encode()).hexdigest()[:24]
    return f"sheet:{officer_id}:{held_on:%Y%m%d}:{digest}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose hours somebody may see: all of these scoring units, and these single units."""

    scoring_units: frozenset[UnitId]
    units: frozenset[UnitId]


def scope_of(places: Iterable[Place]) -> Scope | None:
    """Return the scope of grants at these places; None is the whole province."""
    places = list(places)
    if any(place.level == "province" for place in places):
        return None
    ranked = {p.id for p in places if p.level == "city" or p.id == p.scoring_unit_id}
    return Scope(frozenset(ranked), frozenset(place.id for place in places) - ranked)


@dataclass(frozen=True, slots=True)
class HoursTotal:
    """What a group of officers did: 人次, persons with at least one of them, hours."""

    key: str
    label: str
    times: int
    persons: int
    credit_ch: int
    minutes: int
    above: str = ""

    @property
    def per_head_ch(self) -> int | None:
        """Hours per trained person, rounded half up; None when nobody was trained."""
        return (2 * self.credit_ch + self.persons) // (2 * self.persons) if self.persons else None


def sum_totals(rows: Iterable[HoursTotal], *, label: str) -> HoursTotal:
    """Return the total line: the sum of its rows in every figure, by definition."""
    rows = list(rows)
    return HoursTotal(
        key="",
        label=label,
        times=sum(row.times for row in rows),
        persons=sum(row.persons for row in rows),
        credit_ch=sum(row.credit_ch for row in rows),
        minutes=sum(row.minutes for row in rows),
    )
