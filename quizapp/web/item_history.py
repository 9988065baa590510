"""The figures of a question over all exams: what its page needs, and the rows of its sheet."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from quizapp.domain.bank import DIFFICULTIES
from quizapp.domain.item_figures import FLAGS, FORMULAS, SMALLEST
from quizapp.domain.item_history import ALARMS, ENOUGH, EXPECTED, POOLED_FORMULA, Record, Sighting
from quizapp.web.analysis import figure, rounded
from quizapp.web.downloads import Cells, Table
from quizapp.web.pages import label, moment


def facts_of(records: list[Record]) -> dict[str, Any]:
    """Return what the table on a question's page needs."""
    return {
        "records": records,
        "figure": figure,
        "flags": FLAGS,
        "alarms": ALARMS,
        "smallest": SMALLEST,
        "enough": ENOUGH,
        "formulas": [FORMULAS["facility"], FORMULAS["discrimination"], POOLED_FORMULA],
        "expected": expected_words(),
    }


def expected_words() -> str:
    """Return the facilities that go with each difficulty, in words."""
    return "，".join(
        f"{label(DIFFICULTIES[key])} {hardest:.2f}–{easiest:.2f}"
        for key, (hardest, easiest) in EXPECTED.items()
    )


def table_of(records: Iterable[Record]) -> Table:
    """Return one row per version, part and exam, real numbers; small groups show their number."""
    header = [
        gettext("版本"), gettext("小题"), gettext("竞赛"), gettext("竞赛时间"), gettext("人数"),
        gettext("难度系数"), gettext("区分度"), gettext("提示"), gettext("合并人数"),
        gettext("合并难度系数"), gettext("标注难度"), gettext("难度核对"),
    ]  # fmt: skip
    return header, [row_of(record, one) for record in records for one in record.sightings]


def row_of(record: Record, one: Sighting) -> Cells:
    return [
        record.version, record.part + 1 if record.part >= 0 else None, one.title,
        moment(one.held_at), one.n, rounded(one.facility, 4), rounded(one.discrimination, 4),
        gettext("已作废") if one.is_void else "；".join(label(FLAGS[key]) for key in one.flags),
        record.n or None, rounded(record.facility, 4), label(DIFFICULTIES[record.difficulty]),
        label(ALARMS[record.alarm]) if record.alarm else "",
    ]  # fmt: skip
