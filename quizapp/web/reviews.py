"""法制审核: the steps of a question, comments, promotion, and reported faults."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import STATES
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, Refusal
from quizapp.domain.faults import KINDS, OUTCOMES
from quizapp.service import faults, pictures, promotion, reviews
from quizapp.web.bank import Undone, bp, question_page
from quizapp.web.errors import status_of
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import label, now
from quizapp.web.security import access, viewer

REFUSED = (Conflict, Invalid, NotAllowed)
"""What is told on the page itself; all else has no page to stand on."""


def back(code: str) -> Response:
    """Return to the page of a question."""
    return redirect(url_for("bank.question", code=code), 303)  # type: ignore[return-value]


def undone(code: str, refusal: Refusal, at: str = "", text: str = "") -> ResponseReturnValue:
    """Show the page of a question again: why nothing was done, and what was typed."""
    return question_page(code, Undone(at, refusal, text)), status_of(refusal)


def number(name: str) -> int:
    """Return a whole number of the form, 0 where there is none."""
    return whole(request.form.get(name, "")) or 0


@bp.post("/questions/<code>/steps/<step>")
@access("trainer")
def take_step(code: str, step: str) -> ResponseReturnValue:
    note = request.form.get("note", "")
    try:
        state = reviews.take_step(
            viewer(),
            code,
            step,
            version=number("version"),
            note=note,
            reviewer_id=number("reviewer") or None,
            law_checked=request.form.get("law_checked") == "1",
            now=now(),
        )
    except REFUSED as refusal:
        return undone(code, refusal, step, note)
    flash(gettext("已办理，题目现为“%(state)s”。", state=label(STATES[state])))
    return back(code)


@bp.post("/questions/<code>/comments")
@access("trainer")
def comment(code: str) -> ResponseReturnValue:
    text = request.form.get("text", "")
    try:
        reviews.say(viewer(), code, text, now=now())
    except REFUSED as refusal:
        return undone(code, refusal, "comment", text)
    flash(gettext("意见已记录。"))
    return back(code)


@bp.post("/questions/<code>/nominate")
@access("trainer")
def nominate(code: str) -> ResponseReturnValue:
    try:
        promotion.nominate(viewer(), code, now=now())
    except REFUSED as refusal:
        return undone(code, refusal)
    flash(gettext("已推荐，等待上级题库审核。"))
    return back(code)


@bp.post("/questions/<code>/promotion")
@access("trainer")
def settle(code: str) -> ResponseReturnValue:
    accept = request.form.get("accept") == "1"
    try:
        promotion.settle_nomination(viewer(), code, accept=accept, now=now())
    except REFUSED as refusal:
        return undone(code, refusal)
    flash(
        gettext("已收入上级题库，命题人不变。") if accept else gettext("未收入，题目仍在原题库。")
    )
    return back(code)


@bp.get("/faults")
@access("trainer")
def fault_list() -> ResponseReturnValue:
    desk = faults.list_desk(viewer())
    return render_template("bank/faults.html", desk=desk, kinds=KINDS, outcomes=OUTCOMES)


@bp.route("/faults/<int:fault_id>", methods=["GET", "POST"])
@access("trainer")
def fault(fault_id: int) -> ResponseReturnValue:
    problem, status = "", 200
    if request.method == "POST":
        try:
            faults.answer(
                viewer(), fault_id, outcome=request.form.get("outcome", ""),
                text=request.form.get("text", ""), now=now(),
            )  # fmt: skip
        except Refusal as refusal:
            problem, status = message(refusal.name, **refusal.facts), 422
        else:
            flash(gettext("已答复，报告人可在成绩页看到。"))
            return redirect(url_for("bank.fault_list"), 303)
    found = faults.get_fault(viewer(), fault_id)
    html = render_template(
        "bank/fault.html", fault=found, kinds=KINDS, outcomes=OUTCOMES, problem=problem,
        typed=request.form,
    )  # fmt: skip
    return html, status


@bp.get("/pictures/<int:picture_id>")
@access("trainer")
def picture(picture_id: int) -> ResponseReturnValue:
    mimetype, content = pictures.get_picture(viewer(), picture_id)
    return Response(content, mimetype=mimetype, headers={"Cache-Control": "private, max-age=3600"})
