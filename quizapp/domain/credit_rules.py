"""Credit rules: how minutes of training become hours (学时), by kind and by date.

Minutes are whole, credit is hundredths of an hour (`_ch`). Caps of a rule count the hours of its
own kind only, so that the credit of a day does not depend on the order in which kinds are posted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.text import Text

KINDS = {
    "classroom": Text("集中培训", "Classroom training"),
    "online": Text("网络培训", "Online training"),
    "contest": Text("知识竞赛", "Competition"),
    "exam": Text("考试", "Exam"),
    "lecture": Text("授课", "Lecture given"),
    "outside": Text("外部培训", "Outside training"),
}
MAX_MINUTES = 31 * 24 * 60
"""No single entry is longer than a month."""
MAX_CREDIT_CH = 100_000
FIRST_DAY = date(2000, 1, 1)
"""The shipped rules are in force from here on."""


class NoRuleInForce(Conflict):
    """No credit rule covers that kind on that day."""

    code = "no_credit_rule"


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
