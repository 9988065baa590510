"""勘误: drafting a ruling, looking at what it changes, a second person's approval."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.bank import LETTERS
from quizapp.domain.corrections import (
    ANSWER_MAX,
    NEED_ANSWER,
    POLICIES,
    RULINGS,
    STATES,
    ChangedPerson,
    Draft,
)
from quizapp.domain.dry_runs import FIRST_MOVES, OfficerMove
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.ids import ExamId
from quizapp.domain.people import masked_name
from quizapp.domain.prizes import DECISIONS
from quizapp.service import board_files, corrections, enforcing, exams
from quizapp.service.analysis import ROLES
from quizapp.service.corrected_question import MENDED
from quizapp.service.corrections import DryRun
from quizapp.service.enforcing import Approval
from quizapp.web.aside import begin_aside
from quizapp.web.board_tables import GRADES, hundredths, level_words, two_digits
from quizapp.web.downloads import Cells, Table, attachment
from quizapp.web.messages import message
from quizapp.web.pages import known_as, label, now
from quizapp.web.security import access, viewer

bp = Blueprint("corrections", __name__, url_prefix="/manage/corrections")
FIELD_OF = {
    "correction_answer_wrong": "answer",
    "correction_code_unknown": "code",
    "correction_item_unknown": "part",
    "reason_missing": "reason",
    "reason_long": "reason",
}


class RulingForm(FlaskForm):
    code = StringField(_l("题目编号"), [Length(max=40)])
    part = StringField(_l("小题序号"), [Optional(), Length(max=2)])
    ruling = RadioField(_l("处理方式"), validate_choice=False)
    answer = TextAreaField(_l("答案"), [Optional(), Length(max=ANSWER_MAX)])
    policy = RadioField(_l("重新计分"), default="no_loss", validate_choice=False)
    reason = TextAreaField(_l("勘误理由（考生可见）"), [Length(max=1000)])

    def furnish(self) -> None:
        """Set the choices in the reader's language."""
        self.ruling.choices = [(key, label(text)) for key, text in RULINGS.items()]
        self.policy.choices = [(key, label(text)) for key, text in POLICIES.items()]


@bp.get("/<int:exam_id>")
@access(ROLES)
def listing(exam_id: int) -> ResponseReturnValue:
    seen = corrections.list_corrections(viewer(), exam_id, now=now())
    return render_template(
        "corrections/listing.html",
        seen=seen,
        rulings=RULINGS,
        states=STATES,
        mended=MENDED,
    )


@bp.route("/<int:exam_id>/new", methods=["GET", "POST"])
@access(ROLES)
def new(exam_id: int) -> ResponseReturnValue:
    seen = corrections.list_corrections(viewer(), exam_id, now=now())
    form = RulingForm()
    form.furnish()
    status = 200
    if request.method == "GET":
        form.code.data = request.args.get("code", "")[:40]
        part = request.args.get("part", 0, int)
        form.part.data = str(part) if part else ""
    elif form.validate():
        try:
            drafted = corrections.draft(viewer(), read(form, exam_id), now=now())
        except (Invalid, Conflict) as refusal:
            field = FIELD_OF.get(refusal.name, "ruling")
            form[field].errors = [message(refusal.name, **refusal.facts)]
            status = 409 if isinstance(refusal, Conflict) else 422
        else:
            flash(gettext("勘误已起草，须由另一位组织者批准后生效。"))
            carry_on(drafted, now())
            return redirect(url_for("corrections.show", correction_id=drafted), 303)
    else:
        status = 422
    return render_template("corrections/new.html", form=form, seen=seen), status


def read(form: RulingForm, exam_id: int) -> Draft:
    """Return the draft as typed. Raises Invalid with the code of what is wrong."""
    version_id, question = corrections.find_version(viewer(), exam_id, form.code.data or "")
    typed = (form.part.data or "").strip()
    if typed and not (typed.isascii() and typed.isdecimal()):
        raise Invalid("correction_item_unknown")
    if question.parts and not typed:
        raise Invalid("correction_item_unknown")
    return Draft(
        exam_id=ExamId(exam_id),
        version_id=version_id,
        part=int(typed) - 1 if typed else -1,
        ruling=form.ruling.data or "",
        answer=form.answer.data or "",
        policy=form.policy.data or "",
        reason=form.reason.data or "",
    )


@bp.get("/case/<int:correction_id>")
@access(ROLES)
def show(correction_id: int) -> ResponseReturnValue:
    return page_of(correction_id)


def carry_on(correction_id: int, moment: datetime) -> None:
    """Go on with what is left of a correction."""
    begin_aside(
        f"correction-{correction_id}", lambda: enforcing.carry_on(correction_id, now=moment)
    )


def page_of(correction_id: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    seen = corrections.dry_run(viewer(), correction_id, now=now())
    if seen.stand is not None and seen.stand.is_idle:
        carry_on(correction_id, now())
        seen = corrections.dry_run(viewer(), correction_id, now=now())
    if seen.stand is not None:
        page = render_template(
            "corrections/progress.html", seen=seen, problem=problem, typed=request.form
        )
        return page, status
    page = render_template(
        "corrections/show.html",
        seen=seen,
        draft=seen.correction.draft,
        law_day=exams.law_day(seen.exam),
        letters=LETTERS,
        rulings=RULINGS,
        policies=POLICIES,
        states=STATES,
        grades=GRADES,
        mended=MENDED,
        awards=AWARDS,
        decisions=DECISIONS,
        level=level_words,
        two_digits=two_digits,
        typed=request.form,
        need_answer=NEED_ANSWER,
        shown=FIRST_MOVES,
        name=lambda name: name if in_full(seen) else masked_name(name),
        may_approve=viewer().may("organizer", seen.exam.unit)
        and viewer().officer_id != seen.correction.drafted_by,
        may_drop=viewer().may("organizer", seen.exam.unit)
        or viewer().officer_id == seen.correction.drafted_by,
        problem=problem,
    )
    return page, status


def in_full(seen: DryRun) -> bool:
    """Say whether this reader sees names in full: organizers of the exam's unit."""
    return viewer().may("organizer", seen.exam.unit)


@bp.post("/case/<int:correction_id>/approve")
@access("organizer")
def approve(correction_id: int) -> ResponseReturnValue:
    if not request.form.get("checked"):
        return page_of(correction_id, message("confirm_missing"), 422)
    decisions = {award.key: request.form.get(f"prizes-{award.key}", "") for award in AWARDS}
    approval = Approval(decisions, suspend=bool(request.form.get("suspend")))
    moment = now()
    try:
        changed = enforcing.decide(viewer(), correction_id, approval, now=moment)
    except (Conflict, NotAllowed) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 403
        return page_of(correction_id, message(refusal.name, **refusal.facts), status)
    carry_on(correction_id, moment)
    flash(gettext("勘误已批准，%(count)s 份答卷的成绩有变动。", count=changed))
    return redirect(url_for("corrections.show", correction_id=correction_id), 303)


@bp.post("/case/<int:correction_id>/drop")
@access(ROLES)
def drop(correction_id: int) -> ResponseReturnValue:
    try:
        corrections.drop(viewer(), correction_id, request.form.get("note", ""), now=now())
    except (Conflict, Invalid) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return page_of(correction_id, message(refusal.name, **refusal.facts), status)
    flash(gettext("勘误已否决，成绩没有变动。"))
    return redirect(url_for("corrections.show", correction_id=correction_id), 303)


@bp.get("/case/<int:correction_id>/people.<any(xlsx,csv):form>")
@access(ROLES)
def export(correction_id: int, form: str) -> ResponseReturnValue:
    seen, moving, changed = corrections.list_everybody(viewer(), correction_id, now=now())
    header, rows = table_of(seen, moving, changed)
    if rows and in_full(seen):
        board_files.note_export(viewer(), seen.exam.id, "correction", len(rows), now=now())
    title = gettext("%(title)s 勘误名单", title=seen.exam.title)
    return attachment(form, title, board_files.write_file(form, title, header, rows))


def table_of(
    seen: DryRun, moving: Iterable[OfficerMove], changed: Iterable[ChangedPerson]
) -> Table:
    """Return who changes: of a draft with ranks and grades, of a decided one with both scores."""
    who = [gettext("工号"), gettext("姓名"), gettext("单位")]
    scores = [gettext("原成绩"), gettext("现成绩"), gettext("变动")]

    def person(one: OfficerMove | ChangedPerson) -> Cells:
        return [one.staff_no, one.name if in_full(seen) else masked_name(one.name),
                known_as(one.unit)]  # fmt: skip

    if seen.moves is None:
        return [*who, *scores], [
            [*person(p), *map(hundredths, (p.old_cp, p.new_cp, p.new_cp - p.old_cp))]
            for p in changed
        ]
    ranks = [gettext("原名次"), gettext("现名次"), gettext("原等次"), gettext("现等次")]
    return [*who, *scores, *ranks], [
        [
            *person(m), *map(hundredths, (m.score_before, m.score_after, m.change_cp)),
            m.rank_before, m.rank_after, str(GRADES[m.grade_before]), str(GRADES[m.grade_after]),
        ]
        for m in moving
    ]  # fmt: skip
