"""Importing a roster: upload, preview, confirmation, file of errors."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from quizapp.domain.people import CADRE_LEVELS, MANAGERS, Place
from quizapp.domain.sheets import FileRefused, HeadingMissing
from quizapp.domain.text import Text
from quizapp.domain.uploads import Problem
from quizapp.service import roster
from quizapp.web.downloads import attachment
from quizapp.web.messages import message
from quizapp.web.officers import bp
from quizapp.web.pages import label, language, now
from quizapp.web.security import access, viewer

UPLOAD = "/manage/roster/<int(max=2147483647):upload_id>"
CHANGED = {
    "name": _l("姓名"), "unit": _l("单位"), "cadre_level": _l("职级"), "badge_no": _l("执法证号"),
    "badge_expires_on": _l("执法证有效期"), "phone": _l("手机号"),
}  # fmt: skip
SHOWN = 200
"""Rows of a kind on the preview page; the file of errors holds them all."""


@bp.route("/manage/roster", methods=["GET", "POST"])
@access(MANAGERS)
def upload() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("people/roster_upload.html")
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return refused(message("file_missing"))
    try:
        upload_id = roster.receive(viewer(), chosen.filename, chosen.read(), now=now())
    except (FileRefused, HeadingMissing) as refusal:
        return refused(message(refusal.name, **refusal.facts))
    return redirect(url_for("roster.preview", upload_id=upload_id), 303)


def refused(words: str) -> ResponseReturnValue:
    return render_template("people/roster_upload.html", refused=words), 422


@bp.get("/manage/roster/template.<kind>")
@access(MANAGERS)
def template(kind: str) -> ResponseReturnValue:
    return attachment(kind, gettext("人员花名册模板"), roster.template(kind))


@bp.get(UPLOAD)
@access(MANAGERS)
def preview(upload_id: int) -> ResponseReturnValue:
    return preview_page(upload_id)


def preview_page(upload_id: int, problem: str = "") -> str:
    found = roster.preview(viewer(), upload_id)
    return render_template(
        "people/roster_preview.html", upload=found.upload, roster=found.roster, plan=found.plan,
        word=word, shown=SHOWN, problem=problem, labels=CHANGED, value=value,
    )  # fmt: skip


def word(problem: Problem) -> str:
    return message(problem.code, **problem.facts)


def value(field: str, given: object) -> str:
    """Return what stands in a field as people read it."""
    if isinstance(given, Place):
        return given.name
    if field == "cadre_level" and given in CADRE_LEVELS:
        return label(CADRE_LEVELS[str(given)])
    return label(given) if isinstance(given, Text) else str(given or gettext("（空）"))


@bp.post(UPLOAD)
@access(MANAGERS)
def confirm(upload_id: int) -> ResponseReturnValue:
    outcome = roster.confirm(viewer(), upload_id, request.form.get("mode", ""), now=now())
    flash(
        gettext(
            "导入完成：新增 %(added)s 人，更新 %(changed)s 人，未变 %(unchanged)s 人，"
            "有错误未导入 %(left_out)s 行。",
            **outcome,
        )
    )
    return redirect(url_for("roster.preview", upload_id=upload_id), 303)


@bp.get(UPLOAD + "/errors.<kind>")
@access(MANAGERS)
def errors(upload_id: int, kind: str) -> ResponseReturnValue:
    only_failed = request.args.get("rows") != "all"
    content = roster.error_file(
        viewer(), upload_id, kind, word, only_failed=only_failed, language=language()
    )
    return attachment(kind, gettext("错误行"), content)
