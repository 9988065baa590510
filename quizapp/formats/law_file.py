"""The official text of a law as a file: Markdown, plain text, Word."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizapp.domain.sheets import FileRefused
from quizapp.formats.safety import check_file, lines_of, members_of

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TEXT = f"{_WORD}p", f"{_WORD}t"
_BLANKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}
_DOCUMENT = "word/document.xml"


def read_lines(name: str, content: bytes) -> list[str]:
    """Return the lines of a text, or the paragraphs of a Word document, in their order.

    Told by content; the name serves for advice only. Raises FileRefused.
    """
    check_file(name, content)
    if not content.startswith(b"PK"):
        return lines_of(content)
    document = next((part for member, part in members_of(content) if member == _DOCUMENT), None)
    if document is None:
        raise FileRefused("law_file_unknown")
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FileRefused("file_broken") from error
    return [line for each in root.iter(_PARAGRAPH) for line in _words(each).split("\n")]


def _words(paragraph: Element) -> str:
    return "".join(
        (each.text or "") if each.tag == _TEXT else _BLANKS.get(each.tag, "")
        for each in paragraph.iter()
    )
