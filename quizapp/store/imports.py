"""Imports of questions: how far a file has been read, what became a batch, mappings remembered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.bank import question_from_plain
from quizapp.domain.errors import NotFound
from quizapp.domain.import_likeness import BankText
from quizapp.domain.scopes import Reach
from quizapp.store.bank import question_versions, questions, read_by
from quizapp.store.db import Tx, UTCDateTime, is_sqlite, metadata
from quizapp.store.people import uploads

RUNNING = ("waiting", "reading", "checking", "comparing")
READY, REFUSED, TAKING = "ready", "refused", "taking"
_IMPORTS = 1304
"""The number of the lock that imports take in turn; no other lock of its kind is in use."""

import_reads = sa.Table(  # how far the reading of an upload is, and what it found
    "import_reads",
    metadata,
    sa.Column("upload_id", sa.ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state", sa.String(10), nullable=False),  # one of RUNNING, READY, REFUSED, TAKING
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),  # rows, in this state
    sa.Column("total", sa.Integer, nullable=False, server_default="0"),  # 0: not known
    sa.Column("mapping", sa.JSON, nullable=False),  # {sheet: {column: field}}, {} as detected
    sa.Column("refusal", sa.JSON, nullable=False),  # {"code", "facts"}
    sa.Column("report", sa.LargeBinary, nullable=False),
    sa.Column("report_hash", sa.String(64), nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),  # TAKING: the last sign of life
)

import_mappings = sa.Table(  # a corrected mapping, remembered for tables with the same headings
    "import_mappings",
    metadata,
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("signature", sa.String(64), primary_key=True),
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("put_at", UTCDateTime, nullable=False),
)

import_batches = sa.Table(
    "import_batches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("upload_id", sa.ForeignKey("uploads.id"), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("scope", sa.String(20), nullable=False),
    sa.Column("mapping", sa.JSON, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("undone_by", sa.ForeignKey("officers.id")),
    sa.Column("undone_at", UTCDateTime),
)

import_items = sa.Table(  # which question came from which place of which file
    "import_items",
    metadata,
    sa.Column("question_id", sa.ForeignKey("questions.id"), primary_key=True),
    sa.Column("batch_id", sa.ForeignKey("import_batches.id"), nullable=False, index=True),
    sa.Column("place", sa.String(120), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the reading of an upload is: `done` of `total` rows in this state, 0 if not known.

    `report` is packed, empty before it is READY. `refusal`: why it was REFUSED; when READY, why
    what was confirmed before did not come in.
    """

    upload_id: int
    state: str
    done: int
    total: int
    mapping: dict[str, dict[str, str]]
    refusal: dict[str, Any]
    report: bytes
    report_hash: str
    started_at: datetime


def put_reading(
    tx: Tx,
    upload_id: int,
    mapping: Mapping[str, Mapping[str, str]],
    *,
    refusal: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Let an upload be read (again), with this mapping; what was found before goes.

    `refusal`: why what was found before did not come in.
    """
    tx.execute(sa.delete(import_reads).where(import_reads.c.upload_id == upload_id))
    tx.execute(
        sa.insert(import_reads).values(
            upload_id=upload_id,
            state=RUNNING[0],
            mapping=mapping,
            refusal=refusal or {},
            report=b"",
            report_hash="",
            started_at=now,
        )
    )


def get_reading(tx: Tx, upload_id: int) -> Reading:
    """Return how far the reading is. Raises NotFound("upload_not_found")."""
    row = tx.execute(
        sa.select(import_reads).where(import_reads.c.upload_id == upload_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound("upload_not_found")
    return Reading(**row)


def put_stage(tx: Tx, upload_id: int, started_at: datetime, **values: Any) -> bool:
    """Note how far a reading is; False when another reading of the file has begun since."""
    done = tx.execute(
        sa.update(import_reads)
        .where(import_reads.c.upload_id == upload_id, import_reads.c.started_at == started_at)
        .values(values)
        .returning(import_reads.c.upload_id)
    )
    return done.first() is not None


def get_file(tx: Tx, upload_id: int) -> tuple[str, bytes]:
    """Return name and content of an upload. Raises NotFound("upload_not_found")."""
    row = tx.execute(
        sa.select(uploads.c.file_name, uploads.c.content).where(uploads.c.id == upload_id)
    ).first()
    if row is None:
        raise NotFound("upload_not_found")
    return row[0], row[1]


def delete_upload(tx: Tx, upload_id: int) -> None:
    """Delete an upload; what was read from it goes with it."""
    tx.execute(sa.delete(uploads).where(uploads.c.id == upload_id))


def mark_confirmed(tx: Tx, upload_id: int, outcome: dict[str, Any], *, now: datetime) -> None:
    """Mark an upload as confirmed; the file stays, for its report."""
    tx.execute(
        sa.update(uploads).where(uploads.c.id == upload_id)
        .values(confirmed_at=now, outcome=outcome)
    )  # fmt: skip


def hold_imports(tx: Tx) -> None:
    """Let no other import be confirmed before this transaction ends; all else goes on."""
    if not is_sqlite(tx):  # there the transaction holds the one write lock
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_IMPORTS)))


def list_mappings(tx: Tx, officer_id: int) -> dict[str, dict[str, str]]:
    """Return the remembered mappings of a trainer, by signature of the headings."""
    rows = tx.execute(
        sa.select(import_mappings.c.signature, import_mappings.c.columns)
        .where(import_mappings.c.officer_id == officer_id)
    )  # fmt: skip
    return {row.signature: row.columns for row in rows}


def put_mapping(
    tx: Tx, officer_id: int, signature: str, columns: Mapping[str, str], *, now: datetime
) -> None:
    """Remember how a trainer wants tables with these headings to be understood."""
    own = (import_mappings.c.officer_id == officer_id, import_mappings.c.signature == signature)
    tx.execute(sa.delete(import_mappings).where(*own))
    tx.execute(
        sa.insert(import_mappings).values(
            officer_id=officer_id, signature=signature, columns=columns, put_at=now
        )
    )


def newest_version(tx: Tx) -> int:
    """Return the version up to which `list_texts` knows all that will ever be, 0 without one.

    Questions that are coming in with a batch are not shown yet: it stays below the first of them,
    and no slice of them is half there while it is looked for.
    """
    hold_imports(tx)
    ids = question_versions.c.id
    coming = tx.execute(
        sa.select(sa.func.min(ids))
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(questions.c.current_version_id.is_(None))
    ).scalar()
    return int(coming - 1 if coming else tx.execute(sa.select(sa.func.max(ids))).scalar() or 0)


def list_texts(tx: Tx, reach: Reach, *, since: int = 0) -> list[BankText]:
    """Return what is asked by the questions not retired within that reach, by code.

    A case counts as its parts. `since`: only versions with a higher id.
    """
    query = (
        sa.select(questions.c.code, question_versions.c.type, question_versions.c.body)
        .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        .where(questions.c.state != "retired", read_by(reach), question_versions.c.id > since)
        .order_by(questions.c.code)
    )
    found = []
    for code, type_key, body in tx.execute(query):
        question = question_from_plain(body, type_key=type_key, difficulty=1, topics=())
        found += [BankText(code, item.stem, item.options) for item in question.items]
        if question.parts:
            found.append(BankText(code, question.stem, ()))
    return found
