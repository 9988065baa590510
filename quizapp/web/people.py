"""Signing in and out, the own account, the home page."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.config import Settings
from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Refusal
from quizapp.domain.passwords import PasswordRefused
from quizapp.domain.people import CADRE_LEVELS, expires_soon, masked_number, masked_phone
from quizapp.service import attempts, people, training
from quizapp.web.messages import message
from quizapp.web.pages import now
from quizapp.web.security import (
    OFFICER,
    PUBLIC,
    access,
    find_viewer,
    is_inside,
    open_session,
    session_token,
    viewer,
)

bp = Blueprint("people", __name__)

MISSING = _l("请填写此项。")
TOO_LONG = _l("内容太长。")

SIGN_IN_WORDS = {
    "officer.signed_in": _l("登录"),
    "officer.sign_in_refused": _l("密码错误"),
    "officer.signed_out": _l("退出"),
    "ticket.used": _l("凭准考证登录"),
}


class SignInForm(FlaskForm):
    staff_no = StringField(
        _l("工号"), [InputRequired(MISSING), Length(max=32, message=TOO_LONG)],
        filters=[lambda text: text.strip() if text else text],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
    password = PasswordField(
        _l("密码"), [InputRequired(MISSING), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    next = HiddenField()


class ActivationForm(FlaskForm):
    staff_no = SignInForm.staff_no
    code = StringField(
        _l("激活码"), [InputRequired(MISSING), Length(max=60, message=TOO_LONG)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )  # fmt: skip
    password = PasswordField(
        _l("设置新密码"), [InputRequired(MISSING), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip
    next = HiddenField()


class PasswordForm(FlaskForm):
    old = PasswordField(
        _l("原密码"), [Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    new = PasswordField(
        _l("新密码"), [InputRequired(MISSING), Length(max=200, message=TOO_LONG)],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip


def settings() -> Settings:
    return current_app.extensions["quizapp_settings"]  # type: ignore[no-any-return]


def limits() -> people.Limits:
    chosen = settings()
    return people.Limits(
        account=chosen.account_failures,
        address=chosen.address_failures,
        window=timedelta(seconds=chosen.failure_window_s),
    )


def address() -> str:
    return request.remote_addr or "unknown"


@bp.route("/login", methods=["GET", "POST"])
@access(PUBLIC)
def login() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    if request.method == "GET":
        if find_viewer() is not None:
            return redirect(target(form), 303)
        return render_template("people/login.html", form=form)
    if not form.validate():
        return render_template("people/login.html", form=form), 422
    staff_no, password = form.staff_no.data or "", form.password.data or ""
    outcome = people.sign_in(staff_no, password, address(), now=now(), limits=limits())
    if outcome.officer_id is None:
        refused = gettext("工号或密码不正确。") + tries(outcome.tries_left)
        return render_template("people/login.html", form=form, refused=refused), 401
    open_session(outcome.officer_id, outcome.epoch)
    return redirect(target(form), 303)


def tries(left: int) -> str:
    if left:
        return str(gettext("还可尝试 %(count)s 次。忘记密码请联系本单位管理员。", count=left))
    minutes = settings().failure_window_s // 60
    return str(gettext("请 %(minutes)s 分钟后再试，或联系本单位管理员。", minutes=minutes))


def target(form: FlaskForm) -> str:
    asked = form.next.data or ""
    return asked if is_inside(asked) else url_for("people.home")


@bp.post("/logout")
@access(PUBLIC)
def logout() -> ResponseReturnValue:
    here = find_viewer()
    if here is not None and session_token() is not None:
        people.sign_out(here, session=timedelta(hours=settings().session_h), now=now())
    return end_session()


def end_session() -> ResponseReturnValue:
    response = redirect(url_for("people.login"), 303)
    response.delete_cookie(current_app.config["SESSION_COOKIE_NAME"], path="/")
    return response


@bp.route("/activate", methods=["GET", "POST"])
@access(PUBLIC)
def activate() -> ResponseReturnValue:
    form = ActivationForm(staff_no=request.args.get("staff_no", ""))
    if request.method == "GET":
        return render_template("people/activate.html", form=form)
    if not form.validate():
        return render_template("people/activate.html", form=form), 422
    try:
        outcome = people.activate(
            form.staff_no.data or "", form.code.data or "", form.password.data or "", address(),
            now=now(), limits=limits(),
        )  # fmt: skip
    except PasswordRefused as refusal:
        say(form.password, refusal)
        return render_template("people/activate.html", form=form), 422
    if outcome.officer_id is None:
        refused = gettext("工号或激活码不正确。") + tries(outcome.tries_left)
        return render_template("people/activate.html", form=form, refused=refused), 401
    open_session(outcome.officer_id, outcome.epoch)
    flash(gettext("密码已设置，激活码不再有效。"))
    return redirect(url_for("people.home"), 303)


@bp.route("/password", methods=["GET", "POST"])
@access(OFFICER)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if request.method == "GET":
        return render_template("people/password.html", form=form)
    if not form.validate():
        return render_template("people/password.html", form=form), 422
    try:
        epoch = people.change_password(
            viewer(), form.old.data or "", form.new.data or "", address(),
            now=now(), limits=limits(),
        )  # fmt: skip
    except PasswordRefused as refusal:
        say(form.new, refusal)
        return render_template("people/password.html", form=form), 422
    except people.OldPasswordWrong as refusal:
        say(form.old, refusal)
        return render_template("people/password.html", form=form), 422
    open_session(viewer().officer_id, epoch)
    flash(gettext("密码已修改，其他设备上的登录已全部退出。"))
    return redirect(url_for("people.home"), 303)


def say(field: StringField, refusal: Refusal) -> None:
    """Put a refusal beside the field it speaks of."""
    field.errors = [*field.errors, message(refusal.name, **refusal.facts)]


@bp.get("/")
@access(OFFICER)
def home() -> ResponseReturnValue:
    at = now()
    return render_template(
        "people/home.html",
        cards=attempts.list_cards(viewer(), now=at),
        year=training.year_of(viewer().officer_id, civil_date(at).year, now=at),
    )


@bp.get("/me")
@access(OFFICER)
def me() -> ResponseReturnValue:
    own = people.get_self(viewer())
    officer = own.officer
    return render_template(
        "people/me.html", officer=officer, sign_ins=own.sign_ins, levels=CADRE_LEVELS,
        words=SIGN_IN_WORDS, phone=masked_phone(officer.phone or ""),
        badge=masked_number(officer.badge_no or ""),
        is_expiring=expires_soon(officer.badge_expires_on, civil_date(now())),
    )  # fmt: skip


@bp.post("/me/leave-others")
@access(OFFICER)
def leave_others() -> ResponseReturnValue:
    open_session(viewer().officer_id, people.leave_others(viewer(), now=now()))
    flash(gettext("其他设备上的登录已全部退出。"))
    return redirect(url_for("people.me"), 303)


@bp.get("/privacy")
@access(PUBLIC)
def privacy() -> ResponseReturnValue:
    return render_template("people/privacy.html")
