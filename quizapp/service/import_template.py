"""Templates to begin with: every type and notation once; they import without a fault."""

from quizapp.domain.errors import Invalid
from quizapp.formats import tabular
from quizapp.formats.questions.sheet_template import HEADER, SHEET, choices, sheet_template
from quizapp.formats.questions.word_template import word_template


def template(kind: str) -> bytes:
    """Return an example as xlsx, csv or docx. Raises Invalid("unknown_table_format")."""
    if kind == "docx":
        return word_template()
    if kind == "xlsx":
        return sheet_template()
    if kind != "csv":
        raise Invalid("unknown_table_format", key=kind)
    return tabular.write(kind, SHEET, list(HEADER), choices()[1:])
