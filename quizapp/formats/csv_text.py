"""CSV, tab and semicolon separated text, in the encodings of Chinese offices."""

import csv
import io
from collections.abc import Iterable

from quizapp.formats.base import (
    Cell,
    FileRefused,
    Row,
    Sheet,
    check_size,
    plain,
    starts_formula,
)
from quizapp.formats.safety import decode

_DELIMITERS = ",\t;"


def read_csv(content: bytes) -> Sheet:
    """Return the table of a text file: UTF-8 (with or without BOM), UTF-16 with BOM, else GB18030.

    Row numbers are those of the lines on which rows begin. An apostrophe that `write_csv` put
    before a formula is taken off again. Raises FileRefused.
    """
    text = decode(content)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if len(rows) % 1000 == 0 or len(cells) > 1:
                check_size(len(rows), len(cells))
            rows.append(Row(begins, tuple(unguarded(cell) for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused("file_broken_line", line=reader.line_num) from error
    check_size(len(rows), 0)
    if all(row.is_empty for row in rows):
        raise FileRefused("file_empty")
    return Sheet("CSV", tuple(rows))


def write_csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return CSV in UTF-8 with BOM; text that could be a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_guarded(plain(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _guarded(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and starts_formula(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `write_csv` put before a formula.

    Other systems write ="001" so that a spreadsheet keeps the zeros: the text inside is meant.
    """
    if cell.startswith('="') and cell.endswith('"') and cell.count('"') == 2:  # noqa: PLR2004
        return cell[2:-1]
    return cell[1:] if cell.startswith("'") and starts_formula(cell[1:]) else cell


def _delimiter(text: str) -> str:
    """Return the separator of the line that has most of one kind, among the first ten."""
    lines = text[:20000].splitlines()[:10]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


class CsvText:
    """CSV on the shelf of table formats."""

    key = "csv"
    mimetype = "text/csv; charset=utf-8"

    def read(self, content: bytes) -> list[Sheet]:
        """Return the one table."""
        return [read_csv(content)]

    def write(self, title: str, header: list[str], rows: list[list[Cell]]) -> bytes:  # noqa: ARG002
        """Return the table; a CSV has no title."""
        return write_csv([header, *rows])
