"""Boards: counting what is there, and the snapshot that is published."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

publications = sa.Table(  # a published board is a stored object, not a filter
    "publications",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("published_at", UTCDateTime, nullable=False),
    sa.Column("published_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("metric", sa.String(40), nullable=False),
    sa.Column("ties", sa.JSON, nullable=False),
    sa.Column("rules_text", sa.Text, nullable=False),
    sa.Column("totals", sa.JSON, nullable=False),  # the province's row
)

officer_results = sa.Table(  # the best attempt of each officer, as published
    "officer_results",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("score_cp", sa.Integer, nullable=False),
    sa.Column("duration_s", sa.Integer, nullable=False),
    sa.Column("submitted_at", UTCDateTime, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("rank_in_city", sa.Integer, nullable=False),
    sa.Index("ix_officer_results_rank", "exam_id", "rank"),
)

unit_results = sa.Table(
    "unit_results",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("level", sa.String(10), primary_key=True),  # city | county
    sa.Column("unit_id", sa.ForeignKey("units.id"), primary_key=True),
    sa.Column("eligible", sa.Integer, nullable=False),
    sa.Column("participants", sa.Integer, nullable=False),
    sa.Column("score_sum_cp", sa.BigInteger, nullable=False),
    sa.Column("passed", sa.Integer, nullable=False),
    sa.Column("excellent", sa.Integer, nullable=False),
    sa.Column("full_marks", sa.Integer, nullable=False),
    sa.Column("top_cp", sa.Integer, nullable=False),
    sa.Column("value_bp", sa.Integer),  # 综合得分 as shown; NULL: not ranked
    sa.Column("rank", sa.Integer),
)
