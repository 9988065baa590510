"""pictures of versions

Which picture a version shows stood in its body alone. Every stored version whose body names a
picture now names it in a column as well; the body stays as it is. A picture is kept once of each
trainer instead of once of all, so that whoever brings one that is there already may see it.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"



def upgrade() -> None:
    with op.batch_alter_table("pictures") as pictures:
        pictures.drop_constraint(op.f("uq_pictures_sha256"), type_="unique")
        pictures.create_unique_constraint(op.f("uq_pictures_sha256"), ["sha256", "created_by"])
    # in place: other tables point to this one, so it is not copied
    op.execute(
        "ALTER TABLE question_versions ADD COLUMN picture_id INTEGER "
        "CONSTRAINT fk_question_versions_picture_id REFERENCES pictures (id)"
    )
    op.create_index("ix_question_versions_picture_id", "question_versions", ["picture_id"])
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    bodies = connection.execute(
        sa.text(
            "SELECT id, body FROM question_versions WHERE CAST(body AS TEXT) LIKE '%\"picture\"%'"
        )
    ).all()
    rows = []
    for version_id, body in bodies:
        picture = (json.loads(body) if isinstance(body, str) else body).get("picture")
        if picture:
            rows.append({"version": version_id, "picture": picture["id"]})
    if rows:
        connection.execute(
            sa.text("UPDATE question_versions SET picture_id = :picture WHERE id = :version"), rows
        )


def downgrade() -> None:
    with op.batch_alter_table("question_versions") as versions:
        versions.drop_index(op.f("ix_question_versions_picture_id"))
        versions.drop_constraint(op.f("fk_question_versions_picture_id"), type_="foreignkey")
        versions.drop_column("picture_id")
    with op.batch_alter_table("pictures") as pictures:
        pictures.drop_constraint(op.f("uq_pictures_sha256"), type_="unique")
        pictures.create_unique_constraint(op.f("uq_pictures_sha256"), ["sha256"])
