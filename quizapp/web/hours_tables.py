"""Counted hours as official sheets, in the reader's language."""

from flask_babel import gettext

from quizapp.domain.credit_rules import KINDS
from quizapp.domain.people import CADRE_LEVELS
from quizapp.domain.training import PROVINCE_OWN, HoursTotal
from quizapp.service.training import HoursTable, Line, OfficerYear
from quizapp.web.board_tables import PROVINCE_BUREAU, hundredths
from quizapp.web.downloads import Cells, Table
from quizapp.web.pages import known_as, label


def name_of(row: HoursTotal, level: str) -> str:
    """Return the unit, year or level that a row counts."""
    if level == "cadre":
        return label(CADRE_LEVELS[row.key])
    return unit_words(row.label)


def unit_words(counted: str) -> str:
    """Return the name of a counted unit; the province's own staff are no city of the gazetteer."""
    return str(PROVINCE_BUREAU) if counted == PROVINCE_OWN else known_as(counted)


def totals_table(table: HoursTable) -> Table:
    """Return the columns and rows: hours as real numbers; the sum last."""
    groups = {
        "city": [gettext("城市")],
        "county": [gettext("县（市、区）"), gettext("所属城市")],
        "year": [gettext("年度")],
        "cadre": [gettext("职级")],
    }[table.level]
    header = [
        gettext("序号"), *groups, gettext("培训人次"), gettext("培训人数"), gettext("学时"),
        gettext("人均学时"), gettext("培训分钟"),
    ]  # fmt: skip
    rows: list[Cells] = []
    for no, row in enumerate(table.rows, 1):
        names = [name_of(row, table.level), unit_words(row.above)][: len(groups)]
        rows.append([no, *names, *_figures(row)])
    blank: Cells = [None] * len(groups)
    return header, [*rows, [gettext("合计"), *blank, *_figures(table.total)]]


def _figures(row: HoursTotal) -> Cells:
    per_head = hundredths(row.per_head_ch)
    return [row.times, row.persons, hundredths(row.credit_ch), per_head, row.minutes]


def year_table(year: OfficerYear) -> Table:
    """Return an officer's own lines."""
    header = [
        gettext("日期"), gettext("类别"), gettext("名称"), gettext("分钟"), gettext("学时"),
        gettext("来源"), gettext("说明"),
    ]  # fmt: skip
    return header, [_line(line) for line in year.lines]


def _line(line: Line) -> Cells:
    posting = line.posting
    if posting.reverses_id:
        source = gettext("撤销")
    else:
        source = gettext("系统记入") if posting.posted_by is None else gettext("导入")
    return [
        posting.held_on, label(KINDS[posting.kind]), posting.title, posting.minutes,
        hundredths(posting.credit_ch), source, posting.reason,
    ]  # fmt: skip
