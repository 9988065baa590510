"""The shelf of question formats, in the order in which content is tried: the strictest first."""

from quizapp.domain.registry import Registry
from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.aiken import AIKEN
from quizapp.formats.questions.bank_json import BANK_JSON
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.docx import DOCX
from quizapp.formats.questions.exported import QuestionWriter
from quizapp.formats.questions.gift import GIFT
from quizapp.formats.questions.moodle_xml import MOODLE_XML
from quizapp.formats.questions.notation_text import NOTATION_TEXT
from quizapp.formats.questions.qti import QTI
from quizapp.formats.questions.separated import Separated
from quizapp.formats.questions.template_read import ANY_WORKBOOK
from quizapp.formats.questions.template_xlsx import TEMPLATE_XLSX
from quizapp.formats.questions.xml_tree import root_name
from quizapp.formats.safety import check_file, decode

QUESTION_READERS: Registry[QuestionReader] = Registry(
    "question_format",
    [
        BANK_JSON,
        DOCX,
        MOODLE_XML,
        QTI,
        ANY_WORKBOOK,
        Separated(),
        GIFT,
        AIKEN,
        NOTATION_TEXT,
    ],
)

QUESTION_WRITERS: Registry[QuestionWriter] = Registry(
    "question_export",
    [
        TEMPLATE_XLSX,
        GIFT,
        MOODLE_XML,
        BANK_JSON,
    ],
)

_OLD_BOOKS = (".xls", ".et")
"""Under these names other systems also give pages, or workbooks older than any format here."""


def find_reader(name: str, content: bytes) -> QuestionReader:
    """Return the reader for a file, told by its content.

    What is unsafe, too large or empty is refused first. Raises FileRefused("file_format_unknown" |
    "file_empty" | "file_unsafe" | …).
    """
    check_file(name, content)
    for reader in QUESTION_READERS:
        if reader.sniff(name, content):
            # plain text is what is left over; a page or another program's XML is none
            if reader is NOTATION_TEXT and root_name(content):
                break
            return reader
    if name.lower().endswith(_OLD_BOOKS):
        raise FileRefused("file_old_excel")
    if not content.startswith(b"PK"):
        decode(content)  # says why it is no text
    raise FileRefused("file_format_unknown")
