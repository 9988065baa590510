"""Aiken: a line of question, lettered lines of options, `ANSWER: X`."""

import re

from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.base import check_questions
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.safety import lines_of

_OPTION = re.compile(r"^\s*([A-Za-zＡ-Ｚ])\s*[.)．）、]\s*(.*)$")
_ANSWER = re.compile(r"^\s*ANSWER\s*[:：]\s*(.*?)\s*$", re.IGNORECASE)
_WIDTH = str.maketrans({0xFF21 + at: chr(65 + at) for at in range(26)})


class _Block:
    """The lines of one question as they come."""

    def __init__(self) -> None:
        self.stem: list[str] = []
        self.options: list[tuple[str, str]] = []
        self.no = 0

    def question(self, answer: str) -> RawQuestion:
        """Return what the lines say."""
        return RawQuestion(
            place=place(self.no),
            no=self.no,
            stem="\n".join(self.stem),
            options=tuple(self.options),
            answer_text=answer,
            type_text="单选题",
        )


def place(no: int) -> str:
    """Return how a line is called."""
    return f"第 {no} 行"


class Aiken(QuestionReader):
    """Single choice only. A fault names its line; the next question is read as if alone."""

    key = "aiken"
    label = Text("Aiken 文本", "Aiken")

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether there are lines ANSWER: X and lettered options."""
        try:
            lines = lines_of(content)
        except FileRefused:
            return False
        return any(map(_ANSWER.match, lines)) and any(map(_OPTION.match, lines))

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every question; one without its ANSWER line is a problem at its first line."""
        result = ReadResult()
        block = _Block()
        after_blank = False
        for no, line in enumerate(lines_of(content), start=1):
            answer = _ANSWER.match(line)
            option = _OPTION.match(line) if block.stem else None
            if answer:
                block.no = block.no or no
                result.questions.append(block.question(answer[1]))
                check_questions(len(result.questions))
                block = _Block()
            elif option:
                block.options.append((option[1].translate(_WIDTH).upper(), option[2].strip()))
            elif line.strip():
                if block.options or after_blank:
                    _leave(block, result)
                    block = _Block()
                block.no = block.no or no
                block.stem.append(line.strip())
            after_blank = not line.strip()
        _leave(block, result)
        return result


def _leave(block: _Block, result: ReadResult) -> None:
    """Put away lines that no ANSWER closed: with options a faulty question, else no question."""
    if block.options:
        result.questions.append(block.question(""))
    elif block.stem:
        text = "\n".join(block.stem)
        result.skipped.append(Skipped(place(block.no), text, "没有选项和答案", no=block.no))


AIKEN = Aiken()
