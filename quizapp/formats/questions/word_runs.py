"""The words of one paragraph of a Word document, as a reader sees them.

Deleted and hidden words, text boxes and pictures are kept apart, so that they can be named.
"""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.questions.word_formula import formula
from quizapp.formats.questions.word_numbering import value_of
from quizapp.formats.questions.word_signs import field_words, in_font, raised, sign_of

_THROUGH = {"ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple",
            "customXml", "bdo", "dir", "ruby", "rubyBase", "oMathPara"}  # fmt: skip
_REMOVED = {"del", "moveFrom"}
_PICTURES = {"drawing", "pict", "object"}
_DRAWN = {"blip", "imagedata", "OLEObject", "chart", "relIds"}
NEW_PAGE = "\f"
"""Begins the line that stands first on a page by its writer's will."""
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}
LEAST_BLANKS = 2
_SCRIPTS = {"superscript": False, "subscript": True}


@dataclass(slots=True)
class Piece:
    """Words of one appearance. `marked`: coloured, bold or highlighted."""

    text: str
    marked: bool = False


@dataclass(slots=True)
class _Field:
    """A field while it is read. `shown`: pieces before its result, -1 where it has none so far."""

    instruction: str = ""
    shown: int = -1


@dataclass(slots=True)
class Paragraph:
    """A paragraph as shown; `aside`: (why, words) that are not shown or not read."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: int = 0
    aside: list[tuple[str, str]] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)

    def lines(self) -> list[tuple[str, int]]:
        """Return its lines with the number of marked signs in each."""
        lines = [("", 0)]
        for piece in self.pieces:
            for at, part in enumerate(piece.text.split("\n")):
                if at:
                    lines.append(("", 0))
                text, marked = lines[-1]
                own = len("".join(part.split())) if piece.marked else 0
                lines[-1] = (text + part, marked + own)
        return lines


def read_paragraph(element: Element) -> Paragraph:
    """Return the words of a paragraph, without the number that Word gives it."""
    paragraph = Paragraph()
    _read(element, paragraph)
    return paragraph


def all_text(element: Element) -> str:
    """Return all words in a part of the document, paragraphs apart by line breaks."""
    return "\n".join(filter(None, (line.strip() for line in _all_text(element).split("\n"))))


def _read(parent: Element, into: Paragraph) -> None:
    for child in parent:
        if child.tag == "r":
            _read_run(child, into)
        elif child.tag == "oMath":
            _read_formula(child, into)
        elif child.tag in _THROUGH:
            _read(child, into)
        elif child.tag in _REMOVED:
            _set_aside(into, "修订中已删除", _all_text(child))
        elif child.tag == "AlternateContent":
            _read_choice(child, into)


def _read_formula(element: Element, into: Paragraph) -> None:
    text, is_sure = formula(element)
    into.pieces.append(Piece(text))
    if not is_sure:
        _set_aside(into, "公式无法写成一行，请核对", text)


def _read_choice(element: Element, into: Paragraph) -> None:
    """Read one of several forms of the same thing."""
    form = element.find("Choice")
    if form is None:
        form = element.find("Fallback")
    if form is not None:
        _read_content(form, into, None)


def _read_run(run: Element, into: Paragraph) -> None:
    properties = run.find("rPr")
    if _is_on(properties, "vanish") or _is_on(properties, "webHidden"):
        _set_aside(into, "隐藏文字", _all_text(run))
        return
    _read_content(run, into, properties)


def _read_content(run: Element, into: Paragraph, properties: Element | None) -> None:
    for child in run:
        if child.tag in _PICTURES:
            _read_picture(child, into)
        elif child.tag == "AlternateContent":
            _read_choice(child, into)
        elif child.tag == "ruby":
            _read(child, into)
        elif child.tag in ("fldChar", "instrText"):
            _read_field(child, into)
        elif words := _words(child, into, properties):
            into.pieces.append(Piece(words, _is_marked(properties)))


def _words(element: Element, into: Paragraph, properties: Element | None) -> str:
    """Return what an element of a run shows; signs that nobody knows are set aside."""
    if element.tag == "t":
        return _as_shown(element.text or "", into, properties)
    if element.tag == "sym":
        font, code = element.get("font", ""), element.get("char", "")
        sign = sign_of(font, code)
        if not sign:
            _set_aside(into, "符号无法识别", f"{font} {code}")
        return sign
    if element.tag == "br" and element.get("type") == "page":
        return f"\n{NEW_PAGE}"
    return _BREAKS.get(element.tag, "")


def _as_shown(text: str, into: Paragraph, properties: Element | None) -> str:
    """Return words in a sign font, or raised or lowered, as they look."""
    if properties is None:
        return text
    fonts = properties.find("rFonts")
    shown, unknown = in_font(text, fonts.get("ascii", "") if fonts is not None else "")
    if unknown:
        _set_aside(into, "符号无法识别", unknown)
    if value_of(properties, "u") not in ("", "none"):
        return _ruled(shown)
    lower = _SCRIPTS.get(value_of(properties, "vertAlign"))
    return shown if lower is None else raised(shown, lower=lower)


def _ruled(text: str) -> str:
    """Return underlined words with the blanks around them as the line on which they stand."""
    words = text.strip()
    if not words:
        return "____" if len(text) >= LEAST_BLANKS else text
    before, after = text[: text.index(words[0])], text[len(text.rstrip()) :]
    return f"{'__' if before else ''}{words}{'__' if after else ''}"


def _read_field(element: Element, into: Paragraph) -> None:
    """Follow a field; where it shows no result, write what it would show."""
    kind = element.get("fldCharType", "")
    if kind == "begin":
        into.fields.append(_Field())
    elif not into.fields:
        return
    elif element.tag == "instrText":
        into.fields[-1].instruction += element.text or ""
    elif kind == "separate":
        into.fields[-1].shown = len(into.pieces)
    elif kind == "end":
        done = into.fields.pop()
        if done.shown in (-1, len(into.pieces)):
            _end_field(done.instruction, into)


def _end_field(instruction: str, into: Paragraph) -> None:
    words = field_words(instruction)
    if words is None:
        _set_aside(into, "公式无法写成一行，请核对", instruction)
    elif words:
        into.pieces.append(Piece(words))


def _read_picture(element: Element, into: Paragraph) -> None:
    """Count a picture; set the words of a text box aside."""
    boxes = [box for box in element.iter() if box.tag == "txbxContent"]
    for box in boxes:
        _set_aside(into, "文本框", _all_text(box))
    if not boxes and any(one.tag in _DRAWN for one in element.iter()):
        into.pictures += 1


def removed_words(element: Element) -> list[tuple[str, str]]:
    """Return the words of what a reader of changes has removed, to be named."""
    text = all_text(element)
    return [("修订中已删除", text)] if text else []


def _set_aside(into: Paragraph, why: str, text: str) -> None:
    if text.strip():
        into.aside.append((why, text.strip()))


def _all_text(element: Element) -> str:
    """Return all words in an element, shown or not, paragraphs apart."""
    words = []
    for one in element.iter():
        if one.tag == "p":
            words.append("\n")
        elif one.tag in ("t", "delText"):
            words.append(one.text or "")
    return "".join(words)


def _is_on(properties: Element | None, name: str) -> bool:
    switch = properties.find(name) if properties is not None else None
    return switch is not None and switch.get("val", "1") not in ("0", "false", "none", "off")


def _is_marked(properties: Element | None) -> bool:
    """Say whether words stand out by colour, weight or a background."""
    if properties is None:
        return False
    colour = value_of(properties, "color").lower()
    shade = properties.find("shd")
    shaded = shade is not None and shade.get("fill", "auto").lower() not in ("auto", "ffffff")
    return (
        _is_on(properties, "b")
        or _is_on(properties, "highlight")
        or colour not in ("", "auto", "000000")
        or shaded
    )
