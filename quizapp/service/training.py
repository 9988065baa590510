"""Training hours: posting what was earned, taking back what was wrong, counting by unit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import NotFound
from quizapp.domain.people import CADRE_LEVELS, Officer, Viewer, check_may
from quizapp.domain.places import Gazetteer
from quizapp.domain.training import (
    DEFAULT_RULES,
    HOURS_ROLES,
    AlreadyReversed,
    ContestResult,
    CreditRule,
    Held,
    HoursTotal,
    Posting,
    check_rule,
    contest_source,
    credit_held,
    exam_of,
    reversal_of,
    rule_on,
    scope_of,
    sum_totals,
)
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.store import exams, hours, journal, officers, places
from quizapp.store import training as store
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.hours import Batch

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


def rules_for_posting(tx: Tx) -> list[CreditRule]:
    """Return all credit rules, having put the shipped ones in where there were none."""
    rules = store.list_rules(tx)
    if rules:
        return rules
    store.add_rules(tx, DEFAULT_RULES)
    return store.list_rules(tx)


def list_rules() -> list[CreditRule]:
    """Return all credit rules by kind and version."""
    with reading() as tx:
        return store.list_rules(tx) or list(DEFAULT_RULES)


def add_rule(viewer: Viewer, rule: CreditRule, *, now: datetime) -> CreditRule:
    """Leave a new version of a kind's rule; postings made under earlier ones stay as they are.

    `rule.version` is set here. For organizers of the province. Raises NotAllowed, Invalid.
    """
    with transaction() as tx:
        _check_province(tx, viewer)
        rules = rules_for_posting(tx)
        check_rule(rule, rules)
        version = 1 + max((old.version for old in rules if old.kind == rule.kind), default=0)
        new = replace(rule, version=version)
        store.add_rules(tx, [new])
        facts = {"version": version, "valid_from": rule.valid_from.isoformat()}
        journal.add_entry(
            tx,
            "credit_rule.added",
            f"credit_rule:{rule.kind}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    return new


def _check_province(tx: Tx, viewer: Viewer) -> None:
    province = next((u.place for u in places.list_units(tx) if u.place.level == "province"), None)
    if province is None:
        raise NotFound("unit_unknown", written="130000")
    check_may(viewer, "organizer", province)


def post_contest(
    tx: Tx, *, exam: CreditedExam, results: Iterable[ContestResult], now: datetime
) -> int:
    """Leave one posting per officer who passed; a second call or attempt adds nothing.

    Runs inside the transaction that closes the attempts. The day is that of the hand-in. Returns
    how many postings are new. No journal entry of its own: the ledger is append-only itself.
    """
    passed = {r.officer_id: r for r in results if r.passed}
    if not passed:
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
    hidden = set()
    for exam_id in {exam_of(posting.source) for posting in postings} - {None}:
        exam = exams.get_exam(tx, int(exam_id or 0))
        if not what_is_visible(exam, Relation.SELF, now).score:
            hidden.add(int(exam_id or 0))
    return hidden


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


def list_batches(viewer: Viewer) -> list[Batch]:
    """Return the imports that posted for units of the viewer's scope, the latest first."""
    with reading() as tx:
        return hours.list_batches(tx, scope_of(viewer.places_of(HOURS_ROLES)))


def get_batch(viewer: Viewer, batch_id: int) -> Batch:
    """Return one import. Raises NotFound("batch_empty")."""
    found = next((batch for batch in list_batches(viewer) if batch.id == batch_id), None)
    if found is None:
        raise NotFound("batch_empty")
    return found


def ledger_of(viewer: Viewer, staff_no: str) -> tuple[Officer, tuple[Line, ...]]:
    """Return an officer and the whole ledger of that officer, for staff whose scope holds the unit.

    Raises NotFound("officer_not_found"), NotAllowed.
    """
    with reading() as tx:
        officer = officers.find_by_numbers(tx, [staff_no]).get(staff_no)
        if officer is None:
            raise NotFound("officer_not_found")
        check_may(viewer, HOURS_ROLES, officer.place)
        postings = store.list_postings(tx, officer.id)
    back = {posting.reverses_id for posting in postings}
    return officer, tuple(Line(posting, posting.id in back) for posting in postings)


def get_line(viewer: Viewer, posting_id: int) -> tuple[Officer, Line]:
    """Return one posting and its officer. Raises NotFound, NotAllowed."""
    with reading() as tx:
        posting = store.get_posting(tx, posting_id)
        officer = officers.get_officer(tx, posting.officer_id)
        _check_scope(tx, viewer, [posting])
        return officer, Line(posting, store.is_reversed(tx, posting_id))


def reverse(viewer: Viewer, posting_id: int, reason: str, *, now: datetime) -> None:
    """Leave a posting that takes another one back. Raises NotFound, NotAllowed, AlreadyReversed."""
    with transaction() as tx:
        posting = store.get_posting(tx, posting_id)
        _check_scope(tx, viewer, [posting])
        reversal = reversal_of(posting, reason=reason, by=viewer.officer_id, now=now)
        if not store.add_postings(tx, [reversal]):
            raise AlreadyReversed
        facts = {"officer": posting.officer_id, "credit_ch": posting.credit_ch, "reason": reason}
        journal.add_entry(
            tx,
            "hours.reversed",
            f"posting:{posting_id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )


def reverse_batch(viewer: Viewer, batch_id: int, reason: str, *, now: datetime) -> int:
    """Take back every posting of an import that still stands; return how many.

    Raises NotFound when nothing stands, NotAllowed when one lies outside the viewer's scope.
    """
    with transaction() as tx:
        standing = store.list_standing(tx, batch_id)
        if not standing:
            raise NotFound("batch_empty")
        _check_scope(tx, viewer, standing)
        reversals = [reversal_of(p, reason=reason, by=viewer.officer_id, now=now) for p in standing]
        done = store.add_postings(tx, reversals)
        facts = {"postings": done, "reason": reason}
        journal.add_entry(
            tx,
            "hours.batch_reversed",
            f"upload:{batch_id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    return done


def _check_scope(tx: Tx, viewer: Viewer, postings: Iterable[Posting]) -> None:
    gazetteer = Gazetteer(places.list_units(tx))
    for unit_id in {posting.unit_id for posting in postings}:
        check_may(viewer, "organizer", gazetteer.by_id(unit_id))
