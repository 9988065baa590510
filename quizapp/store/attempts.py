"""Attempts and their answer events: tables and statements, among them the one of the hot path."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.domain.assembly import Facts, PaperItem
from quizapp.domain.attempts import Attempt
from quizapp.domain.drawn import paper_to_plain, shape_of
from quizapp.domain.exams import PoolItem
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId
from quizapp.store.db import Tx, UTCDateTime, insert_new, is_sqlite, metadata

RUNNING = sa.text("closed_at IS NULL")

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("try_no", sa.Integer, nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),  # of the frozen roster
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("seed", sa.String(80), nullable=False),
    # the paper as drawn: {"v": version id, "o": [option index in shown order], "p": points_cp,
    #  "part"?: index in a case, "case"?: number of the case} per item; item number = position + 1
    sa.Column("paper", sa.JSON, nullable=False),
    sa.Column("shape", sa.String(1200), nullable=False),  # letter and options per item: "s4s4m5j0"
    sa.Column("max_cp", sa.Integer, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("limit_s", sa.Integer, nullable=False),
    sa.Column("extra_s", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", UTCDateTime, nullable=False),  # min(window end, start + limit + extra)
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("one_device", sa.Boolean, nullable=False),
    sa.Column("device", sa.String(32)),  # the sign-in that holds the paper; NULL: nobody yet
    sa.Column("closed_at", UTCDateTime),
    sa.Column("submitted_at", UTCDateTime),  # hand-in, or due when closed automatically
    sa.Column("close_reason", sa.String(12)),  # handed_in | time_over | cancelled
    sa.Column("duration_s", sa.Integer),  # 用时: server seconds from start to hand-in or due
    sa.Column("answered", sa.Integer),
    sa.Column("right_count", sa.Integer),
    sa.Column("score_cp", sa.Integer),
    sa.Column("item_cp", sa.JSON),  # points per item
    sa.Column("digest", sa.String(64)),
    sa.Column("receipt", sa.String(24), unique=True),
    sa.UniqueConstraint("exam_id", "officer_id", "try_no"),
    sa.Index("ix_attempts_running", "exam_id", "officer_id", unique=True,
             sqlite_where=RUNNING, postgresql_where=RUNNING),
    sa.Index("ix_attempts_due", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
    sa.Index("ix_attempts_board", "exam_id", "scoring_unit_id", "unit_id", "officer_id",
             "score_cp", "duration_s"),
    sa.Index("ix_attempts_officer", "officer_id"),
)  # fmt: skip

# Appended, never updated. No foreign key: the insert itself selects from `attempts`.
answer_events = sa.Table(
    "answer_events",
    metadata,
    sa.Column("attempt_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("response", sa.String(400), nullable=False),  # shown letters "BD"; blank: "=" + text
    sa.Column("flagged", sa.Boolean, nullable=False),
    sa.Column("given_at", UTCDateTime, nullable=False),  # as the phone says; evidence, not proof
    sa.Column("received_at", UTCDateTime, nullable=False),
    sqlite_with_rowid=False,
)

attempt_devices = sa.Table(  # which sign-in held the paper since when
    "attempt_devices",
    metadata,
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), primary_key=True),
    sa.Column("device", sa.String(32), primary_key=True),
    sa.Column("since_at", UTCDateTime, nullable=False),
    sa.Column("browser", sa.String(200), nullable=False, server_default=""),
)


@dataclass(frozen=True, slots=True)
class Pool:
    """What papers of one exam are drawn from; frozen at publication."""

    items: tuple[PoolItem, ...]
    facts: Facts


COLUMNS = tuple(attempts.c[field.name] for field in fields(Attempt))


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt about to begin, with its drawn paper."""

    exam_id: ExamId
    officer_id: OfficerId
    try_no: int
    unit_id: UnitId
    scoring_unit_id: UnitId
    seed: str
    items: tuple[PaperItem, ...]
    started_at: datetime
    limit_s: int
    extra_s: int
    due_at: datetime
    one_device: bool
    device: str | None


def columns_of(new: NewAttempt) -> dict[str, Any]:
    """Return the row of a new attempt; also for adding many at once."""
    row = {field.name: getattr(new, field.name) for field in fields(new) if field.name != "items"}
    return row | {
        "paper": paper_to_plain(new.items),
        "shape": shape_of(new.items),
        "max_cp": sum(item.points_cp for item in new.items),
    }


def add_attempt(tx: Tx, new: NewAttempt) -> AttemptId | None:
    """Store a new attempt; None when one runs already or this try is taken."""
    added = tx.execute(
        insert_new(tx, attempts).values(**columns_of(new)).returning(attempts.c.id)
    ).scalar_one_or_none()
    return None if added is None else AttemptId(added)


def put_device(tx: Tx, attempt_id: int, device: str, *, browser: str, now: datetime) -> None:
    """Let `device` hold the paper from now on and keep the record of it."""
    insert = sqlite.insert if is_sqlite(tx) else postgresql.insert
    held = {"since_at": now, "browser": browser[:200]}
    tx.execute(
        insert(attempt_devices)
        .values(attempt_id=attempt_id, device=device, **held)
        .on_conflict_do_update(index_elements=["attempt_id", "device"], set_=held)
    )
    tx.execute(sa.update(attempts).where(attempts.c.id == attempt_id).values(device=device))


def find_running(tx: Tx, exam_id: int, officer_id: int) -> Attempt | None:
    """Return the officer's running attempt at an exam, or None."""
    row = tx.execute(
        sa.select(*COLUMNS).where(
            attempts.c.exam_id == exam_id,
            attempts.c.officer_id == officer_id,
            attempts.c.closed_at.is_(None),
        )
    ).one_or_none()
    return Attempt(*row) if row else None


def count_used(tx: Tx, exam_id: int, officer_id: int) -> int:
    """Return how many attempts the officer has begun at an exam."""
    return int(
        tx.execute(
            sa.select(sa.func.count()).where(
                attempts.c.exam_id == exam_id, attempts.c.officer_id == officer_id
            )
        ).scalar_one()
    )


def list_own(tx: Tx, officer_id: int, exam_ids: Iterable[int]) -> list[Attempt]:
    """Return the officer's attempts at these exams, in the order of exam and try."""
    rows = tx.execute(
        sa.select(*COLUMNS)
        .where(attempts.c.officer_id == officer_id, attempts.c.exam_id.in_(list(exam_ids)))
        .order_by(attempts.c.exam_id, attempts.c.try_no)
    )
    return [Attempt(*row) for row in rows]


def count_answered(tx: Tx, attempt_ids: Iterable[int]) -> dict[int, int]:
    """Return for each attempt with answers how many items have one that is not empty."""
    latest = (
        sa.select(
            answer_events.c.attempt_id,
            answer_events.c.response,
            sa.func.row_number()
            .over(
                partition_by=(answer_events.c.attempt_id, answer_events.c.no),
                order_by=answer_events.c.seq.desc(),
            )
            .label("place"),
        )
        .where(answer_events.c.attempt_id.in_(list(attempt_ids)))
        .subquery()
    )
    rows = tx.execute(
        sa.select(latest.c.attempt_id, sa.func.count())
        .where(latest.c.place == 1, latest.c.response != "")
        .group_by(latest.c.attempt_id)
    )
    return {attempt_id: count for attempt_id, count in rows}  # noqa: C416 — rows are no pairs
