"""A text while it is read: what has been found, and what is being read."""

from dataclasses import dataclass, field

from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.notation_build import Line, Open
from quizapp.formats.questions.notation_keys import KeyEntry
from quizapp.formats.questions.notation_labels import labels_in
from quizapp.formats.questions.notation_marks import Section, number_of, section_of
from quizapp.formats.questions.notation_options import first_letter, read_body

LOOK_AHEAD = 15
MOST_QUESTIONS = 10_000
"""In one text, twice as many as anybody brings: people wrote them, and each takes its time."""


@dataclass(slots=True)
class Reading:
    """What has been read so far; `last_number` counts within a section."""

    lines: list[Line]
    open: Open | None = None
    section: Section = field(default_factory=lambda: Section(""))
    section_no: int = 0
    last_number: int = 0
    in_key: bool = False
    key_label: str = ""
    questions: list[Open] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    skipped: list[tuple[Line, str]] = field(default_factory=list)


def close(reading: Reading) -> None:
    """Put the open question, if any, with the others."""
    if reading.open is not None:
        reading.questions.append(reading.open)
        reading.open = None
        check_written(len(reading.questions))


def check_written(count: int) -> None:
    """Pass so many questions, or answers of a key.

    Raises FileRefused("file_too_many_questions").
    """
    if count > MOST_QUESTIONS:
        raise FileRefused("file_too_many_questions", most=MOST_QUESTIONS)


def enter(reading: Reading, section: Section) -> None:
    """Begin a section; its numbers count anew."""
    close(reading)
    reading.section = section
    reading.section_no += 1
    reading.last_number = 0


def looks_like_question(reading: Reading, at: int) -> bool:
    """Say whether options or an answer stand in the line or below it, before the next number."""
    text = reading.lines[at].text
    body = read_body(text)
    if body.answer or len(body.options) > 1:
        return True
    for line in reading.lines[at + 1 : at + LOOK_AHEAD]:
        if number_of(line.text) is not None or section_of(line.text) is not None:
            return False
        if letter := first_letter(line.text):
            return letter == "A"
        if any(one.field == "answer" for one in labels_in(line.text)):
            return True
    return False
