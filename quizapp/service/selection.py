"""Any selection of the bank as a file that goes on to other programs, or onto paper."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.bank import Search
from quizapp.domain.people import Viewer
from quizapp.domain.registry import Registry
from quizapp.formats.questions.all import QUESTION_WRITERS
from quizapp.formats.questions.exported import QuestionWriter, Written
from quizapp.formats.questions.word_paper import WORD_FILES, WordFile
from quizapp.service.apart import run_apart
from quizapp.service.desk import readable_scopes
from quizapp.store import bank_search, journal
from quizapp.store.db import reading, transaction

Writer = QuestionWriter | WordFile
WRITERS: Registry[Writer] = Registry("question_export", [*QUESTION_WRITERS, *WORD_FILES])


@dataclass(frozen=True, slots=True)
class File:
    """A written selection: its format, and how many questions were selected."""

    writer: Writer
    written: Written
    selected: int


def count(viewer: Viewer, search: Search) -> int:
    """Return how many questions a search selects among those the trainer may read."""
    with reading() as tx:
        return bank_search.count_found(tx, search, readable_scopes(tx, viewer))


def write(viewer: Viewer, key: str, search: Search, *, now: datetime) -> File:
    """Return what a search selects as a file of that format; the journal says who took it.

    What the format cannot hold is listed, never dropped in silence.
    Raises Invalid("unknown_question_export").
    """
    writer = WRITERS.get(key)
    with reading() as tx:
        found = bank_search.list_found(tx, search, readable_scopes(tx, viewer))
    written = run_apart(writer.write, [each.version.question for each in found])
    with transaction() as tx:
        facts = {"kind": key, "questions": len(found), "left_out": len(written.left_out)}
        journal.add_entry(tx, "bank.exported", "bank", facts, actor_id=viewer.officer_id, now=now)
    return File(writer, written, len(found))
