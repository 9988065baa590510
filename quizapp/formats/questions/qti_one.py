"""Items of QTI 1.2."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion, ReadResult, Skipped
from quizapp.formats.base import check_questions
from quizapp.formats.questions.exported import apart_from_source
from quizapp.formats.questions.left_over import left_over_from
from quizapp.formats.questions.lettered import lettered
from quizapp.formats.questions.markup import Pieces
from quizapp.formats.questions.xml_tree import every, first, inner_markup

_CHOICE = "response_lid"
_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy",
              "response_extension")  # fmt: skip
_OTHER_RENDERS = ("render_fib", "render_hotspot", "render_slider", "render_extension")
_ASIDE = ("rubric", "objectives", "presentation_material")
_POINTS = ("points_possible", "cc_weighting", "qmd_weighting")
_NOT_RIGHT = ("not", "other", "unanswered")
_TEXTS = ("mattext", "matemtext", "mat_formattedtext")
_ALL_POINTS = "SCORE.max"


def read_items(root: Element, place: str, result: ReadResult) -> None:
    """Add every item of a file; titles and instructions of its sections as skipped."""
    prefix = f"{place} " if place else ""
    _name_asides(root, prefix, result)
    items = [root] if root.tag == "item" else list(every(root, "item"))
    check_questions(len(items))
    for no, item in enumerate(items, start=1):
        left_over = left_over_from(result)
        _read_item(item, f"{prefix}item[{no}]", result)
        texts = _materials(item, Pieces(), _ASIDE)
        left_over.list_from(texts, f"{prefix}item[{no}]", no)


def _name_asides(root: Element, prefix: str, result: ReadResult) -> None:
    for element in every(root, "assessment", "section", *_ASIDE):
        text = element.get("title", "")
        if element.tag in _ASIDE:
            text = "\n".join(_materials(element, Pieces()))
        if text:
            why = "说明文字" if element.tag in _ASIDE else "部分标题"
            result.skipped.append(Skipped(f"{prefix}{element.tag}", text, why))


def _read_item(item: Element, place: str, result: ReadResult) -> None:
    no = len(result.questions) + 1
    pieces = Pieces()
    presentation = first(item, "presentation")
    stem = "\n".join(_materials(presentation, pieces, (*_RESPONSES, *_ASIDE)))
    asked = [] if presentation is None else list(every(presentation, *_RESPONSES))
    if not asked:
        text = stem or item.get("title", "")
        result.skipped.append(Skipped(place, text, "没有作答部分", no=no))
        return
    others = {each.tag for each in every(item, *_OTHER_RENDERS)}
    if [each.tag for each in asked] == [_CHOICE] and not others:
        result.questions.append(_choice(item, asked[0], stem, place=place, no=no, pieces=pieces))
        return
    kinds = "、".join(dict.fromkeys(each.tag for each in asked))[:80]
    detail = f"{kinds}，共 {len(asked)} 处作答" if len(asked) > 1 else kinds
    fault = Finding(place, "unsupported_type", field="type", detail=detail, no=no)
    result.questions.append(RawQuestion(place=place, no=no, stem=stem, findings=(fault,)))


def _choice(
    item: Element, asked: Element, stem: str, *, place: str, no: int, pieces: Pieces
) -> RawQuestion:
    is_single = asked.get("rcardinality", "Single").lower() == "single"
    right = _right(item, asked.get("ident", ""), is_single=is_single)
    labels = list(every(asked, "response_label"))
    key = lettered(
        [("\n".join(_materials(each, pieces)), each.get("ident", "") in right) for each in labels],
        is_single=is_single,
    )
    around = [text for text in _materials(asked, pieces, ("response_label",)) if text != stem]
    notes = dict.fromkeys(
        text for each in every(item, "itemfeedback") for text in _materials(each, pieces)
    )
    explanation, source = apart_from_source("\n".join(notes))
    unknown = right - {each.get("ident", "") for each in labels}
    faults = [Finding(place, "answer_not_in_options", field="answer", detail=name, no=no)
              for name in sorted(unknown)]  # fmt: skip
    return RawQuestion(
        place=place,
        no=no,
        stem="\n".join(filter(None, [stem, *around])),
        options=key.options,
        answer_text=key.answer,
        type_text=key.type_text,
        points_text=_points(item),
        explanation=explanation,
        source=source,
        findings=(*faults, *pieces.findings(place, no)),
    )


def _materials(
    element: Element | None, pieces: Pieces, leave_out: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the texts of an element in order; pictures are noted."""
    for child in () if element is None else element:
        if child.tag in leave_out:
            continue
        if child.tag in _TEXTS:
            text = inner_markup(child) if len(child) else child.text or ""
            is_html = len(child) > 0 or child.get("texttype", "").lower() != "text/plain"
            shown = pieces.html(text) if is_html else text.strip()
            if shown:
                yield shown
        elif child.tag in ("matimage", "mataudio", "matvideo"):
            pieces.pictures.append(child.get("uri") or child.tag)
        else:
            yield from _materials(child, pieces, leave_out)


def _right(item: Element, ident: str, *, is_single: bool) -> set[str]:
    """Return what earns points: of a single choice the most; feedback alone is no answer."""
    worth: dict[str, float] = {}
    for condition in every(item, "respcondition"):
        score = _score(condition)
        if score > 0:
            for name in _named(first(condition, "conditionvar"), ident):
                worth[name] = max(score, worth.get(name, 0))
    if is_single and worth:
        return {name for name, score in worth.items() if score == max(worth.values())}
    return set(worth)


def _score(condition: Element) -> float:
    """Return the points a condition gives; without `setvar` it only shows something."""
    scores = []
    for change in every(condition, "setvar"):
        if change.get("action", "Set").lower() in ("set", "add"):
            try:
                text = (change.text or "").strip()
                scores.append(1.0 if text == _ALL_POINTS else float(text))
            except ValueError:
                continue
    return max(scores, default=0)


def _named(element: Element | None, ident: str) -> Iterator[str]:
    """Yield the labels a condition asks to be chosen; what stands in <not> must not be."""
    for child in () if element is None else element:
        if child.tag == "varequal" and child.get("respident", ident) == ident:
            yield (child.text or "").strip()
        elif child.tag not in _NOT_RIGHT:
            yield from _named(child, ident)


def _points(item: Element) -> str:
    """Return the points that the item's notes name."""
    for entry in every(item, "qtimetadatafield"):
        if (entry.findtext("fieldlabel") or "").strip() in _POINTS:
            return _plain_number(entry.findtext("fieldentry"))
    weighting = first(item, "qmd_weighting", "qmd_absolutescore_max")
    return _plain_number(weighting.text) if weighting is not None else ""


def _plain_number(text: str | None) -> str:
    try:
        return f"{float(text or 0):g}" if float(text or 0) else ""
    except ValueError:
        return text or ""
