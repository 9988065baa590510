"""The work list after an amendment in one sitting: questions whose articles only moved."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import LETTERS
from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Invalid
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
        refused = settle(read_decisions())
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


def settle(decisions: list[Decision]) -> dict[int, str]:
    """Settle what was decided; return what could not be done, in words, by item (0: all of it)."""
    if not decisions:
        return {0: gettext("还没有选择任何一题的结论。")}
    try:
        check_sure(decision.outcome for decision in decisions)
    except Invalid as refusal:
        return {0: message(refusal.name)}
    refused = settling.settle(viewer(), decisions, on=civil_date(now()), now=now())
    if len(refused) < len(decisions):
        flash(gettext("已处理 %(n)s 题。", n=len(decisions) - len(refused)))
    return {item_id: message(each.name, **each.facts) for item_id, each in refused.items()}


def check_sure(outcomes: Iterable[str]) -> None:
    """Pass a withdrawal, which nothing brings back, only with its box ticked."""
    if "withdrawn" in outcomes and request.form.get("sure") != "1":
        raise Invalid("withdrawal_unsure")


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
