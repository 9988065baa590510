"""Taking in what was confirmed: slice by slice, shown all at once when the last draft is there.

So officers' answers never wait for the whole. Whatever dies in between is gone on with by whoever
asks or looks next; of two at the same slice one gives way.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Conflict
from quizapp.domain.import_checks import likeness
from quizapp.domain.import_desk import lettered
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import FileRefused
from quizapp.service.apart import rest
from quizapp.service.desk import check_writable, reach_in
from quizapp.service.import_process import RUN_S, TOO_HEAVY
from quizapp.service.import_reading import Runner, run_in_process
from quizapp.service.imports import KIND
from quizapp.service.laying import Clock
from quizapp.service.slices import Slices
from quizapp.store import bank, imports, journal, uploads
from quizapp.store import import_taking as store
from quizapp.store.db import Tx, dialect, reading, transaction
from quizapp.store.drafts import add_drafts, ready_drafts
from quizapp.store.imports import Reading


class Made(NamedTuple):
    """A report made into drafts: what it counts, and a line each (see `with_drafts`)."""

    head: Mapping[str, int]
    lines: Sequence[bytes]


class BankChanged(Conflict):
    """Since the preview a question of the file has come into the bank."""

    code = "import_bank_changed"


def carry_on(
    viewer: Viewer, upload_id: int, *, now: datetime, run: Runner = run_in_process
) -> Mapping[str, Any]:
    """Go on with what was confirmed and is still coming in; return what was done.

    Raises NotFound, FileRefused, BankChanged, Conflict("import_not_ready") when nothing is coming
    in, or somebody else goes on with it.
    """
    with reading() as tx:
        uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        read = imports.get_reading(tx, upload_id)
        batch = store.find_coming(tx, upload_id)
    made = drafts_of(read, batch.created_at if batch else now, run)
    return take_in(viewer, upload_id, made, Clock(now))


def drafts_of(read: Reading, now: datetime, run: Runner) -> Made:
    """Return a report made into drafts, beside the requests. Raises FileRefused."""
    with reading() as tx:
        laws = imports.laws_to_plain(bank.list_laws(tx))
    order = {"work": "drafts", "laws": laws, "today": civil_date(now).isoformat()}
    made = run(order, read.report, str)
    if not made:
        raise FileRefused(TOO_HEAVY, seconds=RUN_S)
    head, *lines = made.split(b"\n")
    return Made(json.loads(head), lines)


def check_still_new(tx: Tx, viewer: Viewer, made: Made) -> None:
    """Pass when nothing of the file has come into the bank since it was compared with it."""
    added = imports.list_texts(tx, reach_in(tx, viewer), since=made.head["stamp"])
    known = {likeness(each.stem, lettered(each.options)) for each in added}
    if known and any(tuple(json.loads(line)["like"]) in known for line in made.lines):
        raise BankChanged


def take_in(viewer: Viewer, upload_id: int, made: Made, clock: Clock) -> Mapping[str, Any]:
    """Add the drafts that are missing, slice by slice, and show all of them; return the outcome."""
    with reading() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        batch = store.find_coming(tx, upload_id)
        done = imports.get_reading(tx, upload_id).done
    if upload.outcome is not None:
        return upload.outcome
    if batch is None:
        raise Conflict("import_not_ready")
    slices = Slices()
    while done < len(made.lines):
        some = [json.loads(line) for line in made.lines[done : done + slices.size]]
        rows = [_version(each["columns"], viewer, batch.created_at) for each in some]
        ready = ready_drafts(batch.scope, rows, dialect=dialect(), now=batch.created_at)
        with slices.transaction() as tx:
            _move(tx, upload_id, done, done + len(some), clock())
            added = add_drafts(tx, ready, is_shown=False)
            items = zip([one.id for one in added], [each["place"] for each in some], strict=True)
            store.add_items(tx, batch.id, items)
        done += len(some)
        rest()
    return _show(viewer, upload_id, batch, made, clock())


def _version(columns: Mapping[str, Any], viewer: Viewer, at: datetime) -> dict[str, Any]:
    return {
        **columns,
        "as_of": civil_date(at),
        "author": viewer.name,
        "author_id": viewer.officer_id,
        "note": "",
        "created_at": at,
    }


def _move(tx: Tx, upload_id: int, done: int, to: int, at: datetime) -> None:
    """Raise Conflict("import_not_ready") unless we are the ones who go on after `done` drafts."""
    if not store.move_taking(tx, upload_id, done, to=to, now=at):
        raise Conflict("import_not_ready")


def _show(
    viewer: Viewer, upload_id: int, batch: Any, made: Made, at: datetime
) -> Mapping[str, Any]:
    """Show all drafts of a batch that is complete; return the outcome."""
    with transaction() as tx:
        imports.hold_imports(tx)
        _move(tx, upload_id, len(made.lines), len(made.lines), at)
        check_still_new(tx, viewer, made)
        check_writable(tx, viewer, batch.scope)
        store.show_items(tx, batch.id)
        outcome = {**batch.counts, "batch": batch.id}
        imports.mark_confirmed(tx, upload_id, outcome, now=at)
        store.end_taking(tx, upload_id)
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        facts = outcome | {
            "file": upload.file_name, "sha256": upload.sha256, "scope": batch.scope,
        }  # fmt: skip
        journal.add_entry(
            tx, "import.confirmed", f"import:{batch.id}", facts,
            actor_id=viewer.officer_id, now=at,
        )  # fmt: skip
    return outcome
