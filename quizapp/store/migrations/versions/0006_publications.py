"""boards by number of publication"""

import sqlalchemy as sa
from alembic import op

from quizapp.store.db import UTCDateTime

revision = "0006"
down_revision = "0005"

OLD = (
    "past_officer_results", "past_unit_results", "past_publications",
    "officer_results", "unit_results", "publications",
)  # fmt: skip
HEAD = "published_at, published_by, metric, ties, rules_text, min_participation_bp, totals"
OFFICER = (
    "officer_id, attempt_id, unit_id, scoring_unit_id, score_cp, duration_s, submitted_at, "
    "rank, rank_in_city"
)
UNIT = (
    "level, unit_id, eligible, participants, score_sum_cp, passed, excellent, full_marks, top_cp, "
    "max_cp, value_cp, rank, reason"
)


def upgrade() -> None:
    for name in OLD:
        op.execute(f"CREATE TABLE before_{name} AS SELECT * FROM {name}")
        op.drop_table(name)
    _create_publications()
    _create_officer_results()
    _create_unit_results()
    # ids of former publications stay; those that are public get the next ones
    op.execute(
        f"INSERT INTO publications (id, exam_id, is_current, {HEAD}, withdrawn_at, withdrawn_by, "
        f"reason, correction_id) SELECT id, exam_id, false, {HEAD}, withdrawn_at, withdrawn_by, "
        "reason, correction_id FROM before_past_publications"
    )
    op.execute(
        f"INSERT INTO publications (id, exam_id, is_current, {HEAD}) "
        f"SELECT exam_id + (SELECT coalesce(max(id), 0) FROM before_past_publications), exam_id, "
        f"true, {HEAD} FROM before_publications"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('publications', 'id'), "
            "(SELECT coalesce(max(id), 1) FROM publications))"
        )
    for table, names in (("officer_results", OFFICER), ("unit_results", UNIT)):
        columns = ", ".join(f"r.{name}" for name in names.split(", "))
        op.execute(
            f"INSERT INTO {table} (publication_id, {names}) SELECT p.id, {columns} "
            f"FROM before_{table} r JOIN publications p ON p.exam_id = r.exam_id AND p.is_current"
        )
    op.execute(
        f"INSERT INTO officer_results (publication_id, {OFFICER}) SELECT r.past_id, r.officer_id, "
        "r.attempt_id, a.unit_id, a.scoring_unit_id, r.score_cp, a.duration_s, a.submitted_at, "
        "r.rank, r.rank_in_city FROM before_past_officer_results r "
        "JOIN attempts a ON a.id = r.attempt_id"
    )
    # of former boards rank and value were kept, and they are all that is shown of them
    op.execute(
        f"INSERT INTO unit_results (publication_id, {UNIT}) SELECT past_id, level, unit_id, "
        "eligible, participants, score_sum_cp, 0, 0, 0, 0, 0, value_cp, rank, NULL "
        "FROM before_past_unit_results"
    )
    for name in OLD:
        op.drop_table(f"before_{name}")


def _create_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("ties", sa.JSON(), nullable=False),
        sa.Column("rules_text", sa.Text(), nullable=False),
        sa.Column("min_participation_bp", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_publications_{column}")
            )
            for column, table in (
                ("exam_id", "exams"), ("published_by", "officers"), ("withdrawn_by", "officers"),
                ("correction_id", "corrections"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )  # fmt: skip
    op.create_index(op.f("ix_publications_exam_id"), "publications", ["exam_id"])
    current = sa.text("is_current")
    op.create_index(
        "ix_publications_current", "publications", ["exam_id"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )  # fmt: skip


def _create_officer_results() -> None:
    op.create_table(
        "officer_results",
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("publication_id", *OFFICER.split(", "))
            if name != "submitted_at"
        ),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_officer_results_{column}")
            )
            for column, table in (
                ("publication_id", "publications"), ("officer_id", "officers"),
                ("attempt_id", "attempts"), ("unit_id", "units"), ("scoring_unit_id", "units"),
            )
        ),
        sa.PrimaryKeyConstraint("publication_id", "officer_id", name=op.f("pk_officer_results")),
    )  # fmt: skip
    op.create_index("ix_officer_results_rank", "officer_results", ["publication_id", "rank"])


def _create_unit_results() -> None:
    figures = ("eligible", "participants", "passed", "excellent", "full_marks", "top_cp", "max_cp")
    op.create_table(
        "unit_results",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in figures),
        sa.Column("score_sum_cp", sa.BigInteger(), nullable=False),
        sa.Column("value_cp", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_unit_results_publication_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_results_unit_id")),
        sa.PrimaryKeyConstraint("publication_id", "level", "unit_id", name=op.f("pk_unit_results")),
    )


def downgrade() -> None:
    raise NotImplementedError("boards of several publications do not fit the tables before")
