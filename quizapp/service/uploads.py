"""What all imports share: receiving a file, reading it beside the requests, the file of errors."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from quizapp.domain.ids import UploadId
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import Heading, Sheet
from quizapp.formats import tabular
from quizapp.service.apart import Gate, run_apart
from quizapp.store import uploads as store
from quizapp.store.db import transaction

PARSING = Gate(longest_queue=8)
KEPT = timedelta(days=1)
"""How long a file waits for its confirmation."""
ERROR_COLUMN = "错误原因"


def read_tables(name: str, content: bytes) -> list[Sheet]:
    """Return the tables of a file, read in a thread of its own. Raises FileRefused, Busy."""
    with PARSING:
        return run_apart(tabular.read, name, content)


def mimetype_of(kind: str) -> str:
    """Return the media type of xlsx or csv. Raises Invalid("unknown_table_format")."""
    return tabular.mimetype(kind)


def receive(
    viewer: Viewer,
    kind: str,
    name: str,
    content: bytes,
    *,
    check: Callable[[list[Sheet]], object],
    now: datetime,
) -> UploadId:
    """Keep a readable file until it is confirmed; files nobody confirmed in a day are let go of.

    `check` looks at its tables and may refuse them. Raises FileRefused, Busy, and what it raises.
    """
    check(read_tables(name, content))
    with transaction() as tx:
        store.delete_stale(tx, now - KEPT)
        return store.add_upload(
            tx,
            kind,
            name[-200:],
            content,
            sha256=sha256(content).hexdigest(),
            created_by=viewer.officer_id,
            now=now,
        )


def error_file(
    kind: str, sheet: Sheet, heading: Heading, reasons: Mapping[int, str], *, only_failed: bool
) -> bytes:
    """Return the same table with a column 错误原因; `reasons` by row number, worded for the reader.

    `only_failed` leaves out the rows without a reason, so that the file can be corrected and sent
    again. An error column of an earlier round is replaced.
    """
    width = max((len(row.cells) for row in sheet.rows), default=0)
    kept = [at for at in range(width) if heading.row.cell(at) != ERROR_COLUMN]
    header = [heading.row.cell(at) for at in kept]
    rows = [
        [row.cell(at) for at in kept] + [reasons.get(row.no, "")]
        for row, _ in heading.records(sheet)
        if not only_failed or row.no in reasons
    ]
    return run_apart(tabular.write, kind, sheet.name, [*header, ERROR_COLUMN], rows)
