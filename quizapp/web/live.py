"""The organizer's pages of a running exam, and the publication of its results."""

import gzip
import hashlib
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.domain.awards.all import AWARDS
from quizapp.domain.clock import CHINA
from quizapp.domain.errors import Invalid
from quizapp.domain.metrics.all import METRICS
from quizapp.domain.standings import TIES
from quizapp.service import beside, board_files, live, results, standings
from quizapp.service.live import WHOLE_LIST, Live
from quizapp.service.results import AwardsDoNotFit
from quizapp.web.board_tables import level_words, rates, two_digits, unit_name
from quizapp.web.charts import Bars, Trend, draw, plain_figure
from quizapp.web.downloads import Cells, attachment
from quizapp.web.messages import message
from quizapp.web.pages import known_as, now, percent
from quizapp.web.security import CSP, access, viewer
from quizapp.web.standings import bp, cache_s, city, whole_number

CHART_CSP = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Plotly writes inline styles; only the page that shows it, and only when asked, allows them."""
YEAR_S = 365 * 86400


@bp.get("/manage/exams/<int:exam_id>/live", endpoint="live")
@access("organizer")
def live_page(exam_id: int) -> ResponseReturnValue:
    shown = read(exam_id)
    interactive = request.args.get("charts") == "interactive"
    response = make_response(
        render_template(
            "standings/live.html",
            live=shown,
            interactive=interactive,
            participation=draw(participation_of(shown)),
            trend=draw(trend_of(shown)),
            rates=rates,
            unit_name=unit_name,
            two_digits=two_digits,
            level=shown.level,
            plotly=plotly_name() if interactive else "",
        )
    )
    if interactive:
        response.headers["Content-Security-Policy"] = CHART_CSP
    return response


def read(exam_id: int) -> Live:
    return live.read_live(viewer(), exam_id, city_code=city(), now=now(), cache_s=cache_s())


@bp.get("/manage/exams/<int:exam_id>/live.json")
@access("organizer")
def figures(exam_id: int) -> ResponseReturnValue:
    shown = read(exam_id)
    return jsonify([plain_figure(participation_of(shown)), plain_figure(trend_of(shown))])


def participation_of(shown: Live) -> Bars:
    shares = [rates(tally)["participation_bp"] for tally in shown.units]
    return Bars(
        title=gettext("参与率"),
        unit="%",
        most=100,
        labels=tuple(unit_name(tally.unit, shown.level) for tally in shown.units),
        values=tuple(share / 100 for share in shares),
        texts=tuple(
            f"{tally.participants}/{tally.eligible} · {percent(share)}"
            for tally, share in zip(shown.units, shares, strict=True)
        ),
    )


def trend_of(shown: Live) -> Trend:
    return Trend(
        title=gettext("每小时首次交卷人数"),
        unit=gettext("人"),
        moments=tuple(at.astimezone(CHINA).strftime("%m-%d %H:00") for at, _ in shown.hours),
        values=tuple(people for _, people in shown.hours),
    )


@bp.get("/manage/exams/<int:exam_id>/absent")
@bp.get("/manage/exams/<int:exam_id>/absent.<any(csv,xlsx):form>")
@access("organizer")
def absent(exam_id: int, form: str | None = None) -> ResponseReturnValue:
    size = WHOLE_LIST if form else live.ABSENT_PAGE
    shown = live.list_absent(
        viewer(),
        exam_id,
        city_code=city(),
        page=whole_number("page", 1),
        size=size,
        now=now(),
        cache_s=cache_s(),
    )
    if form is None:
        return render_template("standings/absent.html", shown=shown)
    header = [gettext("序号"), gettext("城市"), gettext("单位"), gettext("工号"), gettext("姓名"),
              gettext("状态")]  # fmt: skip
    rows: list[Cells] = [
        [
            no,
            known_as(row.city_name),
            known_as(row.unit_name),
            row.staff_no,
            row.name,
            absent_state(row.is_running),
        ]
        for no, row in enumerate(shown.rows, 1)
    ]
    title = f"{shown.exam.title} {gettext('未参加名单')}"
    board_files.note_export(viewer(), exam_id, "absent", len(rows), now=now())
    return attachment(form, title, board_files.write_file(form, title, header, rows))


def absent_state(is_running: bool) -> str:
    return str(gettext("答题中") if is_running else gettext("未参加"))


@bp.get("/manage/exams/<int:exam_id>/fast")
@access("organizer")
def fast(exam_id: int) -> ResponseReturnValue:
    exam, line_s, rows = live.list_fast(viewer(), exam_id, now=now())
    return render_template("standings/fast.html", exam=exam, line_s=line_s, rows=rows)


@bp.get("/manage/exams/<int:exam_id>/results")
@access("organizer")
def publication(exam_id: int) -> ResponseReturnValue:
    return publication_page(exam_id)


def publication_page(exam_id: int, status: int = 200, problem: str = "") -> ResponseReturnValue:
    exam, obstacle = results.find_obstacle(viewer(), exam_id, now=now())
    board = standings.unit_board(viewer(), exam_id, "city", now=now(), cache_s=0.0)
    page = render_template(
        "standings/publication.html",
        exam=exam,
        obstacle=message(obstacle.name, **obstacle.facts) if obstacle else "",
        board=board,
        metric=METRICS.get(exam.metric),
        ties=[TIES.get(key) for key in exam.ties],
        problem=problem,
        reason=request.form.get("reason", ""),
        past=beside.list_former(viewer(), exam_id),
        misfits=[] if obstacle else results.find_misfits(viewer(), exam_id),
        awards=AWARDS,
        level=level_words,
        typed=request.form,
    )
    return page, status


@bp.post("/manage/exams/<int:exam_id>/results")
@access("organizer")
def publish(exam_id: int) -> ResponseReturnValue:
    if request.form.get("sure") != "yes":
        return publication_page(exam_id, 422, gettext("请先勾选确认，再公布成绩。"))
    kept = {award.key: request.form.get(f"keep-{award.key}", "") for award in AWARDS}
    try:
        people = results.publish_results(viewer(), exam_id, kept, now=now())
    except AwardsDoNotFit as refusal:
        return publication_page(exam_id, 409, message(refusal.name))
    flash(gettext("成绩已公布，共 %(people)s 人进入个人排名。", people=people))
    return redirect(url_for("standings.publication", exam_id=exam_id), 303)


@bp.post("/manage/exams/<int:exam_id>/results/withdrawal")
@access("organizer")
def withdraw(exam_id: int) -> ResponseReturnValue:
    try:
        results.withdraw_results(viewer(), exam_id, request.form.get("reason", ""), now=now())
    except Invalid as refusal:
        return publication_page(exam_id, 422, message(refusal.name, **refusal.facts))
    flash(gettext("成绩公布已撤回，排行榜不再对外显示。"))
    return redirect(url_for("standings.publication", exam_id=exam_id), 303)


# --- the charting library, from the installed package ----------------------------------------


@bp.get("/manage/plotly-<name>.js")
@access("organizer")
def plotly(name: str) -> ResponseReturnValue:
    """Serve the installed package's own file, compressed once for this installation."""
    if name != plotly_name():
        return redirect(url_for("standings.plotly", name=plotly_name()), 303)
    small = plotly_compressed()
    if small is None or not request.accept_encodings["gzip"]:
        response: Response = send_file(plotly_source(), mimetype="text/javascript", etag=False)
    else:
        response = send_file(small, mimetype="text/javascript", etag=False)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def plotly_source() -> Path:
    return Path(str(files("plotly"))) / "package_data" / "plotly.min.js"


@lru_cache(maxsize=1)
def plotly_name() -> str:
    """Return what changes with the installed version, so that browsers may keep the file."""
    return f"{version('plotly')}-{plotly_source().stat().st_size:x}"


def plotly_compressed() -> Path | None:
    """Return the compressed copy in the instance folder, made at first need; None if it cannot."""
    folder: Path = current_app.extensions["quizapp_settings"].instance_dir
    target = folder / f"plotly-{hashlib.sha256(plotly_name().encode()).hexdigest()[:12]}.js.gz"
    if target.exists():
        return target
    try:
        with NamedTemporaryFile(dir=folder, delete=False) as draft:
            draft.write(gzip.compress(plotly_source().read_bytes(), 9, mtime=0))
        Path(draft.name).replace(target)
    except OSError:
        return None
    return target
