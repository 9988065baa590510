"""Sheets without columns: questions written one below the other, as on paper."""

from dataclasses import replace

from quizapp.domain.imports import ReadResult, check_row
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation import Places, read_lines
from quizapp.formats.questions.notation_build import Line, Open


def read_running(grid: Grid) -> ReadResult | None:
    """Return the questions of a sheet read row by row as lines of text, or None.

    It is such a sheet only where at least one question can be made out without a fault.
    """

    def place(question: Open) -> tuple[str, str, int]:
        return grid.place(question.no), grid.name, question.no

    lines = [
        Line(row.no, text, pictures=int(row.no in grid.pictured))
        for row in grid.rows
        if row.no not in grid.hidden_rows
        for text in "　".join(filter(str.strip, row.cells)).splitlines()
    ]
    found = read_lines(lines, Places(place, grid.place))
    found.findings = [replace(each, sheet=grid.name) for each in found.findings]
    found.skipped = [replace(each, sheet=grid.name) for each in found.skipped]
    return found if has_sound_question(found) else None


def has_sound_question(found: ReadResult) -> bool:
    """Say whether any question that was read has nothing wrong with it."""
    return any(not check_row(question)[1] for question in found.questions)
