"""The shelf of question formats, in the order in which content is tried: the strictest first."""

from quizapp.domain.registry import Registry
from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.aiken import AIKEN
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.gift import GIFT
from quizapp.formats.questions.notation_text import NOTATION_TEXT
from quizapp.formats.questions.separated import Separated
from quizapp.formats.questions.workbook import Workbook
from quizapp.formats.safety import check_file

QUESTION_READERS: Registry[QuestionReader] = Registry(
    "question_format",
    [
        Workbook(),
        Separated(),
        GIFT,
        AIKEN,
        NOTATION_TEXT,
    ],
)


def find_reader(name: str, content: bytes) -> QuestionReader:
    """Return the reader for a file, told by its content.

    What is unsafe, too large or empty is refused first. Raises FileRefused("file_format_unknown" |
    "file_empty" | "file_unsafe" | …).
    """
    check_file(name, content)
    for reader in QUESTION_READERS:
        if reader.sniff(name, content):
            return reader
    raise FileRefused("file_format_unknown")
