import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from quizapp.formats.questions.cell_text import shown
from quizapp.formats.questions.workbook import read_workbook
from tests.formats import question_files as files

MOMENT = datetime(2021, 7, 5, 14, 3, 9)  # noqa: DTZ001 — a cell's moment has no zone


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.03, "0%", "3%"),
        (0.035, "0.0%", "3.5%"),
        (0.5, "General", "0.5"),
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (7, "000", "007"),
        (1234.5, "#,##0.00", "1,234.50"),
        (2.5, "0", "3"),
        (0.005, "0.00", "0.01"),
        (2, '0"分"', "2分"),
        (-5, "#,##0_);(#,##0)", "(5)"),
        (0, '0;-0;"零"', "零"),
        (1234, "[$¥-804]#,##0.00", "¥1,234.00"),
        (1_500_000, '0.0,,"百万"', "1.5百万"),
        (0.25, "# ?/?", "1/4"),
        (1.5, "# ?/?", "1 1/2"),
        (15000, "0.00E+00", "1.50E+4"),
        (3, "@", "3"),
        (MOMENT, "yyyy-mm-dd h:mm:ss", "2021-07-05 14:03:09"),
        (MOMENT, "mm-dd-yy", "2021/7/5"),
        (MOMENT, 'yyyy"年"m"月"d"日"', "2021年7月5日"),
        (MOMENT, "h:mm AM/PM", "2:03 PM"),
        (MOMENT, "上午/下午h时mm分", "下午2时03分"),
        (MOMENT, "dddd", "星期一"),
        (date(2021, 7, 15), "General", "2021-07-15"),
        (time(8, 30), "h:mm", "8:30"),
        (timedelta(hours=26), "[h]:mm:ss", "26:00:00"),
        (True, "General", "TRUE"),
        (None, "General", ""),
    ],
)
def test_a_cell_reads_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def test_a_date_of_a_format_built_into_chinese_spreadsheets() -> None:
    book = Workbook()
    book.active.append([44392])
    book.active["A1"].number_format = "0.000"
    out = io.BytesIO()
    book.save(out)
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("styles.xml"):
                part = re.sub(rb'(<xf [^>]*)numFmtId="16\d"', rb'\1numFmtId="31"', part)
            new.writestr(name, part)
    assert read_workbook(changed.getvalue())[0].rows[0].cells == ("2021年7月15日",)


def test_a_wrong_dimension_does_not_cut_the_sheet() -> None:
    book = Workbook()
    book.active.append(["甲", "乙"])
    book.active.append(["丙"])
    out = io.BytesIO()
    book.save(out)
    changed = files.rewritten(out.getvalue(), b'ref="A1:B2"', b'ref="A1"')
    rows = read_workbook(changed)[0].rows
    assert [row.cells for row in rows] == [("甲", "乙"), ("丙",)]
