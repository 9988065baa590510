"""Sheets without columns: questions written one below the other, as on paper."""

from dataclasses import replace

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import ReadResult, check_row
from quizapp.domain.sheets import Row
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation import Places, read_lines
from quizapp.formats.questions.notation_build import Line, Open

LOOKED_AT = 300
"""So many lines tell whether it is worth reading all of them as text."""


def read_running(grid: Grid) -> ReadResult | None:
    """Return the questions of a sheet read row by row as lines of text, or None.

    It is such a sheet only where at least one question can be made out without a fault.
    """

    def place(question: Open) -> tuple[str, str, int]:
        return grid.place(question.no), grid.name, question.no

    shown = [row for row in grid.rows if row.no not in grid.hidden_rows]
    lines = [
        Line(row.no, text, pictures=int(row.no in grid.pictured))
        for row in shown
        if not (row.formulas or row.errors)
        for text in "　".join(grid.own(row).values()).splitlines()
    ]
    places = Places(place, grid.place)
    if not is_running(read_lines(lines[:LOOKED_AT], places)):
        return None
    found = read_lines(lines, places)
    found.findings = [
        *(replace(each, sheet=grid.name) for each in found.findings),
        *(_not_text(grid, row) for row in shown if row.formulas or row.errors),
    ]
    found.skipped = [replace(each, sheet=grid.name) for each in found.skipped]
    return found if has_sound_question(found) else None


def is_running(found: ReadResult) -> bool:
    """Say whether what was read of the first lines has anything that only a question has."""
    return any(len(each.options) > 1 or each.answer_text for each in found.questions)


def _not_text(grid: Grid, row: Row) -> Finding:
    code = "formula_cell" if row.formulas else "error_cell"
    return Finding(grid.place(row.no), code, field="row", sheet=grid.name, no=row.no)


def has_sound_question(found: ReadResult) -> bool:
    """Say whether any question that was read has nothing wrong with it."""
    return any(not check_row(question)[1] for question in found.questions)
