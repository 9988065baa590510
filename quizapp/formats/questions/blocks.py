"""Tables side by side on one sheet, under the same headings: each is read as a table of its own."""

from collections.abc import Iterator
from dataclasses import replace

from quizapp.domain.question_headings import HeadingRow, columns_of, is_heading, plain_heading
from quizapp.domain.sheets import Row
from quizapp.formats.questions.grid import Grid


def blocks_of(
    grid: Grid, heading: HeadingRow, *, given: bool = False
) -> list[tuple[Grid, HeadingRow]]:
    """Return what is written under each repetition of the headings; mostly the whole sheet.

    `given`: somebody said what the columns hold, and it counts for every repetition.
    """
    names = [plain_heading(cell) for cell in heading.row.cells]
    first = next((name for name in names if name), "")
    begins = [at for at, name in enumerate(names) if name and name == first]
    if len(begins) < 2:  # noqa: PLR2004
        return [(grid, heading)]
    ends = [*begins[1:], None]
    parts = [
        _part(grid, heading, begin, end) for begin, end in zip([0, *begins[1:]], ends, strict=True)
    ]
    if given:
        parts = [(part, _as_given(block, heading)) for part, block in parts]
    whole = all(is_heading(part.columns) for _, part in parts)
    return parts if whole else [(grid, heading)]


def _part(grid: Grid, heading: HeadingRow, begin: int, end: int | None) -> tuple[Grid, HeadingRow]:
    rows = tuple(_only(grid.rows, begin, end))
    row = next(_only([heading.row], begin, end))
    return replace(grid, rows=rows), replace(heading, row=row, columns=columns_of(row.cells))


def _as_given(block: HeadingRow, heading: HeadingRow) -> HeadingRow:
    written = {at for at, cell in enumerate(block.row.cells) if cell}
    return replace(
        block, columns={at: field for at, field in heading.columns.items() if at in written}
    )


def _only(rows: tuple[Row, ...] | list[Row], begin: int, end: int | None) -> Iterator[Row]:
    """Yield the rows with nothing but the cells from one position up to another."""
    for row in rows:
        cells = ["" if at < begin else cell for at, cell in enumerate(row.cells[:end])]
        kept = frozenset(range(begin, len(row.cells[:end])))
        yield replace(
            row, cells=tuple(cells), formulas=row.formulas & kept, errors=row.errors & kept
        )
