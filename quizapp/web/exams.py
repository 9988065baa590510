"""The organizer's pages: planning a competition, publishing it, and the list of them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.clock import CHINA, civil_date
from quizapp.domain.errors import Conflict, Refusal
from quizapp.domain.exams import PRESETS, Exam, ExamPlan
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.plans import RELEASES, PlanInvalid
from quizapp.domain.question_types.scoring_rules import SCORING_RULES
from quizapp.domain.rules_text import write_rules
from quizapp.domain.standings import TIES
from quizapp.domain.text import Text
from quizapp.service import exam_times, exams
from quizapp.web.exam_forms import (
    ExcuseForm,
    PlanForm,
    furnish,
    place_problems,
    read_cells,
    read_plan,
    rework,
    say,
    values_of,
)
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import known_as, now
from quizapp.web.security import access, viewer

bp = Blueprint("exams", __name__, url_prefix="/manage/exams")

PHASES = {
    "draft": (Text("草稿", "Draft"), ""),
    "upcoming": (Text("未开始", "Not open yet"), "warn"),
    "open": (Text("进行中", "Open"), "good"),
    "closed": (Text("已结束", "Closed"), ""),
    "cancelled": (Text("已取消", "Cancelled"), "bad"),
}
SAMPLES = 999


@bp.get("")
@access("organizer")
def listing() -> ResponseReturnValue:
    return render_template(
        "exams/listing.html", rows=exams.list_managed(viewer()), phases=PHASES, live=has_live()
    )


@bp.get("/<int:exam_id>")
@access("organizer")
def show(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    if exam.state == "draft":
        return redirect(url_for("exams.plan", exam_id=exam_id), 303)
    desk = exams.lay_desk(viewer(), exam.unit_id, on=exams.law_day(exam))
    return render_template(
        "exams/show.html",
        exam=exam,
        facts=facts_of(exam),
        phases=PHASES,
        changes=exam_times.list_recorded(viewer(), exam_id),
        excused=exams.list_excused(viewer(), exam_id),
        eligible=exams.count_eligible(exam_id),
        names={place.code: known_as(place.name) for place in desk.places},
        has_live=has_live(),
    )


def has_live() -> bool:
    return "standings.live" in current_app.view_functions


def facts_of(exam: Exam) -> dict[str, Any]:
    """Return what freezes, in words."""
    return {
        "scoring": SCORING_RULES.get(exam.scoring).label,
        "ties": [TIES.get(key).label for key in exam.ties],
        "metric": METRICS.get(exam.metric),
        "releases": {
            name: RELEASES[getattr(exam, name)]
            for name in ("score_release", "answers_release", "board_release")
        },
    }


@bp.route("/new", methods=["GET", "POST"])
@access("organizer")
def new() -> ResponseReturnValue:
    return edit(None)


@bp.route("/<int:exam_id>/plan", methods=["GET", "POST"])
@access("organizer")
def plan(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    if exam.state != "draft":
        raise Conflict("exam_not_draft")
    return edit(exam)


def edit(exam: Exam | None) -> ResponseReturnValue:
    """Show the form, rework its rows, or store the plan; what was typed always stays."""
    if request.method == "GET":
        on = exams.law_day(exam) if exam else civil_date(now())
        desk = exams.lay_desk(viewer(), exam.unit_id if exam else None, on=on)
        form = PlanForm(data=values_of(exam or fresh_plan(desk)))
        return show_form(form, desk, exam)
    form = PlanForm()
    on = civil_date(form.closes_at.data or now())
    desk = exams.lay_desk(viewer(), whole(request.form.get("unit_id", "")), on=on)
    act = request.form.get("go", "save")
    rework(form, act)
    furnish(form, desk)
    if act not in ("save", "rules"):
        return show_form(form, desk, exam)
    typed = read_plan(form, desk)
    if typed is None:
        return show_form(form, desk, exam, 422)
    return write_out(form, desk, exam, typed) if act == "rules" else save(form, desk, exam, typed)


def fresh_plan(desk: exams.PlanDesk) -> ExamPlan:
    """Return the defaults: a week from tomorrow, 9 to 18 o'clock in China."""
    start = now().astimezone(CHINA).replace(hour=9, minute=0, second=0, microsecond=0)
    return ExamPlan(
        title="",
        unit_id=desk.unit.id,
        opens_at=start + timedelta(days=1),
        closes_at=start + timedelta(days=8, hours=9),
    )


def write_out(
    form: PlanForm, desk: exams.PlanDesk, exam: Exam | None, typed: ExamPlan
) -> ResponseReturnValue:
    try:
        exams.check(typed, desk)
    except PlanInvalid as refusal:
        return show_form(form, desk, exam, 422, loose=place_problems(form, refusal))
    form.rules_text.data = rules_of(typed)
    return show_form(form, desk, exam)


def rules_of(typed: ExamPlan) -> str:
    allowance_s = current_app.extensions["quizapp_settings"].network_allowance_s
    return write_rules(typed, network_allowance_s=allowance_s)


def save(
    form: PlanForm, desk: exams.PlanDesk, exam: Exam | None, typed: ExamPlan
) -> ResponseReturnValue:
    try:
        exams.check(typed, desk)
        if not typed.rules_text or (exam and typed.rules_text == rules_of(exam)):
            typed = exams.with_rules(typed, rules_of(typed))
        if exam is None:
            exam_id = exams.create(viewer(), typed, now=now())
        else:
            exam_id = exam.id
            exams.save_plan(viewer(), exam_id, typed, now=now())
    except PlanInvalid as refusal:
        return show_form(form, desk, exam, 422, loose=place_problems(form, refusal))
    flash(gettext("草稿已保存。"))
    return redirect(url_for("exams.plan", exam_id=exam_id), 303)


def show_form(
    form: PlanForm,
    desk: exams.PlanDesk,
    exam: Exam | None,
    status: int = 200,
    *,
    loose: list[str] | None = None,
) -> ResponseReturnValue:
    furnish(form, desk)
    paper = read_cells(form)
    page = render_template(
        "exams/plan.html",
        form=form,
        exam=exam,
        desk=desk,
        paper=paper,
        slack=exams.slack_of(paper, desk.pool) if paper else None,
        invited=exams.count_invited(
            desk, form.audience_units.data or [], form.cadre_levels.data or []
        ),
        presets=PRESETS,
        loose=loose or [],
    )
    return page, status


@bp.route("/<int:exam_id>/publish", methods=["GET", "POST"])
@access("organizer")
def publish(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    if exam.state != "draft":
        raise Conflict("exam_not_draft")
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            eligible = exams.publish(viewer(), exam_id, now=now())
        except (Conflict, PlanInvalid) as refused:
            refusal = refused
        else:
            flash(gettext("竞赛已发布，应参加人数 %(count)s 人。", count=eligible))
            return redirect(url_for("exams.show", exam_id=exam_id), 303)
    desk = exams.lay_desk(viewer(), exam.unit_id, on=exams.law_day(exam))
    page = render_template(
        "exams/publish.html",
        exam=exam,
        facts=facts_of(exam),
        desk=desk,
        slack=exams.slack_of(exam.blueprint, desk.pool),
        invited=exams.count_invited(desk, exam.audience.units, exam.audience.cadre_levels),
        names={place.code: known_as(place.name) for place in desk.places},
        rules_differ=exam.rules_text != rules_of(exam),
        is_over=exam.closes_at <= now(),
        refusal=message(refusal.name, **refusal.facts) if refusal else "",
    )
    return page, 409 if refusal else 200


@bp.get("/<int:exam_id>/sample")
@access("organizer")
def sample(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    no = min(max(request.args.get("no", 1, int), 1), SAMPLES)
    items = exams.draw_sample(viewer(), exam_id, no)
    return render_template("exams/sample.html", exam=exam, items=items, no=no, last=SAMPLES)


@bp.post("/<int:exam_id>/copy")
@access("organizer")
def copy(exam_id: int) -> ResponseReturnValue:
    warm_up = request.form.get("kind") == "warm_up"
    copied = exams.copy_exam(viewer(), exam_id, warm_up=warm_up, now=now())
    flash(gettext("已复制为新的草稿，请检查时间和设置。"))
    return redirect(url_for("exams.plan", exam_id=copied), 303)


@bp.route("/<int:exam_id>/delete", methods=["GET", "POST"])
@access("organizer")
def delete(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    if exam.state != "draft":
        raise Conflict("exam_not_draft")
    if request.method == "GET":
        return render_template("exams/delete.html", exam=exam)
    exams.delete_draft(viewer(), exam_id, now=now())
    flash(gettext("草稿已删除。"))
    return redirect(url_for("exams.listing"), 303)


@bp.route("/<int:exam_id>/excused", methods=["GET", "POST"])
@access("organizer")
def excused(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    form = ExcuseForm()
    status = 200
    if request.method == "POST":
        again = request.form.get("go") == "count_again"
        reason = None if again else form.reason.data or ""
        try:
            exams.excuse(viewer(), exam_id, form.staff_no.data or "", reason, now=now())
        except Refusal as refusal:
            field = form.reason if refusal.name.startswith("reason_") else form.staff_no
            say(field, refusal.name, **refusal.facts)
            status = 422
        else:
            flash(
                gettext("已重新计入应参加人数。")
                if again
                else gettext("已登记，不计入应参加人数。")
            )
            return redirect(url_for("exams.excused", exam_id=exam_id), 303)
    rows = exams.list_excused(viewer(), exam_id)
    return render_template("exams/excused.html", exam=exam, form=form, rows=rows), status
