"""Importing a law, the difference to the version before, and the work list it opens."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.amendments import KINDS
from quizapp.domain.bank import LETTERS
from quizapp.domain.clock import civil_date
from quizapp.domain.differences import compare_texts
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, Refusal
from quizapp.domain.law_header import Facts
from quizapp.domain.law_reading import LawUnreadable
from quizapp.domain.law_text import PROBLEMS
from quizapp.domain.sheets import FileRefused
from quizapp.domain.staleness import EFFECTS, OUTCOMES
from quizapp.service import amendments, law_desk, law_versions, stale, statutes
from quizapp.service import work_list as list_file
from quizapp.web.downloads import attachment
from quizapp.web.messages import message
from quizapp.web.pages import now
from quizapp.web.security import access, viewer
from quizapp.web.settling import check_sure
from quizapp.web.statutes import article_name, bp, day_in

SHOWN = 40
"""Changes on one page; weaving two texts into each other takes time."""
TOUCHED_SHOWN = 50


@bp.route("/import", methods=["GET", "POST"])
@access("trainer")
def upload() -> ResponseReturnValue:
    statutes.check_may_keep(viewer())
    if request.method == "GET":
        return render_template("statutes/upload.html")
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return render_template("statutes/upload.html", refused=message("file_missing")), 422
    try:
        upload_id = law_desk.receive(viewer(), chosen.filename, chosen.read(), now=now())
    except (FileRefused, LawUnreadable) as refusal:
        words = message(refusal.name, **refusal.facts)
        return render_template("statutes/upload.html", refused=words), 422
    return redirect(url_for("statutes.preview", upload_id=upload_id), 303)


def told() -> Facts:
    """Return what was typed about the law."""

    def words(name: str) -> str:
        text = "".join(request.values.get(name, "").split())
        return text if text.isprintable() else ""

    version, effective_on = (
        day_in(request.values.get(name, "").strip()) for name in ("version", "effective_on")
    )
    return Facts(words("full"), words("short"), version, effective_on)


@bp.route("/import/<int:upload_id>", methods=["GET", "POST"])
@access("trainer")
def preview(upload_id: int) -> ResponseReturnValue:
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            outlook, amendment_id = law_desk.confirm(
                viewer(), upload_id, told(), on=civil_date(now()), now=now()
            )
        except (Invalid, Conflict) as refusal:
            problem = refusal
        else:
            flash(gettext("已入库：《%(law)s》", law=outlook.read.law.full))
            if amendment_id is None:
                return redirect(url_for("statutes.library"), 303)
            return redirect(url_for("statutes.amendment", amendment_id=amendment_id), 303)
    look = law_desk.look(viewer(), upload_id, told())
    page = render_template(
        "statutes/preview.html",
        look=look,
        problem=message(problem.name, **problem.facts) if problem and not look.wrong else "",
        wrong={name: message(each.name, **each.facts) for name, each in look.wrong.items()},
        kinds=KINDS,
        effects=EFFECTS,
        problems=PROBLEMS,
        article_name=article_name,
        shown=TOUCHED_SHOWN,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/<int:law_id>/repeal", methods=["GET", "POST"])
@access("trainer")
def repeal(law_id: int) -> ResponseReturnValue:
    statutes.check_may_keep(viewer())
    shelved, _, _ = statutes.get_law(law_id)
    problem, typed = "", request.form.get("on", "")
    ends_on = day_in(typed)
    if request.method == "POST" and ends_on is None:
        problem = gettext("请填写废止日期。")
    elif ends_on is not None:
        try:
            amendment_id = amendments.repeal_law(
                viewer(), law_id, ends_on, on=civil_date(now()), now=now()
            )
        except Conflict as refusal:
            problem = message(refusal.name, **refusal.facts)
        else:
            return redirect(url_for("statutes.amendment", amendment_id=amendment_id), 303)
    page = render_template("statutes/repeal.html", shelved=shelved, problem=problem, typed=typed)
    return page, 422 if problem else 200


@bp.route("/<int:law_id>/take-back", methods=["GET", "POST"])
@access("trainer")
def take_back(law_id: int) -> ResponseReturnValue:
    statutes.check_may_keep(viewer())
    shelved, _, _ = statutes.get_law(law_id)
    problem = ""
    if request.method == "POST":
        try:
            law_versions.withdraw_import(viewer(), law_id, on=civil_date(now()), now=now())
        except Conflict as refusal:
            problem = message(refusal.name, **refusal.facts)
        else:
            flash(gettext("已撤回导入：《%(law)s》", law=shelved.law.full))
            return redirect(url_for("statutes.library"), 303)
    page = render_template("statutes/take_back.html", shelved=shelved, problem=problem)
    return page, 422 if problem else 200


@bp.get("/amendments")
@access("trainer")
def listing() -> ResponseReturnValue:
    return render_template("statutes/amendments.html", listed=stale.list_progress(viewer()))


@bp.get("/amendments/<int:amendment_id>")
@access("trainer")
def amendment(amendment_id: int) -> ResponseReturnValue:
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    effect = request.args.get("effect", "")
    effect = effect if effect in EFFECTS else ""
    page = request.args.get("page", 1, type=int)
    sheet = stale.get_sheet(viewer(), amendment_id, outcome=outcome, effect=effect, page=page)
    return render_template(
        "statutes/amendment.html",
        sheet=sheet,
        outcome=outcome,
        effect=effect,
        outcomes=OUTCOMES,
        effects=EFFECTS,
        kinds=KINDS,
        href=lambda number, **changed: url_for(
            "statutes.amendment",
            **{"amendment_id": amendment_id, "outcome": outcome, "effect": effect} | changed,
            page=number,
        ),
        files=[
            (url_for("statutes.work_list", amendment_id=amendment_id, kind=kind), kind.upper())
            for kind in ("xlsx", "csv")
        ],
    )


@bp.get("/amendments/<int:amendment_id>/articles")
@access("trainer")
def difference(amendment_id: int) -> ResponseReturnValue:
    compared, changes = stale.compare(amendment_id)
    kind = request.args.get("show", "")
    wanted = [
        each for each in changes if (each.kind == kind if kind in KINDS else each.kind != "same")
    ]
    page_count = max(1, -(-len(wanted) // SHOWN))
    page = min(max(1, request.args.get("page", 1, type=int)), page_count)
    return render_template(
        "statutes/difference.html",
        amendment=compared,
        changes=wanted[(page - 1) * SHOWN : page * SHOWN],
        kinds=KINDS,
        kind=kind,
        page=page,
        page_count=page_count,
        weave=compare_texts,
        article_name=article_name,
        href=lambda number: url_for(
            "statutes.difference", amendment_id=amendment_id, show=kind, page=number
        ),
    )


@bp.get("/amendments/<int:amendment_id>/worklist.<kind>")
@access("trainer")
def work_list(amendment_id: int, kind: str) -> ResponseReturnValue:
    content = list_file.export(viewer(), amendment_id, kind, now=now())
    return attachment(kind, gettext("法规变动清单"), content)


@bp.route("/stale/<int:item_id>", methods=["GET", "POST"])
@access("trainer")
def item(item_id: int) -> ResponseReturnValue:
    problem, note = "", request.form.get("note", "")
    if request.method == "POST":
        outcome = request.form.get("outcome", "")
        try:
            check_sure([outcome])
            stale.close_item(viewer(), item_id, outcome, note, on=civil_date(now()), now=now())
        except (Conflict, Invalid, NotAllowed) as refusal:
            problem = message(refusal.name, **refusal.facts)
        else:
            flash(gettext("已处理。"))
            done = stale.get_item(viewer(), item_id)
            if done.next_id is not None:
                return redirect(url_for("statutes.item", item_id=done.next_id), 303)
            listed = url_for("statutes.amendment", amendment_id=done.amendment.id)
            return redirect(listed, 303)
    opened = stale.get_item(viewer(), item_id)
    page = render_template(
        "statutes/item.html",
        item=opened.item,
        amendment=opened.amendment,
        changes=opened.changes,
        may_settle=opened.may_settle,
        next_id=opened.next_id,
        problem=problem,
        note=note,
        letters=LETTERS,
        outcomes=OUTCOMES,
        effects=EFFECTS,
        kinds=KINDS,
        weave=compare_texts,
        article_name=article_name,
    )
    return page, 422 if problem else 200
