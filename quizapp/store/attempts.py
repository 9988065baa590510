"""Attempts and their answer events: tables and statements, among them the one of the hot path."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

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
    sa.Column("shape", sa.String(1200), nullable=False),  # per item type letter + options: "s4s4m5j2"
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
             sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")),
    sa.Index("ix_attempts_due", "due_at",
             sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")),
    sa.Index("ix_attempts_board", "exam_id", "scoring_unit_id", "unit_id", "officer_id", "score_cp", "duration_s"),
    sa.Index("ix_attempts_officer", "officer_id"),
)  # fmt: skip

# Appended, never updated. No foreign key: the insert itself selects from `attempts`, so the row is there.
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
