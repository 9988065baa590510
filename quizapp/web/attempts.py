"""Sitting an exam over HTTP; the contract is in docs/api.md."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.attempts import (
    AttemptClosed,
    Caller,
    Entry,
    PledgeMissing,
    SignInEnded,
)
from quizapp.domain.awards.base import LEVELS
from quizapp.domain.corrections import RULINGS
from quizapp.domain.faults import OUTCOMES
from quizapp.service import attempts, closing, faults, review, saving
from quizapp.web import attempt_forms, attempt_json, lane
from quizapp.web.errors import answer
from quizapp.web.messages import message
from quizapp.web.pages import now
from quizapp.web.security import (
    OFFICER,
    PUBLIC,
    SESSION,
    access,
    ask_to_sign_in,
    session_token,
    viewer,
    wants_json,
)

bp = Blueprint("attempts", __name__)
EXAM = "/exams/<int(max=2147483647):exam_id>"
ATTEMPT = "/attempts/<int(max=2147483647):attempt_id>"


@bp.errorhandler(SignInEnded)
def on_ended(refusal: SignInEnded) -> ResponseReturnValue:
    return answer(401, refusal.name, {}) if wants_json() else ask_to_sign_in()


@bp.get("/exams")
@access(OFFICER)
def exams() -> ResponseReturnValue:
    cards = attempts.list_cards(viewer(), now=now())
    if wants_json():
        return attempt_json.reply([attempt_json.card(card) for card in cards])
    return render_template("attempts/exams.html", cards=cards)


@bp.get(EXAM)
@access(OFFICER)
def start_page(exam_id: int) -> ResponseReturnValue:
    page = attempts.get_start(viewer(), exam_id, now=now())
    if wants_json():
        return attempt_json.reply(attempt_json.card(page.card))
    if page.card.attempt_id is not None:
        return redirect(url_for("attempts.paper", attempt_id=page.card.attempt_id), 303)
    return _start_page(page, "")


@bp.post(EXAM + "/attempts")
@access(OFFICER)
def start(exam_id: int) -> ResponseReturnValue:
    by_page = not wants_json()
    if by_page and request.form.get("pledge") != "1":
        page = attempts.get_start(viewer(), exam_id, now=now())
        if page.card.attempt_id is None:
            return _start_page(page, message(PledgeMissing.code)), 422
    started = attempts.start(
        viewer(), exam_id, pledged=by_page, now=now(), browser=str(request.user_agent)
    )
    if by_page:
        return redirect(url_for("attempts.paper", attempt_id=started.attempt_id), 303)
    return attempt_json.reply({"attempt_id": started.attempt_id}, 201)


def _start_page(page: attempts.StartPage, problem: str) -> str:
    return render_template(
        "attempts/start.html",
        exam=page.exam,
        card=page.card,
        scoring_text=page.scoring_text,
        problem=problem,
    )


@bp.get(ATTEMPT)
@access(OFFICER)
def paper(attempt_id: int) -> ResponseReturnValue:
    try:
        sheet = attempts.open_sheet(
            viewer(), attempt_id, now=now(), browser=str(request.user_agent)
        )
    except AttemptClosed as closed:
        if wants_json():
            return attempt_json.reply(attempt_json.closed_paper(attempt_id, closed))
        return redirect(url_for("attempts.receipt", attempt_id=attempt_id), 303)
    if wants_json():
        return attempt_json.reply(attempt_json.paper(sheet))
    return render_template("attempts/exam.html", sheet=sheet, allowance_s=_allowance_s())


@bp.put(ATTEMPT + "/answers")
@access(SESSION)
def save(attempt_id: int) -> ResponseReturnValue:
    if lane.REFUSED in request.environ:
        raise request.environ[lane.REFUSED]
    at, caller = now(), _caller()
    saved = saving.save_answers(
        caller,
        attempt_id,
        attempt_json.read_entries(),
        now=at,
        allowance_s=_allowance_s(),
        browser=request.headers.get("User-Agent", ""),
    )
    return attempt_json.reply(attempt_json.saved(saved))


@bp.post(ATTEMPT + "/answers")
@access(OFFICER)
def save_form(attempt_id: int) -> ResponseReturnValue:
    """Save the whole page of somebody without the script, then go on to where the button says."""
    at = now()
    try:
        sheet = attempts.read_sheet(viewer(), attempt_id, now=at)
        entries = attempt_forms.changed(sheet, request.form)
        if entries:
            saving.save_answers(_caller(), attempt_id, entries, now=at, allowance_s=_allowance_s())
    except AttemptClosed:
        return redirect(url_for("attempts.receipt", attempt_id=attempt_id), 303)
    going_on = request.form.get("go") in ("confirm", "submit")
    target = "attempts.confirm" if going_on else "attempts.paper"
    return redirect(url_for(target, attempt_id=attempt_id), 303)


@bp.get(ATTEMPT + "/confirm")
@access(OFFICER)
def confirm(attempt_id: int) -> ResponseReturnValue:
    try:
        sheet = attempts.read_sheet(viewer(), attempt_id, now=now())
    except AttemptClosed:
        return redirect(url_for("attempts.receipt", attempt_id=attempt_id), 303)
    return render_template("attempts/confirm.html", sheet=sheet)


@bp.get(ATTEMPT + "/state")
@access(SESSION)
def state(attempt_id: int) -> ResponseReturnValue:
    beat = saving.read_state(_caller(), attempt_id, now=now())
    return attempt_json.reply(
        {
            "state": beat.state,
            "remaining_s": beat.remaining_s,
            "revision": beat.revision,
            "saved": beat.saved,
        }
    )


@bp.post(ATTEMPT + "/submit")
@access(OFFICER)
def submit(attempt_id: int) -> ResponseReturnValue:
    entries: list[Entry] = []
    if wants_json():
        entries = attempt_json.read_entries(may_be_missing=True)
    receipt = closing.submit(
        viewer(), _caller(), attempt_id, entries, now=now(), allowance_s=_allowance_s()
    )
    if wants_json():
        return attempt_json.reply(attempt_json.receipt(receipt))
    return redirect(url_for("attempts.receipt", attempt_id=attempt_id), 303)


@bp.get(ATTEMPT + "/receipt")
@access(OFFICER)
def receipt(attempt_id: int) -> ResponseReturnValue:
    found = closing.get_receipt(viewer(), attempt_id, now=now())
    if found is None:
        if wants_json():
            raise review.AttemptRunning
        return redirect(url_for("attempts.paper", attempt_id=attempt_id), 303)
    if wants_json():
        return attempt_json.reply(attempt_json.receipt(found))
    return render_template("attempts/receipt.html", receipt=found)


@bp.get(ATTEMPT + "/result")
@access(OFFICER)
def result(attempt_id: int) -> ResponseReturnValue:
    try:
        found = review.get_result(viewer(), attempt_id, now=now())
    except review.AttemptRunning:
        if wants_json():
            raise
        return redirect(url_for("attempts.paper", attempt_id=attempt_id), 303)
    if wants_json():
        return attempt_json.reply(attempt_json.result(found))
    known = {fault.no: fault for fault in faults.list_own(viewer(), attempt_id)}
    return render_template(
        "attempts/result.html",
        result=found,
        rulings=RULINGS,
        faults=known,
        fault_outcomes=OUTCOMES,
        levels=LEVELS,
    )


@bp.get("/verify/<code>")
@access(PUBLIC)
def verify(code: str) -> ResponseReturnValue:
    found = review.find_receipt(code)
    status = 200 if found else 404
    if wants_json():
        return attempt_json.reply(attempt_json.verified(found), status)
    return render_template("attempts/verify.html", found=found, code=code), status


@bp.after_request
def forbid_storing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _caller() -> Caller:
    token = session_token()
    if token is None:
        raise SignInEnded
    return Caller(*token)


def _allowance_s() -> int:
    settings: Any = current_app.extensions["quizapp_settings"]
    return int(settings.network_allowance_s)
