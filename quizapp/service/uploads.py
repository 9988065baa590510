"""What all imports share: receiving a file, reading it beside the requests, the file of errors."""

import json
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256

from quizapp.domain.ids import UploadId
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import Heading, Row, Sheet
from quizapp.domain.uploads import (
    BETWEEN,
    COLON,
    ERROR_COLUMN,
    KEPT,
    Problem,
    Upload,
    is_error_column,
)
from quizapp.formats import tabular
from quizapp.service.apart import Gate, run_apart
from quizapp.store import uploads as store
from quizapp.store.db import transaction

PARSING = Gate(longest_queue=8)


def tables_of(upload: Upload) -> list[Sheet]:
    """Return the tables of a kept file, as they were read when it was received."""
    return run_apart(_unpack, upload.content)


def _pack(sheets: list[Sheet]) -> bytes:
    """Return tables in a form that reads back many times faster than a workbook."""
    plain = [
        [sheet.name, [[row.no, row.cells, sorted(row.formulas)] for row in sheet.rows]]
        for sheet in sheets
    ]
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


def _unpack(content: bytes) -> list[Sheet]:
    plain = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return [
        Sheet(
            name,
            tuple(Row(no, tuple(cells), frozenset(formulas)) for no, cells, formulas in rows),
        )
        for name, rows in plain
    ]


def _read(name: str, content: bytes) -> tuple[list[Sheet], bytes]:
    sheets = tabular.read(name, content)
    return sheets, _pack(sheets)


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
    """Keep what a readable file holds until it is confirmed, or a day has passed without that.

    `check` looks at its tables and may refuse them. Raises FileRefused, Busy, and what it raises.
    """
    with PARSING:
        sheets, packed = run_apart(_read, name, content)
    check(sheets)
    with transaction() as tx:
        store.delete_stale(tx, now - KEPT)
        return store.add_upload(
            tx,
            kind,
            name,
            packed,
            sha256=sha256(content).hexdigest(),
            created_by=viewer.officer_id,
            now=now,
        )


def error_file(
    kind: str,
    sheet: Sheet,
    heading: Heading,
    problems: Iterable[Problem],
    word: Callable[[Problem], str],
    *,
    only_failed: bool,
    language: str,
) -> bytes:
    """Return the same table with a column 错误原因: what is wrong with a row, worded by `word`.

    `only_failed` leaves out the rows without a reason, so that the file can be corrected and sent
    again. An error column of an earlier round is replaced.
    """
    colon = COLON.in_language(language)
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        said = f"{problem.column}{colon}{word(problem)}" if problem.column else word(problem)
        reasons.setdefault(problem.row, []).append(said)
    width = max((len(row.cells) for row in sheet.rows), default=0)
    kept = [at for at in range(width) if not is_error_column(heading.row.cell(at))]
    header = [*(heading.row.cell(at) for at in kept), ERROR_COLUMN.in_language(language)]
    between = BETWEEN.in_language(language)
    rows = [
        [row.cell(at) for at in kept] + [between.join(reasons.get(row.no, ()))]
        for row, _ in heading.records(sheet)
        if not only_failed or row.no in reasons
    ]
    return run_apart(tabular.write, kind, sheet.name, header, rows)
