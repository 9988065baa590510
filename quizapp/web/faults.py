"""试题报错 by an officer, from the result page; and the pictures of the officer's own paper."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.errors import Refusal
from quizapp.domain.faults import KINDS, OUTCOMES
from quizapp.service import faults, pictures
from quizapp.web.attempts import ATTEMPT, bp
from quizapp.web.messages import message
from quizapp.web.pages import now
from quizapp.web.security import OFFICER, access, viewer


@bp.route(ATTEMPT + "/items/<int:no>/fault", methods=["GET", "POST"])
@access(OFFICER)
def report_fault(attempt_id: int, no: int) -> ResponseReturnValue:
    item = faults.get_reportable(viewer(), attempt_id, no, now=now())
    problem, status = "", 200
    if request.method == "POST":
        kind, text = request.form.get("kind", ""), request.form.get("text", "")
        try:
            faults.report(viewer(), attempt_id, no, kind=kind, text=text, now=now())
        except Refusal as refusal:
            problem, status = message(refusal.name, **refusal.facts), 422
        else:
            flash(gettext("已报告，培训教员答复后可在这里看到。"))
            return redirect(url_for("attempts.own_faults"), 303)
    html = render_template(
        "attempts/fault.html", item=item, kinds=KINDS, outcomes=OUTCOMES, problem=problem,
        typed=request.form,
    )  # fmt: skip
    return html, status


@bp.get("/faults")
@access(OFFICER)
def own_faults() -> ResponseReturnValue:
    rows = faults.list_own(viewer())
    return render_template("attempts/faults.html", rows=rows, kinds=KINDS, outcomes=OUTCOMES)


@bp.get(ATTEMPT + "/pictures/<int:no>")
@access(OFFICER)
def picture(attempt_id: int, no: int) -> ResponseReturnValue:
    mimetype, content = pictures.get_of_paper(viewer(), attempt_id, no, now=now())
    return Response(content, mimetype=mimetype)
