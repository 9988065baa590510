"""Any selection of the bank as a file that goes on to other programs, or onto paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from quizapp.domain.bank import Search
from quizapp.domain.people import Viewer
from quizapp.domain.registry import Registry
from quizapp.formats.questions.all import QUESTION_WRITERS
from quizapp.formats.questions.exported import QuestionWriter, Written
from quizapp.formats.questions.word_paper import TITLE, WORD_FILES, WordFile
from quizapp.service.apart import run_apart
from quizapp.service.desk import reach_in
from quizapp.store import bank_search, journal
from quizapp.store.db import reading, transaction

Writer = QuestionWriter | WordFile
WRITERS: Registry[Writer] = Registry("question_export", [*QUESTION_WRITERS, *WORD_FILES])
PAPERS = tuple(writer.key for writer in WORD_FILES)
"""The formats that are printed: they bear a title and name points."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a printed paper says. `points`: type → centi-points of one question, where named."""

    title: str = TITLE
    points: Mapping[str, int] = field(default_factory=dict)


PLAIN = Paper()


@dataclass(frozen=True, slots=True)
class File:
    """A written selection: its format, and how many questions were selected."""

    writer: Writer
    written: Written
    selected: int


def count(viewer: Viewer, search: Search) -> dict[str, int]:
    """Return how many questions of each type a search selects among those the trainer may read."""
    with reading() as tx:
        return bank_search.count_types(tx, search, reach_in(tx, viewer))


def write(viewer: Viewer, key: str, search: Search, paper: Paper = PLAIN, *, now: datetime) -> File:
    """Return what a search selects as a file of that format; the journal says who took it.

    What the format cannot hold is listed, never dropped in silence.
    Raises Invalid("unknown_question_export").
    """
    writer = WRITERS.get(key)
    if isinstance(writer, WordFile):
        writer = replace(writer, title=paper.title, points=paper.points)
    with reading() as tx:
        found = bank_search.list_found(tx, search, reach_in(tx, viewer))
    written = run_apart(writer.write, [each.version.question for each in found])
    with transaction() as tx:
        facts = {"kind": key, "questions": len(found), "left_out": len(written.left_out)}
        journal.add_entry(tx, "bank.exported", "bank", facts, actor_id=viewer.officer_id, now=now)
    return File(writer, written, len(found))
