"""The organizer's pages for what may change after publication: extra time, window, cancelling."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.errors import Invalid, NotFound, Refusal
from quizapp.domain.exams import Exam
from quizapp.service import exam_times, exams
from quizapp.service.exam_times import Target
from quizapp.web.exam_forms import ExtraForm, ReasonForm, TimeForm, WindowForm, say
from quizapp.web.exams import bp
from quizapp.web.messages import message
from quizapp.web.pages import known_as, moment, now
from quizapp.web.security import access, viewer

FIELD_OF = {
    "extra_s_out_of_range": "extra_s", "reason_missing": "reason", "reason_long": "reason",
    "not_on_roster": "staff_no", "unit_not_found": "unit_code", "window_over": "closes_at",
    "already_open": "opens_at",
}  # fmt: skip


@bp.get("/<int:exam_id>/time")
@access("organizer")
def time(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    return show(exam)


def show(
    exam: Exam,
    *,
    extra: ExtraForm | None = None,
    window: WindowForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show both forms; the one that was sent keeps what was typed."""
    places = exams.lay_desk(viewer(), exam.unit_id, on=exams.law_day(exam)).audience_places
    forms: list[TimeForm] = [
        extra or ExtraForm(formdata=None, prefix="extra-"),
        window
        or WindowForm(
            formdata=None, prefix="window-", opens_at=exam.opens_at, closes_at=exam.closes_at
        ),
    ]
    for form in forms:
        form.furnish(places)
    page = render_template(
        "exams/time.html",
        exam=exam,
        extra=forms[0],
        window=forms[1],
        changes=exam_times.list_recorded(viewer(), exam.id),
        is_running=exam.phase(now()) in ("upcoming", "open"),
    )
    return page, status


def target_of(form: TimeForm) -> Target:
    """Return whom a change is for. Raises NotFound when the chosen kind names nobody."""
    if form.whom.data == "officer":
        staff_no = (form.staff_no.data or "").strip()
        if not staff_no:
            raise NotFound("not_on_roster", staff_no="")
        return Target(staff_no=staff_no)
    if form.whom.data == "unit":
        if not form.unit_code.data:
            raise NotFound("unit_not_found")
        return Target(unit_code=form.unit_code.data)
    if form.whom.data != "all":
        raise Invalid("unknown_choice")
    return exam_times.ALL


def put_beside(form: TimeForm, refusal: Refusal) -> None:
    """Put a refusal beside its field."""
    for problem in getattr(refusal, "problems", []):
        say(form[problem["field"]], problem["code"])
    if not getattr(refusal, "problems", []):
        name = FIELD_OF.get(refusal.name, "whom")
        say(form[name if name in form else "whom"], refusal.name, **refusal.facts)


def whom_in_words(form: TimeForm, exam: Exam) -> str:
    if form.whom.data == "officer":
        return str(gettext("工号 %(staff_no)s", staff_no=form.staff_no.data))
    if form.whom.data == "unit":
        places = exams.lay_desk(viewer(), exam.unit_id, on=exams.law_day(exam)).audience_places
        names = {place.code: known_as(place.name) for place in places}
        return names.get(form.unit_code.data, "") or str(form.unit_code.data)
    return str(gettext("全体参赛人员"))


@bp.post("/<int:exam_id>/time/extra")
@access("organizer")
def extra(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    form = ExtraForm(prefix="extra-")
    form.validate()
    extra_s: int | None = form.extra_s.data
    if extra_s is None and not form.extra_s.errors:
        say(form.extra_s, "required")
    if extra_s is None or form.errors or request.form.get("go") == "back":
        return show(exam, extra=form, status=422 if form.errors else 200)
    minutes = extra_s // 60
    words = gettext(
        "%(whom)s：每次答题共加时 %(n)s 分钟。", whom=whom_in_words(form, exam), n=minutes
    )
    try:
        return decide(
            exam,
            form,
            words,
            lambda target, reason, dry_run: exam_times.grant_extra(
                viewer(), exam_id, target,
                extra_s=extra_s, reason=reason, now=now(), dry_run=dry_run,
            ),
        )  # fmt: skip
    except Refusal as refusal:
        put_beside(form, refusal)
        return show(exam, extra=form, status=422)


@bp.post("/<int:exam_id>/time/window")
@access("organizer")
def window(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    form = WindowForm(prefix="window-")
    form.validate()
    opens_at: datetime | None = form.opens_at.data
    closes_at: datetime | None = form.closes_at.data
    for field in (form.opens_at, form.closes_at):
        if field.data is None and not field.errors:
            say(field, "required")
    if opens_at is None or closes_at is None or form.errors or request.form.get("go") == "back":
        return show(exam, window=form, status=422 if form.errors else 200)
    words = gettext(
        "%(whom)s：竞赛时间改为 %(opens)s 至 %(closes)s。",
        whom=whom_in_words(form, exam),
        opens=moment(opens_at),
        closes=moment(closes_at),
    )
    try:
        return decide(
            exam,
            form,
            words,
            lambda target, reason, dry_run: exam_times.move_window(
                viewer(), exam_id, target, opens_at=opens_at,
                closes_at=closes_at, reason=reason, now=now(), dry_run=dry_run,
            ),
        )  # fmt: skip
    except Refusal as refusal:
        put_beside(form, refusal)
        return show(exam, window=form, status=422)


def decide(exam: Exam, form: TimeForm, words: str, act: Any) -> ResponseReturnValue:
    """Ask once more with what it would reach; with the answer, do it."""
    is_sure = request.form.get("go") == "confirm"
    reached = act(target_of(form), form.reason.data or "", not is_sure)
    if is_sure:
        flash(gettext("已生效，%(count)s 份进行中的答卷时间已更新。", count=reached))
        return redirect(url_for("exams.time", exam_id=exam.id), 303)
    kept = {
        name: value
        for name, value in request.form.items()
        if name != "go" and not name.endswith("csrf_token")
    }
    return render_template(
        "exams/confirm.html", exam=exam, words=words, kept=kept, reached=reached,
        reason=form.reason.data, action=request.path,
    )  # fmt: skip


@bp.route("/<int:exam_id>/cancel", methods=["GET", "POST"])
@access("organizer")
def cancel(exam_id: int) -> ResponseReturnValue:
    exam = exams.get_managed(viewer(), exam_id)
    form, refused = ReasonForm(), ""
    if request.method == "POST":
        try:
            closed = exam_times.cancel(viewer(), exam_id, form.reason.data or "", now=now())
        except Invalid as refusal:
            say(form.reason, refusal.name, **refusal.facts)
            refused = message(refusal.name, **refusal.facts)
        else:
            flash(gettext("竞赛已取消，%(count)s 份进行中的答卷已停止。", count=closed))
            return redirect(url_for("exams.show", exam_id=exam_id), 303)
    return render_template("exams/cancel.html", exam=exam, form=form), 422 if refused else 200
