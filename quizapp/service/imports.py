"""Importing questions: a file is kept, read, looked at, confirmed as drafts, and can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from quizapp.domain.errors import Conflict, Invalid, Refusal
from quizapp.domain.ids import UploadId
from quizapp.domain.import_desk import ImportDesk, desk_from_plain
from quizapp.domain.people import Viewer
from quizapp.domain.question_headings import FIELDS
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.domain.uploads import KEPT, Upload
from quizapp.formats.questions.all import QUESTION_READERS
from quizapp.formats.safety import check_outside
from quizapp.service.apart import run_apart
from quizapp.service.desk import writable_scopes
from quizapp.service.import_process import TOO_HEAVY, unpack
from quizapp.service.import_remains import remove_left, remove_stale
from quizapp.store import import_batches, import_taking, imports, uploads
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.import_batches import Batch
from quizapp.store.imports import READY, REFUSED, TAKING, Reading

KIND = "questions"
INTERRUPTED = timedelta(minutes=4)
"""A reading that is not done by then has been interrupted, by a restart for example."""
GIVEN_UP = timedelta(seconds=20)
"""Without a sign of life for so long, nobody is taking the drafts in any more."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a sheet was understood. `columns`: position (0-based) → field; `codes`: → type key."""

    sheet: str
    heading_no: int
    headings: tuple[str, ...]
    columns: Mapping[int, str]
    samples: tuple[tuple[str, ...], ...]
    codes: Mapping[str, str]
    signature: str
    remembered: bool

    @property
    def width(self) -> int:
        """How many columns there are to map."""
        return max(len(self.headings), *(len(row) for row in self.samples), 0)

    def sample(self, row: tuple[str, ...], at: int) -> str:
        """Return a cell of a sample row, empty beyond its end."""
        return row[at] if at < len(row) else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands: one of imports.RUNNING, READY, REFUSED, TAKING; or interrupted.

    `done` of `total` rows have passed this state; a total of 0 is not known.
    """

    upload: Upload
    state: str
    done: int
    total: int
    refusal: Mapping[str, Any]
    is_interrupted: bool

    @property
    def may_be_read_again(self) -> bool:
        """Whether the refusal was for want of time, not because of what the file holds."""
        return self.refusal.get("code") in ("busy", TOO_HEAVY)


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an upload would do, or did: then `upload.outcome` says what."""

    upload: Upload
    format: Text
    desk: ImportDesk
    skipped: tuple[tuple[str, str, str], ...]
    tables: tuple[Table, ...]
    report_hash: str
    banks: list[tuple[str, Text]]
    earlier: Batch | None
    refusal: Mapping[str, Any]
    """Why what was confirmed before did not come in: {"code", "facts"}, mostly empty."""


def receive(viewer: Viewer, name: str, content: bytes, *, now: datetime) -> UploadId:
    """Keep a file of questions for its reading, which looks into it; what is none is refused.

    Raises FileRefused, Busy.
    """
    check_outside(content)
    remove_stale(now - KEPT)
    with transaction() as tx:
        uploads.delete_stale(tx, now - KEPT)
        upload_id = uploads.add_upload(
            tx,
            KIND,
            name,
            content,
            sha256=sha256(content).hexdigest(),
            created_by=viewer.officer_id,
            now=now,
        )
        imports.put_reading(tx, upload_id, {}, now=now)
    return upload_id


def progress(viewer: Viewer, upload_id: int, *, now: datetime) -> Progress:
    """Return how far the reading of one's own upload is. Raises NotFound."""
    with reading() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        read = imports.get_reading(tx, upload_id)
    patience = GIVEN_UP if read.state == TAKING else INTERRUPTED
    is_interrupted = read.state not in (READY, REFUSED) and now - read.started_at > patience
    return Progress(upload, read.state, read.done, read.total, read.refusal, is_interrupted)


def read_again(
    viewer: Viewer, upload_id: int, *, now: datetime, why: Refusal | None = None
) -> None:
    """Let an upload that is not confirmed be read anew, by the mapping it had.

    `why`: what kept it out of the bank, for its owner to read. Raises as `open_upload`.
    """
    give_up(viewer, upload_id)
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        mapping = imports.get_reading(tx, upload_id).mapping
        imports.put_reading(tx, upload_id, mapping, refusal=_plain(why), now=now)


def give_up(viewer: Viewer, upload_id: int, *, why: Refusal | None = None) -> None:
    """Remove what has come in of an upload that is not confirmed. Raises as `open_upload`."""
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        import_taking.end_taking(tx, upload_id, _plain(why))
    remove_left(upload_id)


def _plain(why: Refusal | None) -> dict[str, Any]:
    return {"code": why.name, "facts": why.facts} if why else {}


def open_upload(tx: Tx, viewer: Viewer, upload_id: int) -> Upload:
    """Return one's own upload, locked. Raises NotFound, Conflict("import_done")."""
    upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id, lock=True)
    if upload.outcome is not None:
        raise Conflict("import_done")
    return upload


def put_mapping(
    viewer: Viewer, upload_id: int, chosen: Mapping[str, Mapping[int, str]], *, now: datetime
) -> None:
    """Let an upload be read anew by a corrected mapping, which its headings will recall.

    `chosen`: sheet → column (0-based) → field; an empty field is not read. Raises NotFound,
    Conflict("import_done" | "import_not_ready"), Invalid("mapping_invalid" | "mapping_no_stem").
    """
    found = preview(viewer, upload_id)
    with transaction() as tx:
        open_upload(tx, viewer, upload_id)
        mapping = {
            table.sheet: _checked(table, chosen[table.sheet])
            for table in found.tables
            if table.sheet in chosen
        }
        if not any("stem" in columns.values() for columns in mapping.values()):
            raise Invalid("mapping_no_stem")
        for table in found.tables:
            if table.headings and table.sheet in mapping:
                imports.put_mapping(
                    tx, viewer.officer_id, table.signature, mapping[table.sheet], now=now
                )
        imports.put_reading(tx, upload_id, mapping, now=now)


def _checked(table: Table, columns: Mapping[int, str]) -> dict[str, str]:
    if any(at >= table.width or (field and not is_field(field)) for at, field in columns.items()):
        raise Invalid("mapping_invalid")
    return {str(at): field for at, field in columns.items() if field}


def is_field(field: str) -> bool:
    """Say whether a column can be taken for this part of a question."""
    letter = field.removeprefix("option_")
    return field in FIELDS or (
        field != letter and len(letter) == 1 and letter.isascii() and letter.isupper()
    )


def preview(viewer: Viewer, upload_id: int) -> Preview:
    """Return what one's own upload holds; nothing is written.

    Raises NotFound, Conflict("import_not_ready") and, for a file that cannot be read, FileRefused.
    """
    with reading() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        read = imports.get_reading(tx, upload_id)
        check_read(read)
        banks = writable_scopes(viewer)
        earlier = [import_batches.find_same_file(tx, upload.sha256, scope) for scope, _ in banks]
    plain, desk = run_apart(_unpack, read.report)
    return Preview(
        upload=upload,
        format=QUESTION_READERS.get(plain["format"]).label,
        desk=desk,
        skipped=tuple((place, text, why) for place, text, why in plain["skipped"]),
        tables=tuple(_table(each) for each in plain["tables"]),
        report_hash=read.report_hash,
        banks=banks,
        earlier=next((each for each in earlier if each and each.upload_id != upload.id), None),
        refusal=read.refusal,
    )


def check_read(read: Reading) -> None:
    """Pass a report that can be confirmed. Raises FileRefused, Conflict("import_not_ready")."""
    if read.state == REFUSED:
        raise FileRefused(read.refusal["code"], **read.refusal["facts"])
    if read.state != READY:
        raise Conflict("import_not_ready")


def _unpack(report: bytes) -> tuple[dict[str, Any], ImportDesk]:
    plain = unpack(report)
    return plain, desk_from_plain(plain)


def _table(plain: Mapping[str, Any]) -> Table:
    return Table(
        sheet=plain["sheet"],
        heading_no=plain["heading_no"],
        headings=tuple(plain["headings"]),
        columns={int(at): field for at, field in plain["columns"].items()},
        samples=tuple(tuple(row) for row in plain["samples"]),
        codes=plain.get("codes", {}),
        signature=plain["signature"],
        remembered=plain["remembered"],
    )
