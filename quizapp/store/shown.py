"""Attempts as everybody reads them: while a correction writes its scores, still with the old ones.

The new scores go into the attempts in slices; until the last one is there the old ones are read
from what the correction has laid down. One statement sees either all old scores or all new ones.
"""

from typing import Any

import sqlalchemy as sa

from quizapp.store.attempts import attempts
from quizapp.store.corrections import corrections, score_changes
from quizapp.store.db import Tx

OLD = {"score_cp": "old_cp", "right_count": "old_right", "item_cp": "old_item_cp"}
"""Columns of an attempt that a correction changes, and where their old values are kept."""


def shown_attempts(exam_id: int) -> Any:
    """Return the attempts of an exam as a subquery with the columns of the table."""
    being_written = (
        sa.select(corrections.c.id)
        .where(corrections.c.exam_id == exam_id, corrections.c.state == "applying")
        .scalar_subquery()
    )
    old = sa.and_(
        score_changes.c.attempt_id == attempts.c.id, score_changes.c.correction_id == being_written
    )
    return (
        sa.select(
            *(column for column in attempts.c if column.name not in OLD),
            *(
                sa.func.coalesce(score_changes.c[kept], attempts.c[name]).label(name)
                for name, kept in OLD.items()
            ),
        )
        .select_from(attempts.outerjoin(score_changes, old))
        .where(attempts.c.exam_id == exam_id)
        .subquery("shown")
    )


def find_old(tx: Tx, attempt_id: int) -> Any:
    """Return (score_cp, right_count, item_cp) that still count while new ones are written."""
    return tx.execute(
        sa.select(*(score_changes.c[kept] for kept in OLD.values()))
        .join(corrections, corrections.c.id == score_changes.c.correction_id)
        .where(score_changes.c.attempt_id == attempt_id, corrections.c.state == "applying")
    ).one_or_none()
