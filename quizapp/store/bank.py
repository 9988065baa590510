"""Laws and questions with their versions: tables and statements."""

import sqlalchemy as sa

from quizapp.store.db import UTCDateTime, metadata

laws = sa.Table(
    "laws",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("short", sa.String(60), nullable=False),
    sa.Column("full", sa.String(120), nullable=False),
    sa.Column("version", sa.Date, nullable=False),  # day of the last amendment
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("repealed_on", sa.Date),
    sa.Column(
        "by_item", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # cited as 第（N）项
    sa.UniqueConstraint("short", "version"),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),  # HB-XZCF-051-02
    sa.Column("scope", sa.String(20), nullable=False),  # national | province:13 | city:<unit code>
    sa.Column(
        "state", sa.String(12), nullable=False
    ),  # draft in_review published suspended retired
    sa.Column("current_version_id", sa.Integer),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

question_versions = sa.Table(  # never changed once written
    "question_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("type", sa.String(12), nullable=False),
    sa.Column("law", sa.String(60), nullable=False),  # short name of the first citation
    sa.Column("difficulty", sa.Integer, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),  # 1, or the sub-questions of a case
    # {"stem", "options": [text], "key": [index] | bool, "explanation",
    #  "citations": [{"law", "version", "article", "paragraph"?, "item"?}], "parts": [the same]}
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("author", sa.String(60), nullable=False),
    sa.Column("reviewer", sa.String(60), nullable=False, server_default=""),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.UniqueConstraint("question_id", "version"),
)
