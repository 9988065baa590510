"""CSV, tab and semicolon separated questions, in the encodings of Chinese offices."""

import codecs
import csv
from collections.abc import Sequence

from quizapp.domain.imports import Mapping, ReadResult
from quizapp.domain.question_headings import HeadingRow, find_heading_row
from quizapp.domain.sheets import FileRefused, Row
from quizapp.domain.text import Text
from quizapp.formats.base import check_size
from quizapp.formats.csv_text import unguarded
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation_text import NOTATION_TEXT
from quizapp.formats.questions.running_text import LOOKED_AT, has_sound_question, is_running
from quizapp.formats.questions.table import read_grids
from quizapp.formats.safety import decode

NAME = "CSV"
_SIGNS = ",\t;，；|"
_UNPAIRED_MAX = 200
_FIRST_BYTES, _FIRST_LINES = 1 << 16, 40
_BOM16 = (b"\xff\xfe", b"\xfe\xff")


def read_separated(content: bytes) -> Grid:
    """Return the table of a text file; rows count as a spreadsheet shows them.

    A line whose quotes do not end is marked as broken and reading goes on with the line below.
    Raises FileRefused.
    """
    lines = _lines(decode(content))
    sign, _ = _separator(lines)
    rows: list[Row] = []
    broken: dict[int, str] = {}
    at = 0
    while (at := _read(lines, at, sign, rows)) < len(lines):
        cells, fault = _repaired(lines[at].rstrip("\n"), sign)
        rows.append(Row(len(rows) + 1, tuple(map(unguarded, cells))))
        if fault:
            broken[len(rows)] = fault
        if len(broken) > _UNPAIRED_MAX:
            raise FileRefused("file_broken_line", line=at + 1)
        at += 1
    check_size(len(rows), 0)
    return Grid(NAME, tuple(rows), is_text=True, broken=broken)


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _read(lines: Sequence[str], begins: int, sign: str, rows: list[Row]) -> int:
    """Add the rows that begin at a line (0-based); return the line of the first unreadable one."""
    reader = csv.reader(
        (lines[at] for at in range(begins, len(lines))),
        delimiter=sign,
        skipinitialspace=True,
        strict=True,
    )
    at = begins
    try:
        for cells in reader:
            if len(rows) % 1000 == 0 or len(cells) > len(_SIGNS):
                check_size(len(rows), len(cells))
            rows.append(Row(len(rows) + 1, tuple(map(unguarded, cells))))
            at = begins + reader.line_num
    except csv.Error:
        return at
    return len(lines)


def _repaired(line: str, sign: str) -> tuple[list[str], str]:
    """Return the cells of a line that is no proper CSV, and why it cannot be trusted, if so.

    Words in quotes at the beginning of a cell are the writer's own quotes: they stay.
    """
    if len(line) > csv.field_size_limit():
        return [line[:200]], "内容过长"
    if line.count('"') % 2:
        return line.split(sign), "引号不成对"
    cells = next(csv.reader([line], delimiter=sign), [])
    plain = line.split(sign)
    if len(plain) != len(cells):
        return cells, ""
    return [cell if raw.startswith('"') and raw.endswith('"') else raw
            for cell, raw in zip(cells, plain, strict=True)], ""  # fmt: skip


def _separator(lines: Sequence[str]) -> tuple[str, HeadingRow | None]:
    """Return the sign that makes the fullest heading row, else the one that is seen most."""
    best: tuple[int, int, str, HeadingRow | None] | None = None
    for sign in _SIGNS:
        rows: list[Row] = []
        _read(lines[:_FIRST_LINES], 0, sign, rows)
        heading = find_heading_row(rows)
        named = len(heading.columns) if heading else 0
        found = (named, max((line.count(sign) for line in lines[:_FIRST_LINES]), default=0))
        if best is None or found > best[:2]:
            best = (*found, sign, heading)
    return (best[2], best[3]) if best else (",", None)


def beginning(content: bytes) -> str | None:
    """Return the first part of a text file, or None when it is none."""
    head = content[:_FIRST_BYTES]
    encodings = ("utf-16",) if head.startswith(_BOM16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


class Separated(QuestionReader):
    """CSV and its like on the shelf of question formats."""

    key = "csv"
    label = Text("CSV 表格", "CSV table")

    def sniff(self, name: str, content: bytes) -> bool:
        """Say whether it is text with a heading row, or at least called a table."""
        text = beginning(content)
        if text is None:
            return False
        if _separator(_lines(text)[:_FIRST_LINES])[1] is not None:
            return True
        other = text.lstrip().startswith("<") or "{" in text or "ANSWER:" in text
        return name.lower().endswith((".csv", ".tsv")) and not other

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:
        """Return the questions of the table, or of lines of text. Raises FileRefused."""
        grid = read_separated(content)
        if not mapping and find_heading_row(grid.rows) is None:
            begins = "".join(_lines(decode(content))[:LOOKED_AT]).encode()
            found = NOTATION_TEXT.read(begins)
            if is_running(found) and has_sound_question(found := NOTATION_TEXT.read(content)):
                return found
        return read_grids([grid], mapping)
