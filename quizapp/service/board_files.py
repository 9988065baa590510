"""Boards and lists as files; taking names out of the system leaves a trace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from quizapp.domain.people import Viewer
from quizapp.formats import tabular
from quizapp.service.apart import run_apart
from quizapp.store import journal
from quizapp.store.db import transaction


def write_file(
    kind: str, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]
) -> bytes:
    """Return the table as a file that no program runs; `kind`: xlsx or csv.

    Raises Invalid("unknown_table_format").
    """
    return run_apart(tabular.write, kind, title, header, rows)


def note_export(viewer: Viewer, exam_id: int, what: str, count: int, *, now: datetime) -> None:
    """Leave in the journal that `count` people's full names were taken out by this reader."""
    with transaction() as tx:
        facts = {"what": what, "people": count}
        journal.add_entry(
            tx, "names.exported", f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now
        )
