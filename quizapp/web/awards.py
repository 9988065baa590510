"""The organizer's awards: what is declared, the proposal of now, ties, confirming and locking."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.awards.base import LEVELS, Terms
from quizapp.domain.errors import Conflict, Invalid, Refusal
from quizapp.service import award_acts, awards
from quizapp.service.awards import AwardView
from quizapp.web.exam_fields import HundredthsField, WholeField
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import now
from quizapp.web.security import access, viewer
from quizapp.web.standings import bp

PLACES = ("first", "second", "third")
SHOWN = 200


class TermsForm(FlaskForm):
    first = WholeField(_l("一等奖名额"))
    second = WholeField(_l("二等奖名额"))
    third = WholeField(_l("三等奖名额"))
    floor_bp = HundredthsField(_l("下限（%）"))
    one_per_city = BooleanField(_l("每个城市最多一人获奖"))


def form_of(view: AwardView) -> TermsForm:
    """Return the form with what is declared, or with the usual places."""
    terms = view.stored.terms if view.stored else Terms(view.award.quotas)
    values = dict(zip(PLACES, terms.quotas, strict=True))
    return TermsForm(
        formdata=None, prefix=view.award.key,
        data=values | {"floor_bp": terms.floor_bp, "one_per_city": terms.one_per_city},
    )  # fmt: skip


@bp.get("/manage/exams/<int:exam_id>/awards", endpoint="awards")
@access("organizer")
def awards_page(exam_id: int) -> ResponseReturnValue:
    return page(exam_id)


def page(exam_id: int, key: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Return the page; a problem stands with its award, and what was typed there stays."""
    desk = awards.open_desk(viewer(), exam_id, now=now())
    forms = {view.award.key: form_of(view) for view in desk.views}
    if problem and f"{key}-first" in request.form:
        forms[key] = TermsForm(prefix=key)
    html = render_template(
        "awards/show.html",
        desk=desk,
        exam=desk.exam,
        forms=forms,
        levels=LEVELS,
        obstacle=message(desk.obstacle.name, **desk.obstacle.facts) if desk.obstacle else "",
        problem=problem,
        problem_at=key,
        shown=SHOWN,
        typed=request.form,
    )
    return html, status


def act(exam_id: int, key: str, work: Callable[[], str]) -> ResponseReturnValue:
    """Do it and go back to the page; a refusal is said at its award. `work` returns the words."""
    AWARDS.get(key)
    try:
        words = work()
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return page(exam_id, key, said(refusal), status)
    flash(words)
    return redirect(url_for("standings.awards", exam_id=exam_id, _anchor=key), 303)


def said(refusal: Refusal) -> str:
    return message(refusal.name, **refusal.facts)


@bp.post("/manage/exams/<int:exam_id>/awards/<key>")
@access("organizer")
def declare_award(exam_id: int, key: str) -> ResponseReturnValue:
    def work() -> str:
        form = TermsForm(prefix=key)
        form.validate()
        quotas = tuple(form[name].data if form[name].data is not None else -1 for name in PLACES)
        if form.floor_bp.errors:
            raise Invalid("award_floor_wrong")
        terms = Terms(quotas, form.floor_bp.data or 0, bool(form.one_per_city.data))
        award_acts.declare(viewer(), exam_id, key, terms, now=now())
        return str(gettext("奖项规则已保存。"))

    return act(exam_id, key, work)


@bp.post("/manage/exams/<int:exam_id>/awards/<key>/retract")
@access("organizer")
def retract_award(exam_id: int, key: str) -> ResponseReturnValue:
    def work() -> str:
        award_acts.retract(viewer(), exam_id, key, now=now())
        return str(gettext("已取消这个奖项。"))

    return act(exam_id, key, work)


@bp.post("/manage/exams/<int:exam_id>/awards/<key>/ties")
@access("organizer")
def settle_award(exam_id: int, key: str) -> ResponseReturnValue:
    def work() -> str:
        order = typed_order()
        award_acts.settle(viewer(), exam_id, key, order, request.form.get("reason", ""), now=now())
        return str(gettext("并列顺序已记录。"))

    return act(exam_id, key, work)


def typed_order() -> list[int]:
    """Return the entrants in the typed order: fields place-ID, group by group of equal rank.

    Raises Invalid("award_order_wrong") when two of a group have the same place, or none.
    """
    places: list[tuple[int, int, int]] = []
    for name, typed in request.form.items():
        parts = name.split("-")
        if parts[0] != "place" or len(parts) != len(("place", "rank", "id")):
            continue
        rank, place, entrant = whole(parts[1]), whole(typed), whole(parts[2])
        if rank is None or place is None or entrant is None:
            raise Invalid("award_order_wrong")
        places.append((rank, place, entrant))
    if len({(rank, place) for rank, place, _ in places}) != len(places):
        raise Invalid("award_order_wrong")
    return [entrant for _, _, entrant in sorted(places)]


@bp.post("/manage/exams/<int:exam_id>/awards/<key>/lock")
@access("organizer")
def lock_award(exam_id: int, key: str) -> ResponseReturnValue:
    def work() -> str:
        if not request.form.get("checked"):
            raise Invalid("confirm_missing")
        count = award_acts.lock(viewer(), exam_id, key, now=now())
        return str(gettext("已确认并锁定，共 %(count)s 个奖项。", count=count))

    return act(exam_id, key, work)


@bp.post("/manage/exams/<int:exam_id>/awards/<key>/unlock")
@access("organizer")
def unlock_award(exam_id: int, key: str) -> ResponseReturnValue:
    def work() -> str:
        award_acts.unlock(viewer(), exam_id, key, request.form.get("reason", ""), now=now())
        return str(gettext("已撤销确认，可以重新试算。"))

    return act(exam_id, key, work)
