"""Confirming an import: the good rows of a preview become drafts, all of them or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.people import Viewer
from quizapp.domain.uploads import GOOD_ROWS, ModeUnknown
from quizapp.service.desk import check_writable
from quizapp.service.import_reading import Runner, run_in_process
from quizapp.service.import_remains import remove_left
from quizapp.service.import_taking import Made, carry_on, check_still_new, drafts_of, take_in
from quizapp.service.imports import KIND, check_read, give_up, open_upload
from quizapp.service.laying import Clock
from quizapp.store import import_taking, imports, uploads
from quizapp.store.db import reading, transaction
from quizapp.store.imports import TAKING, Reading


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
    run: Runner = run_in_process,
) -> Mapping[str, Any]:
    """Take the good rows of a file into a bank as drafts; return what was done.

    It is the preview of that hash that counts; a second call stores nothing and returns the same.
    `left_out`: how many rows with errors the trainer gives up. Raises NotFound, NotAllowed,
    ModeUnknown, RowsLeftOut, FileRefused, Conflict("import_not_ready" | "import_preview_changed" |
    "import_nothing_good") and BankChanged, after which the file has to be read again.
    """
    if mode != GOOD_ROWS:
        raise ModeUnknown(mode=mode)
    with reading() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        read = imports.get_reading(tx, upload_id)
    if upload.outcome is not None:
        return upload.outcome
    if read.state == TAKING:
        return carry_on(viewer, upload_id, now=now, run=run)
    check_read(read)
    if read.report_hash != report_hash:
        raise Conflict("import_preview_changed")
    made = drafts_of(read, now, run)
    _check_left_out(made, left_out)
    remove_left(upload_id)
    _begin(viewer, read, scope, made, now=now)
    return take_in(viewer, upload_id, made, Clock(now))


def _check_left_out(made: Made, left_out: int) -> None:
    if not made.lines:
        raise Conflict("import_nothing_good")
    if left_out != made.head["faulty"]:
        raise RowsLeftOut(count=made.head["faulty"])


def _begin(viewer: Viewer, read: Reading, scope: str, made: Made, *, now: datetime) -> None:
    """Let the drafts come in, unless somebody has begun or ended that meanwhile."""
    with transaction() as tx:
        upload = uploads.get_upload(tx, read.upload_id, KIND, viewer.officer_id, lock=True)
        begun = import_taking.begin_taking(
            tx, read.upload_id, read.report_hash, total=len(made.lines), now=now
        )
        if upload.outcome is not None or not begun:
            return
        check_still_new(tx, viewer, made)
        values = {
            "upload_id": upload.id,
            "sha256": upload.sha256,
            "unit_id": check_writable(tx, viewer, scope).id,
            "scope": scope,
            "mapping": read.mapping,
            "counts": {
                "imported": len(made.lines),
                "warned": made.head["warned"],
                "left_out": made.head["faulty"],
                "known": made.head["known"],
                "skipped": made.head["skipped"],
            },
            "created_by": viewer.officer_id,
        }
        import_taking.add_batch(tx, values, now=now)


def discard(viewer: Viewer, upload_id: int) -> None:
    """Forget a file that is not confirmed: none of it is imported. Raises NotFound, Conflict."""
    give_up(viewer, upload_id)
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        imports.delete_upload(tx, upload_id)
