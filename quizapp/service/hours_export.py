"""Counted hours as official tables."""

from quizapp.domain.credit_rules import KINDS
from quizapp.domain.people import CADRE_LEVELS
from quizapp.domain.training import HoursTotal
from quizapp.formats import tabular
from quizapp.service.apart import run_apart
from quizapp.service.training import HoursTable, OfficerYear

GROUPS = {
    "city": ("城市",),
    "county": ("县（市、区）", "所属城市"),
    "year": ("年度",),
    "cadre": ("职级",),
}
FIGURES = ("培训人次", "培训人数", "学时", "人均学时", "培训分钟")
LINES = ("日期", "类别", "名称", "分钟", "学时", "来源", "说明")


def export_totals(table: HoursTable, kind: str) -> bytes:
    """Return the table as a file of that kind, the sum in its last row; hours as real numbers."""
    groups = GROUPS[table.level]
    rows = [
        [no, *_group(table.level, row)[: len(groups)], *_figures(row)]
        for no, row in enumerate(table.rows, 1)
    ]
    total = ["合计", *[""] * len(groups), *_figures(table.total)]
    header = ("序号", *groups, *FIGURES)
    return run_apart(tabular.write, kind, "培训学时统计", header, [*rows, total])


def _group(level: str, row: HoursTotal) -> tuple[str, ...]:
    if level == "cadre":
        return (CADRE_LEVELS[row.key].zh,)
    return (row.label, row.above)


def _figures(row: HoursTotal) -> tuple[int | float | None, ...]:
    per_head = None if row.per_head_ch is None else row.per_head_ch / 100
    return (row.times, row.persons, row.credit_ch / 100, per_head, row.minutes)


def export_year(year: OfficerYear, kind: str) -> bytes:
    """Return an officer's own lines as a file of that kind."""
    rows = [
        [
            line.posting.held_on,
            KINDS[line.posting.kind].zh,
            line.posting.title,
            line.posting.minutes,
            line.posting.credit_ch / 100,
            "撤销"
            if line.posting.reverses_id
            else "系统记入"
            if line.posting.posted_by is None
            else "导入",
            line.posting.reason,
        ]
        for line in year.lines
    ]
    return run_apart(tabular.write, kind, f"{year.year}年学时", LINES, rows)
