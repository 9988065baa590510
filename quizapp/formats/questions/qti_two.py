"""One item of QTI 2.x."""

from collections.abc import Collection
from xml.etree.ElementTree import Element

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion, ReadResult, Skipped
from quizapp.formats.questions.exported import apart_from_source
from quizapp.formats.questions.left_over import left_over_from
from quizapp.formats.questions.lettered import lettered
from quizapp.formats.questions.markup import Pieces, text_of_html
from quizapp.formats.questions.xml_tree import every, first, inner_markup

_CHOICE = "choiceInteraction"
_ASIDE = ("rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "prompt")


def read_item(item: Element, place: str, result: ReadResult) -> None:
    """Add an item as a question; instructions in it, or an item that asks nothing, as skipped."""
    no = len(result.questions) + 1
    place = place or "assessmentItem"
    body = first(item, "itemBody")
    left_over = left_over_from(result)
    for block in every(item, "rubricBlock"):
        text = text_of_html(inner_markup(block)).text
        result.skipped.append(Skipped(f"{place} rubricBlock", text, "说明文字", no=no))
    asked = list(every(item, *_interactions(item)))
    if not asked:
        text = text_of_html(inner_markup(body, _ASIDE)).text or item.get("title", "")
        result.skipped.append(Skipped(place, text, "没有作答部分", no=no))
    elif [each.tag for each in asked] == [_CHOICE]:
        result.questions.append(_choice(item, body, asked[0], place, no))
    else:
        kinds = "、".join(dict.fromkeys(each.tag for each in asked))[:80]
        detail = f"{kinds}，共 {len(asked)} 处作答" if len(asked) > 1 else kinds
        pieces = Pieces()
        fault = Finding(place, "unsupported_type", field="type", detail=detail, no=no)
        stem = pieces.html(inner_markup(body, ("rubricBlock",)))
        result.questions.append(RawQuestion(place=place, no=no, stem=stem, findings=(fault,)))
    said = [one for one in (body, *every(item, "modalFeedback")) if one is not None]
    left_over.list_from((text for one in said for text in one.itertext()), place, no)


def _interactions(item: Element) -> Collection[str]:
    """Return the names of all elements that ask for an answer."""
    return {each.tag for each in item.iter() if str(each.tag).endswith("Interaction")}


def _choice(
    item: Element, body: Element | None, asked: Element, place: str, no: int
) -> RawQuestion:
    pieces = Pieces()
    declared = _declaration(item, asked.get("responseIdentifier", ""))
    right = _right(declared)
    choices = list(every(asked, "simpleChoice"))
    key = lettered(
        [
            (pieces.html(inner_markup(each, _ASIDE)), each.get("identifier", "") in right)
            for each in choices
        ],
        is_single=_is_single(declared, asked),
    )
    stem = [
        pieces.html(inner_markup(body, (*_ASIDE, _CHOICE))),
        pieces.html(inner_markup(first(asked, "prompt"))),
    ]
    notes = [
        pieces.html(inner_markup(each))
        for each in every(item, "modalFeedback", "feedbackBlock", "feedbackInline")
    ]
    explanation, source = apart_from_source("\n".join(filter(None, dict.fromkeys(notes))))
    unknown = right - {each.get("identifier", "") for each in choices}
    faults = [Finding(place, "answer_not_in_options", field="answer", detail=name, no=no)
              for name in sorted(unknown)]  # fmt: skip
    return RawQuestion(
        place=place,
        no=no,
        stem="\n".join(filter(None, stem)),
        options=key.options,
        answer_text=key.answer,
        type_text=key.type_text,
        points_text=_points(item),
        explanation=explanation,
        source=source,
        findings=(*faults, *pieces.findings(place, no)),
    )


def _declaration(item: Element, identifier: str) -> Element | None:
    return next(
        (each for each in every(item, "responseDeclaration")
         if each.get("identifier", "") == identifier),
        None,
    )  # fmt: skip


def _right(declared: Element | None) -> set[str]:
    """Return the identifiers that are right: declared so, or else worth points."""
    if declared is None:
        return set()
    correct = first(declared, "correctResponse")
    if correct is not None:
        return {(value.text or "").strip() for value in every(correct, "value")} - {""}
    return {
        each.get("mapKey", "")
        for each in every(declared, "mapEntry")
        if _number(each.get("mappedValue")) > 0
    }


def _is_single(declared: Element | None, asked: Element) -> bool:
    if declared is not None and declared.get("cardinality"):
        return declared.get("cardinality") == "single"
    return asked.get("maxChoices", "1") == "1"


def _points(item: Element) -> str:
    """Return the greatest score where the item names one."""
    for outcome in every(item, "outcomeDeclaration"):
        if outcome.get("identifier") == "MAXSCORE":
            value = first(outcome, "value")
            text = (value.text if value is not None else "") or ""
        else:
            text = outcome.get("normalMaximum", "")
        if _number(text) > 0:
            return f"{_number(text):g}"
    return ""


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
