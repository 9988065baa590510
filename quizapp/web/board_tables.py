"""Boards as rows: for the page's table, for programs, and as official sheets."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from quizapp.domain.awards.base import LEVELS
from quizapp.domain.clock import CHINA, iso_z
from quizapp.domain.exams import Exam
from quizapp.domain.metrics.base import (
    Tally,
    average_cp,
    excellent_rate,
    participation,
    pass_rate,
)
from quizapp.domain.people import Place
from quizapp.domain.scoring import grade
from quizapp.domain.standings import OfficerRow, Standing, rounded, share_bp
from quizapp.service.standings import Head, OfficerBoard, UnitBoard
from quizapp.web.downloads import Cell, Cells, Table
from quizapp.web.pages import beside, known_as, label

REASONS = {
    "outside": _l("不参加排名"),
    "no_roster": _l("无应参加人员"),
    "below_floor": _l("未达到最低参与率"),
}
GRADES = {
    "excellent": _l("优秀"),
    "good": _l("良好"),
    "passed": _l("合格"),
    "failed": _l("不合格"),
}
CITY_BUREAU = _l("市本级")
PROVINCE_BUREAU = _l("省本级")


def unit_name(unit: Place, level: str) -> str:
    """Return the unit's name; a city's own bureau among the counties is called so."""
    if level == "county" and unit.level == "city":
        return beside(known_as(unit.name), CITY_BUREAU)
    if unit.level == "province":
        return beside(known_as(unit.name), PROVINCE_BUREAU)
    return known_as(unit.name)


def rates(tally: Tally) -> dict[str, int]:
    """Return the figures that are shown rounded: shares in basis points, the average in cp."""
    return {
        "participation_bp": share_bp(participation(tally)),
        "average_cp": rounded(average_cp(tally)),
        "pass_rate_bp": share_bp(pass_rate(tally)),
        "excellent_bp": share_bp(excellent_rate(tally)),
    }


def rank_words(standing: Standing) -> str:
    """Return the rank, or why there is none."""
    if standing.rank is not None:
        return str(standing.rank)
    return str(REASONS[standing.reason]) if standing.reason else "—"


def hundredths(number: int | None) -> int | float | None:
    """Return centi-points (basis points, hundredths of an hour) for a sheet: 8250 → 82.5."""
    if number is None:
        return None
    return number / 100 if number % 100 else number // 100


def two_digits(cp: int | None) -> str:
    """Return points as a column of figures needs them: always two digits after the point."""
    return "—" if cp is None else f"{cp / 100:.2f}"


def unit_table(board: UnitBoard) -> Table:
    """Return the official columns and rows: real numbers, shares in percent; a total last."""
    header = [
        gettext("序号"), gettext("城市") if board.level == "city" else gettext("县（市、区）"),
        gettext("应参加人数"), gettext("实际参加人数"), gettext("参与率(%)"), gettext("平均分"),
        gettext("合格人数"), gettext("合格率(%)"), gettext("优秀率(%)"), gettext("最高分"),
        gettext("满分人数"), gettext("综合得分"), gettext("名次"),
    ]  # fmt: skip
    if board.level == "county":
        header.insert(1, gettext("城市"))
    names = {city.id: known_as(city.name) for city in board.cities}
    rows: list[Cells] = []
    for no, standing in enumerate(board.rows, 1):
        tally = standing.tally
        city = names.get(tally.unit.scoring_unit_id or tally.unit.id, "")
        rank: Cell = standing.rank if standing.rank is not None else rank_words(standing)
        lead: Cells = [no, city] if board.level == "county" else [no]
        value = hundredths(standing.value_cp)
        rows.append([*lead, unit_name(tally.unit, board.level), *_figures(tally), value, rank])
    if board.totals is not None:
        lead = [None, None] if board.level == "county" else [None]
        rows.append([*lead, gettext("合计"), *_figures(board.totals), None, None])
    return header, rows


def _figures(tally: Tally) -> Cells:
    shown = rates(tally)
    return [
        tally.eligible,
        tally.participants,
        hundredths(shown["participation_bp"]),
        hundredths(shown["average_cp"]),
        tally.passed,
        hundredths(shown["pass_rate_bp"]),
        hundredths(shown["excellent_bp"]),
        hundredths(tally.top_cp),
        tally.full_marks,
    ]


def officer_table(board: OfficerBoard) -> Table:
    """Return the official columns and rows of officers; numbers of certificates stay text."""
    header = [
        gettext("序号"), gettext("城市"), gettext("单位"), gettext("姓名"), gettext("执法证号"),
        gettext("成绩"), gettext("用时（秒）"), gettext("交卷时间"), gettext("学时"),
        gettext("等次"), gettext("名次"), gettext("市内名次"),
    ]  # fmt: skip
    exam = board.head.exam
    start = (board.page - 1) * board.size
    return header, [
        [
            start + no, known_as(row.city_name), known_as(row.unit.name), row.name, row.badge_no,
            hundredths(row.score_cp), row.duration_s,
            row.submitted_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            hundredths(row.credit_ch),
            str(GRADES[grade(exam, row.score_cp)]), row.rank, row.rank_in_city,
        ]
        for no, row in enumerate(board.rows, 1)
    ]  # fmt: skip


def plain_head(head: Head) -> dict[str, Any]:
    """Return what the board is about, for programs."""
    exam: Exam = head.exam
    return {
        "exam": {"id": exam.id, "title": exam.title},
        "published_at": iso_z(head.published_at) if head.published_at else None,
        "counted_at": iso_z(head.counted_at),
        "metric": head.metric.key,
        "ties": [tie.key for tie in head.ties],
        "min_participation_bp": head.min_participation_bp or head.metric.floor_bp,
        "max_cp": exam.max_cp,
    }


def plain_tally(tally: Tally) -> dict[str, Any]:
    """Return a tally for programs: integers only."""
    return {
        "code": tally.unit.code, "name": tally.unit.name, "eligible": tally.eligible,
        "participants": tally.participants, "score_sum_cp": tally.score_sum_cp,
        "passed": tally.passed, "excellent": tally.excellent, "full_marks": tally.full_marks,
        "top_cp": tally.top_cp,
    } | rates(tally)  # fmt: skip


def plain_units(board: UnitBoard) -> dict[str, Any]:
    """Return a board of units for programs."""
    return plain_head(board.head) | {
        "level": board.level,
        "city": board.chosen.code if board.chosen else None,
        "rows": [
            {"rank": s.rank, "value_cp": s.value_cp, "reason": s.reason} | plain_tally(s.tally)
            for s in board.rows
        ],
        "totals": plain_tally(board.totals) if board.totals else None,
    }


def plain_officers(board: OfficerBoard) -> dict[str, Any]:
    """Return a page of officers for programs; names as the reader may see them."""
    return plain_head(board.head) | {
        "city": board.chosen.code if board.chosen else None,
        "page": board.page,
        "size": board.size,
        "total": board.total,
        "rows": [plain_line(row) for row in board.rows],
        "own": plain_line(board.own) if board.own else None,
    }


def plain_line(row: OfficerRow) -> dict[str, Any]:
    """Return an officer's line for programs; never an id."""
    return {
        "rank": row.rank, "rank_in_city": row.rank_in_city, "name": row.name,
        "unit": row.unit.name, "unit_code": row.unit.code, "city": row.city_name,
        "score_cp": row.score_cp, "duration_s": row.duration_s,
        "submitted_at": iso_z(row.submitted_at),
    }  # fmt: skip


def level_words(level: int | None) -> str:
    """Return a prize's level in words; 0 is an open tie, none is no prize."""
    if level is None:
        return str(gettext("无"))
    return label(LEVELS[level - 1]) if level else str(gettext("并列待定"))
