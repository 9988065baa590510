"""What a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from quizapp.store.db import db

_DATA = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the statements on data that are made meanwhile; opening a transaction is none."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(_DATA):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
