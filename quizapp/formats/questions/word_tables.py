"""Tables of a Word document: as sheets of questions, or as a key."""

from dataclasses import dataclass, field

from quizapp.domain.question_headings import columns_of, field_of, find_heading_row, is_heading
from quizapp.domain.sheets import Row
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.word_body import Table

_NUMBERED = ("序号", "题号", "编号", "题目序号")


@dataclass(frozen=True, slots=True)
class WordTable(Grid):
    """A table of questions. `printed`: row → the number that stands in it."""

    printed: dict[int, str] = field(default_factory=dict)

    def place(self, no: int) -> str:
        """Return table and printed number, or the row where none is printed."""
        number = self.printed.get(no, "")
        return f"{self.name} 第 {number} 题" if number else f"{self.name} 第 {no} 行"


def grid_of(name: str, table: Table) -> WordTable:
    """Return the table with cells merged downwards carried into every row they cover."""
    rows: list[Row] = []
    merged: dict[int, dict[int, int]] = {}
    above: dict[int, tuple[int, str]] = {}
    for no, cells in enumerate(table.rows, start=1):
        texts: list[str] = []
        for cell in cells:
            at = len(texts)
            if cell.goes_on and at in above:
                top, text = above[at]
                merged.setdefault(no, {})[at] = top
            else:
                text = cell.text
                above[at] = (no, text)
            texts += [text, *[""] * (min(cell.span, 100) - 1)]
        rows.append(Row(no, tuple(texts)))
    return WordTable(name, tuple(rows), merged=merged, printed=_printed(rows))


def turned(table: Grid) -> Grid | None:
    """Return a form, 题干 beside its words and 答案 beside the key, with its names on top.

    Where a name comes again, the next question begins. None for any other table.
    """
    records: list[tuple[int, dict[str, str]]] = []
    for row in table.rows:
        cells = row.cells if len(row.cells) % 2 == 0 else (*row.cells, "")
        for name, text in zip(cells[::2], cells[1::2], strict=True):
            if not (name or text):
                continue
            if field_of(name) is None or row.no in table.merged:
                return None
            if not records or name in records[-1][1]:
                records.append((row.no, {}))
            records[-1][1][name] = text
    names = tuple(dict.fromkeys(name for _, record in records for name in record))
    if not is_heading(columns_of(names)):
        return None
    below = (Row(no, tuple(record.get(name, "") for name in names)) for no, record in records)
    return Grid(table.name, (Row(0, names), *below))


def _printed(rows: list[Row]) -> dict[int, str]:
    heading = find_heading_row(rows)
    if heading is None:
        return {}
    at = next((at for at, cell in enumerate(heading.row.cells) if cell.strip() in _NUMBERED), None)
    numbers = ((row.no, row.cell(at).strip(".、． ")) for row in rows if row.no > heading.row.no)
    return {no: number for no, number in numbers if number.isdigit()}
