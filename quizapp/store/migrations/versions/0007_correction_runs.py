"""how far corrections are"""

import sqlalchemy as sa
from alembic import op

from quizapp.store.db import UTCDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "correction_runs",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("is_redone", sa.Boolean(), nullable=False),
        sa.Column("suspend", sa.Boolean(), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=True),
        sa.Column("consequences", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_correction_runs_correction_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_runs")),
    )


def downgrade() -> None:
    op.drop_table("correction_runs")
