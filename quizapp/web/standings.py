"""The boards: pages, JSON, CSV and XLSX from one reading past one gate."""

from typing import Any

from flask import (
    Blueprint,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotAcceptable

from quizapp.domain.awards.base import LEVELS
from quizapp.domain.errors import Invalid
from quizapp.domain.people import Viewer
from quizapp.service import beside, board_files, standings
from quizapp.service.standings import PAGE_SIZES, WHOLE_BOARD, OfficerBoard, UnitBoard
from quizapp.web import board_tables
from quizapp.web.charts import Bars, draw
from quizapp.web.downloads import attachment
from quizapp.web.numbers import whole
from quizapp.web.pages import known_as, now
from quizapp.web.security import PUBLIC, access, find_viewer

bp = Blueprint("standings", __name__)
KINDS = "any(cities,counties,officers)"
LEVELS_OF = {"cities": "city", "counties": "county", "officers": "officer"}
TITLES = {"cities": _l("城市排名"), "counties": _l("县（市、区）排名"), "officers": _l("个人排名")}
TABS = {"cities": _l("城市"), "counties": _l("县区"), "officers": _l("个人")}
MEDIA = {
    "text/html": "html",
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
BARS_SHOWN = 20
MOST_READ = 999_999


def reader() -> Viewer | None:
    """Return who reads a public page; a half signed-in person reads it as a stranger."""
    viewer = find_viewer()
    if viewer is None or viewer.must_change_password or viewer.exam_only is not None:
        return None
    return viewer


def cache_s() -> float:
    return float(current_app.extensions["quizapp_settings"].board_cache_s)


def layout() -> str:
    """Return the frame of the page: staff keep their navigation."""
    viewer = reader()
    return "staff.html" if viewer is not None and viewer.has("organizer") else "base.html"


def whole_number(name: str, default: int) -> int:
    """Return a number from the address. Raises Invalid("page_invalid")."""
    text = request.args.get(name, "")
    if not text:
        return default
    number = whole(text)
    if number is None or number > MOST_READ:
        raise Invalid("page_invalid")
    return number


def wanted_form(form: str | None) -> str:
    """Return html, json, csv or xlsx: by the ending, else by Accept. Raises 406."""
    if form is not None:
        return form
    if not request.headers.get("Accept"):
        return "html"
    best = request.accept_mimetypes.best_match(list(MEDIA))
    if best is None:
        raise NotAcceptable
    return MEDIA[best]


@bp.get("/standings")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    return render_template(
        "standings/index.html",
        layout=layout(),
        exams=standings.list_boards(reader(), now=now()),
        kinds=TABS,
    )


@bp.get("/standings/<int:exam_id>")
@access(PUBLIC)
def show(exam_id: int) -> ResponseReturnValue:
    return redirect(url_for("standings.board", exam_id=exam_id, kind="cities"), 303)


@bp.get(f"/standings/<int:exam_id>/<{KINDS}:kind>")
@bp.get(f"/standings/<int:exam_id>/<{KINDS}:kind>.<any(json,csv,xlsx):form>")
@access(PUBLIC)
def board(exam_id: int, kind: str, form: str | None = None) -> ResponseReturnValue:
    wanted = wanted_form(form)
    shown = read_officers(exam_id, wanted) if kind == "officers" else read_units(exam_id, kind)
    if wanted == "json":
        plain = (
            board_tables.plain_officers(shown)
            if isinstance(shown, OfficerBoard)
            else board_tables.plain_units(shown)
        )
        response = jsonify(plain)
    elif wanted == "html":
        response = make_response(page_of(shown, kind))
    else:
        response = file_of(shown, kind, wanted)
    response.headers["Vary"] = "Accept, Cookie"
    return response


def read_units(exam_id: int, kind: str) -> UnitBoard:
    return standings.unit_board(
        reader(), exam_id, LEVELS_OF[kind], city_code=city(), now=now(), cache_s=cache_s()
    )


def read_officers(exam_id: int, wanted: str) -> OfficerBoard:
    whole = wanted in ("csv", "xlsx") and "page" not in request.args
    return standings.officer_board(
        reader(),
        exam_id,
        city_code=city(),
        page=whole_number("page", 1),
        size=WHOLE_BOARD if whole else page_size(),
        now=now(),
        cache_s=cache_s(),
    )


def page_size() -> int:
    size = whole_number("size", PAGE_SIZES[0])
    if size not in PAGE_SIZES:
        raise Invalid("page_invalid")
    return size


def city() -> str | None:
    return request.args.get("city") or None


def file_of(shown: UnitBoard | OfficerBoard, kind: str, form: str) -> Any:
    exam = shown.head.exam
    title = f"{exam.title} {TITLES[kind]}"
    if shown.chosen:
        title += f" {known_as(shown.chosen.name)}"
    if isinstance(shown, OfficerBoard):
        header, rows = board_tables.officer_table(shown)
        named = sum(1 for row in shown.rows if row.badge_no is not None)
        viewer = reader()
        if named and viewer is not None:
            board_files.note_export(viewer, exam.id, "officers", named, now=now())
    else:
        header, rows = board_tables.unit_table(shown)
    return attachment(form, title, board_files.write_file(form, title, header, rows))


def page_of(shown: UnitBoard | OfficerBoard, kind: str) -> str:
    exam_id = shown.head.exam.id

    def href(**over: Any) -> str:
        """Return the address of this board with something changed."""
        asked: dict[str, Any] = {"kind": kind, "city": shown.chosen.code if shown.chosen else None}
        if isinstance(shown, OfficerBoard) and shown.size in PAGE_SIZES[1:]:
            asked["size"] = shown.size
        return url_for("standings.board", exam_id=exam_id, **(asked | over))

    facts = {"layout": layout(), "board": shown, "head": shown.head, "kind": kind,
             "titles": TITLES, "tabs": TABS, "href": href} | around(shown, kind)  # fmt: skip
    if isinstance(shown, OfficerBoard):
        return render_template(
            "standings/officers.html",
            page_count=-(-shown.total // shown.size),
            sizes=PAGE_SIZES,
            **facts,
        )
    return render_template(
        "standings/units.html",
        chart=draw(bars_of(shown)) if any(row.value_cp is not None for row in shown.rows) else "",
        rates=board_tables.rates,
        rank_words=board_tables.rank_words,
        two_digits=board_tables.two_digits,
        unit_name=board_tables.unit_name,
        **facts,
    )


def around(shown: UnitBoard | OfficerBoard, kind: str) -> dict[str, Any]:
    """Return what a published board says besides: the board before it, and the prizes."""
    ids = officer_ids(shown) if isinstance(shown, OfficerBoard) else ()
    found = beside.find_beside(shown.head, LEVELS_OF[kind], ids)
    return {
        "former": found.former,
        "given": found.given,
        "prizes": {one.id: LEVELS[one.level - 1] for view in found.given for one in view.winners},
        "levels": LEVELS,
    }


def officer_ids(shown: OfficerBoard) -> list[int]:
    return [row.officer_id for row in (*shown.rows, *([shown.own] if shown.own else []))]


def bars_of(shown: UnitBoard) -> Bars:
    """Return the chart of the combined score: the first rows of the board."""
    rows = [row for row in shown.rows if row.value_cp is not None][:BARS_SHOWN]
    own = frozenset(no for no, row in enumerate(rows) if row.tally.unit.id in shown.own_units)
    mark = gettext("（我的单位）")
    return Bars(
        title=gettext("综合得分"),
        unit=gettext("分"),
        labels=tuple(
            (f"{row.rank}. " if row.rank else "")
            + board_tables.unit_name(row.tally.unit, shown.level)
            + (mark if no in own else "")
            for no, row in enumerate(rows)
        ),
        values=tuple((row.value_cp or 0) / 100 for row in rows),
        texts=tuple(board_tables.two_digits(row.value_cp) for row in rows),
        own=own,
    )
