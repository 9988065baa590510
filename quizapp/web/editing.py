"""Writing questions: the form, its live preview, the difference of two versions."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from quizapp.domain.bank import LETTERS, Question, QuestionVersion
from quizapp.domain.clock import civil_date
from quizapp.domain.differences import Change
from quizapp.domain.differences import compare as compare_questions
from quizapp.domain.errors import Refusal
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import (
    Law,
    cite_in_chinese,
    place_in_chinese,
    place_in_english,
)
from quizapp.service import corrected_question, editing, pictures
from quizapp.service.editing import QuestionChanged, WritingDesk
from quizapp.web.bank import bp
from quizapp.web.citation_picker import Picking, is_step, take_step
from quizapp.web.errors import answer
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.pages import language, now
from quizapp.web.question_forms import QuestionForm, add_parts, furnish, read_question, values_of
from quizapp.web.question_looks import look
from quizapp.web.security import HOLD_WHAT_WAS_TYPED, access, find_viewer, viewer

RESHAPING = ("reshape", "part", "preview")
"""Buttons that only work on the form and store nothing; those of the citation picker as well."""

AT_FIELD = {
    "stem_missing": "stem", "too_many_topics": "topics", "picture_alt_missing": "picture_alt",
}  # fmt: skip
"""Refusals that are about one field."""


@dataclass(slots=True)
class Sheet:
    """What the page of the form shows besides the form itself."""

    around: WritingDesk
    current: QuestionVersion | None
    shown: Question
    picking: Picking | None = None
    theirs: list[Change] | None = None
    """What differs from the version somebody else saved meanwhile, which is `current` then."""


@bp.route("/new", methods=["GET", "POST"])
@access("trainer")
def new() -> ResponseReturnValue:
    wanted = request.args.get("type", "single")
    fresh = Question(wanted if wanted in QUESTION_TYPES else "single", "")
    return desk(None, fresh)


@bp.route("/questions/<code>/edit", methods=["GET", "POST"])
@access("trainer")
def edit(code: str) -> ResponseReturnValue:
    current = editing.open_for_edit(viewer(), code)
    correction = whole(request.args.get("correction", ""))
    if correction and request.method == "GET":
        return desk(current, *corrected_question.suggest(viewer(), correction, code))
    return desk(current, current.question)


def desk(current: QuestionVersion | None, shown: Question, note: str = "") -> ResponseReturnValue:
    """Show the form, rework it, or keep what was typed as a new version.

    `note`: the reason that stands in the form before anybody typed one.
    """
    around = editing.lay_desk(viewer())
    today = civil_date(now())
    if request.method == "GET":
        values = values_of(shown, around.laws, on=current.as_of if current else today)
        values |= {"base_version": current.version if current else 0, "note": note}
        form = QuestionForm(data=values)
        return show(form, Sheet(around, current, shown)), 200
    form = QuestionForm()
    go = request.form.get("go", "")
    add_parts(form, more=1 if go == "part" else 0)
    furnish(form, around)
    form.validate()
    picking = take_step(form, go, on=form.as_of.data or today) if is_step(go) else None
    sheet = Sheet(around, current, read_typed(form, around, current), picking)
    if go in RESHAPING or is_step(go):
        return show(form, sheet), 200
    if has_errors(form):
        return show(form, sheet), 422
    try:
        return keep(form, current, sheet.shown)
    except QuestionChanged as refusal:
        show_theirs(form, sheet)
        form.form_errors = [*form.form_errors, message(refusal.name)]
        return show(form, sheet), 409
    except Refusal as refusal:
        tell(form, refusal)
        return show(form, sheet), 422


def tell(form: QuestionForm, refusal: Refusal) -> None:
    """Put the words of a refusal at the field it is about, else above the form."""
    words = message(refusal.name, **refusal.facts)
    if refusal.name in AT_FIELD:
        form[AT_FIELD[refusal.name]].errors = [words]
    else:
        form.form_errors = [*form.form_errors, words]


def show_theirs(form: QuestionForm, sheet: Sheet) -> None:
    """Put the version saved meanwhile beside what was typed; saving again then goes on from it."""
    if sheet.current is not None:
        sheet.current = editing.get_current(viewer(), sheet.current.code)
        sheet.theirs = compare_questions(sheet.current.question, sheet.shown)
        form.base_version.data = str(sheet.current.version)


@bp.errorhandler(CSRFError)
@bp.errorhandler(401)
def on_ended(error: HTTPException) -> ResponseReturnValue:
    """Keep what was typed when the sign-in ended meanwhile: it waits in the page for a new one."""
    code = "csrf_failed" if isinstance(error, CSRFError) else "sign_in_required"
    status, who = error.code or 400, find_viewer()
    is_held = request.method == "POST" and request.endpoint in HOLD_WHAT_WAS_TYPED
    if is_held and who is None:
        typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
        return render_template("bank/kept.html", typed=typed), status
    if is_held and who is not None and who.has("trainer"):
        with suppress(Refusal):
            return show_again(), status
    return answer(status, code, {})


def show_again() -> str:
    """Return the form with what came without a valid token, and with a new one; store nothing."""
    code = (request.view_args or {}).get("code")
    current = editing.open_for_edit(viewer(), code) if code else None
    form, around = QuestionForm(), editing.lay_desk(viewer())
    furnish(form, around)
    form.validate()
    form.form_errors = [*form.form_errors, gettext("登录已更新，您填写的内容都在，请再保存一次。")]
    return show(form, Sheet(around, current, read_typed(form, around, current)))


def has_errors(form: QuestionForm) -> bool:
    """Say whether a field cannot be read; looked at anew, since reading adds what it finds."""
    parts = any(field.errors for part in form.parts for field in part.form)
    return parts or any(field.errors for field in form if field.name != "parts")


def read_typed(
    form: QuestionForm, around: WritingDesk, current: QuestionVersion | None
) -> Question:
    """Return what was typed; a picture that came with it is kept at once, so that it stays."""
    upload = request.files.get(form.picture_file.name)
    if upload and upload.filename and not form.csrf_token.errors:
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
    base = whole(form.base_version.data or "") or 0
    version = editing.edit(
        viewer(), current.code, typed, base_version=base, as_of=as_of, note=note, now=now()
    )
    if version == base:
        flash(gettext("没有改动，未产生新版本。"))
    else:
        flash(gettext("已存为第 %(no)s 版草稿，审核通过后用于新的试卷。", no=version))
    return redirect(url_for("bank.question", code=current.code), 303)


def show(form: QuestionForm, sheet: Sheet) -> str:
    """Return the form with the preview of what it holds."""
    add_parts(form)
    furnish(form, sheet.around)
    return render_template(
        "bank/edit.html",
        form=form,
        current=sheet.current,
        theirs=sheet.theirs,
        picking=sheet.picking,
        letters=LETTERS,
        names=names_of(sheet.around.laws),
        topics=sheet.around.topics,
        cite=cite_in_chinese,
        place_name=place_in_english if language() == "en" else place_in_chinese,
        **look(sheet.shown, sheet.current.code if sheet.current else "", form),
    )


def names_of(laws: Sequence[Law]) -> list[tuple[str, str]]:
    """Return short and full name of every law, once each."""
    return sorted({law.short: law.full for law in laws}.items())


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
