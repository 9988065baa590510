"""The page that shows a file before it is imported: its questions as officers will see them."""

from collections import Counter
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from quizapp.domain.import_desk import STATUSES, DeskRow, wording
from quizapp.domain.import_findings import Finding
from quizapp.domain.question_headings import FIELDS
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.service.imports import Preview, Table
from quizapp.web.pages import label, type_label

PAGE_SIZE = 20
SHOWN_SKIPPED = 200


def preview_page(found: Preview, problem: str = "") -> str:
    status = request.args.get("show", "")
    status = status if status in STATUSES else ""
    rows = [row for row in found.desk.rows if not status or row.status == status]
    page_count = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(1, request.args.get("page", 1, type=int)), page_count)
    begin = (page - 1) * PAGE_SIZE
    upload_id = found.upload.id

    def href(number: int) -> str:
        return url_for("imports.preview", upload_id=upload_id, show=status or None, page=number)

    return render_template(
        "imports/preview.html", found=found, counts=found.desk.counts(), statuses=STATUSES,
        status=status, rows=rows[begin : begin + PAGE_SIZE], begin=begin, page=page,
        page_count=page_count, href=href, item=item, word=word, key_of=key_of, fields=FIELDS,
        codes_of=codes_of, problem=problem, shown_skipped=SHOWN_SKIPPED,
        total=sum(row.is_importable for row in found.desk.rows), types=types_of(found),
    )  # fmt: skip


def types_of(found: Preview) -> list[tuple[str, int]]:
    """Return how many importable questions of each type there are, the most frequent first."""
    return Counter(row.question.type for row in found.desk.rows if row.is_importable).most_common()


def codes_of(table: Table) -> list[tuple[str, str]]:
    """Return the codes that stand for types in a table, with the types they were taken for."""
    return [(code, type_label(key)) for code, key in table.codes.items() if key in QUESTION_TYPES]


def item(row: DeskRow, no: int) -> dict[str, Any]:
    """Return a question as the widgets of the paper take it."""
    question = row.question
    options = [{"key": letter, "text": text} for letter, text in question.options]
    if question.type == "judge":
        options = [{"key": "T", "text": gettext("正确")}, {"key": "F", "text": gettext("错误")}]
    elif question.type == "blank":
        options = []
    return {
        "no": no, "type": question.type, "points_cp": question.points_cp, "stem": question.stem,
        "options": options, "response": (),
    }  # fmt: skip


def key_of(row: DeskRow) -> str:
    """Return the key as read, in words or letters; as written where it could not be read."""
    question = row.question
    if isinstance(question.answer, bool):
        return str(gettext("正确") if question.answer else gettext("错误"))
    if question.type == "blank":
        return "；".join(text for _, text in question.options)
    return "".join(question.answer) or row.answer_text


def word(finding: Finding) -> str:
    return label(wording(finding))
