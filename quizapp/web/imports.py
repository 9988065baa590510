"""Importing questions: upload, progress, mapping, preview, confirmation, batches."""

from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.bank import STATES
from quizapp.domain.errors import Conflict, Invalid, Refusal
from quizapp.domain.import_words import place_words, why_words
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import FileRefused
from quizapp.domain.uploads import ModeUnknown
from quizapp.service import (
    import_batches,
    import_confirm,
    import_reading,
    import_taking,
    import_template,
    imports,
)
from quizapp.service.import_confirm import RowsLeftOut
from quizapp.service.import_taking import BankChanged
from quizapp.web.aside import begin_aside
from quizapp.web.downloads import attachment, file_of
from quizapp.web.import_preview import preview_page
from quizapp.web.messages import message
from quizapp.web.pages import counted, language, now
from quizapp.web.security import access, viewer

bp = Blueprint("imports", __name__, url_prefix="/imports")
bp.add_app_template_filter(place_words)
bp.add_app_template_filter(why_words)

UPLOAD = "/<int:upload_id>"
MOST_COLUMNS = 60


@bp.route("/", methods=["GET", "POST"])
@access("trainer")
def upload() -> ResponseReturnValue:
    if request.method == "GET":
        return upload_page()
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return upload_page(message("file_missing")), 422
    try:
        upload_id = imports.receive(viewer(), chosen.filename, chosen.read(), now=now())
    except FileRefused as refusal:
        return upload_page(message(refusal.name, **refusal.facts)), 422
    return start_reading(upload_id)


def upload_page(refused: str = "") -> str:
    page = request.args.get("page", 1, type=int)
    return render_template(
        "imports/upload.html",
        refused=refused,
        coming=import_batches.list_coming(viewer()),
        listing=import_batches.list_batches(viewer(), page=page),
        href=lambda number: url_for("imports.upload", page=number),
    )


@bp.get("/template.<kind>")
@access("trainer")
def template(kind: str) -> ResponseReturnValue:
    name = f"{gettext('题目模板')}.{kind}"
    return file_of(name, "application/octet-stream", import_template.template(kind))


def start_reading(upload_id: int) -> ResponseReturnValue:
    """Begin to read beside the requests; return where its owner goes on."""
    who, moment, place = viewer(), now(), folder()
    begin_aside(
        f"import-{upload_id}",
        lambda: import_reading.read_upload(who, upload_id, place, now=moment),
    )
    return redirect(url_for("imports.preview", upload_id=upload_id), 303)


def take_in(upload_id: int) -> None:
    """Take in beside the requests what was confirmed; its owner sees how far it is."""
    who, moment, place = viewer(), now(), folder()

    def work() -> None:
        try:
            import_taking.carry_on(who, upload_id, now=moment)
        except BankChanged:
            import_reading.read_upload(who, upload_id, place, now=moment)

    begin_aside(f"import-{upload_id}", work)


def folder() -> Path:
    return current_app.extensions["quizapp_settings"].instance_dir  # type: ignore[no-any-return]


@bp.get(UPLOAD)
@access("trainer")
def preview(upload_id: int) -> ResponseReturnValue:
    stand = imports.progress(viewer(), upload_id, now=now())
    if stand.state == "taking" and stand.is_interrupted:
        take_in(upload_id)
        stand = imports.progress(viewer(), upload_id, now=now())
    if stand.state not in ("ready", "refused"):
        return render_template("imports/progress.html", stand=stand)
    if stand.state == "refused":
        words = message(stand.refusal["code"], **stand.refusal["facts"])
        return render_template("imports/refused.html", stand=stand, refused=words)
    found = imports.preview(viewer(), upload_id)
    why = found.refusal
    return preview_page(found, message(why["code"], **why["facts"]) if why else "")


@bp.post(UPLOAD)
@access("trainer")
def confirm(upload_id: int) -> ResponseReturnValue:
    mode, who = request.form.get("mode", ""), viewer()
    if mode == "none":
        import_confirm.discard(who, upload_id)
        flash(gettext("文件没有导入，题库没有变化。"))
        return redirect(url_for("imports.upload"), 303)
    try:
        is_begun = import_confirm.begin(
            who, upload_id, mode, scope=request.form.get("scope", ""),
            report_hash=request.form.get("report", ""),
            left_out=request.form.get("left_out", 0, type=int), now=now(),
        )  # fmt: skip
    except (ModeUnknown, RowsLeftOut, Conflict) as refusal:
        return confirmed_nothing(who, upload_id, refusal)
    if is_begun:
        take_in(upload_id)
    return redirect(url_for("imports.preview", upload_id=upload_id), 303)


def confirmed_nothing(who: Viewer, upload_id: int, refusal: Refusal) -> ResponseReturnValue:
    if refusal.name in ("import_not_ready", "import_done"):
        return redirect(url_for("imports.preview", upload_id=upload_id), 303)
    words = message(refusal.name, **refusal.facts)
    status = 409 if isinstance(refusal, Conflict) else 422
    return preview_page(imports.preview(who, upload_id), words), status


@bp.post(UPLOAD + "/read")
@access("trainer")
def read_again(upload_id: int) -> ResponseReturnValue:
    imports.read_again(viewer(), upload_id, now=now())
    return start_reading(upload_id)


@bp.post(UPLOAD + "/mapping")
@access("trainer")
def mapping(upload_id: int) -> ResponseReturnValue:
    found = imports.preview(viewer(), upload_id)
    chosen = {
        table.sheet: {
            at: request.form.get(f"t{no}-{at}", "") for at in range(min(table.width, MOST_COLUMNS))
        }
        for no, table in enumerate(found.tables)
        if f"t{no}-0" in request.form
    }
    try:
        imports.put_mapping(viewer(), upload_id, chosen, now=now())
    except Invalid as refusal:
        return preview_page(found, message(refusal.name, **refusal.facts)), 422
    return start_reading(upload_id)


@bp.get(UPLOAD + "/errors.<kind>")
@access("trainer")
def errors(upload_id: int, kind: str) -> ResponseReturnValue:
    only_failed = request.args.get("rows") != "all"
    content = import_batches.reasons_file(
        viewer(), upload_id, kind,
        folder=folder(), only_failed=only_failed, language=language(),
    )  # fmt: skip
    title = gettext("错误行") if only_failed else gettext("错误原因")
    return attachment(kind, title, content)


@bp.get("/batches/<int:batch_id>")
@access("trainer")
def batch(batch_id: int) -> ResponseReturnValue:
    return batch_page(batch_id)


def batch_page(batch_id: int, problem: str = "") -> str:
    found, items, used = import_batches.get_batch(viewer(), batch_id)
    return render_template(
        "imports/batch.html", batch=found, items=items, used=used, states=STATES, problem=problem
    )


@bp.post("/batches/<int:batch_id>/undo")
@access("trainer")
def undo(batch_id: int) -> ResponseReturnValue:
    try:
        gone = import_batches.undo(viewer(), batch_id, now=now())
    except Conflict as refusal:
        return batch_page(batch_id, message(refusal.name, **refusal.facts)), 409
    flash(counted("已撤销这一批的 %(count)s 题。", gone))
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)


@bp.post("/batches/<int:batch_id>/retire")
@access("trainer")
def retire(batch_id: int) -> ResponseReturnValue:
    gone = import_batches.retire_unused(viewer(), batch_id, now=now())
    flash(counted("已停用这一批的 %(count)s 题。", gone))
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)
