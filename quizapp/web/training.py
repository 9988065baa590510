"""Training hours: the officer's own year, the figures of units, the ledger, credit rules."""

import re
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.config import Settings
from quizapp.domain.clock import civil_date
from quizapp.domain.credit_rules import KINDS, CreditRule
from quizapp.domain.errors import Invalid, Refusal
from quizapp.domain.people import CADRE_LEVELS, Officer
from quizapp.domain.training import HOURS_ROLES, scope_of
from quizapp.service import board_files, credit_rules, ledger, training
from quizapp.web.downloads import attachment
from quizapp.web.exam_fields import HundredthsField, WholeField
from quizapp.web.hours_tables import name_of, totals_table, year_table
from quizapp.web.messages import message
from quizapp.web.pages import counted, label, now, points
from quizapp.web.security import OFFICER, access, viewer

bp = Blueprint("training", __name__)
POSTING = "/manage/hours/postings/<int(max=2147483647):posting_id>"
BATCH = "/manage/hours/batches/<int(max=2147483647):batch_id>"
YEAR = re.compile(r"20[0-9]{2}")
MISSING = _l("请填写此项。")
GROUPINGS = {
    "city": _l("城市"), "county": _l("县（市、区）"), "year": _l("年度"), "cadre": _l("职级"),
}  # fmt: skip


class ReasonForm(FlaskForm):
    reason = StringField(
        _l("撤销原因"), [InputRequired(MISSING), Length(max=200, message=_l("内容太长。"))]
    )


class RuleForm(FlaskForm):
    kind = SelectField(_l("类别"))
    minutes_per_hour = WholeField(_l("每学时分钟数"), validators=[InputRequired(MISSING)])
    step_ch = HundredthsField(_l("取整单位（学时，向下取整）"), validators=[InputRequired(MISSING)])
    day_cap_ch = HundredthsField(_l("每日上限（学时）"))
    year_cap_ch = HundredthsField(_l("每年上限（学时）"))
    fixed_ch = HundredthsField(_l("固定学时（填写后不按分钟折算）"))
    valid_from = DateField(_l("生效日期"), [InputRequired(MISSING)])


# --- the officer's own ------------------------------------------------------------------------


@bp.get("/hours")
@access(OFFICER)
def own() -> ResponseReturnValue:
    at = now()
    this_year = civil_date(at).year
    year = chosen_year(default=this_year)
    mine = training.year_of(viewer().officer_id, year, now=at)
    rules = {rule.id: rule for rule in credit_rules.list_rules()}
    used = {line.posting.rule_id for line in mine.lines}
    return render_template(
        "training/own.html", year=mine, this_year=this_year, goal_ch=goal_ch(), kinds=KINDS,
        rules=[rules[rule_id] for rule_id in sorted(used & set(rules))], rule_words=rule_words,
    )  # fmt: skip


@bp.get("/hours.<kind>")
@access(OFFICER)
def own_export(kind: str) -> ResponseReturnValue:
    year = chosen_year(default=civil_date(now()).year)
    mine = training.year_of(viewer().officer_id, year, now=now())
    title = gettext("%(year)s 年学时 %(name)s", year=year, name=viewer().name)
    return attachment(kind, title, board_files.write_file(kind, title, *year_table(mine)))


def goal_ch() -> int:
    settings: Settings = current_app.extensions["quizapp_settings"]
    return 100 * int(settings.year_goal_h)


def chosen_year(default: int) -> int:
    text = request.args.get("year", "")
    return int(text) if YEAR.fullmatch(text) else default


def rule_words(rule: CreditRule) -> str:
    """Return what a rule says, in one sentence."""
    words: str
    if rule.fixed_ch is not None:
        words = gettext("每次固定 %(hours)s 学时", hours=points(rule.fixed_ch))
    else:
        words = gettext(
            "%(minutes)s 分钟折 1 学时，向下取整到 %(step)s 学时",
            minutes=rule.minutes_per_hour,
            step=points(rule.step_ch),
        )
    if rule.day_cap_ch is not None:
        words += gettext("，每日最多 %(hours)s 学时", hours=points(rule.day_cap_ch))
    if rule.year_cap_ch is not None:
        words += gettext("，每年最多 %(hours)s 学时", hours=points(rule.year_cap_ch))
    return words


# --- figures ----------------------------------------------------------------------------------


def groupings() -> dict[str, Any]:
    """Return by what hours may be grouped: no city for those who see but some of its counties."""
    scope = scope_of(viewer().places_of(HOURS_ROLES))
    sees_cities = scope is None or scope.scoring_units
    return {by: words for by, words in GROUPINGS.items() if by != "city" or sees_cities}


def wanted() -> dict[str, Any]:
    """Return the filter as the address has it: without a year this one, with an empty one all."""
    by = request.args.get("by", "")
    cadre = request.args.get("cadre", "")
    is_all = request.args.get("year") == ""
    return {
        "level": by if by in groupings() else next(iter(groupings())),
        "year": None if is_all else chosen_year(default=civil_date(now()).year),
        "cadre_level": cadre if cadre in CADRE_LEVELS else None,
    }


@bp.get("/manage/hours")
@access(HOURS_ROLES)
def hours() -> ResponseReturnValue:
    asked = wanted()
    table = training.totals(viewer(), **asked)
    query = {"by": asked["level"], "year": asked["year"] or "", "cadre": asked["cadre_level"] or ""}
    return render_template(
        "training/hours.html", table=table, asked=asked, query=query, groupings=groupings(),
        name_of=name_of,
        cadres=CADRE_LEVELS, years=sorted({*table.years, civil_date(now()).year}, reverse=True),
    )  # fmt: skip


@bp.get("/manage/hours.<kind>")
@access(HOURS_ROLES)
def hours_file(kind: str) -> ResponseReturnValue:
    asked = wanted()
    table = training.totals(viewer(), **asked)
    title = gettext("培训学时统计") + (f" {asked['year']}" if asked["year"] else "")
    return attachment(kind, title, board_files.write_file(kind, title, *totals_table(table)))


# --- ledger and reversal ----------------------------------------------------------------------


@bp.get("/manage/hours/officer")
@access(HOURS_ROLES)
def officer() -> ResponseReturnValue:
    staff_no = request.args.get("staff_no", "").strip()[:32]
    found: Officer | None = None
    lines: tuple[training.Line, ...] = ()
    problem = ""
    if staff_no:
        try:
            found, lines = ledger.ledger_of(viewer(), staff_no)
        except Refusal as refusal:
            problem = message(refusal.name, **refusal.facts)
    page = render_template(
        "training/officer.html", staff_no=staff_no, officer=found, lines=lines, kinds=KINDS,
        problem=problem, may_reverse=viewer().has("organizer"),
    )  # fmt: skip
    return page, 404 if problem else 200


@bp.route(POSTING, methods=["GET", "POST"])
@access("organizer")
def posting(posting_id: int) -> ResponseReturnValue:
    found, line = ledger.get_line(viewer(), posting_id)
    form = ReasonForm()
    if form.validate_on_submit():
        ledger.reverse(viewer(), posting_id, form.reason.data, now=now())
        flash(gettext("已撤销这条学时记录。"))
        return redirect(url_for("training.officer", staff_no=found.staff_no), 303)
    page = render_template(
        "training/posting.html", officer=found, line=line, form=form, kinds=KINDS
    )
    return page, 422 if form.errors else 200


@bp.get("/manage/hours/batches")
@access(HOURS_ROLES)
def batches() -> ResponseReturnValue:
    return render_template("training/batches.html", batches=ledger.list_batches(viewer()))


@bp.route(BATCH, methods=["GET", "POST"])
@access("organizer")
def batch(batch_id: int) -> ResponseReturnValue:
    found = ledger.get_batch(viewer(), batch_id)
    form = ReasonForm()
    if form.validate_on_submit():
        done = ledger.reverse_batch(viewer(), batch_id, form.reason.data, now=now())
        flash(counted("已撤销 %(count)s 条学时记录。", done))
        return redirect(url_for("training.batches"), 303)
    page = render_template("training/batch.html", batch=found, form=form)
    return page, 422 if form.errors else 200


# --- rules ------------------------------------------------------------------------------------


@bp.route("/manage/hours/rules", methods=["GET", "POST"])
@access("organizer")
def rules() -> ResponseReturnValue:
    form = RuleForm()
    form.kind.choices = [(key, label(text)) for key, text in KINDS.items()]
    if form.validate_on_submit():
        values = {name: value for name, value in form.data.items() if name != "csrf_token"}
        try:
            credit_rules.add_rule(viewer(), CreditRule(version=0, **values), now=now())
        except Invalid as refusal:
            for problem in refusal.problems:
                form[problem["field"]].errors = [message("rule_" + problem["code"])]
        else:
            flash(gettext("新规则已保存，自生效日期起适用。"))
            return redirect(url_for("training.rules"), 303)
    page = render_template(
        "training/rules.html", rules=credit_rules.list_rules(), form=form, kinds=KINDS,
        rule_words=rule_words,
        may_add=any(place.level == "province" for place in viewer().places_of("organizer")),
    )  # fmt: skip
    return page, 422 if form.errors else 200
