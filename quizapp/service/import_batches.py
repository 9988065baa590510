"""What has been imported: the batches, their files with the reasons of errors, and undoing one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.import_desk import wording
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import FileRefused
from quizapp.domain.uploads import BETWEEN, ERROR_COLUMN
from quizapp.service.desk import check_writable
from quizapp.service.import_process import RUN_S, TOO_HEAVY, unpack
from quizapp.service.import_reading import Runner, alone, run_in_process
from quizapp.service.imports import preview
from quizapp.store import import_batches as store
from quizapp.store import import_taking, imports, journal, places, reviews
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.import_batches import Batch

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the batches; pages count from 1."""

    batches: list[Batch]
    page: int
    page_count: int


def list_batches(viewer: Viewer, *, page: int = 1) -> Listing:
    """Return a page of the batches of the banks a trainer looks after, the newest first.

    A page beyond the last is the last.
    """
    with reading() as tx:
        units = [unit.place for unit in places.list_units(tx)]
        own = [place.id for place in units if viewer.may("trainer", place)]
        page_count = max(1, -(-store.count_batches(tx, own) // PAGE_SIZE))
        page = min(max(1, page), page_count)
        found = store.list_batches(tx, own, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return Listing(found, page, page_count)


def list_coming(viewer: Viewer) -> list[tuple[int, str]]:
    """Return (upload, file name) of what the trainer confirmed and is still coming in."""
    with reading() as tx:
        return import_taking.list_coming(tx, viewer.officer_id)


def get_batch(viewer: Viewer, batch_id: int) -> tuple[Batch, list[tuple[str, str, str]], int]:
    """Return a batch, its questions (code, place, state), and how many of them are in use.

    Raises NotFound, NotAllowed("out_of_scope").
    """
    with reading() as tx:
        batch = store.get_batch(tx, batch_id)
        check_writable(tx, viewer, batch.scope)
        return batch, store.list_items(tx, batch_id), store.count_used(tx, batch_id)


def undo(viewer: Viewer, batch_id: int, *, now: datetime) -> int:
    """Retire all questions of a batch; return how many. A second call changes nothing.

    Raises NotFound, NotAllowed, Conflict("import_batch_used") once one of them has been published
    or drawn into an exam.
    """
    with transaction() as tx:
        batch = _hold(tx, viewer, batch_id)
        if batch.undone_at is not None:
            return 0
        used = store.count_used(tx, batch_id)
        if used:
            raise Conflict("import_batch_used", count=used)
        gone = _retire(tx, batch_id, viewer, now)
        store.mark_undone(tx, batch_id, by=viewer.officer_id, now=now)
        _enter(tx, "import.undone", batch_id, gone, viewer, now=now)
    return gone


def retire_unused(viewer: Viewer, batch_id: int, *, now: datetime) -> int:
    """Retire the questions of a batch that are neither published nor drawn; return how many.

    Raises NotFound, NotAllowed.
    """
    with transaction() as tx:
        _hold(tx, viewer, batch_id)
        gone = _retire(tx, batch_id, viewer, now)
        if gone:
            _enter(tx, "import.retired", batch_id, gone, viewer, now=now)
    return gone


def _hold(tx: Tx, viewer: Viewer, batch_id: int) -> Batch:
    batch = store.get_batch(tx, batch_id, lock=True)
    check_writable(tx, viewer, batch.scope)
    store.hold_items(tx, batch_id)
    return batch


def _retire(tx: Tx, batch_id: int, viewer: Viewer, now: datetime) -> int:
    """Retire what nobody uses and let none of it wait for a review; return how many."""
    gone = store.retire_unused(tx, batch_id)
    reviews.close_requests(tx, gone, "retire", decided_by=viewer.officer_id, note="", now=now)
    return len(gone)


def _enter(tx: Tx, action: str, batch_id: int, gone: int, viewer: Viewer, *, now: datetime) -> None:
    journal.add_entry(
        tx, action, f"import:{batch_id}", {"questions": gone},
        actor_id=viewer.officer_id, now=now,
    )  # fmt: skip


def reasons_file(
    viewer: Viewer,
    upload_id: int,
    kind: str,
    *,
    folder: Path,
    only_failed: bool,
    language: str = "zh",
    run: Runner = run_in_process,
) -> bytes:
    """Return the file with a column 错误原因, or only its faulty rows, as xlsx or csv.

    The reasons are in `language`. Raises NotFound, Conflict, FileRefused,
    Invalid("unknown_table_format").
    """
    if kind not in ("xlsx", "csv"):
        raise Invalid("unknown_table_format", key=kind)
    found = preview(viewer, upload_id)
    told = list(found.desk.loose)
    for row in found.desk.rows:
        is_told = row.status == "known" and not only_failed
        told += [*row.findings, *(row.warnings if is_told else ())]
    reasons: dict[tuple[str, int], list[str]] = {}
    for each in told:
        reasons.setdefault((each.sheet, each.no), []).append(wording(each).in_language(language))
    with reading() as tx:
        name, content = imports.get_file(tx, upload_id)
        plain = unpack(imports.get_reading(tx, upload_id).report)
    between = BETWEEN.in_language(language)
    order = {
        "work": "reasons",
        "name": name,
        "format": plain["format"],
        "kind": kind,
        "only_failed": only_failed,
        "column": ERROR_COLUMN.in_language(language),
        "headings": [[table.sheet, table.heading_no] for table in found.tables],
        "reasons": [[sheet, no, between.join(said)] for (sheet, no), said in reasons.items()],
    }
    with alone(folder):
        made = run(order, content, str)
    if not made:
        raise FileRefused(TOO_HEAVY, seconds=RUN_S)
    return made
