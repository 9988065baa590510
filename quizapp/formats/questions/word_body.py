"""The body of a Word document: paragraphs and tables with the words that a reader sees.

Deleted and hidden words, text boxes and pictures are kept apart, so that they can be named.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.questions.word_numbering import Numbering, small_number, value_of

_THROUGH = {"ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml",
            "bdo", "dir", "oMathPara", "oMath", "ruby", "rubyBase", "e", "num", "den", "sup", "sub",
            "sSup", "sSub", "sSubSup", "rad", "d", "nary", "acc", "limLow", "fName", "func", "lim",
            "box", "bar", "groupChr", "eqArr", "m", "mr"}  # fmt: skip
_REMOVED = {"del", "moveFrom"}
_PICTURES = {"drawing", "pict", "object"}
_SIGNS = {("wingdings", "FC"): "√", ("wingdings", "FB"): "×", ("wingdings", "FE"): "√",
          ("wingdings", "FD"): "×", ("wingdings 2", "50"): "√", ("wingdings 2", "4F"): "×",
          ("wingdings 2", "52"): "√", ("wingdings 2", "51"): "×", ("symbol", "D6"): "√",
          ("symbol", "B4"): "×"}  # fmt: skip
"""Private signs of two fonts by font and the last two digits of their code."""
NEW_PAGE = "\f"
"""Begins the line that stands first on a page by its writer's will."""
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}


@dataclass(slots=True)
class Piece:
    """Words of one appearance. `marked`: coloured, bold or highlighted."""

    text: str
    marked: bool = False


@dataclass(slots=True)
class Paragraph:
    """A paragraph as shown; `aside`: (why, words) that are not shown or not read."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: int = 0
    aside: list[tuple[str, str]] = field(default_factory=list)

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


@dataclass(slots=True)
class Cell:
    """A cell. `span`: columns it covers; `goes_on`: it belongs to the cell above."""

    paragraphs: list[Paragraph]
    span: int = 1
    goes_on: bool = False

    @property
    def text(self) -> str:
        """Its lines, as one text."""
        lines = [text.strip() for one in self.paragraphs for text, _ in one.lines()]
        return "\n".join(filter(None, lines))


@dataclass(slots=True)
class Table:
    """Rows of cells."""

    rows: list[list[Cell]]


Block = Paragraph | Table


def blocks_of(parent: Element, numbering: Numbering) -> Iterator[Block]:
    """Yield paragraphs and tables in the order of the text."""
    for child in parent:
        if child.tag == "p":
            yield _paragraph(child, numbering)
        elif child.tag == "tbl":
            yield _table(child, numbering)
        elif child.tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from blocks_of(child, numbering)


def _table(table: Element, numbering: Numbering) -> Table:
    rows = []
    for row in _inside(table, "tr"):
        properties = row.find("trPr")
        if properties is not None and properties.find("del") is not None:
            continue
        rows.append([_cell(cell, numbering) for cell in _inside(row, "tc")])
    return Table(rows)


def _inside(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == name:
            yield child
        elif child.tag in ("sdt", "sdtContent", "customXml"):
            yield from _inside(child, name)


def _cell(cell: Element, numbering: Numbering) -> Cell:
    properties = cell.find("tcPr")
    merge = properties.find("vMerge") if properties is not None else None
    goes_on = merge is not None and merge.get("val", "continue") == "continue"
    span = value_of(properties, "gridSpan")
    paragraphs: list[Paragraph] = []
    for block in blocks_of(cell, numbering):
        paragraphs += [block] if isinstance(block, Paragraph) else _flat(block)
    return Cell(paragraphs, small_number(span, 1), goes_on)


def _flat(table: Table) -> list[Paragraph]:
    return [one for row in table.rows for cell in row for one in cell.paragraphs]


def _paragraph(element: Element, numbering: Numbering) -> Paragraph:
    paragraph = Paragraph()
    properties = element.find("pPr")
    _read(element, paragraph)
    is_shown = paragraph.pieces or not _is_removed(properties)
    label = numbering.label(properties) if is_shown else ""
    if label:
        paragraph.pieces.insert(0, Piece(f"{label} " if label.isascii() else label))
    return paragraph


def _is_removed(properties: Element | None) -> bool:
    mark = properties.find("rPr") if properties is not None else None
    return mark is not None and mark.find("del") is not None


def _read(parent: Element, into: Paragraph) -> None:
    for child in parent:
        if child.tag == "r":
            _read_run(child, into)
        elif child.tag == "f":
            _read_fraction(child, into)
        elif child.tag in _THROUGH:
            _read(child, into)
        elif child.tag in _REMOVED:
            _set_aside(into, "修订中已删除", _all_text(child))
        elif child.tag == "AlternateContent":
            _read_choice(child, into)


def _read_fraction(fraction: Element, into: Paragraph) -> None:
    for name, before in (("num", ""), ("den", "/")):
        part = fraction.find(name)
        if part is not None:
            into.pieces.append(Piece(before))
            _read(part, into)


def _read_choice(element: Element, into: Paragraph) -> None:
    """Read one of several forms of the same thing."""
    form = element.find("Choice")
    if form is None:
        form = element.find("Fallback")
    if form is not None:
        _read_content(form, into, marked=False)


def _read_run(run: Element, into: Paragraph) -> None:
    properties = run.find("rPr")
    if _is_on(properties, "vanish") or _is_on(properties, "webHidden"):
        _set_aside(into, "隐藏文字", _all_text(run))
        return
    _read_content(run, into, marked=_is_marked(properties))


def _read_content(run: Element, into: Paragraph, *, marked: bool) -> None:
    for child in run:
        if child.tag in _PICTURES:
            _read_picture(child, into)
        elif child.tag == "AlternateContent":
            _read_choice(child, into)
        elif child.tag == "ruby":
            _read(child, into)
        elif words := _words(child):
            into.pieces.append(Piece(words, marked))


def _words(element: Element) -> str:
    """Return what an element of a run shows."""
    if element.tag == "t":
        return element.text or ""
    if element.tag == "sym":
        return _sign(element)
    if element.tag == "br" and element.get("type") == "page":
        return f"\n{NEW_PAGE}"
    return _BREAKS.get(element.tag, "")


def _read_picture(element: Element, into: Paragraph) -> None:
    """Count a picture; set the words of a text box aside."""
    boxes = [box for box in element.iter() if box.tag == "txbxContent"]
    for box in boxes:
        _set_aside(into, "文本框", _all_text(box))
    if not boxes and any(one.tag in ("blip", "imagedata", "OLEObject") for one in element.iter()):
        into.pictures += 1


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


def all_text(element: Element) -> str:
    """Return all words in a part of the document, paragraphs apart by line breaks."""
    return "\n".join(filter(None, (line.strip() for line in _all_text(element).split("\n"))))


def _sign(element: Element) -> str:
    font, code = element.get("font", "").lower(), element.get("char", "").upper()
    return _SIGNS.get((font, code[-2:]), "")


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
