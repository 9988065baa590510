"""Questions in plain text, numbered as papers are."""

from quizapp.domain.imports import Mapping, ReadResult
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.notation import Places, read_lines
from quizapp.formats.questions.notation_build import Line, Open
from quizapp.formats.safety import decode, lines_of


def _line_place(no: int) -> str:
    return f"第 {no} 行"


def _question_place(question: Open) -> tuple[str, str, int]:
    return _line_place(question.no), "", question.no


TEXT_PLACES = Places(_question_place, _line_place)


class NotationText(QuestionReader):
    """TXT on the shelf of question formats; the least strict, so it is tried last."""

    key = "txt"
    label = Text("纯文本", "Plain text")

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether it is text at all."""
        if content.startswith(b"PK"):
            return False
        try:
            decode(content)
        except FileRefused:
            return False
        return True

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return the questions with the lines on which they begin. Raises FileRefused."""
        lines = [Line(no, text) for no, text in enumerate(lines_of(content), start=1)]
        return read_lines(lines, TEXT_PLACES)


NOTATION_TEXT = NotationText()
