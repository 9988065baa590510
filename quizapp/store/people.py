"""Units, officers, roles, sign-ins, tickets: tables and statements."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

units = sa.Table(
    "units",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(12), nullable=False, unique=True),  # GB/T 2260 or one of our own
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("name_en", sa.String(60), nullable=False, server_default=""),
    sa.Column("level", sa.String(10), nullable=False),  # province | city | county
    sa.Column("kind", sa.String(20), nullable=False, server_default=""),
    sa.Column("parent_id", sa.ForeignKey("units.id")),
    # The unit this one is ranked in; never derived from the code. A scoring unit names itself.
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), index=True),
    sa.Column("is_ranked", sa.Boolean, nullable=False),  # False for the province's own staff
    sa.Column("aliases", sa.JSON, nullable=False),  # former and short names
    sa.Column("closed_at", UTCDateTime),
)

officers = sa.Table(
    "officers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("staff_no", sa.String(32), nullable=False, unique=True),  # text: leading zeros count
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False, index=True),
    sa.Column("cadre_level", sa.String(10), nullable=False),  # division | section | other
    sa.Column("badge_no", sa.String(32)),  # 执法证号
    sa.Column("badge_expires_on", sa.Date),
    sa.Column("phone", sa.String(20)),
    # argon2id of a password that a person chose, or sha256$… of a machine-made secret of ≥ 80 bits
    sa.Column("password_hash", sa.String(200)),
    sa.Column("activation_hash", sa.String(80)),  # one-time code of the first sign-in
    sa.Column("activation_expires_at", UTCDateTime),
    # Rises with every change of password, role or state: all earlier sign-ins end at once.
    sa.Column("session_epoch", sa.Integer, nullable=False, server_default="1"),
    sa.Column("language", sa.String(5)),
    sa.Column("large_type", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("is_demo", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("disabled_at", UTCDateTime),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

grants = sa.Table(  # what an officer may do beyond sitting exams, and where
    "grants",
    metadata,
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("role", sa.String(16), primary_key=True),  # trainer | organizer | administrator
    sa.Column(
        "unit_id", sa.ForeignKey("units.id"), primary_key=True
    ),  # scope: this unit and all below
)

ended_sign_ins = sa.Table(
    "ended_sign_ins",
    metadata,
    sa.Column("sign_in", sa.String(32), primary_key=True),
    sa.Column("ended_at", UTCDateTime, nullable=False),
)

tickets = (
    sa.Table(  # 准考证: single use, bound to officer, exam and window; only the SHA-256 is kept
        "tickets",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("officer_id", sa.ForeignKey("officers.id"), nullable=False),
        sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False, index=True),
        sa.Column("valid_from", UTCDateTime, nullable=False),
        sa.Column("valid_to", UTCDateTime, nullable=False),
        sa.Column("used_at", UTCDateTime),
        sa.Column("revoked_at", UTCDateTime),
        sa.Column("created_at", UTCDateTime, nullable=False),
    )
)

throttles = sa.Table(  # failed sign-ins by account and by address; shared by all workers
    "throttles",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("window_started_at", UTCDateTime, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
)

uploads = sa.Table(  # a file between preview and confirmation
    "uploads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # roster | hours
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("confirmed_at", UTCDateTime),
    sa.Column("outcome", sa.JSON),
)
