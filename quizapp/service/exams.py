"""Competitions: planning, publication, excusing; what may change later is in `exam_times`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from quizapp.domain.assembly import CellSlack, assemble, facts_of, feasibility
from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.exams import Audience, Blueprint, Exam, ExamPlan, PoolItem, check_blueprint
from quizapp.domain.ids import ExamId
from quizapp.domain.people import CADRE_LEVELS, Place, Viewer, check_may
from quizapp.domain.plans import LENGTHS, Surroundings, check_plan, places_within
from quizapp.domain.reviewed import ReviewedItem, review_items
from quizapp.domain.scopes import scopes_for
from quizapp.domain.visibility import Relation, relation_of
from quizapp.store import bank, exam_rosters, exams, journal, places
from quizapp.store.db import Tx, reading, transaction

WARM_UP = "（训练赛）"
REASON_LENGTH = 200


class BlueprintUnsatisfiable(Conflict):
    """The bank cannot fill every cell. `problems`: the short ones (1-based), what is missing."""

    code = "blueprint_unsatisfiable"

    def __init__(self, problems: Sequence[dict[str, int]]) -> None:
        super().__init__(cells="、".join(str(problem["cell"]) for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class ListedExam:
    """A competition on the organizer's list; `eligible`: the frozen roster without the excused."""

    exam: Exam
    eligible: int
    may_change: bool


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """What the form of a plan needs to know of its surroundings.

    `places`: all units in the scope of `unit`; `audience_places`: those it usually invites by.
    """

    organizing: tuple[Place, ...]
    unit: Place
    places: tuple[Place, ...]
    audience_places: tuple[Place, ...]
    laws: tuple[tuple[str, int], ...]
    topics: tuple[str, ...]
    pool: tuple[PoolItem, ...]


def get_exam(exam_id: int) -> Exam:
    """Return the exam. Raises NotFound("exam_not_found")."""
    with reading() as tx:
        return exams.get_exam(tx, exam_id)


def get_managed(viewer: Viewer, exam_id: int) -> Exam:
    """Return an exam its organizer manages. Raises NotAllowed("out_of_scope")."""
    exam = get_exam(exam_id)
    check_may(viewer, "organizer", exam.unit)
    return exam


def list_managed(viewer: Viewer) -> list[ListedExam]:
    """Return what an organizer may look at: the own scope, and published ones it takes part in."""
    with reading() as tx:
        found = exams.list_exams(tx)
        eligible = exam_rosters.count_rosters(tx)
    return [
        ListedExam(exam, eligible.get(exam.id, 0), relation is Relation.ORGANIZER)
        for exam in found
        if (relation := relation_of(exam, viewer)) is Relation.ORGANIZER
        or (relation is Relation.LOCAL_ORGANIZER and exam.state != "draft")
    ]


def lay_desk(viewer: Viewer, unit_id: int | None, *, on: date) -> PlanDesk:
    """Return the surroundings of a plan of that unit; without one, of the viewer's first scope.

    `on`: the last day of the plan; its pool is the one of that day's law.
    Raises NotAllowed("out_of_scope").
    """
    with reading() as tx:
        every = [unit.place for unit in places.list_units(tx) if not unit.is_closed]
        organizing = [
            place
            for place in every
            if viewer.may("organizer", place)
            and (place.id == place.scoring_unit_id or place in viewer.places_of("organizer"))
        ]
        wanted = unit_id if unit_id is not None else _first_scope(viewer)
        unit = next((place for place in organizing if place.id == wanted), None)
        if unit is None:
            raise NotAllowed("out_of_scope")
        pool = usable_pool(tx, unit, on)
    laws = {item.law for item in pool}
    inside = places_within(unit, every)
    return PlanDesk(
        organizing=tuple(organizing),
        unit=unit,
        places=tuple(inside),
        audience_places=tuple(
            place for place in inside if unit.level != "province" or _ranks_itself(place)
        ),
        laws=tuple((law, sum(item.law == law for item in pool)) for law in sorted(laws)),
        topics=tuple(sorted({topic for item in pool for topic in item.topics})),
        pool=tuple(pool),
    )


def _first_scope(viewer: Viewer) -> int | None:
    scopes = viewer.places_of("organizer")
    return scopes[0].id if scopes else None


def _ranks_itself(place: Place) -> bool:
    return place.id == place.scoring_unit_id


def slack_of(blueprint: Blueprint, pool: Sequence[PoolItem]) -> list[CellSlack] | None:
    """Return how each cell stands with this pool, in order; None for a plan beyond all limits."""
    try:
        check_blueprint(blueprint)
    except Invalid:
        return None
    return feasibility(blueprint, pool)


def count_invited(desk: PlanDesk, codes: Sequence[str], cadre_levels: Sequence[str]) -> int:
    """Return how many officers a roster of that audience would have if it were frozen now.

    Codes and levels that there are not count for nothing.
    """
    known = tuple(place.code for place in desk.places if place.code in codes)
    levels = tuple(level for level in cadre_levels if level in CADRE_LEVELS)
    with reading() as tx:
        return exam_rosters.count_invited(tx, desk.unit, Audience(known, levels))


def count_eligible(exam_id: int) -> int:
    """Return 应参加人数: the frozen roster without the excused."""
    with reading() as tx:
        return exam_rosters.count_roster(tx, exam_id)


def check(plan: ExamPlan, desk: PlanDesk) -> None:
    """Pass only a plan that could be stored. Raises PlanInvalid with every fault found."""
    check_plan(plan, Surroundings(desk.unit, desk.places, desk.pool))


def with_rules(plan: ExamPlan, rules_text: str) -> ExamPlan:
    """Return the plan with that text of its rules."""
    return replace(plan, rules_text=rules_text)


def create(viewer: Viewer, plan: ExamPlan, *, now: datetime) -> ExamId:
    """Store a new draft; its papers will be drawn from a seed made now. Raises PlanInvalid."""
    with transaction() as tx:
        unit = exams.get_place(tx, plan.unit_id)
        check_may(viewer, "organizer", unit)
        check_plan(plan, _surroundings(tx, unit, plan))
        seed = secrets.token_hex(32)
        exam_id = exams.add_exam(tx, plan, seed=seed, created_by=viewer.officer_id, now=now)
        _enter(tx, "exam.drafted", exam_id, {"title": plan.title}, viewer, now=now)
    return exam_id


def save_plan(viewer: Viewer, exam_id: int, plan: ExamPlan, *, now: datetime) -> None:
    """Let `plan` replace a draft's plan. Raises Conflict("exam_not_draft"), PlanInvalid."""
    with transaction() as tx:
        _lock_draft(tx, viewer, exam_id)
        unit = exams.get_place(tx, plan.unit_id)
        check_may(viewer, "organizer", unit)
        check_plan(plan, _surroundings(tx, unit, plan))
        exams.put_plan(tx, exam_id, plan)
        _enter(tx, "exam.edited", exam_id, {"title": plan.title}, viewer, now=now)


def delete_draft(viewer: Viewer, exam_id: int, *, now: datetime) -> None:
    """Remove a draft. Raises Conflict("exam_not_draft")."""
    with transaction() as tx:
        exam = _lock_draft(tx, viewer, exam_id)
        exams.delete_draft(tx, exam_id)
        _enter(tx, "exam.deleted", exam_id, {"title": exam.title}, viewer, now=now)


def copy_exam(viewer: Viewer, exam_id: int, *, warm_up: bool, now: datetime) -> ExamId:
    """Make a draft like that exam; as 训练赛 it shows answers at once, no board, no credit."""
    with transaction() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        plan = ExamPlan(**{name: getattr(exam, name) for name in ExamPlan.__dataclass_fields__})
        if warm_up:
            plan = replace(
                plan,
                title=plan.title[: LENGTHS["title"] - len(WARM_UP)] + WARM_UP,
                attempts_allowed=10,
                score_release="handed_in",
                answers_release="handed_in",
                board_release="never",
                credit_ch=0,
                rules_text="",
            )
        seed = secrets.token_hex(32)
        copied = exams.add_exam(tx, plan, seed=seed, created_by=viewer.officer_id, now=now)
        _enter(tx, "exam.drafted", copied, {"title": plan.title, "from": exam_id}, viewer, now=now)
    return copied


def publish(viewer: Viewer, exam_id: int, *, now: datetime) -> int:
    """Freeze roster and pool, open the exam to its officers; return the roster's size (应参加人数).

    Raises Conflict("exam_not_draft"), Conflict("window_over"), Conflict("nobody_invited"),
    PlanInvalid, BlueprintUnsatisfiable.
    """
    with transaction() as tx:
        exam = _lock_draft(tx, viewer, exam_id)
        if exam.closes_at <= now:
            raise Conflict("window_over")
        around = _surroundings(tx, exam.unit, exam)
        check_plan(exam, around)
        check_satisfiable(exam, around.pool)
        eligible = exam_rosters.freeze_roster(tx, exam)
        if not eligible:
            raise Conflict("nobody_invited")
        drawn_from = [
            item.version_id
            for item in around.pool
            if any(cell.takes(item) for cell in exam.blueprint.cells)
        ]
        exam_rosters.freeze_pool(tx, exam_id, drawn_from)
        exams.mark_published(tx, exam_id, now=now)
        facts = {"eligible": eligible, "pool": len(drawn_from)}
        _enter(tx, "exam.published", exam_id, facts, viewer, now=now)
    return eligible


def check_satisfiable(plan: ExamPlan, pool: Sequence[PoolItem]) -> None:
    """Pass only a plan that `pool` can fill, cell by cell. Raises BlueprintUnsatisfiable."""
    short = [
        {"cell": no, "available": row.available, "missing": -row.slack}
        for no, row in enumerate(feasibility(plan.blueprint, pool), 1)
        if row.slack < 0
    ]
    if short:
        raise BlueprintUnsatisfiable(short)


def law_day(plan: ExamPlan) -> date:
    """Return the day whose law a competition's questions must fit: the last of its window."""
    return civil_date(plan.closes_at)


def usable_pool(tx: Tx, unit: Place, on: date) -> list[PoolItem]:
    """Return the published questions that hold in the whole scope of `unit`.

    `on`: only what fits the law of that day.
    """
    every = [known.place for known in places.list_units(tx)]
    return bank.list_pool(tx, scopes_for(unit, every), on=on)


def draw_sample(viewer: Viewer, exam_id: int, sample: int) -> tuple[ReviewedItem, ...]:
    """Return a paper such as officers may get, with keys; never one that is really drawn.

    Raises PoolTooSmall.
    """
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        drafted = exam.state == "draft"
        pool = (
            usable_pool(tx, exam.unit, law_day(exam))
            if drafted
            else exams.list_exam_pool(tx, exam_id)
        )
        fitting = [i for i in pool if any(cell.takes(i) for cell in exam.blueprint.cells)]
        versions = bank.get_versions(tx, [item.version_id for item in fitting])
    facts = {item.version_id: facts_of(versions[item.version_id].question) for item in fitting}
    items = assemble(exam.blueprint, fitting, facts, seed=f"sample:{exam_id}:{sample}")
    questions = {version_id: version.question for version_id, version in versions.items()}
    return review_items(items, questions, {}, [0] * len(items), scoring=exam.scoring)


def excuse(
    viewer: Viewer, exam_id: int, staff_no: str, reason: str | None, *, now: datetime
) -> None:
    """Leave a roster member out of 应参加人数 with a reason, or with None count the member again.

    Raises Conflict("results_published"), Conflict("exam_not_running"), NotFound("not_on_roster").
    """
    with transaction() as tx:
        exam = exams.lock_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        if exam.state != "published":
            raise Conflict("exam_not_running")
        if exam.results_published_at is not None:
            raise Conflict("results_published")
        officer_id = exam_rosters.find_invited(tx, exam_id, staff_no)
        exam_rosters.put_excuse(
            tx, exam_id, officer_id, None if reason is None else check_reason(reason)
        )
        action = "exam.counted_again" if reason is None else "exam.excused"
        facts = {"officer": officer_id, "reason": reason or ""}
        _enter(tx, action, exam_id, facts, viewer, now=now)


def check_reason(reason: str) -> str:
    """Return the reason as it will be stored. Raises Invalid("reason_missing" | "reason_long")."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason_missing")
    if len(reason) > REASON_LENGTH or not reason.isprintable():
        raise Invalid("reason_long")
    return reason


def list_excused(viewer: Viewer, exam_id: int) -> list[exam_rosters.Excused]:
    """Return who is left out of 应参加人数, by unit and staff number."""
    with reading() as tx:
        check_may(viewer, "organizer", exams.get_exam(tx, exam_id).unit)
        return exam_rosters.list_excused(tx, exam_id)


def _lock_draft(tx: Tx, viewer: Viewer, exam_id: int) -> Exam:
    exam = exams.lock_exam(tx, exam_id)
    check_may(viewer, "organizer", exam.unit)
    if exam.state != "draft":
        raise Conflict("exam_not_draft")
    return exam


def _surroundings(tx: Tx, unit: Place, plan: ExamPlan) -> Surroundings:
    every = tuple(known.place for known in places.list_units(tx))
    return Surroundings(unit, every, tuple(usable_pool(tx, unit, law_day(plan))))


def _enter(
    tx: Tx, action: str, exam_id: int, facts: dict[str, Any], viewer: Viewer, *, now: datetime
) -> None:
    journal.add_entry(tx, action, f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now)
