"""Officers as their organizers and administrators see them: list, particulars, account, roles."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.domain.people import ACCOUNT_STATES, CADRE_LEVELS, MANAGERS, ROLES, Place
from quizapp.domain.places import Gazetteer
from quizapp.domain.roster import LABELS
from quizapp.service import accounts, officers
from quizapp.service.officers import OfficerInvalid, OfficerPage, Wanted
from quizapp.web.downloads import attachment
from quizapp.web.messages import message
from quizapp.web.pages import known_as, label, now
from quizapp.web.security import access, viewer

bp = Blueprint("roster", __name__)
OFFICER = "/manage/officers/<int(max=2147483647):officer_id>"
PAGE_NUMBER = re.compile(r"[0-9]{1,6}")
TOO_LONG = _l("内容太长。")
Choices = list[tuple[str, str]]


class OfficerForm(FlaskForm):
    staff_no = StringField(_l("工号"), [InputRequired(_l("请填写工号。")), Length(max=60)])
    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=200)])
    unit_code = SelectField(_l("单位"), validate_choice=False)
    cadre_level = SelectField(_l("职级"), validate_choice=False)
    badge_no = StringField(_l("执法证号"), [Length(max=60, message=TOO_LONG)])
    badge_expires_on = StringField(_l("执法证有效期"), [Length(max=30, message=TOO_LONG)])
    phone = StringField(_l("手机号"), [Length(max=30, message=TOO_LONG)])


def wanted_from(values: MultiDict[str, str]) -> Wanted:
    return Wanted(
        text=values.get("q", "")[:60],
        unit=values.get("unit", "")[:12],
        state=values.get("state", "") if values.get("state") in ACCOUNT_STATES else "",
        cadre_level=values.get("cadre", "") if values.get("cadre") in CADRE_LEVELS else "",
    )


def query_of(wanted: Wanted) -> dict[str, Any]:
    """Return the address's parameters of a search; empty ones left out."""
    named = {
        "q": wanted.text, "unit": wanted.unit, "state": wanted.state, "cadre": wanted.cadre_level,
    }  # fmt: skip
    return {name: value for name, value in named.items() if value}


def unit_choices(units: list[Place], gazetteer: Gazetteer) -> Choices:
    return [(unit.code, " ".join(map(known_as, gazetteer.path(unit))).strip()) for unit in units]


@bp.get("/manage/officers", endpoint="officers")
@access(MANAGERS)
def listing() -> ResponseReturnValue:
    wanted = wanted_from(request.args)
    page = request.args.get("page", "1")
    number = int(page) if PAGE_NUMBER.fullmatch(page) else 1
    found = officers.list_officers(viewer(), wanted, number)

    def page_href(at: int) -> str:
        return url_for("roster.officers", page=at, **query_of(wanted))

    return render_template(
        "people/officers.html", found=found, wanted=wanted, page_href=page_href,
        query=query_of(wanted), units=unit_choices(found.units, found.gazetteer),
        states=ACCOUNT_STATES, levels=CADRE_LEVELS, waiting=waiting(found, wanted),
    )  # fmt: skip


def waiting(found: OfficerPage, wanted: Wanted) -> bool:
    """Say whether codes could be handed out for this list."""
    return wanted.state in ("", "none", "code") and found.total > 0


@bp.get("/manage/officers.<kind>")
@access(MANAGERS)
def export(kind: str) -> ResponseReturnValue:
    content = officers.export_officers(viewer(), wanted_from(request.args), kind, now=now())
    return attachment(kind, gettext("人员名单"), content)


@bp.route("/manage/officers/codes", methods=["GET", "POST"])
@access(MANAGERS)
def codes() -> ResponseReturnValue:
    if request.method == "GET":
        wanted = wanted_from(request.args)
        found = officers.list_officers(viewer(), wanted, 1)
        units = dict(unit_choices(found.units, found.gazetteer))
        return render_template(
            "people/codes.html", wanted=wanted, query=query_of(wanted),
            unit=units.get(wanted.unit, ""), life_days=accounts.CODE_LIFE.days,
        )  # fmt: skip
    kind = request.form.get("kind", "xlsx")
    _, content = accounts.issue_codes(
        viewer(), wanted_from(request.form), kind, renew=request.form.get("renew") == "1", now=now()
    )
    return attachment(kind, gettext("激活码"), content)


@bp.route("/manage/officers/new", methods=["GET", "POST"])
@access(MANAGERS)
def add() -> ResponseReturnValue:
    found = officers.list_officers(viewer(), Wanted(), 1)
    form = officer_form(unit_choices(found.units, found.gazetteer), None)
    if request.method == "POST" and form.validate():
        try:
            officer_id = officers.add_officer(viewer(), typed(form), now=now())
        except OfficerInvalid as refusal:
            say(form, refusal)
        else:
            flash(gettext("已添加。请发放激活码，本人才能登录。"))
            return redirect(url_for("roster.officer", officer_id=officer_id), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("people/officer_form.html", form=form, officer=None), status


@bp.get(OFFICER)
@access(MANAGERS)
def officer(officer_id: int) -> ResponseReturnValue:
    return officer_page(officer_id)


def officer_page(officer_id: int, code: str = "") -> str:
    detail = officers.get_officer(viewer(), officer_id)
    return render_template(
        "people/officer.html", detail=detail, officer=detail.officer, code=code,
        states=ACCOUNT_STATES, levels=CADRE_LEVELS, life_days=accounts.CODE_LIFE.days,
        roles={key: text for key, text in ROLES.items() if key != "officer"},
        units=unit_choices(detail.units, detail.gazetteer),
    )  # fmt: skip


@bp.route(OFFICER + "/edit", methods=["GET", "POST"])
@access(MANAGERS)
def edit(officer_id: int) -> ResponseReturnValue:
    detail = officers.get_officer(viewer(), officer_id)
    form = officer_form(unit_choices(detail.units, detail.gazetteer), detail.officer)
    if request.method == "POST" and form.validate():
        try:
            officers.save_officer(viewer(), officer_id, typed(form), now=now())
        except OfficerInvalid as refusal:
            say(form, refusal)
        else:
            flash(gettext("已保存。"))
            return redirect(url_for("roster.officer", officer_id=officer_id), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("people/officer_form.html", form=form, officer=detail.officer), status


def officer_form(units: Choices, there: Any) -> OfficerForm:
    start: dict[str, Any] = {"cadre_level": "other"}
    if there is not None:
        start = {
            name: getattr(there, name) or "" for name in officers.FIELDS if name != "unit_code"
        }
        start["unit_code"] = there.place.code
    form = OfficerForm(data=start)
    form.unit_code.choices = [("", gettext("请选择")), *units]
    form.cadre_level.choices = [(key, label(text)) for key, text in CADRE_LEVELS.items()]
    return form


def typed(form: OfficerForm) -> dict[str, str]:
    return {name: str(form[name].data or "").strip() for name in officers.FIELDS}


def say(form: OfficerForm, refusal: OfficerInvalid) -> None:
    """Put each problem beside the field it speaks of."""
    fields = {heading: name for name, heading in LABELS.items()}
    for problem in refusal.rows:
        field = form[fields.get(problem.column, "staff_no")]
        field.errors = [*field.errors, message(problem.code, **problem.facts)]


@bp.post(OFFICER + "/code")
@access(MANAGERS)
def issue_code(officer_id: int) -> ResponseReturnValue:
    code = accounts.issue_code(viewer(), officer_id, now=now())
    return officer_page(officer_id, code)


@bp.post(OFFICER + "/state")
@access(MANAGERS)
def put_state(officer_id: int) -> ResponseReturnValue:
    if request.form.get("state") == "disabled":
        accounts.disable(viewer(), officer_id, now=now())
        flash(gettext("账号已停用，所有登录已退出。"))
    else:
        accounts.enable(viewer(), officer_id, now=now())
        flash(gettext("账号已恢复。"))
    return redirect(url_for("roster.officer", officer_id=officer_id), 303)


@bp.post(OFFICER + "/roles")
@access("administrator")
def put_role(officer_id: int) -> ResponseReturnValue:
    role, unit = request.form.get("role", ""), request.form.get("unit", "")
    if request.form.get("go") == "revoke":
        accounts.revoke(viewer(), officer_id, role, unit, now=now())
        flash(gettext("已收回权限，该人员需要重新登录。"))
    else:
        accounts.grant(viewer(), officer_id, role, unit, now=now())
        flash(gettext("已授予权限，该人员需要重新登录。"))
    return redirect(url_for("roster.officer", officer_id=officer_id), 303)
