"""Training hours: posting what was earned, taking back what was wrong, counting by unit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from quizapp.domain.clock import civil_date
from quizapp.domain.credit_rules import (
    Held,
    credit_held,
    rule_on,
)
from quizapp.domain.people import CADRE_LEVELS, Viewer
from quizapp.domain.training import (
    HOURS_ROLES,
    ContestResult,
    HoursTotal,
    Posting,
    contest_source,
    exam_of,
    scope_of,
    sum_totals,
)
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.service.credit_rules import rules_for_posting
from quizapp.store import exams, hours
from quizapp.store import training as store
from quizapp.store.db import Tx, reading

LEVELS = ("city", "county", "year", "cadre")


class CreditedExam(Protocol):
    """What the ledger must know of a competition."""

    @property
    def id(self) -> int:
        """Its id, which makes the source of the postings."""

    @property
    def title(self) -> str:
        """Its title, which the officer reads in the ledger."""

    @property
    def credit_ch(self) -> int | None:
        """Hours for passing it; None: as the credit rule says."""


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as its officer sees it."""

    posting: Posting
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class OfficerYear:
    """An officer's hours of one year; `lines` newest day first."""

    year: int
    credit_ch: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HoursTable:
    """Counted hours; `total` is the sum over all cities whatever the rows are grouped by."""

    level: str
    rows: tuple[HoursTotal, ...]
    total: HoursTotal
    years: tuple[int, ...]


def post_contest(
    tx: Tx, *, exam: CreditedExam, results: Iterable[ContestResult], now: datetime
) -> int:
    """Leave one posting per officer who passed; a second call or attempt adds nothing.

    An exam whose credit is 0 (训练赛) leaves none: it is no training that counts.
    Runs inside the transaction that closes the attempts. The day is that of the hand-in. Returns
    how many postings are new. No journal entry of its own: the ledger is append-only itself.
    """
    passed = {r.officer_id: r for r in results if r.passed}
    if not passed or exam.credit_ch == 0:
        return 0
    rules = rules_for_posting(tx)
    levels = hours.cadre_levels_on(tx, exam.id, passed)
    postings = []
    held: Held = {}
    if any(rule.kind == "contest" and (rule.day_cap_ch or rule.year_cap_ch) for rule in rules):
        held = store.credited(
            tx, passed, {civil_date(r.submitted_at).year for r in passed.values()}
        )
    for officer_id, result in sorted(passed.items()):
        day = civil_date(result.submitted_at)
        rule = rule_on(rules, "contest", day)
        if exam.credit_ch is not None:
            rule = replace(rule, fixed_ch=exam.credit_ch)
        minutes = -(-result.duration_s // 60)
        postings.append(
            Posting(
                officer_id=officer_id,
                unit_id=result.unit_id,
                scoring_unit_id=result.scoring_unit_id,
                cadre_level=levels.get(officer_id, "other"),
                held_on=day,
                kind="contest",
                title=exam.title,
                minutes=minutes,
                credit_ch=credit_held(minutes, rule, held, officer_id, day),
                rule_id=rule.id,
                source=contest_source(exam.id, officer_id),
                posted_at=now,
            )
        )
    return store.add_postings(tx, postings)


def year_of(officer_id: int, year: int, *, now: datetime) -> OfficerYear:
    """Return an officer's own year, without what a score not yet released would give away."""
    with reading() as tx:
        postings = store.list_postings(tx, officer_id, year)
        hidden = _hidden_exams(tx, postings, now)
    shown = [p for p in postings if exam_of(_first_source(p, postings)) not in hidden]
    back = {p.reverses_id for p in shown}
    return OfficerYear(
        year=year,
        credit_ch=sum(posting.credit_ch for posting in shown),
        lines=tuple(Line(posting, posting.id in back) for posting in shown),
    )


def _first_source(posting: Posting, postings: Iterable[Posting]) -> str:
    """Return the source of the posting, of a reversal that of what it takes back."""
    if posting.reverses_id is None:
        return posting.source
    return next((p.source for p in postings if p.id == posting.reverses_id), posting.source)


def _hidden_exams(tx: Tx, postings: Iterable[Posting], now: datetime) -> set[int]:
    exam_ids = {found for p in postings if (found := exam_of(p.source)) is not None}
    if not exam_ids:
        return set()
    known = exams.find_exams(tx, exam_ids).values()
    open_ids = {e.id for e in known if what_is_visible(e, Relation.SELF, now).score}
    return exam_ids - open_ids


def totals(
    viewer: Viewer, level: str, *, year: int | None = None, cadre_level: str | None = None
) -> HoursTable:
    """Return the hours in the viewer's scope, grouped by one of LEVELS."""
    scope = scope_of(viewer.places_of(HOURS_ROLES))
    with reading() as tx:
        by_city = hours.count_hours(tx, "city", year=year, cadre_level=cadre_level, scope=scope)
        rows = by_city
        if level != "city":
            rows = hours.count_hours(tx, level, year=year, cadre_level=cadre_level, scope=scope)
        years = hours.list_years(tx)
    if level == "cadre":
        rows = _with_all_levels(rows)
    return HoursTable(level, tuple(rows), sum_totals(by_city, label=""), tuple(years))


def _with_all_levels(rows: Iterable[HoursTotal]) -> list[HoursTotal]:
    known = {row.key: row for row in rows}
    return [known.get(key, HoursTotal(key, key, 0, 0, 0, 0)) for key in CADRE_LEVELS]
