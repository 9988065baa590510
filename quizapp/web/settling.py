"""The work list after an amendment in one sitting: questions whose articles only moved."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import LETTERS
from quizapp.domain.clock import civil_date
from quizapp.domain.staleness import EFFECTS
from quizapp.service import settling
from quizapp.service.settling import Decision
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import now
from quizapp.web.security import access, viewer
from quizapp.web.statutes import article_name, bp


@bp.route("/amendments/<int:amendment_id>/sitting", methods=["GET", "POST"])
@access("trainer")
def sitting(amendment_id: int) -> ResponseReturnValue:
    """Lay items out one below the other; what is decided of them is done one by one."""
    refused: dict[int, str] = {}
    if request.method == "POST":
        decisions = read_decisions()
        found = settling.settle(viewer(), decisions, on=civil_date(now()), now=now())
        refused = {item_id: message(each.name, **each.facts) for item_id, each in found.items()}
        done = len(decisions) - len(refused)
        if done:
            flash(gettext("已处理 %(n)s 题。", n=done))
        if not decisions:
            refused = {0: gettext("还没有选择任何一题的结论。")}
        if not refused:
            return redirect(url_for("statutes.sitting", amendment_id=amendment_id), 303)
    laid_out = settling.lay_out(viewer(), amendment_id)
    page = render_template(
        "statutes/sitting.html",
        sitting=laid_out,
        refused=refused,
        codes={each.item.id: each.item.version.code for each in laid_out.laid},
        typed=request.form,
        effects=EFFECTS,
        letters=LETTERS,
        article_name=article_name,
    )
    return page, 422 if refused else 200


def read_decisions() -> list[Decision]:
    """Return what was decided of the items on the page; those left alone are not in it."""
    decisions = []
    for name, outcome in request.form.items():
        number = name.removeprefix("outcome-")
        item_id = whole(number) if number != name and outcome else None
        if item_id is not None:
            note = request.form.get(f"note-{number}", "")
            decisions.append(Decision(item_id, outcome, note))
    return decisions
