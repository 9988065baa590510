"""QTI 1.2 and 2.x: one XML file or a package of many."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, ReadResult, Skipped
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.markup import text_of_html
from quizapp.formats.questions.qti_one import read_items
from quizapp.formats.questions.qti_two import read_item
from quizapp.formats.questions.xml_tree import every, inner_markup, parse_xml, root_name
from quizapp.formats.safety import members_of, names_in

_ROOT_ONE, _ITEM_TWO = "questestinterop", "assessmentItem"
_ROOTS = (_ROOT_ONE, _ITEM_TWO, "assessmentTest", "assessment", "item", "section", "objectbank")
_MANIFEST = "imsmanifest.xml"
_LONGEST = 500


class Qti(QuestionReader):
    """Choices of one or several and judgements; instructions are named, never dropped."""

    key = "qti"
    label = Text("QTI 1.2 / 2.x", "QTI 1.2 / 2.x")

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether it is a package with a manifest or an XML file of QTI."""
        if content.startswith(b"PK"):
            names = names_in(content)
            return "[Content_Types].xml" not in names and any(
                name.lower().endswith(".xml") for name in names
            )
        return root_name(content) in _ROOTS

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every item in the order of the package; a place is file and element."""
        result = ReadResult()
        for name, part in _parts(content):
            if part is None:
                result.skipped.append(Skipped(name, name, "媒体文件未导入"))
                continue
            try:
                root = parse_xml(part)
            except FileRefused as refusal:
                if not name or refusal.name != "file_broken_xml":
                    raise
                result.findings.append(Finding(name, "row_unreadable", detail="不是有效的 XML"))
                continue
            _read_part(root, name, result)
        return result


def _parts(content: bytes) -> Iterator[tuple[str, bytes | None]]:
    if not content.startswith(b"PK"):
        yield "", content
        return
    for name, part in members_of(content):
        if name.rpartition("/")[2] != _MANIFEST:
            yield name, part


def _read_part(root: Element, name: str, result: ReadResult) -> None:
    """Add what one XML file holds, by its version."""
    if root.tag == _ITEM_TWO:
        read_item(root, name, result)
    elif root.tag == "assessmentTest":
        _read_test(root, name, result)
    elif root.tag in _ROOTS:
        read_items(root, name, result)
    elif text := text_of_html(inner_markup(root)).text:
        result.skipped.append(Skipped(name, text[:_LONGEST], "不是题目"))


def _read_test(root: Element, name: str, result: ReadResult) -> None:
    """Name titles and instructions of a test; its items come from files of their own."""
    prefix = f"{name} " if name else ""
    for element in every(root, "assessmentSection", "rubricBlock"):
        is_section = element.tag == "assessmentSection"
        text = element.get("title", "") if is_section else text_of_html(inner_markup(element)).text
        if text:
            why = "部分标题" if is_section else "说明文字"
            result.skipped.append(Skipped(f"{prefix}{element.tag}", text, why))
    for no, element in enumerate(every(root, _ITEM_TWO), start=1):
        read_item(element, f"{prefix}{_ITEM_TWO}[{no}]", result)


QTI = Qti()
