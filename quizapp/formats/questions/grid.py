"""A sheet with what its owner sees of it: hidden rows, cells merged downwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.domain.sheets import Row


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet in the order of its rows. `is_text`: rows of a text file, which have no sheet.

    `hidden_columns`: 0-based. `pictured`: rows at which pictures lie. `asides`: (row, what it is,
    words) of comments and text boxes. `merged`: row → column → first row of the merged cell it
    belongs to. `broken`: rows that could not be read, with the reason.
    """

    name: str
    rows: tuple[Row, ...]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    pictured: frozenset[int] = frozenset()
    asides: tuple[tuple[int, str, str], ...] = ()
    merged: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    is_text: bool = False
    broken: Mapping[int, str] = field(default_factory=dict)

    def own(self, row: Row) -> dict[int, str]:
        """Return what is written in a row itself, not carried down from a merged cell."""
        merged = self.merged.get(row.no, {})
        return {
            at: text
            for at, text in enumerate(row.cells)
            if text.strip() and merged.get(at, row.no) == row.no
        }

    def place(self, no: int) -> str:
        """Return where a row is, in the words of its owner."""
        return f"第 {no} 行" if self.is_text else f"{self.name} 第 {no} 行"
