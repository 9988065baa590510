"""The XML of a workbook: every cell as its owner sees it, hidden rows and merged cells.

openpyxl tells the sheets, styles and number formats. The cells are read here, in one pass and
straight into texts: its streaming reader makes several objects of each, and tells neither hidden
rows nor merged cells.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.cell_text import shown
from quizapp.formats.questions.workbook_beside import Beside, beside_cells

_NS = f"{{{SHEET_MAIN_NS}}}"
_VALUE, _FORMULA, _INLINE = f"{_NS}v", f"{_NS}f", f"{_NS}is"
_TEXT, _RUN_TEXTS = f"{_NS}t", f"{_NS}r/{_NS}t"
_HIDDEN = ("1", "true")
_ODD = re.compile(r"_x00(?:0[0-8bcdefBCDEF]|1[\da-fA-F])_|[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CHINESE_DATES = {
    **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月"),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日"),
    30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒",
    34: "上午/下午h时mm分", 35: "上午/下午h时mm分ss秒",
}  # fmt: skip
"""Dates among the formats built into a Chinese spreadsheet, which the library does not know."""
MergedCells = tuple[int, int, int, int]
"""Left, top, right, bottom; 1-based."""


class CellText(NamedTuple):
    """A cell that is not empty. `at`: 0-based."""

    at: int
    text: str
    is_formula: bool
    is_error: bool


class SheetRow(NamedTuple):
    """A row as the file holds it, empty cells left out. `no`: as the spreadsheet shows it."""

    no: int
    cells: list[CellText]
    is_hidden: bool


class HiddenColumns(NamedTuple):
    """Columns out of view, 1-based, both included."""

    first: int
    last: int


class WorkbookXml:
    """An open workbook. Whatever its parser raises on unsound files is the file's fault."""

    def __init__(self, content: bytes) -> None:
        reader: Any = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self._archive = reader.archive
        self._book = reader.wb
        self._sheets = list(reader.parser.find_sheets())
        table = reader.package.find(SHARED_STRINGS)
        self._strings = [] if table is None else self._texts_of(table.PartName[1:])

    def beside(self, part: str) -> Beside:
        """Return the pictures, text boxes and comments of a sheet."""
        return beside_cells(self._archive, part)

    def sheets(self) -> Iterator[tuple[str, bool, str]]:
        """Yield the name of each sheet of cells, whether it is in view, and its part."""
        names = set(self._archive.namelist())
        for sheet, link in self._sheets:
            if link.target in names and "chartsheet" not in link.Type:
                yield str(sheet.name), sheet.state == "visible", link.target

    def rows(self, part: str) -> Iterator[HiddenColumns | SheetRow | MergedCells]:
        """Yield the hidden columns of a sheet, then its rows, and after them its merged cells."""
        no = 0
        for element in self._elements(part):
            if element.tag == f"{_NS}row":
                no = max(int(element.get("r", 0)), no + 1)
                is_hidden = element.get("hidden") in _HIDDEN or _is_flat(element)
                yield SheetRow(no, list(self._cells(element)), is_hidden)
                element.clear()
            elif element.tag == f"{_NS}col" and element.get("hidden") in _HIDDEN:
                yield HiddenColumns(int(element.get("min", 1)), int(element.get("max", 1)))
            elif element.tag == f"{_NS}mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                yield int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)

    def _elements(self, part: str) -> Iterator[Element]:
        if not part.lower().endswith(".xml"):
            raise FileRefused("file_unsafe")  # no other part has been looked at for declarations
        with self._archive.open(part) as opened:
            for _, element in iterparse(opened):  # noqa: S314 — checked: nothing is declared in it
                yield element

    def _texts_of(self, part: str) -> list[str]:
        texts = []
        for element in self._elements(part):
            if element.tag == f"{_NS}si":
                texts.append(_text(element))
                element.clear()
        return texts

    def _cells(self, row: Element) -> Iterator[CellText]:
        at = -1
        for cell in row:
            reference = cell.get("r")
            letters = reference and reference.rstrip("0123456789")
            at = column_index_from_string(letters) - 1 if letters else at + 1
            formula = cell.find(_FORMULA)
            text = self._shown(cell) if formula is None else f"={formula.text or ''}"
            if text:
                yield CellText(at, text, formula is not None, cell.get("t") == "e")

    def _shown(self, cell: Element) -> str:
        """Return a text without odd signs, and a number or moment as its owner sees it."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            return "" if inline is None else _text(inline)
        value = cell.findtext(_VALUE)
        if not value:
            return ""
        if kind == "s":
            return self._strings[int(value)]
        style = int(cell.get("s", 0))
        if kind == "n":
            return self._number(value, style)
        if kind == "d":
            return shown(datetime.fromisoformat(value), self._format(style)[1])
        return shown(value != "0", "") if kind == "b" else _plain(value)

    def _number(self, value: str, style: int) -> str:
        number = float(value) if set(value) & set(".eE") else int(value)
        format_no, number_format = self._format(style)
        if format_no in _CHINESE_DATES and number_format == "General":
            return shown(from_excel(number, self._book.epoch), _CHINESE_DATES[format_no])
        if style not in self._book._date_formats:
            return shown(number, number_format)
        try:
            is_span = style in self._book._timedelta_formats
            moment = from_excel(number, self._book.epoch, timedelta=is_span)
        except (OverflowError, ValueError):
            return "#VALUE!"
        return shown(moment, number_format)

    def _format(self, style: int) -> tuple[int, str]:
        no = self._book._cell_styles[style].numFmtId
        if no < BUILTIN_FORMATS_MAX_SIZE:
            return no, BUILTIN_FORMATS.get(no, "General")
        return no, self._book._number_formats[no - BUILTIN_FORMATS_MAX_SIZE]


def _is_flat(row: Element) -> bool:
    height = row.get("ht")
    return height is not None and float(height) == 0


def _text(element: Element) -> str:
    """Return a text, in one piece or in runs; how it is to be pronounced is not part of it."""
    whole = element.findtext(_TEXT)
    if len(element) > 1 or whole is None:
        runs = [run.text or "" for run in element.iterfind(_RUN_TEXTS)]
        whole = "".join([whole or "", *runs])
    return _plain(whole)


def _plain(text: str) -> str:
    return _ODD.sub("", text) if "_x00" in text or not text.isprintable() else text
