"""Word documents as trainers have them, made here: lists numbered by Word, tables, traces."""

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as Doc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

NUMBERING = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Doc) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def written(*lines: str) -> Doc:
    """A document of plain paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def define_list(document: Doc, list_id: int, levels: Sequence[tuple[str, str]]) -> None:
    """Define a list of its own; levels are (format, text): ("decimal", "%1.")."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum {NUMBERING} w:abstractNumId="{list_id}">{inner}</w:abstractNum>'
    root.insert(0, parse_xml(abstract))
    use_list(document, list_id, list_id)


def use_list(document: Doc, list_id: int, definition: int, start: int | None = None) -> None:
    """Let a list use a definition, from `start` anew where that is given."""
    anew = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {NUMBERING} w:numId="{list_id}"><w:abstractNumId w:val="{definition}"/>'
            f"{anew if start is not None else ''}</w:num>"
        )
    )


def add_numbered(document: Doc, list_id: int, level: int, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:numPr {NUMBERING}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
        )
    )


def add_table(document: Doc, rows: Iterable[Sequence[str]]) -> None:
    filled = list(rows)
    table = document.add_table(rows=len(filled), cols=max(map(len, filled)))
    for row, texts in zip(table.rows, filled, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text


def add_raw(document: Doc, inner: str) -> None:
    """Add a paragraph of raw markup before the section's end."""
    body = document.element.body
    paragraph = parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>")
    body.insert(list(body).index(body.find(qn("w:sectPr"))), paragraph)
