"""The body of a Word document: paragraphs and tables with the words that a reader sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.questions.word_numbering import Numbering, small_number, value_of
from quizapp.formats.questions.word_runs import Paragraph, Piece, read_paragraph, removed_words

_TYPED = re.compile(r"(\d+)[.、．]")
"""A number typed by hand; where Word gives the same one, it is not told twice."""
_LEVELS_ABOVE = re.compile(r"^(?:\d+\.)+(?=\d+[.、．)）]?$)")
"""The numbers of the levels above, as in “1.2”; the level's own number is the question's."""
_NO_DIGITS = re.compile(r"\D")
_AROUND = ("sdt", "sdtContent", "customXml", "ins", "moveTo")


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
    """Rows of cells. `aside`: (why, words) of rows that are not shown."""

    rows: list[list[Cell]]
    aside: list[tuple[str, str]] = field(default_factory=list)


Block = Paragraph | Table


def blocks_of(parent: Element, numbering: Numbering) -> Iterator[Block]:
    """Yield paragraphs and tables in the order of the text."""
    for child in parent:
        if child.tag == "p":
            yield _paragraph(child, numbering)
        elif child.tag == "tbl":
            yield _table(child, numbering)
        elif child.tag in _AROUND:
            yield from blocks_of(child, numbering)


def _table(table: Element, numbering: Numbering) -> Table:
    shown = Table([])
    for row in _inside(table, "tr"):
        properties = row.find("trPr")
        if properties is not None and properties.find("del") is not None:
            shown.aside += removed_words(row)
        else:
            shown.rows.append([_cell(cell, numbering) for cell in _inside(row, "tc")])
    return shown


def _inside(parent: Element, name: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == name:
            yield child
        elif child.tag in _AROUND:
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
    paragraph = read_paragraph(element)
    properties = element.find("pPr")
    is_shown = paragraph.pieces or not _is_removed(properties)
    label = numbering.label(properties) if is_shown else ""
    words = "".join(piece.text for piece in paragraph.pieces).strip()
    typed = _TYPED.match(words)
    if (
        label
        and (words or paragraph.pictures)
        and not (typed and typed[1] == _NO_DIGITS.sub("", label))
    ):
        own = _LEVELS_ABOVE.sub("", label)
        label = f"{own}." if own != label and own.isdigit() else own
        paragraph.pieces.insert(0, Piece(f"{label} " if label.isascii() else label))
    return paragraph


def _is_removed(properties: Element | None) -> bool:
    mark = properties.find("rPr") if properties is not None else None
    return mark is not None and mark.find("del") is not None
