"""Importing past classes: upload, preview, confirmation, file of errors."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.credit_rules import KINDS
from quizapp.domain.errors import Refusal
from quizapp.domain.sheets import FileRefused, HeadingMissing
from quizapp.domain.training import HOURS_ROLES
from quizapp.domain.uploads import ModeUnknown, Problem, RowsFaulty
from quizapp.service import hours_import
from quizapp.web.downloads import attachment
from quizapp.web.messages import message
from quizapp.web.pages import language, now
from quizapp.web.security import access, viewer
from quizapp.web.training import bp

UPLOAD = "/manage/hours/import/<int(max=2147483647):upload_id>"
SHOWN = 200
"""Rows of a kind on the preview page; the file of errors holds them all."""


@bp.route("/manage/hours/import", methods=["GET", "POST"])
@access(HOURS_ROLES)
def upload() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("training/upload.html")
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return refused(message("file_missing"))
    try:
        upload_id = hours_import.receive(viewer(), chosen.filename, chosen.read(), now=now())
    except (FileRefused, HeadingMissing) as refusal:
        return refused(message(refusal.name, **refusal.facts))
    return redirect(url_for("training.preview", upload_id=upload_id), 303)


def refused(words: str) -> ResponseReturnValue:
    return render_template("training/upload.html", refused=words), 422


@bp.get("/manage/hours/import/template.<kind>")
@access(HOURS_ROLES)
def template(kind: str) -> ResponseReturnValue:
    return attachment(kind, gettext("培训记录模板"), hours_import.template(kind))


@bp.get(UPLOAD)
@access(HOURS_ROLES)
def preview(upload_id: int) -> ResponseReturnValue:
    return preview_page(upload_id)


def preview_page(upload_id: int, problem: str = "") -> str:
    found = hours_import.preview(viewer(), upload_id, now=now())
    return render_template(
        "training/preview.html", upload=found.upload, plan=found.plan, word=word, shown=SHOWN,
        kinds=KINDS, problem=problem,
    )  # fmt: skip


def word(problem: Problem) -> str:
    return message(problem.code, **problem.facts)


@bp.post(UPLOAD)
@access(HOURS_ROLES)
def confirm(upload_id: int) -> ResponseReturnValue:
    try:
        outcome = hours_import.confirm(viewer(), upload_id, request.form.get("mode", ""), now=now())
    except (ModeUnknown, RowsFaulty) as refusal:
        return confirmed_nothing(upload_id, refusal)
    flash(
        gettext(
            "导入完成：记入 %(posted)s 人次、%(persons)s 人，已在台账中 %(known)s 行，"
            "有错误未导入 %(left_out)s 行。",
            **outcome,
        )
    )
    return redirect(url_for("training.preview", upload_id=upload_id), 303)


def confirmed_nothing(upload_id: int, refusal: Refusal) -> ResponseReturnValue:
    return preview_page(upload_id, message(refusal.name, **refusal.facts)), 422


@bp.get(UPLOAD + "/errors.<kind>")
@access(HOURS_ROLES)
def errors(upload_id: int, kind: str) -> ResponseReturnValue:
    only_failed = request.args.get("rows") != "all"
    content = hours_import.error_file(
        viewer(), upload_id, kind, word,
        only_failed=only_failed, language=language(), now=now(),
    )  # fmt: skip
    return attachment(kind, gettext("错误行"), content)
