"""Confirming an import: the good rows of a preview become drafts, all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.import_checks import likeness
from quizapp.domain.import_citations import cited_draft
from quizapp.domain.import_desk import Desk, DeskRow, lettered
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Law
from quizapp.domain.uploads import GOOD_ROWS, ModeUnknown, Upload
from quizapp.service.apart import run_apart
from quizapp.service.desk import check_writable, reach_in
from quizapp.service.imports import KIND, open_upload, preview
from quizapp.store import bank, import_batches, imports, journal, uploads
from quizapp.store.db import Tx, dialect, reading, transaction
from quizapp.store.drafts import Drafts, NewVersion, add_drafts, ready_drafts


class BankChanged(Conflict):
    """Since the preview a question of the file has come into the bank."""

    code = "import_bank_changed"


class RowsLeftOut(Invalid):
    """Rows with errors would be left out, and nobody has said that they may."""

    code = "import_left_out"


def confirm(
    viewer: Viewer,
    upload_id: int,
    mode: str,
    *,
    scope: str,
    report_hash: str,
    left_out: int = 0,
    now: datetime,
) -> Mapping[str, Any]:
    """Take the good rows of a file into a bank as drafts; return what was done.

    It is the preview of that hash that counts; a second call stores nothing and returns the same.
    `left_out`: how many rows with errors the trainer gives up. Raises NotFound, NotAllowed,
    ModeUnknown, RowsLeftOut, Conflict("import_not_ready" | "import_preview_changed" |
    "import_nothing_good") and BankChanged, after which the file has to be read again.
    """
    if mode != GOOD_ROWS:
        raise ModeUnknown(mode=mode)
    found = preview(viewer, upload_id)
    if found.upload.outcome is not None:
        return found.upload.outcome
    if found.report_hash != report_hash:
        raise Conflict("import_preview_changed")
    rows = _good_rows(found.desk, left_out)
    # all is made ready before the lock is taken: officers' answers wait for it
    ready = partial(ready_drafts, scope, dialect=dialect(), now=now)
    drafts = run_apart(_drafts, viewer, rows, _laws(), civil_date(now), ready)
    with transaction() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id, lock=True)
        if upload.outcome is not None:
            return upload.outcome
        imports.hold_imports(tx)
        read = imports.get_reading(tx, upload_id)
        if read.report_hash != report_hash:
            raise Conflict("import_preview_changed")
        _check_still_new(tx, viewer, rows, found.stamp)
        counts = found.desk.counts()
        outcome = {
            "imported": len(rows),
            "warned": counts["warned"],
            "left_out": counts["faulty"],
            "known": counts["known"],
            "skipped": len(found.skipped),
        }
        batch_id = _store(
            tx, viewer, upload, drafts, [row.question.place for row in rows],
            counts=outcome, mapping=read.mapping, now=now,
        )  # fmt: skip
        outcome |= {"batch": batch_id}
        imports.mark_confirmed(tx, upload_id, outcome, now=now)
        facts = outcome | {"file": upload.file_name, "sha256": upload.sha256, "scope": scope}
        journal.add_entry(
            tx, "import.confirmed", f"import:{batch_id}", facts,
            actor_id=viewer.officer_id, now=now,
        )  # fmt: skip
    return outcome


def _good_rows(desk: Desk, left_out: int) -> list[DeskRow]:
    rows = [row for row in desk.rows if row.is_importable]
    if not rows:
        raise Conflict("import_nothing_good")
    faulty = desk.counts()["faulty"]
    if left_out != faulty:
        raise RowsLeftOut(count=faulty)
    return rows


def _check_still_new(tx: Tx, viewer: Viewer, rows: list[DeskRow], stamp: int) -> None:
    """Pass when nothing of the file has come into the bank since it was compared with it."""
    added = imports.list_texts(tx, reach_in(tx, viewer), since=stamp)
    known = {likeness(each.stem, lettered(each.options)) for each in added}
    if known and any(likeness(row.question.stem, row.question.options) in known for row in rows):
        raise BankChanged


def _laws() -> list[Law]:
    with reading() as tx:
        return bank.list_laws(tx)


def _drafts(
    viewer: Viewer,
    rows: Sequence[DeskRow],
    laws: Sequence[Law],
    today: date,
    ready: Callable[[Sequence[NewVersion]], Drafts],
) -> Drafts:
    new = [
        NewVersion(cited_draft(row.question, laws, today), today, viewer.name, viewer.officer_id)
        for row in rows
    ]
    return ready(new)


def _store(
    tx: Tx,
    viewer: Viewer,
    upload: Upload,
    drafts: Drafts,
    places: Sequence[str],
    *,
    counts: Mapping[str, int],
    mapping: Mapping[str, Any],
    now: datetime,
) -> int:
    """Add the drafts as one batch; return its id."""
    unit = check_writable(tx, viewer, drafts.scope)
    values = {
        "upload_id": upload.id,
        "sha256": upload.sha256,
        "unit_id": unit.id,
        "scope": drafts.scope,
        "mapping": mapping,
        "counts": counts,
        "created_by": viewer.officer_id,
    }
    added = add_drafts(tx, drafts)
    items = {each.id: place for each, place in zip(added, places, strict=True)}
    return import_batches.add_batch(tx, values, items, now=now)


def discard(viewer: Viewer, upload_id: int) -> None:
    """Forget a file that is not confirmed: none of it is imported. Raises NotFound, Conflict."""
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        imports.delete_upload(tx, upload_id)
