"""The form of a competition's plan, its rows of questions, and the small forms around it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from quizapp.domain.bank import DIFFICULTIES
from quizapp.domain.errors import Invalid
from quizapp.domain.exams import PRESETS, Audience, Blueprint, Cell, ExamPlan
from quizapp.domain.ids import UnitId
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.people import CADRE_LEVELS, Place
from quizapp.domain.plans import BOARD_RELEASES, MAX_CELLS, RELEASES
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.standings import TIES
from quizapp.domain.text import Text
from quizapp.service.exams import PlanDesk
from quizapp.web.exam_fields import (
    NEEDED,
    HundredthsField,
    MomentField,
    TicksField,
    WholeField,
    WordsField,
)
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import beside, known_as, label

TIE_FIELDS = ("tie_1", "tie_2", "tie_3")
SAME_NAME = (
    "title", "theme", "opens_at", "closes_at", "duration_s", "attempts_allowed", "scoring",
    "pass_bp", "good_bp", "excellent_bp", "metric", "min_participation_bp", "score_release",
    "answers_release", "board_release", "one_device", "credit_ch", "rules_text",
)  # fmt: skip
OPTIONAL = ("credit_ch", "theme", "rules_text", "title")
"""Left empty, these have a meaning of their own, or the rules name the fault."""


class CellForm(Form):
    type = SelectField(_l("题型"), validate_choice=False)
    count = WholeField(_l("题数"))
    points_cp = HundredthsField(_l("每题分值"))
    difficulties = TicksField(_l("难度"))
    laws = TicksField(_l("法规"))
    topics = WordsField(_l("知识点"))
    parts = WholeField(_l("每个案例的小题数"))


class PlanForm(FlaskForm):
    title = StringField(_l("竞赛名称"), validators=NEEDED)
    theme = StringField(_l("主题年"))
    unit_id = SelectField(_l("主办单位"), validators=NEEDED, validate_choice=False)
    opens_at = MomentField(_l("开始时间"), validators=NEEDED)
    closes_at = MomentField(_l("结束时间"), validators=NEEDED)
    duration_s = WholeField(_l("答题时限（分钟）"), validators=NEEDED, unit=60)
    attempts_allowed = WholeField(_l("每人答题次数"), validators=NEEDED)
    cells = FieldList(FormField(CellForm), max_entries=MAX_CELLS + 1)
    scoring = RadioField(_l("多选题计分"), validators=NEEDED, validate_choice=False)
    pass_bp = HundredthsField(_l("合格线（占满分 %）"), validators=NEEDED)
    good_bp = HundredthsField(_l("良好线（占满分 %）"), validators=NEEDED)
    excellent_bp = HundredthsField(_l("优秀线（占满分 %）"), validators=NEEDED)
    tie_1 = SelectField(_l("同分时先看"), validate_choice=False)
    tie_2 = SelectField(_l("再看"), validate_choice=False)
    tie_3 = SelectField(_l("最后看"), validate_choice=False)
    metric = RadioField(_l("单位综合得分"), validators=NEEDED, validate_choice=False)
    min_participation_bp = HundredthsField(_l("参与率下限（%）"), validators=NEEDED)
    audience_units = TicksField(_l("参赛单位"))
    cadre_levels = TicksField(_l("职级"))
    score_release = SelectField(_l("本人成绩"), validators=NEEDED, validate_choice=False)
    answers_release = SelectField(_l("答案与解析"), validators=NEEDED, validate_choice=False)
    board_release = SelectField(_l("排行榜"), validators=NEEDED, validate_choice=False)
    one_device = BooleanField(_l("同一时间只能在一部手机上作答"))
    credit_ch = HundredthsField(_l("合格计学时"))
    rules_text = TextAreaField(_l("竞赛规则"), render_kw={"rows": 14})


class ReasonForm(FlaskForm):
    reason = StringField(_l("事由"), validators=NEEDED, render_kw={"maxlength": 200})


class ExcuseForm(ReasonForm):
    staff_no = StringField(_l("工号"), validators=NEEDED)


class TimeForm(ReasonForm):
    """Extra time or a window for everybody, one unit, or one officer."""

    whom = RadioField(_l("对象"), validators=NEEDED, default="all", validate_choice=False)
    unit_code = SelectField(_l("单位"), validate_choice=False)
    staff_no = StringField(_l("工号"))

    def furnish(self, places: Iterable[Place]) -> None:
        """Fill in what may be chosen."""
        self.whom.choices = [
            ("all", gettext("全体")),
            ("unit", gettext("一个单位")),
            ("officer", gettext("一名人员")),
        ]
        self.unit_code.choices = [
            ("", "—"),
            *((place.code, known_as(place.name)) for place in places),
        ]


class ExtraForm(TimeForm):
    extra_s = WholeField(_l("加时（分钟）"), validators=NEEDED, unit=60)


class WindowForm(TimeForm):
    opens_at = MomentField(_l("开始时间"), validators=NEEDED)
    closes_at = MomentField(_l("结束时间"), validators=NEEDED)


def _pairs(texts: dict[Any, Text] | Any, keys: Iterable[Any] | None = None) -> list[Any]:
    return [(str(key), label(texts[key])) for key in (keys or texts)]


def furnish(form: PlanForm, desk: PlanDesk) -> None:
    """Fill in what may be chosen."""
    form.unit_id.choices = [(str(place.id), known_as(place.name)) for place in desk.organizing]
    form.unit_id.data = str(desk.unit.id)
    form.scoring.choices = [(rule.key, label(rule.label)) for rule in SCORING_RULES]
    form.metric.choices = [
        (metric.key, f"{label(metric.label)} — {label(metric.formula)}") for metric in METRICS
    ]
    ties = [("", "—"), *((tie.key, label(tie.label)) for tie in TIES)]
    for name in TIE_FIELDS:
        form[name].choices = ties
    form.score_release.choices = form.answers_release.choices = _pairs(RELEASES)
    form.board_release.choices = _pairs(RELEASES, BOARD_RELEASES)
    chosen = form.audience_units.data or []
    form.audience_units.choices = [
        (place.code, known_as(place.name))
        for place in desk.places
        if place in desk.audience_places or place.code in chosen
    ]
    form.cadre_levels.choices = _pairs(CADRE_LEVELS)
    for row in form.cells:
        furnish_cell(row.form, desk)


def furnish_cell(cell: CellForm, desk: PlanDesk) -> None:
    cell.type.choices = [(kind.key, label(kind.label)) for kind in QUESTION_TYPES]
    cell.difficulties.choices = _pairs(DIFFICULTIES)
    cell.laws.choices = [(law, beside(law, count)) for law, count in desk.laws]


def values_of(plan: ExamPlan) -> dict[str, Any]:
    """Return a plan as the form's values."""
    ties = [*plan.ties, "", "", ""]
    return {name: getattr(plan, name) for name in SAME_NAME} | {
        "cells": cells_of(plan.blueprint),
        "audience_units": list(plan.audience.units),
        "cadre_levels": list(plan.audience.cadre_levels),
        **dict(zip(TIE_FIELDS, ties, strict=False)),
    }


def cells_of(blueprint: Blueprint) -> list[dict[str, Any]]:
    return [
        {
            "type": cell.type,
            "count": cell.count,
            "points_cp": cell.points_cp,
            "difficulties": [str(level) for level in cell.difficulties],
            "laws": list(cell.laws),
            "topics": cell.topics,
            "parts": cell.parts,
        }
        for cell in blueprint.cells
    ]


NEW_CELL = cells_of(Blueprint((Cell("single", 10, 100),)))[0]


def rework(form: PlanForm, act: str) -> None:
    """Do what a button of the rows asks: add one, drop one, or take a preset."""
    verb, _, what = act.partition(":")
    if verb == "add" and len(form.cells) < MAX_CELLS:
        form.cells.append_entry(NEW_CELL)
    elif verb == "drop" and (no := whole(what)) is not None and no < len(form.cells):
        form.cells.entries.pop(no)
    elif verb == "preset":
        preset = next((preset for preset in PRESETS if preset.key == what), None)
        if preset is not None:
            while form.cells.entries:
                form.cells.pop_entry()
            form.cells.last_index = -1
            for values in cells_of(preset.blueprint):
                form.cells.append_entry(values)
            form.duration_s.raw, form.duration_s.data = "", preset.minutes * 60


def read_cells(form: PlanForm) -> Blueprint | None:
    """Return the rows as a blueprint, or None when one of them cannot be read."""
    cells = [_read_cell(row.form) for row in form.cells]
    whole = tuple(cell for cell in cells if cell is not None)
    return Blueprint(whole) if len(whole) == len(cells) else None


def _read_cell(row: CellForm) -> Cell | None:
    parts = 1 if row.parts.data is None and not row.parts.raw else row.parts.data
    if row.count.data is None or row.points_cp.data is None or parts is None:
        return None
    levels = row.difficulties.data or []
    return Cell(
        type=row.type.data or "",
        count=row.count.data,
        points_cp=row.points_cp.data,
        laws=tuple(row.laws.data or ()),
        difficulties=tuple(int(level) if level in ("1", "2", "3") else 0 for level in levels),
        topics=tuple(row.topics.data or ()),
        parts=parts,
    )


def read_plan(form: PlanForm, desk: PlanDesk) -> ExamPlan | None:
    """Return the typed plan; None, with errors beside the fields, when something cannot be read."""
    form.validate()
    for name in SAME_NAME:
        if name not in OPTIONAL and form[name].data is None and not form[name].errors:
            say(form[name], "required")
    for row in form.cells:
        for field in (row.form.count, row.form.points_cp):
            if field.data is None and not field.errors:
                say(field, "required")
    blueprint = read_cells(form)
    if form.errors or blueprint is None:
        return None
    return ExamPlan(
        **{
            name: form[name].data
            for name in SAME_NAME
            if name not in ("title", "theme", "rules_text")
        },
        title=(form.title.data or "").strip(),
        theme=(form.theme.data or "").strip(),
        rules_text=(form.rules_text.data or "").replace("\r\n", "\n").strip(),
        unit_id=UnitId(desk.unit.id),
        blueprint=blueprint,
        ties=tuple(form[name].data for name in TIE_FIELDS if form[name].data),
        audience=Audience(
            tuple(form.audience_units.data or ()), tuple(form.cadre_levels.data or ())
        ),
    )


def say(field: Any, code: str, **facts: Any) -> None:
    """Put the wording of a code beside a field."""
    field.errors = [*field.errors, message(code, **facts)]


CELL_FIELDS = {
    "count_out_of_range": "count",
    "points_out_of_range": "points_cp",
    "parts_out_of_range": "parts",
    "unknown_law": "laws",
    "unknown_topic": "topics",
    "unknown_difficulty": "difficulties",
    "unknown_type": "type",
}


def place_problems(form: PlanForm, refusal: Invalid) -> list[str]:
    """Put every problem beside its field; return those that belong to none."""
    loose = []
    for problem in refusal.problems:
        code, name = problem["code"], problem.get("field", "")
        name = "tie_1" if name == "ties" else name
        if "cell" in problem and problem["cell"] <= len(form.cells):
            row = form.cells[problem["cell"] - 1].form
            say(row[CELL_FIELDS.get(code, "type")], code)
        elif name in form and name != "cells":
            say(form[name], code)
        else:
            loose.append(message(code))
    return loose
