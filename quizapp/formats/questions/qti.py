"""QTI 1.2, 2.x and 3: one XML file or a package of many."""

from collections.abc import Collection, Iterator
from urllib.parse import unquote
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
_THREE = "qti-"
_MANIFEST = "imsmanifest.xml"
_QUESTIONS = "imsqti_"
"""How the types of resources begin that hold questions."""
_OF_ALL = ("file_unsafe", "file_unpacks_too_large")
"""Faults of one file that refuse the whole package."""
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
        return _name_in_two(root_name(content)) in _ROOTS

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every item in the order of the package; a place is file and element."""
        result = ReadResult()
        held = {_file_of(name) for name in names_in(content)}
        for name, part in _parts(content):
            if part is None:
                result.skipped.append(Skipped(name, name, "媒体文件未导入"))
                continue
            try:
                root = parse_xml(part)
            except FileRefused as refusal:
                if not name or refusal.name in _OF_ALL:
                    raise
                result.findings.append(Finding(name, "row_unreadable", detail="不是有效的 XML"))
                continue
            if _file_of(name) == _MANIFEST:
                result.findings += _missing(root, held)
            else:
                _read_part(_in_words_of_two(root), name, result)
        return result


def _parts(content: bytes) -> Iterator[tuple[str, bytes | None]]:
    return members_of(content) if content.startswith(b"PK") else iter([("", content)])


def _file_of(path: str) -> str:
    return path.rpartition("/")[2]


def _missing(manifest: Element, held: Collection[str]) -> Iterator[Finding]:
    """Yield the questions that a manifest names and that are not among the files of the package.

    Folders are not compared: the manifest may count them from elsewhere.
    """
    for resource in every(manifest, "resource"):
        path = unquote(resource.get("href", ""))
        is_question = resource.get("type", "").startswith(_QUESTIONS)
        if is_question and path and _file_of(path) not in held:
            yield Finding(path[:_LONGEST], "row_unreadable", detail="压缩包中没有这个文件")


def _name_in_two(name: str) -> str:
    """Return what QTI 2 calls an element or attribute of QTI 3: words apart by capitals."""
    first_word, *others = name.removeprefix(_THREE).split("-")
    return first_word + "".join(word.capitalize() for word in others)


def _in_words_of_two(root: Element) -> Element:
    """Return the tree with the names of QTI 3 as QTI 2 has them; all others stay."""
    for element in root.iter():
        if element.tag.startswith(_THREE):
            element.tag = _name_in_two(element.tag)
            for name, value in list(element.items()):
                element.set(_name_in_two(name), value)
    return root


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
