"""Moodle XML: `<quiz>` of questions and categories."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from quizapp.domain.bank import Question
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped
from quizapp.domain.text import Text
from quizapp.formats.base import check_questions
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.exported import Written, apart_from_source, category_of
from quizapp.formats.questions.left_over import left_over_from
from quizapp.formats.questions.lettered import Lettered, lettered
from quizapp.formats.questions.markup import Pieces
from quizapp.formats.questions.moodle_write import TAGGED_DIFFICULTY, TAGGED_TYPE, write_moodle
from quizapp.formats.questions.xml_tree import every, parse_xml, root_name

_PLAIN = ("plain_text", "markdown")
_NO_QUESTION = ("description",)
_FULL = 100.0
_TRUTHS = {"true": "正确", "false": "错误"}
_OUR_TAGS = (TAGGED_TYPE, TAGGED_DIFFICULTY)


class MoodleXml(QuestionReader):
    """Choices and judgements; other kinds are named, embedded files left out and named."""

    key = "moodle_xml"
    label = Text("Moodle XML", "Moodle XML")
    mimetype = "application/xml; charset=utf-8"
    suffix = ".xml"

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether the root is <quiz>."""
        return root_name(content) == "quiz"

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every question; a place is the element's path, categories counted too."""
        result = ReadResult()
        left_over = left_over_from(result)
        category = ""
        for no, element in enumerate(parse_xml(content).iterfind("question"), start=1):
            kind = element.get("type", "")
            if kind == "category":
                category = category_of(element.findtext("category/text") or "")
            elif kind in _NO_QUESTION:
                text = _text(element.find("questiontext"), Pieces())
                result.skipped.append(Skipped(_place(no), text, "说明文字", no=no))
            else:
                result.questions.append(_question(element, kind, no, category))
                check_questions(len(result.questions))
            left_over.list_from(_all_texts(element), _place(no), no)
        return result

    def write(self, questions: Sequence[Question]) -> Written:
        """Return choices and judgements; type, difficulty and topics go along as tags."""
        return write_moodle(questions)


def _all_texts(question: Element) -> Iterator[str]:
    """Yield whatever a question says to people, apart from its name."""
    for element in question.iter():
        if element.tag not in ("name", "category") and element.find("text") is not None:
            text = _text(element, Pieces())
            if not text.startswith(_OUR_TAGS) and text.lower() not in _TRUTHS:
                yield text


def _place(no: int) -> str:
    return f"quiz/question[{no}]"


def _question(element: Element, kind: str, no: int, category: str) -> RawQuestion:
    pieces = Pieces()
    place = _place(no)
    stem = _text(element.find("questiontext"), pieces)
    notes = [_text(element.find("generalfeedback"), pieces)]
    tags = [tag.strip() for tag in (each.findtext("text") for each in every(element, "tag")) if tag]
    key = Lettered((), "", "")
    faults = []
    if kind == "multichoice":
        key = lettered(_options(element, pieces), is_single=_is_single(element))
        notes += _notes(element, [letter for letter, _ in key.options], pieces)
    elif kind == "truefalse":
        key = Lettered((), _truth(element), "判断题")
        notes += _notes(element, ["正确", "错误"], pieces)
    else:
        faults.append(Finding(place, "unsupported_type", field="type", detail=kind, no=no))
    pieces.pictures += [each.get("name", "") for each in every(element, "file")]
    explanation, source = apart_from_source("\n".join(filter(None, notes)))
    return RawQuestion(
        place=place,
        no=no,
        stem=stem,
        options=key.options,
        answer_text=key.answer,
        type_text=_tagged(tags, TAGGED_TYPE) or key.type_text,
        points_text=_points(element.findtext("defaultgrade")),
        explanation=explanation,
        source=source,
        category=category,
        difficulty_text=_tagged(tags, TAGGED_DIFFICULTY),
        findings=(*faults, *pieces.findings(place, no)),
    )


def _tagged(tags: Sequence[str], name: str) -> str:
    return next((tag.removeprefix(name) for tag in tags if tag.startswith(name)), "")


def _text(element: Element | None, pieces: Pieces) -> str:
    if element is None:
        return ""
    text = element.findtext("text") or ""
    return text.strip() if element.get("format") in _PLAIN else pieces.html(text)


def _is_single(element: Element) -> bool:
    return (element.findtext("single") or "true").strip().lower() not in ("false", "0")


def _fraction(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _options(element: Element, pieces: Pieces) -> list[tuple[str, bool]]:
    """Return (text, is right): of a single choice only what earns all the points is right."""
    is_single = _is_single(element)
    return [
        (_text(each, pieces), _fraction(each) >= _FULL if is_single else _fraction(each) > 0)
        for each in element.iterfind("answer")
    ]


def _truth(element: Element) -> str:
    right = [
        (each.findtext("text") or "").strip().lower()
        for each in element.iterfind("answer")
        if _fraction(each) > 0
    ]
    return "、".join(_TRUTHS.get(text, text) for text in right)


def _notes(element: Element, names: Sequence[str], pieces: Pieces) -> list[str]:
    """Return the feedback of each answer, named by its letter."""
    found = [_text(each.find("feedback"), pieces) for each in element.iterfind("answer")]
    return [f"{name}：{text}" for name, text in zip(names, found, strict=False) if text]


def _points(text: str | None) -> str:
    """Return a grade such as 1.0000000 as people write it; nothing for none."""
    try:
        return f"{float(text or 0):g}".removesuffix(".0") if float(text or 0) else ""
    except ValueError:
        return text or ""


MOODLE_XML = MoodleXml()
