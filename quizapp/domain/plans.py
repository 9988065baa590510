"""What a plan of a competition must be before it may be stored: every fault, field by field."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from quizapp.domain.errors import Invalid
from quizapp.domain.exams import Blueprint, ExamPlan, PoolItem, check_blueprint
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.people import CADRE_LEVELS, Place
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.standings import TIES
from quizapp.domain.text import Text

RELEASES = {
    "handed_in": Text("交卷后立即", "Right after hand-in"),
    "closed": Text("全部窗口结束后", "When every window has closed"),
    "published": Text("成绩公布后", "When results are published"),
    "never": Text("不公开", "Never"),
}
BOARD_RELEASES = ("published", "never")
DURATION_S = (60, 10 * 3600)
ATTEMPTS = (1, 20)
CREDIT_CH = (0, 10_000)
EXTRA_S = (0, 10 * 3600)
LONGEST_WINDOW = timedelta(days=366)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
WHOLE_BP = 10_000
LENGTHS = {"title": 120, "theme": 60, "rules_text": 8000}
MAX_CELLS = 60


class PlanInvalid(Invalid):
    """The plan cannot be stored. `problems`: {"field", "code"} or {"cell" (1-based), "code"}."""

    code = "plan_invalid"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plan is checked against: its organizing unit, units and questions that there are."""

    unit: Place
    places: tuple[Place, ...]
    pool: tuple[PoolItem, ...]


def check_plan(plan: ExamPlan, around: Surroundings) -> None:
    """Pass only a plan without a fault. Raises PlanInvalid with every fault found."""
    problems = [
        *_words(plan),
        *check_window(plan.opens_at, plan.closes_at),
        *_numbers(plan),
        *_choices(plan),
        *_audience(plan, around),
        *blueprint_problems(plan.blueprint, around.pool),
    ]
    if problems:
        raise PlanInvalid(problems=problems)


def _fault(field: str, code: str) -> dict[str, Any]:
    return {"field": field, "code": code}


def _words(plan: ExamPlan) -> Iterator[dict[str, Any]]:
    if not plan.title.strip():
        yield _fault("title", "required")
    for field, limit in LENGTHS.items():
        text = getattr(plan, field)
        if len(text) > limit:
            yield _fault(field, "too_long")
        if any(char < " " and char not in "\r\n\t" for char in text):
            yield _fault(field, "control_characters")


def check_window(opens_at: datetime, closes_at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with a window."""
    for field, moment in (("opens_at", opens_at), ("closes_at", closes_at)):
        if not FIRST <= moment < LAST:
            yield _fault(field, "date_out_of_range")
    if closes_at <= opens_at:
        yield _fault("closes_at", "closes_before_opening")
    elif closes_at - opens_at > LONGEST_WINDOW:
        yield _fault("closes_at", "window_too_long")


def _numbers(plan: ExamPlan) -> Iterator[dict[str, Any]]:
    for field, (least, most) in (
        ("duration_s", DURATION_S),
        ("attempts_allowed", ATTEMPTS),
        ("credit_ch", CREDIT_CH),
        ("pass_bp", (1, WHOLE_BP)),
        ("good_bp", (1, WHOLE_BP)),
        ("excellent_bp", (1, WHOLE_BP)),
        ("min_participation_bp", (0, WHOLE_BP)),
    ):
        value = getattr(plan, field)
        if value is not None and not least <= value <= most:
            yield _fault(field, f"{field}_out_of_range")
    if plan.good_bp < plan.pass_bp:
        yield _fault("good_bp", "lines_not_rising")
    if plan.excellent_bp < plan.good_bp:
        yield _fault("excellent_bp", "lines_not_rising")


def _choices(plan: ExamPlan) -> Iterator[dict[str, Any]]:
    for field, known in (
        ("scoring", SCORING_RULES.keys()),
        ("metric", METRICS.keys()),
        ("score_release", RELEASES),
        ("answers_release", RELEASES),
        ("board_release", BOARD_RELEASES),
    ):
        if getattr(plan, field) not in known:
            yield _fault(field, "unknown_choice")
    if len(set(plan.ties)) != len(plan.ties) or any(key not in TIES for key in plan.ties):
        yield _fault("ties", "ties_repeated")


def _audience(plan: ExamPlan, around: Surroundings) -> Iterator[dict[str, Any]]:
    inside = {place.code for place in places_within(around.unit, around.places)}
    if any(code not in inside for code in plan.audience.units):
        yield _fault("audience_units", "audience_out_of_scope")
    if any(level not in CADRE_LEVELS for level in plan.audience.cadre_levels):
        yield _fault("cadre_levels", "unknown_choice")


def places_within(unit: Place, places: Collection[Place]) -> list[Place]:
    """Return the units in the scope of an organizing `unit`, itself among them, in given order."""
    return [
        place
        for place in places
        if unit.level == "province" or unit.id in (place.id, place.scoring_unit_id)
    ]


def blueprint_problems(
    blueprint: Blueprint, pool: Collection[PoolItem]
) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with a blueprint, apart from the bank being too small for it."""
    if len(blueprint.cells) > MAX_CELLS:
        yield {"code": "too_many_cells", "field": "cells"}
    try:
        check_blueprint(blueprint)
    except Invalid as refusal:
        for problem in refusal.problems:
            yield problem if "cell" in problem else problem | {"field": "cells"}
    laws = {item.law for item in pool}
    topics = {topic for item in pool for topic in item.topics}
    for no, cell in enumerate(blueprint.cells, 1):
        for code, chosen, known in (
            ("unknown_type", (cell.type,), QUESTION_TYPES),
            ("unknown_law", cell.laws, laws),
            ("unknown_topic", cell.topics, topics),
            ("unknown_difficulty", cell.difficulties, (1, 2, 3)),
        ):
            if any(key not in known for key in chosen):
                yield {"cell": no, "code": code}
