"""Questions in Word documents: numbered text, lists that Word numbers, and tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped
from quizapp.domain.question_headings import find_heading_row
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation import Places, read_with_lines
from quizapp.formats.questions.notation_build import Line, Open
from quizapp.formats.questions.notation_marks import Section, clean, section_of
from quizapp.formats.questions.table import read_grids
from quizapp.formats.questions.word_body import (
    NEW_PAGE,
    Cell,
    Paragraph,
    Table,
    all_text,
    blocks_of,
)
from quizapp.formats.questions.word_numbering import Numbering
from quizapp.formats.questions.word_tables import grid_of, key_lines_of
from quizapp.formats.questions.xml_tree import parse_xml
from quizapp.formats.safety import members_of, names_in

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_ASIDE = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "comments": "批注"}
_ASIDE_PART = re.compile(r"word/(header|footer|footnotes|comments)\d*\.xml")
_BRACKETED = re.compile(r"\s*[（(\[【].*$")


@dataclass(slots=True)
class _Content:
    """What a document holds, in its order: `no` counts paragraphs and tables."""

    no: int = 0
    tables_seen: int = 0
    breaks: bool = False
    lines: list[Line] = field(default_factory=list)
    grids: list[tuple[int, Grid]] = field(default_factory=list)
    skipped: list[tuple[int, Skipped]] = field(default_factory=list)


class Docx(QuestionReader):
    """DOCX on the shelf of question formats."""

    key = "docx"
    label = Text("Word 文档", "Word document")

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether the archive holds a text document."""
        return content.startswith(b"PK") and any(map(_DOCUMENT.fullmatch, names_in(content)))

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:
        """Return the questions of text and tables in the order of the document.

        Raises FileRefused("file_empty" | "file_broken" | …).
        """
        parts = {name: part for name, part in members_of(content) if part is not None}
        main = next((name for name in parts if _DOCUMENT.fullmatch(name)), None)
        if main is None:
            raise FileRefused("file_broken")
        held = _held(parts, parts[main], mapping or {})
        if not (held.lines or held.grids):
            raise FileRefused("file_empty")
        return _result(held, mapping, _beside(parts))


def _held(parts: dict[str, bytes], main: bytes, mapping: Mapping) -> _Content:
    numbering, styles = (
        parse_xml(parts[name]) if name in parts else None
        for name in ("word/numbering.xml", "word/styles.xml")
    )
    body = parse_xml(main).find("body")
    if body is None:
        raise FileRefused("file_broken")
    held = _Content()
    for block in blocks_of(body, Numbering(numbering, styles)):
        if isinstance(block, Paragraph):
            _add_paragraph(held, block)
        else:
            _add_table(held, block, mapping)
    return held


def _add_paragraph(held: _Content, paragraph: Paragraph) -> None:
    held.no += 1
    lines = paragraph.lines()
    for at, (text, marked) in enumerate(lines):
        pictures = paragraph.pictures if at == len(lines) - 1 else 0
        held.breaks = held.breaks or NEW_PAGE in text
        if clean(text) or pictures:
            held.lines.append(Line(held.no, text, marked, pictures, held.breaks))
            held.breaks = False
    for why, text in paragraph.aside:
        place = _line_place(held.no)
        held.skipped.append((held.no, Skipped(place, text, why, no=held.no)))


def _add_table(held: _Content, table: Table, mapping: Mapping) -> None:
    name = f"表 {held.tables_seen + 1}"
    grid = grid_of(name, table)
    held.tables_seen += 1
    if name in mapping or find_heading_row(grid.rows) is not None:
        held.no += 1
        held.grids.append((held.no, grid))
        _set_aside(held, grid, table)
    elif (key := key_lines_of(grid.rows)) is not None:
        for text in key:
            held.no += 1
            held.lines.append(Line(held.no, text))
    else:
        for row in table.rows:
            _add_loose_row(held, row)


def _set_aside(held: _Content, grid: Grid, table: Table) -> None:
    """Note what the cells of a table hold besides words."""
    for no, row in enumerate(table.rows, start=1):
        for one in (one for cell in row for one in cell.paragraphs):
            notes = [*one.aside, *[("图片未导入", "（图片）")] * one.pictures]
            held.skipped += [
                (held.no, Skipped(grid.place(no), text, why, grid.name, no)) for why, text in notes
            ]


def _add_loose_row(held: _Content, row: list[Cell]) -> None:
    """Read a table that only arranges text: cell by cell; a number belongs to the cell after it."""
    cells = [cell for cell in row if not cell.goes_on]
    if len(cells) > 1 and clean(cells[0].text).rstrip(".、．").isdigit():
        number = clean(cells[0].text).rstrip(".、．")
        held.no += 1
        first, *others = cells[1].text.split("\n")
        held.lines.append(Line(held.no, f"{number}. {first}"))
        held.lines += [Line(held.no, text) for text in others]
        cells = cells[2:]
    for cell in cells:
        for paragraph in cell.paragraphs:
            _add_paragraph(held, paragraph)


def _beside(parts: dict[str, bytes]) -> Iterator[Skipped]:
    """Yield the words of headers, notes and comments."""
    for name, part in parts.items():
        match = _ASIDE_PART.fullmatch(name)
        text = all_text(parse_xml(part)) if match else ""
        if match and text:
            yield Skipped(_ASIDE[match[1]], text, "不在正文")


def _line_place(no: int) -> str:
    return f"第 {no} 段"


def _question_place(question: Open) -> tuple[str, str, int]:
    title = _BRACKETED.sub("", question.section.title).strip(" :：")
    if question.number is None:
        return _line_place(question.no), title, question.no
    return f"{title} 第 {question.number} 题".strip(), title, question.number


def _result(held: _Content, mapping: Mapping | None, beside: Iterable[Skipped]) -> ReadResult:
    text, nos = read_with_lines(held.lines, Places(_question_place, _line_place))
    questions = list(zip(nos, text.questions, strict=True))
    skipped = [(one.no, one) for one in text.skipped] + held.skipped
    result = ReadResult(findings=text.findings)
    for no, grid in held.grids:
        read = read_grids([grid], mapping)
        section = _section_above(held.lines, no)
        questions += [(no, _under(raw, section)) for raw in read.questions]
        skipped += [(no, one) for one in read.skipped]
        result.findings += read.findings
        result.tables += read.tables
    result.questions = [raw for _, raw in sorted(questions, key=lambda one: one[0])]
    result.skipped = [one for _, one in sorted(skipped, key=lambda one: one[0])]
    result.skipped += beside
    return result


def _section_above(lines: list[Line], no: int) -> Section | None:
    sections = (section_of(clean(line.text)) for line in reversed(lines) if line.no < no)
    return next((section for section in sections if section is not None), None)


def _under(raw: RawQuestion, section: Section | None) -> RawQuestion:
    """Return the question of a table with what the heading above the table says."""
    if section is None or raw.section_type:
        return raw
    points = raw.section_points or section.points
    return replace(raw, section_type=section.type, section_points=points)


DOCX = Docx()
