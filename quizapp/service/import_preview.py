"""What a file of questions holds, before anything is stored."""

from quizapp.domain.imports import ImportReport, Mapping, check_rows
from quizapp.formats.questions.all import find_reader


def preview_questions(name: str, content: bytes, mapping: Mapping | None = None) -> ImportReport:
    """Return the questions, problems and skipped parts of a file; nothing is written anywhere.

    `name` advises only; the content decides how it is read. `mapping`: sheet → column → field where
    the reader understood a heading wrongly. Raises FileRefused.
    """
    return check_rows(find_reader(name, content).read(content, mapping))
