"""The shelf of question formats, in the order in which content is tried: the strictest first."""

from quizapp.domain.registry import Registry
from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.base import QuestionReader

QUESTION_READERS: Registry[QuestionReader] = Registry("question_format", [])


def find_reader(name: str, content: bytes) -> QuestionReader:
    """Return the reader for a file, told by its content.

    Raises FileRefused("file_empty" | "file_format_unknown").
    """
    if not content.strip(b"\0 \r\n\t"):
        raise FileRefused("file_empty")
    for reader in QUESTION_READERS:
        if reader.sniff(name, content):
            return reader
    raise FileRefused("file_format_unknown")
