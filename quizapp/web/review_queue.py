"""The queue of a reviewer, many questions in one sitting, and the review of an import."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import LETTERS, STATES
from quizapp.domain.reviews import TABS, Decision, QueueSearch
from quizapp.service import review_queue
from quizapp.service.review_queue import HandedOver
from quizapp.web.bank import LONGEST, bp
from quizapp.web.messages import message
from quizapp.web.pages import label, now
from quizapp.web.reviews import number
from quizapp.web.security import access, viewer

MOST_NUMBER = 2**31


def read_queue_search() -> QueueSearch:
    """Return what the address asks for; a value that cannot be is an empty one."""
    tab, batch = request.args.get("show", ""), request.args.get("batch", 0, type=int)
    return QueueSearch(
        tab=tab if tab in TABS else "",
        law=request.args.get("law", "").strip()[:LONGEST],
        batch=batch if 0 < batch < MOST_NUMBER else None,
    )


def query_of(search: QueueSearch) -> dict[str, Any]:
    """Return the fields of an address that asks for it."""
    return {"show": search.tab or None, "law": search.law or None, "batch": search.batch}


@bp.get("/reviews")
@access("trainer")
def queue() -> ResponseReturnValue:
    search = read_queue_search()
    query = query_of(search)
    found = review_queue.list_queue(viewer(), search, page=request.args.get("page", 1, type=int))
    return render_template(
        "bank/queue.html", queue=found, search=search, tabs=TABS, query=query,
        href=lambda page: url_for("bank.queue", page=page, **query),
    )  # fmt: skip


@bp.route("/reviews/sitting", methods=["GET", "POST"])
@access("trainer")
def sitting() -> ResponseReturnValue:
    """Lay questions out one below the other; what is decided of them is done one by one."""
    search = read_queue_search()
    refused: dict[str, str] = {}
    if request.method == "POST":
        decisions = read_decisions()
        found = review_queue.decide(
            viewer(), decisions, law_checked=request.form.get("law_checked") == "1", now=now()
        )
        refused = {code: message(each.name, **each.facts) for code, each in found.items()}
        done = [decision.key for decision in decisions if decision.code not in refused]
        if done:
            approved = done.count("approve")
            flash(
                gettext(
                    "审核通过并发布 %(approved)s 题，退回 %(returned)s 题。",
                    approved=approved,
                    returned=len(done) - approved,
                )
            )
        if not decisions:
            refused = {"": gettext("还没有选择任何一题的结论。")}
        if not refused:
            return redirect(url_for("bank.sitting", **query_of(search)), 303)
    html = render_template(
        "bank/sitting.html", sitting=review_queue.lay_out(viewer(), search), letters=LETTERS,
        refused=refused, typed=request.form, query=query_of(search),
    )  # fmt: skip
    return html, 422 if refused else 200


def read_decisions() -> list[Decision]:
    """Return what was decided of the questions on the page; those left alone are not in it."""
    decisions = []
    for name, key in request.form.items():
        code = name.removeprefix("step-")
        if code != name and key:
            note = request.form.get(f"note-{code}", "")
            decisions.append(Decision(code, number(f"version-{code}"), key, note))
    return decisions


@bp.route("/reviews/batches/<int:batch_id>", methods=["GET", "POST"])
@access("trainer")
def batch_review(batch_id: int) -> ResponseReturnValue:
    handed: HandedOver | None = None
    if request.method == "POST":
        handed = review_queue.hand_over_batch(
            viewer(), batch_id, reviewer_id=number("reviewer") or None, now=now()
        )
    stand = review_queue.open_batch(viewer(), batch_id)
    counts = [(label(words), stand.states.get(state, 0)) for state, words in STATES.items()]
    return render_template("bank/batch.html", stand=stand, counts=counts, handed=handed)
