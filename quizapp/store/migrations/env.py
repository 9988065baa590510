"""Runs the migrations on the connection it is given, each in a transaction of its own."""

from alembic import context

from quizapp.store.db import UTCDateTime, metadata


def render_item(kind, column_type, _autogen):
    """Write our own column type by its name."""
    return "UTCDateTime()" if kind == "type" and isinstance(column_type, UTCDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
