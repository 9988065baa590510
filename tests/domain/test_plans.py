"""Every fault of a plan is found and named by its field."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from quizapp.domain.exams import (
    PRESETS,
    Audience,
    Blueprint,
    Cell,
    ExamPlan,
    PoolItem,
    audience_from_plain,
    audience_to_plain,
    blueprint_from_plain,
    blueprint_to_plain,
    line_cp,
)
from quizapp.domain.ids import VersionId
from quizapp.domain.plans import PlanInvalid, Surroundings, check_plan
from quizapp.domain.rules_text import write_rules
from tests.domain.test_timing import EXAM, at
from tests.domain.test_visibility import PROVINCE, TANGSHAN, XINDU, XINGTAI

POOL = (PoolItem(VersionId(1), "Q1", "single", "行政处罚法", 1, ("听证",)),)
AROUND = Surroundings(PROVINCE, (PROVINCE, XINGTAI, TANGSHAN, XINDU), POOL)
PLAN = ExamPlan(title="竞赛", unit_id=PROVINCE.id, opens_at=at(0), closes_at=at(8))


def faults(plan: ExamPlan, around: Surroundings = AROUND) -> list[tuple[Any, str]]:
    try:
        check_plan(plan, around)
    except PlanInvalid as refusal:
        return [(p.get("cell", p.get("field")), p["code"]) for p in refusal.problems]
    return []


def cells(*over: dict[str, Any]) -> Blueprint:
    plain: dict[str, Any] = {"type": "single", "count": 1, "points_cp": 100}
    return Blueprint(tuple(Cell(**(plain | one)) for one in over))


def test_the_defaults_are_sound() -> None:
    assert faults(PLAN) == []


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ({"title": " "}, [("title", "required")]),
        ({"title": "长" * 121}, [("title", "too_long")]),
        ({"title": "a\0b"}, [("title", "control_characters")]),
        ({"theme": "长" * 61}, [("theme", "too_long")]),
        ({"rules_text": "长" * 8001}, [("rules_text", "too_long")]),
        ({"closes_at": at(0)}, [("closes_at", "closes_before_opening")]),
        ({"closes_at": at(-1)}, [("closes_at", "closes_before_opening")]),
        ({"closes_at": at(24 * 367)}, [("closes_at", "window_too_long")]),
        (
            {"opens_at": at(0) - timedelta(days=366 * 40)},
            [("opens_at", "date_out_of_range"), ("closes_at", "window_too_long")],
        ),
        ({"duration_s": 0}, [("duration_s", "duration_s_out_of_range")]),
        ({"duration_s": -60}, [("duration_s", "duration_s_out_of_range")]),
        ({"duration_s": 10**12}, [("duration_s", "duration_s_out_of_range")]),
        ({"attempts_allowed": 0}, [("attempts_allowed", "attempts_allowed_out_of_range")]),
        ({"attempts_allowed": 21}, [("attempts_allowed", "attempts_allowed_out_of_range")]),
        ({"credit_ch": -1}, [("credit_ch", "credit_ch_out_of_range")]),
        ({"pass_bp": 0}, [("pass_bp", "pass_bp_out_of_range")]),
        ({"pass_bp": 8500}, [("good_bp", "lines_not_rising")]),
        ({"excellent_bp": 7000}, [("excellent_bp", "lines_not_rising")]),
        (
            {"min_participation_bp": 10_001},
            [("min_participation_bp", "min_participation_bp_out_of_range")],
        ),
        ({"scoring": "deduct"}, [("scoring", "unknown_choice")]),
        ({"metric": "sum"}, [("metric", "unknown_choice")]),
        ({"ties": ("earliest", "earliest")}, [("ties", "ties_repeated")]),
        ({"ties": ("luck",)}, [("ties", "ties_repeated")]),
        ({"board_release": "handed_in"}, [("board_release", "unknown_choice")]),
        ({"score_release": "soon"}, [("score_release", "unknown_choice")]),
        ({"audience": Audience(units=("999999",))}, [("audience_units", "audience_out_of_scope")]),
        ({"audience": Audience(cadre_levels=("king",))}, [("cadre_levels", "unknown_choice")]),
        ({"blueprint": Blueprint(())}, [("cells", "blueprint_empty")]),
        ({"blueprint": cells({"count": -5}, {})}, [(1, "count_out_of_range")]),
        (
            {"blueprint": cells({}, {"count": 10**9})},
            [(2, "count_out_of_range"), ("cells", "too_many_items")],
        ),
        ({"blueprint": cells({"points_cp": 0})}, [(1, "points_out_of_range")]),
        ({"blueprint": cells({"type": "essay"})}, [(1, "unknown_type")]),
        ({"blueprint": cells({"laws": ("民法典",)})}, [(1, "unknown_law")]),
        ({"blueprint": cells({"topics": ("占星",)})}, [(1, "unknown_topic")]),
        ({"blueprint": cells({"difficulties": (4,)})}, [(1, "unknown_difficulty")]),
        ({"blueprint": cells({"parts": 3})}, [(1, "parts_out_of_range")]),
        ({"blueprint": cells(*[{}] * 61)}, [("cells", "too_many_cells")]),
    ],
)  # fmt: skip
def test_each_fault_is_named(over: dict[str, Any], found: list[tuple[Any, str]]) -> None:
    assert faults(replace(PLAN, **over)) == found


def test_a_city_cannot_invite_another_city() -> None:
    around = replace(AROUND, unit=XINGTAI)
    inside = replace(PLAN, audience=Audience(units=("130500", "130503")))
    assert faults(inside, around) == []
    outside = replace(PLAN, audience=Audience(units=("130200",)))
    assert faults(outside, around) == [("audience_units", "audience_out_of_scope")]


def test_plain_data_reads_back() -> None:
    blueprint = cells(
        {"laws": ("甲",), "topics": ("乙",), "difficulties": (1, 2)}, {"type": "case", "parts": 3}
    )
    assert blueprint_from_plain(blueprint_to_plain(blueprint)) == blueprint
    audience = Audience(("130500",), ("section",))
    assert audience_from_plain(audience_to_plain(audience)) == audience


@pytest.mark.parametrize(
    ("max_cp", "share_bp", "line"), [(10_000, 6000, 6000), (9950, 6000, 5970), (333, 6000, 200)]
)
def test_a_line_is_the_first_score_at_or_above_the_share(
    max_cp: int, share_bp: int, line: int
) -> None:
    assert line_cp(max_cp, share_bp) == line
    assert line * 10_000 >= max_cp * share_bp > (line - 1) * 10_000


def test_the_phases_of_an_exam() -> None:
    assert [EXAM.phase(at(hours)) for hours in (-1, 0, 7, 8)] == [
        "upcoming",
        "open",
        "open",
        "closed",
    ]
    assert replace(EXAM, last_closes_at=at(9)).phase(at(8.5)) == "open"
    assert replace(EXAM, state="cancelled").phase(at(1)) == "cancelled"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_the_rules_say_time_scoring_ranking_and_allowance(preset: Any) -> None:
    plan = replace(PLAN, blueprint=preset.blueprint, duration_s=preset.minutes * 60, credit_ch=200)
    text = write_rules(plan, network_allowance_s=30)
    assert text.count("\n") == 9
    for words in (
        "2026年11月22日 09:00至2026年11月22日 17:00", f"限时 {preset.minutes} 分钟", "满分 100 分",
        "少选、多选、错选均不得分", "60 分以上为合格", "用时少者在前", "参与率 × 平均分",
        "截止后 30 秒内", "取最好成绩", "计 2 学时",
    ):  # fmt: skip
        assert words in text


def test_the_rules_follow_the_plan() -> None:
    plan = replace(
        PLAN, attempts_allowed=1, ties=(), metric="average_with_floor", one_device=False,
        scoring="half", credit_ch=None,
    )  # fmt: skip
    text = write_rules(plan, network_allowance_s=0)
    assert "每人 1 次机会" in text
    assert "60% 的单位只列不排" in text
    assert "少选得一半分" in text
    assert "学时" not in text
    assert "一部手机" not in text
