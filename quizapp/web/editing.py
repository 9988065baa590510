"""Writing questions: the form, its live preview, the difference of two versions."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import LETTERS, Question, QuestionVersion
from quizapp.domain.clock import civil_date
from quizapp.domain.drafts import is_blocking
from quizapp.domain.errors import NotFound, Refusal
from quizapp.domain.previews import preview_items
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import Citation
from quizapp.service import editing, pictures, statutes
from quizapp.service.editing import Desk
from quizapp.web.bank import bp
from quizapp.web.messages import message
from quizapp.web.pages import language, now
from quizapp.web.question_forms import QuestionForm, add_parts, furnish, read_question, values_of
from quizapp.web.security import access, viewer

RESHAPING = ("reshape", "part", "preview")
"""Buttons that only work on the form and store nothing."""


@bp.route("/new", methods=["GET", "POST"])
@access("trainer")
def new() -> ResponseReturnValue:
    wanted = request.args.get("type", "single")
    fresh = Question(wanted if wanted in QUESTION_TYPES else "single", "")
    return desk(None, fresh)


@bp.route("/questions/<code>/edit", methods=["GET", "POST"])
@access("trainer")
def edit(code: str) -> ResponseReturnValue:
    current = editing.get_current(viewer(), code)
    return desk(current, current.question)


def desk(current: QuestionVersion | None, shown: Question) -> ResponseReturnValue:
    """Show the form, rework it, or keep what was typed as a new version."""
    around = editing.lay_desk(viewer())
    today = civil_date(now())
    if request.method == "GET":
        values = values_of(shown, around.laws, on=current.as_of if current else today)
        form = QuestionForm(data=values | {"base_version": current.version if current else 0})
        return page(form, around, current, shown, 200)
    form = QuestionForm()
    go = request.form.get("go", "")
    add_parts(form, more=1 if go == "part" else 0)
    furnish(form, around)
    form.validate()
    typed = read_typed(form, around, current)
    if go in RESHAPING:
        return page(form, around, current, typed, 200)
    if not has_errors(form):
        try:
            return keep(form, current, typed)
        except Refusal as refusal:
            form.form_errors = [*form.form_errors, message(refusal.name, **refusal.facts)]
    return page(form, around, current, typed, 422)


def has_errors(form: QuestionForm) -> bool:
    """Say whether a field cannot be read; looked at anew, since reading adds what it finds."""
    parts = any(field.errors for part in form.parts for field in part.form)
    return parts or any(field.errors for field in form if field.name != "parts")


def read_typed(form: QuestionForm, around: Desk, current: QuestionVersion | None) -> Question:
    """Return what was typed; a picture that came with it is kept at once, so that it stays."""
    upload = form.picture_file.data
    if upload and upload.filename:
        try:
            kept = pictures.keep(viewer(), upload.read(pictures.MOST_BYTES + 1), now=now())
        except Refusal as refusal:
            words = message(refusal.name, **refusal.facts)
            form.picture_file.errors = [*form.picture_file.errors, words]
        else:
            form.picture_id.data = str(kept)
            form.picture_gone.data = False
    on = form.as_of.data or civil_date(now())
    trap = current.question.trap if current else ""
    return read_question(form, around.laws, on=on, trap=trap)


def keep(
    form: QuestionForm, current: QuestionVersion | None, typed: Question
) -> ResponseReturnValue:
    """Store what was typed and go to the question's page."""
    as_of, note = form.as_of.data or civil_date(now()), (form.note.data or "").strip()
    if current is None:
        scope = form.scope.data or ""
        code = editing.create(viewer(), scope, typed, as_of=as_of, note=note, now=now())
        flash(gettext("已存为草稿，编号 %(code)s。", code=code))
        return redirect(url_for("bank.question", code=code), 303)
    written = form.base_version.data or ""
    base = int(written) if written.isdecimal() and written.isascii() else 0
    version = editing.edit(
        viewer(), current.code, typed, base_version=base, as_of=as_of, note=note, now=now()
    )
    if version == base:
        flash(gettext("没有改动，未产生新版本。"))
    else:
        flash(gettext("已存为第 %(no)s 版草稿，审核通过后用于新的试卷。", no=version))
    return redirect(url_for("bank.question", code=current.code), 303)


def page(
    form: QuestionForm, around: Desk, current: QuestionVersion | None, shown: Question, status: int
) -> ResponseReturnValue:
    """Return the form with the preview of what it holds."""
    add_parts(form)
    furnish(form, around)
    html = render_template(
        "bank/edit.html",
        form=form,
        current=current,
        letters=LETTERS,
        laws=around.laws,
        topics=around.topics,
        **look(shown, current.code if current else "", form),
    )
    return html, status


def look(question: Question, code: str, form: QuestionForm) -> dict[str, Any]:
    """Return what the preview shows: the items as on the phone, faults, doubts and likeness."""
    as_of = form.as_of.data or civil_date(now())
    advice = editing.advise(viewer(), question, code, as_of=as_of) if question.stem else None
    findings = advice.findings if advice else []
    return {
        "items": preview_items(question) if question.stem else (),
        "whole": question,
        "blocking": [each.reason(language()) for each in findings if is_blocking(each)],
        "doubts": [each.reason(language()) for each in findings if not is_blocking(each)],
        "cited": cited_words(question, as_of),
        "alike": advice.alike if advice else [],
    }


def cited_words(question: Question, on: date) -> list[tuple[Citation, str]]:
    """Return each citation with the words of its article; empty where the library has no text."""
    citations = [*question.citations, *(one for part in question.parts for one in part.citations)]
    found = []
    for citation in dict.fromkeys(citations):
        try:
            place = statutes.look_up(citation, on=on)
        except NotFound:
            found.append((citation, ""))
        else:
            whole = place.article.text if place.article else ""
            found.append((citation, place.words or whole))
    return found


@bp.post("/preview")
@access("trainer")
def preview() -> ResponseReturnValue:
    """Answer the form's script with the preview of what is typed so far; nothing is stored."""
    around = editing.lay_desk(viewer())
    form = QuestionForm()
    furnish(form, around)
    form.validate()
    typed = read_question(form, around.laws, on=form.as_of.data or civil_date(now()))
    code = request.form.get("code", "")[:40]
    problems = form.citations.errors
    return render_template("bank/preview.html", problems=problems, **look(typed, code, form))


@bp.get("/questions/<code>/compare")
@access("trainer")
def compare(code: str) -> ResponseReturnValue:
    newer = request.args.get("newer", 0, type=int)
    older = request.args.get("older", newer - 1, type=int)
    one, other, changes = editing.compare_versions(viewer(), code, older, newer)
    return render_template("bank/compare.html", one=one, other=other, changes=changes)
