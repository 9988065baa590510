"""figures of items by question"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    figures = op.create_table(
        "item_figures",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Float(), nullable=True),
        sa.Column("discrimination", sa.Float(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exam_id"], ["exams.id"], name=op.f("fk_item_figures_exam_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_versions.id"], name=op.f("fk_item_figures_version_id")
        ),
        sa.PrimaryKeyConstraint("exam_id", "version_id", "part", name=op.f("pk_item_figures")),
    )
    op.create_index(op.f("ix_item_figures_version_id"), "item_figures", ["version_id"])
    names = ("version_id", "part", "n", "facility", "discrimination", "flags")
    bodies = op.get_bind().execute(sa.text("SELECT exam_id, body FROM exam_analyses")).all()
    for exam_id, body in bodies:
        items = (json.loads(body) if isinstance(body, str) else body)["items"]
        rows = [
            {name: item[name] for name in names}
            | {"exam_id": exam_id, "is_void": item.get("is_void", False)}
            for item in items
        ]
        if rows:
            op.bulk_insert(figures, rows)


def downgrade() -> None:
    op.drop_table("item_figures")
