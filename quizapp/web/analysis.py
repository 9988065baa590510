"""Statistics of finished exams for trainers and organizers; a formula stands beside each number."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from quizapp.domain.bank import LETTERS
from quizapp.domain.item_figures import (
    FLAGS,
    FORMULAS,
    RANDOM_WARNING,
    SMALLEST,
    ItemStatistics,
)
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.service import analysis, board_files, exams
from quizapp.service.analysis import Choice, ExamAnalysis, ItemLine
from quizapp.web.charts import Bars, draw
from quizapp.web.downloads import Cells, Table, attachment
from quizapp.web.pages import label, now, type_label
from quizapp.web.security import access, viewer

bp = Blueprint("analysis", __name__, url_prefix="/manage/analysis")
STEM_SHOWN = 60
PAGE = 50
SORT_WORDS = {
    "flags": _l("有提示的在前"),
    "facility": _l("难的在前"),
    "discrimination": _l("区分度低的在前"),
    "time": _l("用时长的在前"),
    "n": _l("人数多的在前"),
    "code": _l("按编号"),
}


@bp.get("")
@access(analysis.ROLES)
def listing() -> ResponseReturnValue:
    return render_template("analysis/listing.html", rows=analysis.list_exams(viewer(), now=now()))


@bp.route("/<int:exam_id>", methods=["GET"])
@access(analysis.ROLES)
def show(exam_id: int) -> ResponseReturnValue:
    seen = analysis.get_analysis(viewer(), exam_id, now=now())
    choice, types = choice_of(), list(dict.fromkeys(line.figures.type for line in seen.lines))
    chosen = analysis.choose(seen.lines, choice)
    count = max(1, -(-len(chosen) // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), count)
    asked = {name: value for name, value in asdict(choice).items() if value}
    return render_template(
        "analysis/show.html",
        **facts_of(seen),
        choice=choice,
        types=types,
        sorts=SORT_WORDS,
        lines=chosen[(number - 1) * PAGE : number * PAGE],
        total=len(chosen),
        page=number,
        page_count=count,
        page_href=lambda no: url_for("analysis.show", exam_id=exam_id, page=no, **asked),
        file_href=lambda form: url_for("analysis.export", exam_id=exam_id, form=form, **asked),
        charts=charts_of(seen),
    )


def choice_of() -> Choice:
    """Return what the address asks for; what cannot be is left out."""
    flag, sort = request.args.get("flag", ""), request.args.get("sort", "")
    type_key = request.args.get("type", "")
    return Choice(
        flag=flag if flag in (*FLAGS, "any") else "",
        type=type_key if type_key in QUESTION_TYPES else "",
        sort=sort if sort in SORT_WORDS else "flags",
    )


def charts_of(seen: ExamAnalysis) -> list[Markup]:
    """Return the spread of scores and of facilities as drawings; nothing of small groups."""
    if seen.stored is None or not seen.stored.analysis.paper.bands:
        return []
    people = seen.stored.analysis.paper.bands
    items = [0] * len(people)
    for line in seen.lines:
        if line.figures.facility is not None:
            items[min(len(items) - 1, int(len(items) * line.figures.facility))] += 1
    return [
        draw(bars(gettext("得分率分布"), gettext("人"), people)),
        draw(bars(gettext("难度系数分布"), gettext("题"), tuple(items))),
    ]


def bars(title: str, unit: str, counts: tuple[int, ...]) -> Bars:
    step = 100 // len(counts)
    return Bars(
        title=title,
        unit=unit,
        labels=tuple(f"{no * step}%–{(no + 1) * step}%" for no in range(len(counts))),
        values=tuple(float(count) for count in counts),
        texts=tuple(str(count) for count in counts),
    )


@bp.post("/<int:exam_id>")
@access(analysis.ROLES)
def compute(exam_id: int) -> ResponseReturnValue:
    found = analysis.analyse(viewer(), exam_id, now=now())
    flash(gettext("已统计 %(count)s 人的首次作答。", count=found.paper.n))
    return redirect(url_for("analysis.show", exam_id=exam_id), 303)


@bp.get("/<int:exam_id>/items/<int:version_id>", defaults={"part": 0})
@bp.get("/<int:exam_id>/items/<int:version_id>/<int:part>")
@access(analysis.ROLES)
def item(exam_id: int, version_id: int, part: int) -> ResponseReturnValue:
    seen, line = analysis.get_item(viewer(), exam_id, version_id, part - 1, now=now())
    return render_template(
        "analysis/item.html",
        line=line,
        options=option_rows(line),
        law_day=exams.law_day(seen.exam),
        **facts_of(seen),
    )


def facts_of(seen: ExamAnalysis) -> dict[str, Any]:
    return {
        "seen": seen,
        "exam": seen.exam,
        "paper": seen.stored.analysis.paper if seen.stored else None,
        "formulas": FORMULAS,
        "flags": FLAGS,
        "warning": RANDOM_WARNING,
        "smallest": SMALLEST,
        "figure": figure,
        "share": share,
        "href": item_href,
        "brief": brief,
    }


def item_href(exam_id: int, figures: ItemStatistics) -> str:
    """Return the address of an item; a part of a case is counted from 1 there."""
    part = figures.part + 1 if figures.part >= 0 else 0
    return url_for("analysis.item", exam_id=exam_id, version_id=figures.version_id, part=part)


def figure(value: float | None, digits: int = 2) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def share(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f}%"


def brief(stem: str) -> str:
    return stem if len(stem) <= STEM_SHOWN else stem[: STEM_SHOWN - 1] + "…"


def option_rows(line: ItemLine) -> list[dict[str, Any]]:
    """Return the distractor table: letter and text as stored, and its figures."""
    is_judge = line.figures.type == "judge"
    words = (gettext("正确"), gettext("错误")) if is_judge else line.question.options
    letters = "✓✗" if is_judge else LETTERS
    return [
        {"letter": letters[no], "text": words[no], "option": option,
         "share": option.count / line.figures.n}
        for no, option in enumerate(line.figures.options)
    ]  # fmt: skip


@bp.get("/<int:exam_id>/items.<any(xlsx,csv):form>")
@access(analysis.ROLES)
def export(exam_id: int, form: str) -> ResponseReturnValue:
    seen = analysis.get_analysis(viewer(), exam_id, now=now())
    title = gettext("%(title)s 试题分析", title=seen.exam.title)
    header, rows = table_of(analysis.choose(seen.lines, choice_of()))
    return attachment(form, title, board_files.write_file(form, title, header, rows))


def table_of(lines: Iterable[ItemLine]) -> Table:
    """Return the items as a sheet, real numbers; small groups show their number only."""
    header = [
        gettext("题目编号"), gettext("版本"), gettext("小题"), gettext("题型"), gettext("题干"),
        gettext("人数"), gettext("难度系数"), gettext("区分度"), gettext("点二列相关"),
        gettext("有效权重(%)"), gettext("用时中位数（秒）"), gettext("选项人数"), gettext("提示"),
    ]  # fmt: skip
    return header, [row_of(line) for line in lines]


def row_of(line: ItemLine) -> Cells:
    f = line.figures
    taken = " ".join(
        f"{row['letter']}{'*' if row['option'].is_right else ''}:{row['option'].count}"
        for row in option_rows(line)
    )
    weight = None if f.effective_weight is None else 100 * f.effective_weight
    return [
        line.code, line.version, f.part + 1 if f.part >= 0 else None, type_label(f.type),
        line.question.stem, f.n, *(rounded(x, 4) for x in (f.facility, f.discrimination,
        f.point_biserial)), rounded(weight, 2), rounded(f.median_s, 1), taken,
        gettext("已作废") if f.is_void else "；".join(label(FLAGS[flag]) for flag in f.flags),
    ]  # fmt: skip


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
