"""Training hours (学时): which rule gives how much credit, and the postings of the ledger.

Minutes are whole, credit is hundredths of an hour (`_ch`). Caps of a rule count the hours of its
own kind only, so that the credit of a day does not depend on the order in which kinds are posted.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.ids import OfficerId, PostingId, UnitId, UploadId
from quizapp.domain.people import Place
from quizapp.domain.text import Text

KINDS = {
    "classroom": Text("集中培训", "Classroom training"),
    "online": Text("网络培训", "Online training"),
    "contest": Text("知识竞赛", "Competition"),
    "exam": Text("考试", "Exam"),
    "lecture": Text("授课", "Lecture given"),
    "outside": Text("外部培训", "Outside training"),
}
HOURS_ROLES = "organizer|trainer"
"""Who may see and import hours; taking back and rules are for organizers."""
MAX_MINUTES = 31 * 24 * 60
"""No single entry is longer than a month."""
MAX_CREDIT_CH = 100_000
FIRST_DAY = date(2000, 1, 1)
"""The shipped rules are in force from here on."""


class NoRuleInForce(Conflict):
    """No credit rule covers that kind on that day."""

    code = "no_credit_rule"


class AlreadyReversed(Conflict):
    """A posting is reversed at most once."""

    code = "already_reversed"


@dataclass(frozen=True, slots=True)
class CreditRule:
    """How minutes of one kind become hours. Caps and the fixed credit may be absent (None)."""

    kind: str
    version: int
    minutes_per_hour: int
    step_ch: int
    day_cap_ch: int | None
    year_cap_ch: int | None
    fixed_ch: int | None
    valid_from: date
    valid_to: date | None = None
    id: int = 0

    def is_in_force(self, day: date) -> bool:
        """Say whether the rule covers that day; both ends are included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _by_minutes(kind: str) -> CreditRule:
    return CreditRule(kind, 1, 45, 50, 800, None, None, FIRST_DAY)


DEFAULT_RULES = (
    _by_minutes("classroom"),
    _by_minutes("online"),
    CreditRule("contest", 1, 45, 50, None, None, 200, FIRST_DAY),
    CreditRule("exam", 1, 45, 50, None, None, 200, FIRST_DAY),
    _by_minutes("lecture"),
    _by_minutes("outside"),
)
"""45 minutes an hour, rounded down to half hours, 8 a day; a passed contest or exam gives 2."""


def check_rule(rule: CreditRule, earlier: Iterable[CreditRule]) -> None:
    """Pass only a rule that can be applied and begins after all earlier versions of its kind.

    Raises Invalid("credit_rule_invalid") with one problem per field.
    """
    problems = [
        {"field": name, "code": "out_of_range"}
        for name, value, low, high in (
            ("minutes_per_hour", rule.minutes_per_hour, 1, 600),
            ("step_ch", rule.step_ch, 1, 800),
            ("day_cap_ch", rule.day_cap_ch, 1, 2400),
            ("year_cap_ch", rule.year_cap_ch, 1, MAX_CREDIT_CH),
            ("fixed_ch", rule.fixed_ch, 0, MAX_CREDIT_CH),
        )
        if value is not None and not low <= value <= high
    ]
    if rule.kind not in KINDS:
        problems.append({"field": "kind", "code": "unknown"})
    if any(old.kind == rule.kind and old.valid_from >= rule.valid_from for old in earlier):
        problems.append({"field": "valid_from", "code": "not_after_last_version"})
    if problems:
        raise Invalid("credit_rule_invalid", problems=problems)


def rule_on(rules: Iterable[CreditRule], kind: str, day: date) -> CreditRule:
    """Return the newest rule of `kind` that covers `day`. Raises NoRuleInForce."""
    covering = [rule for rule in rules if rule.kind == kind and rule.is_in_force(day)]
    if not covering:
        raise NoRuleInForce(kind=kind, day=day.isoformat())
    return max(covering, key=lambda rule: rule.version)


def credit(
    minutes: int, rule: CreditRule, *, already_today_ch: int = 0, already_year_ch: int = 0
) -> int:
    """Return the credit of `minutes` in hundredths of an hour: rounded down to the step, capped.

    A rule with a fixed credit gives it whatever the minutes. `already_*` is what the officer holds
    of this kind on that day and in that year. Never negative.
    """
    if rule.fixed_ch is None:
        earned = minutes * 100 // rule.minutes_per_hour
        earned -= earned % rule.step_ch
    else:
        earned = rule.fixed_ch
    if rule.day_cap_ch is not None:
        earned = min(earned, rule.day_cap_ch - already_today_ch)
    if rule.year_cap_ch is not None:
        earned = min(earned, rule.year_cap_ch - already_year_ch)
    return max(earned, 0)


def minutes_for(credit_ch: int, rule: CreditRule) -> int:
    """Return the fewest whole minutes that earn `credit_ch` before rounding and caps."""
    return -(-credit_ch * rule.minutes_per_hour // 100)


Held = dict[tuple[int, str, date | int], int]
"""What officers hold already: hours by (officer, kind, day) and by (officer, kind, year)."""


def add_held(held: Held, officer_id: int, kind: str, day: date, credit_ch: int) -> None:
    """Count hours in for their day and for their year."""
    for span in (day, day.year):
        key = (officer_id, kind, span)
        held[key] = held.get(key, 0) + credit_ch


def credit_held(minutes: int, rule: CreditRule, held: Held, officer_id: int, day: date) -> int:
    """Return the credit under the caps of `rule`, given what the officer holds already."""
    return credit(
        minutes,
        rule,
        already_today_ch=held.get((officer_id, rule.kind, day), 0),
        already_year_ch=held.get((officer_id, rule.kind, day.year), 0),
    )


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
