"""Questions written into our spreadsheet template, which reads back as it was written."""

import io
import re
import zipfile
from collections.abc import Sequence

from quizapp.domain.bank import Question
from quizapp.domain.option_notation import LETTERS
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.text import Text
from quizapp.formats.base import Cell
from quizapp.formats.questions.exported import (
    LEVELS,
    TRAP,
    Written,
    citations_text,
    is_right,
    split,
    topics_text,
)
from quizapp.formats.xlsx import Xlsx, write_xlsx

SHEET = "题库"
_BEFORE, _AFTER = ("序号", "题型", "题干"), ("答案", "解析", "依据", "难度", "知识点")
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
        """Return a sheet of choices and judgements; the same questions give the same bytes."""
        kept, left_out = split(questions, _TYPES)
        width = max([_LEAST_OPTIONS, *(len(question.options) for question in kept)])
        header = [*_BEFORE, *(f"选项{letter}" for letter in LETTERS[:width]), *_AFTER]
        rows = [_row(no, question, width) for no, question in enumerate(kept, start=1)]
        return Written(timeless(write_xlsx([(SHEET, [header, *rows])])), left_out, (TRAP,))


def _row(no: int, question: Question, width: int) -> list[Cell]:
    options = [*question.options, *[""] * (width - len(question.options))]
    if isinstance(question.key, bool):
        answer = "正确" if question.key else "错误"
    else:
        answer = "".join(LETTERS[at] for at in range(len(options)) if is_right(question, at))
    return [
        no,
        QUESTION_TYPES.get(question.type).label.zh,
        question.stem,
        *options,
        answer,
        question.explanation,
        citations_text(question),
        LEVELS[question.difficulty],
        topics_text(question),
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
