"""Wordings that serve from a day on: after an amendment the one before serves until then."""

from datetime import date, datetime

import sqlalchemy as sa

from quizapp.domain.bank import Question, wording_columns
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.stale import StaleItem


def add_moved_version(
    tx: Tx,
    item: StaleItem,
    question: Question,
    *,
    author_id: int | None,
    reviewer: tuple[int, str],
    as_of: date,
    now: datetime,
) -> int:
    """Add the wording with its citations of the new law, current and for papers from its day on.

    `reviewer`: id and name of who says that it is still right. Return the id of the new version.
    """
    last = tx.execute(
        sa.select(sa.func.max(question_versions.c.version)).where(
            question_versions.c.question_id == item.version.question_id
        )
    ).scalar_one()
    values = wording_columns(question) | {
        "question_id": item.version.question_id,
        "version": last + 1,
        "as_of": as_of,
        "author": item.version.author,
        "author_id": author_id,
        "reviewer_id": reviewer[0],
        "reviewer": reviewer[1],
        "note": "法律修改，内容仍正确，依据改为新版本",
        "created_at": now,
        "fit_from": item.effective_on,
    }
    added = tx.execute(
        sa.insert(question_versions).values(values).returning(question_versions.c.id)
    )
    version_id = int(added.scalar_one())
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == item.version.question_id)
        .values(current_version_id=version_id, origin="desk")
    )
    return version_id


def put_fit_from(tx: Tx, version_id: int, on: date) -> None:
    """Let a wording be drawn from that day on only; the one before it serves until then.

    A later day that it waits for already stays.
    """
    is_sooner = question_versions.c.fit_from.is_(None) | (question_versions.c.fit_from < on)
    tx.execute(
        sa.update(question_versions)
        .where(question_versions.c.id == version_id, is_sooner)
        .values(fit_from=on)
    )
