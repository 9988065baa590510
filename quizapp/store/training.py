"""Credit rules and the append-only ledger of training hours: tables and statements."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

credit_rules = sa.Table(
    "credit_rules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "kind", sa.String(16), nullable=False
    ),  # classroom | online | contest | exam | lecture | outside
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("minutes_per_hour", sa.Integer, nullable=False),  # minutes of training per 学时
    sa.Column(
        "step_ch", sa.Integer, nullable=False
    ),  # rounding step in hundredths of a 学时, downwards
    sa.Column("day_cap_ch", sa.Integer),
    sa.Column("year_cap_ch", sa.Integer),
    sa.Column("fixed_ch", sa.Integer),  # a fixed credit, e.g. for a passed contest
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.UniqueConstraint("kind", "version"),
)

hour_postings = sa.Table(  # never edited: a wrong posting is reversed by another
    "hour_postings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),  # of that day
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("cadre_level", sa.String(10), nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column(
        "credit_ch", sa.Integer, nullable=False
    ),  # hundredths of a 学时; negative in a reversal
    sa.Column("times", sa.Integer, nullable=False),  # 人次: 1, or -1 in a reversal
    sa.Column("rule_id", sa.ForeignKey("credit_rules.id"), nullable=False),
    sa.Column(
        "source", sa.String(80), nullable=False, unique=True
    ),  # contest:<exam>:<officer>, sheet:…, reversal:<id>
    sa.Column("batch_id", sa.ForeignKey("uploads.id")),
    sa.Column("reverses_id", sa.ForeignKey("hour_postings.id"), unique=True),
    sa.Column("reason", sa.String(200), nullable=False, server_default=""),
    sa.Column("posted_by", sa.ForeignKey("officers.id")),  # empty: posted by the system
    sa.Column("posted_at", UTCDateTime, nullable=False),
    sa.Index("ix_hour_postings_year", "year", "scoring_unit_id"),
    sa.Index("ix_hour_postings_officer", "officer_id", "year"),
)
