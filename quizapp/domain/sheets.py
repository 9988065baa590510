"""Tables as files hold them: rows with the numbers their owner sees, and their heading row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.errors import Invalid

HEADING_ROWS = 10
"""A heading is looked for in the first ten rows: titles and notes may stand above it."""


class FileRefused(Invalid):
    """A file is not read; the code says why."""

    code = "file_refused"


class HeadingMissing(Invalid):
    """No row names the columns that must be there; `missing` lists them."""

    code = "heading_missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text cells. `no`: 1-based, as a spreadsheet or editor shows it."""

    no: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    """Positions of cells that hold a formula; their text is the formula itself."""
    errors: frozenset[int] = frozenset()
    """Positions of cells that hold the error of a formula, such as #N/A."""

    def cell(self, at: int | None) -> str:
        """Return the text at a position, stripped; empty where there is none."""
        return self.cells[at].strip() if at is not None and at < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is written in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table in the order of its rows."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the columns of a sheet are: field → position, for the rows below `row.no`."""

    row: Row
    columns: Mapping[str, int]

    def written(self, *fields: str) -> str:
        """Return the heading of the first of these columns that is there, as its owner wrote it."""
        return next((self.row.cell(self.columns[f]) for f in fields if f in self.columns), "")

    def records(self, sheet: Sheet) -> Iterator[tuple[Row, dict[str, str]]]:
        """Yield each row below the heading that is not empty, with its fields as text."""
        for row in sheet.rows:
            if row.no > self.row.no and not row.is_empty:
                yield row, {field: row.cell(at) for field, at in self.columns.items()}


def plain_heading(text: str) -> str:
    """Return a heading without blanks, stars and whatever stands in brackets (of either width)."""
    text = re.sub(r"[（(\[【][^（()）\[\]【】]*[)）\]】]", "", "".join(text.split()))
    return text.strip("*＊：:").upper()


def find_heading(
    sheet: Sheet, synonyms: Mapping[str, Sequence[str]], required: Sequence[Sequence[str]]
) -> Heading:
    """Return where the columns are. Each entry of `required` is satisfied by any of its fields.

    Raises HeadingMissing with the fields the best row lacks.
    """
    names = {plain_heading(name): field for field, many in synonyms.items() for name in many}
    best: Heading | None = None
    for row in sheet.rows[:HEADING_ROWS]:
        columns: dict[str, int] = {}
        for at, cell in enumerate(row.cells):
            field = names.get(plain_heading(cell))
            if field is not None:
                columns.setdefault(field, at)
        if best is None or len(columns) > len(best.columns):
            best = Heading(row, columns)
    found = set(best.columns) if best else set()
    missing = [synonyms[fields[0]][0] for fields in required if not found & set(fields)]
    if best is None or missing:
        raise HeadingMissing(missing="、".join(missing))
    return best


def find_table(
    sheets: Iterable[Sheet],
    synonyms: Mapping[str, Sequence[str]],
    required: Sequence[Sequence[str]],
) -> tuple[Sheet, Heading]:
    """Return the first table that has the headings. Raises HeadingMissing when none has them."""
    missing: HeadingMissing | None = None
    for sheet in sheets:
        try:
            return sheet, find_heading(sheet, synonyms, required)
        except HeadingMissing as refusal:
            missing = missing or refusal
    raise missing or ValueError("a file without a table is refused earlier")
