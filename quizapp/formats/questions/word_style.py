"""The official style of our Word files: A4, the margins and type faces of official papers."""

import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from quizapp.formats.base import clean

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FACE, HEADING_FACE, BODY_FACE = "方正小标宋简体", "黑体", "仿宋_GB2312"
_FALLBACKS = {TITLE_FACE: ("宋体", "roman"), BODY_FACE: ("仿宋", "modern"),
              HEADING_FACE: ("SimHei", "modern")}  # fmt: skip
"""The face to take where the first is not installed, and its family."""
_PAGE = (210, 297)
_MARGINS = (37, 35, 28, 26)
TITLE_PT, HEADING_PT, BODY_PT, SMALL_PT, CELL_PT = 22, 16, 16, 14, 12
LINE_PT, NOTE_LINE_PT, TITLE_LINE_PT = 26, 22, 34
NUMBER_ROW_PT, ANSWER_ROW_PT = 18, 26
OPTION_INDENT, OPTION_HANG = 2, 1.5
"""In widths of a sign: options stand in from the margin, their further lines below their words."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class OfficialDocument:
    """A document being written from top to bottom."""

    def __init__(self) -> None:
        self.document: Any = Document()
        self._set_page()
        self._set_faces()
        self._number_pages()

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(size) for size in _PAGE)
        top, bottom, left, right = (Mm(size) for size in _MARGINS)
        section.top_margin, section.bottom_margin = top, bottom
        section.left_margin, section.right_margin = left, right

    def _set_faces(self) -> None:
        normal = self.document.styles["Normal"]
        _face(normal, BODY_FACE, BODY_PT)
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        normal.paragraph_format.line_spacing = Pt(LINE_PT)
        normal.paragraph_format.space_after = Pt(0)
        for part in self.document.part.package.iter_parts():
            if part.partname == "/word/fontTable.xml":
                part._blob = _with_fallbacks(part.blob)

    def _number_pages(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for before, code in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
            paragraph.add_run(before)
            paragraph._p.append(_field(code))
        paragraph.add_run(" 页")

    def title(self, text: str) -> None:
        """Add a centred title."""
        paragraph = self.document.add_paragraph(style="Title")
        for border in paragraph.style.element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(TITLE_LINE_PT)
        _face(paragraph.style, TITLE_FACE, TITLE_PT)
        _in_face(paragraph.add_run(clean(text)), TITLE_FACE, TITLE_PT)

    def heading(self, text: str) -> None:
        """Add the heading of a section; it stays with what follows."""
        paragraph = self.document.add_paragraph(style="Heading 1")
        paragraph.paragraph_format.space_before = Pt(BODY_PT / 2)
        _face(paragraph.style, HEADING_FACE, HEADING_PT)
        _in_face(paragraph.add_run(clean(text)), HEADING_FACE, HEADING_PT)

    def line(self, text: str, *, centred: bool = False, keeps: bool = False) -> Any:
        """Return a paragraph added at the end; `keeps`: it stays on one page with the next."""
        paragraph = self.document.add_paragraph(clean(text))
        paragraph.paragraph_format.keep_with_next = keeps
        paragraph.paragraph_format.keep_together = True
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph

    def blanks(self, text: str) -> None:
        """Add a centred line to be filled in by hand, small enough to stay one line."""
        paragraph = self.line("", centred=True)
        paragraph.paragraph_format.space_after = Pt(BODY_PT / 2)
        _in_face(paragraph.add_run(text), BODY_FACE, SMALL_PT)

    def note(self, text: str) -> None:
        """Add a paragraph in a smaller size, whole on one page."""
        paragraph = self.line("")
        paragraph.paragraph_format.line_spacing = Pt(NOTE_LINE_PT)
        _in_face(paragraph.add_run(clean(text)), BODY_FACE, SMALL_PT)

    def columns(self, texts: list[str], *, width: int, keeps: bool = False) -> None:
        """Add a line of options that begin at equal distances; `width`: how many fill the line."""
        layout = self.line("\t".join(texts), keeps=keeps).paragraph_format
        indent, hang = Pt(OPTION_INDENT * BODY_PT), Pt(OPTION_HANG * BODY_PT)
        layout.left_indent = indent if width > 1 else indent + hang
        layout.first_line_indent = Pt(0) if width > 1 else -hang
        room = Mm(_PAGE[0] - _MARGINS[2] - _MARGINS[3]) - indent
        for at in range(1, width):
            layout.tab_stops.add_tab_stop(indent + room * at // width)

    def grid(self, rows: list[list[str]]) -> None:
        """Add a ruled table of pairs of rows: numbers, and room to write below them."""
        table = self.document.add_table(rows=len(rows), cols=max(map(len, rows)))
        table.style = "Table Grid"
        for at, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
            row.height = Pt(ANSWER_ROW_PT if at % 2 else NUMBER_ROW_PT)
            for cell, text in zip(row.cells, texts, strict=True):
                _fill(cell, text, keeps=at % 2 == 0)

    def new_page(self) -> None:
        """Go on with a new page."""
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def saved(self) -> bytes:
        """Return the file; the same words always give the same bytes."""
        out, steady = io.BytesIO(), io.BytesIO()
        self.document.save(out)
        with zipfile.ZipFile(out) as made, zipfile.ZipFile(steady, "w") as kept:
            for name in made.namelist():
                member = zipfile.ZipInfo(name, _EARLIEST)
                member.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(member, made.read(name))
        return steady.getvalue()


def _fill(cell: Any, text: str, *, keeps: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1
    paragraph.paragraph_format.keep_with_next = keeps
    _in_face(paragraph.add_run(clean(text)), BODY_FACE, CELL_PT)


def _face(style: Any, name: str, size_pt: float) -> None:
    style.font.size = Pt(size_pt)
    _name_face(style.element.get_or_add_rPr(), name)
    colour = style.element.rPr.find(qn("w:color"))
    if colour is not None:
        style.element.rPr.remove(colour)


def _in_face(run: Any, name: str, size_pt: float) -> None:
    run.font.size = Pt(size_pt)
    _name_face(run._r.get_or_add_rPr(), name)


def _name_face(properties: Any, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{kind}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), name)


def _field(code: str) -> Any:
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )


def _with_fallbacks(fonts: bytes) -> bytes:
    """Return the table of fonts with the names to take where ours are not installed."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, (other, family) in _FALLBACKS.items()
    )
    return fonts.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")
