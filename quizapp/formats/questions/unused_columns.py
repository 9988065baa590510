"""Columns of a sheet that no part of a question is read from: they are named, never dropped."""

from collections.abc import Collection

from openpyxl.utils import get_column_letter

from quizapp.domain.question_headings import HeadingRow, plain_heading
from quizapp.formats.questions.grid import Grid

_EXPECTED = frozenset(
    ("序号", "题号", "编号", "题目序号", "试题GUID", "GUID", "ID", "一致性", "年份", "选项数",
     "所属范围", "得分2", "错误原因", "NO", "NO.")
)  # fmt: skip
"""Headings of lists everywhere, which say nothing that a question has room for."""


def unused_columns(
    grid: Grid, heading: HeadingRow, used: Collection[int], asked: Collection[int]
) -> str:
    """Return the other columns with something in the rows asked for: “F “出题人””, "" for none.

    A column without a heading is named by the first text in it.
    """
    names: dict[int, str] = {}
    for row in grid.rows:
        if row.no not in asked:
            continue
        for at, text in enumerate(row.cells):
            if at not in used and at not in names and text.strip():
                names[at] = heading.row.cell(at).strip() or text.strip()
    return "、".join(
        f"{get_column_letter(at + 1)} “{name}”"
        for at, name in sorted(names.items())
        if plain_heading(name) not in _EXPECTED
    )
