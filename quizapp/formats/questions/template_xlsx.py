"""Questions written into our spreadsheet template, which reads back as it was written."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.text import Text
from quizapp.formats.base import Cell
from quizapp.formats.questions.exported import (
    LEVELS,
    Written,
    citations_text,
    topics_text,
    unheld,
)
from quizapp.formats.xlsx import Xlsx, write_xlsx

SHEET, OTHER_SHEET = "题库", "填空排序案例"
PART = "小题"
_BEFORE, _AFTER = ("题型", "题干"), ("答案", "解析", "依据", "难度", "知识点", "易错点")
_TYPES = ("single", "multiple", "indefinite", "judge")
_LEAST_OPTIONS = 6
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*")


class TemplateXlsx:
    """XLSX on the shelf of written formats."""

    key = "xlsx"
    label = Text("Excel（本系统模板）", "Excel (our template)")
    mimetype = Xlsx.mimetype
    suffix = ".xlsx"

    def write(self, questions: Sequence[Question]) -> Written:
        """Return choices and judgements on one sheet, all other types on a second.

        The same questions give the same bytes; they keep their order within each sheet.
        """
        plain = [question for question in questions if question.type in _TYPES]
        others = [question for question in questions if question.type not in _TYPES]
        width = max([_LEAST_OPTIONS, *(len(i.options) for each in questions for i in each.items)])
        header = [*_BEFORE, *(f"选项{letter}" for letter in LETTERS[:width]), *_AFTER]
        rows = [[no, *_cells(question, width)] for no, question in enumerate(plain, start=1)]
        sheets: list[tuple[str, list[list[Cell]]]] = [(SHEET, [["序号", *header], *rows])]
        if others:
            sheets.append(other_sheet(others, width))
        return Written(timeless(write_xlsx(sheets)), not_held=unheld(questions))


def other_sheet(questions: Sequence[Question], width: int) -> tuple[str, list[list[Cell]]]:
    """Return name and rows of the sheet of blanks, orders and cases, `width` columns of options."""
    header: list[Cell] = ["序号", PART, *_BEFORE, *(f"选项{each}" for each in LETTERS[:width])]
    rows = [row for no, each in enumerate(questions, start=1) for row in _rows(no, each, width)]
    return OTHER_SHEET, [[*header, *_AFTER], *rows]


def _rows(no: int, question: Question, width: int) -> Iterator[list[Cell]]:
    """Yield the row of a question and one for each of its parts."""
    yield [no, "", *_cells(question, width)]
    for part_no, part in enumerate(question.parts, start=1):
        yield [no, part_no, *_cells(part, width)]


def _cells(question: Question, width: int) -> list[Cell]:
    if isinstance(question.key, bool):
        answer = "正确" if question.key else "错误"
    else:
        answer = "".join(LETTERS[option] for option in question.key)
    return [
        QUESTION_TYPES.get(question.type).label.zh,
        question.stem,
        *question.options,
        *[""] * (width - len(question.options)),
        answer,
        question.explanation,
        citations_text(question),
        LEVELS[question.difficulty],
        topics_text(question),
        question.trap,
    ]


def timeless(workbook: bytes) -> bytes:
    """Return the same workbook without the moment at which it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for member in given.infolist():
            part = _MOMENT.sub(rb"\g<1>2026-01-01T00:00:00Z", given.read(member))
            kept.writestr(zipfile.ZipInfo(member.filename, _NO_DAY), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


TEMPLATE_XLSX = TemplateXlsx()
