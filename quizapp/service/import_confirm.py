"""Confirming an import: the good rows of a preview are to become drafts, all of them or none."""

from datetime import datetime

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.people import Viewer
from quizapp.domain.uploads import GOOD_ROWS, ModeUnknown
from quizapp.service.desk import check_writable
from quizapp.service.import_remains import remove_left
from quizapp.service.imports import Preview, check_read, give_up, open_upload, preview
from quizapp.store import import_taking, imports
from quizapp.store.db import transaction


class RowsLeftOut(Invalid):
    """Rows with errors would be left out, and nobody has said that they may."""

    code = "import_left_out"


def begin(
    viewer: Viewer,
    upload_id: int,
    mode: str,
    *,
    scope: str,
    report_hash: str,
    left_out: int = 0,
    now: datetime,
) -> bool:
    """Let the good rows of a file come into a bank (see `import_taking.carry_on`).

    It is the preview of that hash that counts; False, and nothing done, for what is in already.
    `left_out`: how many rows with errors the trainer gives up. Raises NotFound, NotAllowed,
    ModeUnknown, RowsLeftOut, FileRefused and Conflict("import_not_ready" | "import_preview_changed"
    | "import_nothing_good").
    """
    if mode != GOOD_ROWS:
        raise ModeUnknown(mode=mode)
    found = preview(viewer, upload_id)
    if found.upload.outcome is not None:
        return False
    if found.report_hash != report_hash:
        raise Conflict("import_preview_changed")
    counts = _counts(found, left_out)
    remove_left(upload_id)
    with transaction() as tx:
        upload = open_upload(tx, viewer, upload_id)
        read = imports.get_reading(tx, upload_id)
        check_read(read)
        if read.report_hash != report_hash or import_taking.find_coming(tx, upload_id):
            raise Conflict("import_not_ready")
        values = {
            "upload_id": upload.id,
            "sha256": upload.sha256,
            "unit_id": check_writable(tx, viewer, scope).id,
            "scope": scope,
            "mapping": read.mapping,
            "counts": counts,
            "created_by": viewer.officer_id,
        }
        import_taking.add_batch(tx, values, now=now)
        import_taking.begin_taking(tx, upload_id, total=counts["imported"], now=now)
    return True


def _counts(found: Preview, left_out: int) -> dict[str, int]:
    """Return what of a preview comes in and what does not, if it may."""
    rows = found.desk.counts()
    if not rows["good"] + rows["warned"]:
        raise Conflict("import_nothing_good")
    if left_out != rows["faulty"]:
        raise RowsLeftOut(count=rows["faulty"])
    return {
        "imported": rows["good"] + rows["warned"],
        "warned": rows["warned"],
        "left_out": rows["faulty"],
        "known": rows["known"],
        "skipped": len(found.skipped),
    }


def discard(viewer: Viewer, upload_id: int) -> None:
    """Forget a file that is not confirmed: none of it is imported. Raises NotFound, Conflict."""
    give_up(viewer, upload_id)
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        if import_taking.find_coming(tx, upload_id):
            raise Conflict("import_not_ready")
        imports.delete_upload(tx, upload_id)
