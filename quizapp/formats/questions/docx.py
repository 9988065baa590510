"""Questions in Word documents: numbered text, lists that Word numbers, and tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped
from quizapp.domain.question_headings import find_heading_row
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation import Places, read_with_lines
from quizapp.formats.questions.notation_build import Line, Open
from quizapp.formats.questions.notation_lines import check_length
from quizapp.formats.questions.notation_marks import Section, clean, section_of
from quizapp.formats.questions.table import read_grids
from quizapp.formats.questions.word_body import Cell, Table, blocks_of
from quizapp.formats.questions.word_loose import key_lines_of, row_lines
from quizapp.formats.questions.word_numbering import Numbering
from quizapp.formats.questions.word_runs import NEW_PAGE, Paragraph, all_text
from quizapp.formats.questions.word_tables import grid_of, turned
from quizapp.formats.questions.xml_tree import parse_xml
from quizapp.formats.safety import MAX_LINE, members_of, names_in

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_ASIDE = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注",
          "comments": "批注"}  # fmt: skip
_ASIDE_PART = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
_BRACKETED = re.compile(r"\s*[（(\[【].*$")


@dataclass(slots=True)
class _Content:
    """What a document holds, in its order: `no` counts paragraphs and tables.

    `pictured`: (table, row) → place of a row with a picture.
    `rows`: paragraph → the table and the row it stands in; `row`: those of what is being read.
    """

    no: int = 0
    tables_seen: int = 0
    breaks: bool = False
    lines: list[Line] = field(default_factory=list)
    grids: list[tuple[int, Grid]] = field(default_factory=list)
    skipped: list[tuple[int, Skipped]] = field(default_factory=list)
    pictured: dict[tuple[str, int], str] = field(default_factory=dict)
    rows: dict[int, tuple[str, str]] = field(default_factory=dict)
    row: tuple[str, str] | None = None

    def count(self) -> None:
        """Begin the next paragraph, in the row of the table that is being read, if any."""
        self.no += 1
        if self.row is not None:
            self.rows[self.no] = self.row

    def line_place(self, no: int) -> str:
        """Return the paragraph, or the row of the table, in words."""
        return self.rows[no][1] if no in self.rows else f"第 {no} 段"

    def question_place(self, question: Open) -> tuple[str, str, int]:
        """Return table or section with the printed number, the place alone without one."""
        title = _BRACKETED.sub("", question.section.title).strip(" :：")
        if question.no in self.rows:
            title = self.rows[question.no][0]
        if question.number is None:
            return self.line_place(question.no), title, question.no
        return f"{title} 第 {question.number} 题".strip(), title, question.number


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
    check_length((main.count(b"<w:p>") + main.count(b"<w:p ")) // 2)  # half may be blank
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
    held.count()
    lines = paragraph.lines()
    if any(len(text) > MAX_LINE for text, _ in lines):
        raise FileRefused("file_broken_line", line=held.no)
    for at, (text, marked) in enumerate(lines):
        pictures = paragraph.pictures if at == len(lines) - 1 else 0
        held.breaks = held.breaks or NEW_PAGE in text
        if clean(text) or pictures:
            held.lines.append(Line(held.no, text, marked, pictures, held.breaks))
            held.breaks = False
    check_length(len(held.lines))
    _note(held, paragraph)


def _note(held: _Content, paragraph: Paragraph) -> None:
    """Keep what a paragraph holds besides the words that are read."""
    for why, text in paragraph.aside:
        place = held.line_place(held.no)
        held.skipped.append((held.no, Skipped(place, text, why, no=held.no)))


def _add_table(held: _Content, table: Table, mapping: Mapping) -> None:
    name = f"表 {held.tables_seen + 1}"
    as_it_is = grid_of(name, table)
    grid: Grid = turned(as_it_is) or as_it_is
    held.tables_seen += 1
    held.skipped += [(held.no, Skipped(name, text, why, name)) for why, text in table.aside]
    if name in mapping or find_heading_row(grid.rows) is not None:
        held.no += 1
        held.grids.append((held.no, grid))
        _note_cells(held, grid, table)
    elif (key := key_lines_of(grid.rows)) is not None:
        for text in key:
            held.count()
            held.lines.append(Line(held.no, text))
    else:
        for no, row in enumerate(table.rows, start=1):
            held.row = name, grid.place(no)
            _add_loose_row(held, row)
        held.row = None


def _note_cells(held: _Content, grid: Grid, table: Table) -> None:
    """Note what the cells of a table hold besides words."""
    for no, row in enumerate(table.rows, start=1):
        for one in (one for cell in row for one in cell.paragraphs):
            held.skipped += [
                (held.no, Skipped(grid.place(no), text, why, grid.name, no))
                for why, text in one.aside
            ]
            if one.pictures:
                held.pictured[grid.name, no] = grid.place(no)


def _with_pictures(held: _Content, raw: RawQuestion) -> RawQuestion:
    """Return the question of a row, faulty where a picture of it is left out."""
    place = held.pictured.get((raw.sheet, raw.no))
    if place is None:
        return raw
    left_out = Finding(place, "picture_left_out", field="stem", sheet=raw.sheet, no=raw.no)
    return replace(raw, findings=(*raw.findings, left_out))


def _add_loose_row(held: _Content, row: list[Cell]) -> None:
    """Read a table that only arranges text: cell by cell; a number belongs to the cell after it."""
    cells = [cell for cell in row if not cell.goes_on]
    lines, count = row_lines([cell.text for cell in cells])
    taken = [paragraph for cell in cells[:count] for paragraph in cell.paragraphs]
    pictures = sum(paragraph.pictures for paragraph in taken)
    for text in lines:
        held.count()
        held.lines.append(Line(held.no, text, pictures=pictures))
        pictures = 0
    for paragraph in taken:
        _note(held, paragraph)
    for cell in cells[count:]:
        for paragraph in cell.paragraphs:
            _add_paragraph(held, paragraph)


def _beside(parts: dict[str, bytes]) -> Iterator[Skipped]:
    """Yield the words of headers, notes and comments."""
    for name, part in parts.items():
        match = _ASIDE_PART.fullmatch(name)
        text = all_text(parse_xml(part)) if match else ""
        if match and text:
            yield Skipped(_ASIDE[match[1]], text, "不在正文")


def _result(held: _Content, mapping: Mapping | None, beside: Iterable[Skipped]) -> ReadResult:
    text, nos = read_with_lines(held.lines, Places(held.question_place, held.line_place))
    questions = list(zip(nos, text.questions, strict=True))
    skipped = [(one.no, one) for one in text.skipped] + held.skipped
    result = ReadResult(findings=text.findings)
    for no, grid in held.grids:
        read = read_grids([grid], mapping)
        section = _section_above(held.lines, no)
        questions += [(no, _with_pictures(held, _under(raw, section))) for raw in read.questions]
        skipped += [(no, one) for one in read.skipped]
        rows = {raw.no for raw in read.questions}
        skipped += [
            (no, Skipped(place, "（图片）", "图片未导入", grid.name, row))
            for (name, row), place in held.pictured.items()
            if name == grid.name and row not in rows
        ]
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
