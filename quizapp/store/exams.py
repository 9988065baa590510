"""Competitions, their frozen roster and pool, and every change of time: tables and statements."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

exams = sa.Table(
    "exams",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("theme", sa.String(60), nullable=False, server_default=""),  # 主题年
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),  # the organizing unit
    sa.Column("state", sa.String(12), nullable=False),  # draft | published | cancelled
    sa.Column("opens_at", UTCDateTime, nullable=False),
    sa.Column("closes_at", UTCDateTime, nullable=False),
    sa.Column("duration_s", sa.Integer, nullable=False),
    sa.Column("attempts_allowed", sa.Integer, nullable=False),
    sa.Column("blueprint", sa.JSON, nullable=False),  # domain.exams.Blueprint as plain data
    sa.Column("scoring", sa.String(20), nullable=False),  # all_or_nothing | half | sum
    sa.Column("pass_bp", sa.Integer, nullable=False),  # share of full marks, basis points
    sa.Column("good_bp", sa.Integer, nullable=False),
    sa.Column("excellent_bp", sa.Integer, nullable=False),
    sa.Column("ties", sa.JSON, nullable=False),  # ordered keys of domain.standings.TIES
    sa.Column("metric", sa.String(40), nullable=False),  # key on the metrics shelf
    sa.Column("min_participation_bp", sa.Integer, nullable=False, server_default="0"),
    sa.Column("audience", sa.JSON, nullable=False),  # {"units": [code…], "cadre_levels": […]}
    # when each becomes visible to officers: handed_in | closed | published | never
    sa.Column("score_release", sa.String(12), nullable=False),
    sa.Column("answers_release", sa.String(12), nullable=False),
    sa.Column("board_release", sa.String(12), nullable=False),  # published | never
    sa.Column("one_device", sa.Boolean, nullable=False),
    sa.Column("credit_ch", sa.Integer),  # hours for passing, hundredths; empty: the rule's credit
    sa.Column("rules_text", sa.Text, nullable=False, server_default=""),
    sa.Column("seed", sa.String(64), nullable=False),  # secret; papers are drawn from it
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("published_at", UTCDateTime),
    sa.Column("results_published_at", UTCDateTime),
    sa.Column("cancelled_at", UTCDateTime),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

exam_pool = sa.Table(  # what may be drawn, frozen at publication
    "exam_pool",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), primary_key=True),
)

exam_roster = sa.Table(  # 应参加人数, frozen at publication
    "exam_roster",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("cadre_level", sa.String(10), nullable=False),
    sa.Column("excused_reason", sa.String(200)),
    sa.Index("ix_exam_roster_unit", "exam_id", "scoring_unit_id", "unit_id"),
    sa.Index("ix_exam_roster_officer", "officer_id"),
)

time_changes = (
    sa.Table(  # extra time, moved windows, cancellation: never by touching the recorded start
        "time_changes",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),  # extra | window | cancel
        sa.Column("officer_id", sa.ForeignKey("officers.id")),  # extra for one; both empty: for all
        sa.Column("unit_id", sa.ForeignKey("units.id")),  # extra for a unit and all below it
        sa.Column("extra_s", sa.Integer),
        sa.Column("opens_at", UTCDateTime),
        sa.Column("closes_at", UTCDateTime),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("made_by", sa.ForeignKey("officers.id"), nullable=False),
        sa.Column("made_at", UTCDateTime, nullable=False),
    )
)
