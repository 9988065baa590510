"""What corrections do to attempts: laid down, written in slices, kept with the old scores."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from quizapp.domain.corrections import ChangedPerson, Correction, ScoreChange
from quizapp.domain.ids import AttemptId, OfficerId, UnitId
from quizapp.domain.standings import Best
from quizapp.store.attempts import attempts
from quizapp.store.corrections import corrections, get_correction, score_changes
from quizapp.store.db import Tx
from quizapp.store.people import officers, units
from quizapp.store.ready import ReadyRows, insert_ready, ready_rows


def list_marked_ids(tx: Tx, exam_id: int) -> list[int]:
    """Return the marked attempts of an exam, by id."""
    return list(
        tx.execute(
            sa.select(attempts.c.id)
            .where(attempts.c.exam_id == exam_id, attempts.c.score_cp.is_not(None))
            .order_by(attempts.c.id)
        ).scalars()
    )


def which_hold(tx: Tx, attempt_ids: Sequence[int], version_id: int) -> list[int]:
    """Return those of these attempts whose paper holds a version, by id."""
    text = sa.cast(attempts.c.paper, sa.Text)
    return list(
        tx.execute(
            sa.select(attempts.c.id)
            .where(attempts.c.id.in_(attempt_ids), text.like(f'%"v": {version_id},%'))
            .order_by(attempts.c.id)
        ).scalars()
    )


def ready_changes(
    correction_id: int, changes: Sequence[ScoreChange], dialect: sa.Dialect
) -> ReadyRows:
    """Return changes made ready for `put_changes`, before any lock is taken."""
    names = ("attempt_id", "no", "old_cp", "new_cp", "old_right", "new_right")
    plain = [
        {name: getattr(change, name) for name in names}
        | {
            "correction_id": correction_id,
            "old_item_cp": list(change.old_item_cp),
            "new_item_cp": list(change.new_item_cp),
        }
        for change in changes
    ]
    return ready_rows(score_changes, plain, dialect)


def put_changes(tx: Tx, ready: ReadyRows) -> None:
    """Lay down what a draft will change; nobody sees it before the draft is applied."""
    insert_ready(tx, ready)


def delete_changes(tx: Tx, correction_id: int, limit: int) -> int:
    """Remove up to `limit` of what a correction not in force had laid down; return how many."""
    not_in_force = sa.select(corrections.c.id).where(
        corrections.c.id == correction_id, corrections.c.state.in_(("draft", "dropped"))
    )
    mine = score_changes.c.correction_id.in_(not_in_force)
    some = sa.select(score_changes.c.attempt_id).where(mine).limit(limit)
    gone = tx.execute(
        sa.delete(score_changes).where(
            score_changes.c.correction_id == correction_id, score_changes.c.attempt_id.in_(some)
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def write_scores(tx: Tx, correction_id: int, after: int, limit: int) -> list[int]:
    """Write the next new scores into the attempts with a higher id than `after`; return the ids.

    While the correction is being applied everybody still reads the old ones.
    """
    mine = score_changes.c.correction_id == correction_id
    ids = list(
        tx.execute(
            sa.select(score_changes.c.attempt_id)
            .where(mine, score_changes.c.attempt_id > after)
            .order_by(score_changes.c.attempt_id)
            .limit(limit)
        ).scalars()
    )
    if ids:
        tx.execute(
            sa.update(attempts)
            .where(
                mine,
                attempts.c.id == score_changes.c.attempt_id,
                attempts.c.id.between(ids[0], ids[-1]),
            )
            .values(
                score_cp=score_changes.c.new_cp,
                right_count=score_changes.c.new_right,
                item_cp=score_changes.c.new_item_cp,
            )
        )
    return ids


def list_changes_of(tx: Tx, attempt_id: int) -> list[tuple[Correction, ScoreChange]]:
    """Return what applied corrections changed on one attempt, the first one first."""
    rows = tx.execute(
        sa.select(score_changes)
        .join(corrections, corrections.c.id == score_changes.c.correction_id)
        .where(score_changes.c.attempt_id == attempt_id, corrections.c.state == "applied")
        .order_by(corrections.c.decided_at, corrections.c.id)
    ).all()
    return [(get_correction(tx, row.correction_id), _change_of(row)) for row in rows]


def new_scores(tx: Tx, correction_id: int) -> dict[int, tuple[int, int]]:
    """Return the new score and the new number of right items by attempt, of what is laid down."""
    change = score_changes.c
    rows = tx.execute(
        sa.select(change.attempt_id, change.new_cp, change.new_right).where(
            change.correction_id == correction_id
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def list_people(tx: Tx, correction_id: int, limit: int | None = None) -> list[ChangedPerson]:
    """Return who has another score by a correction, the greatest change first."""
    change = score_changes.c
    rows = tx.execute(
        sa.select(
            officers.c.staff_no, officers.c.name, units.c.name.label("unit"), attempts.c.try_no,
            change.old_cp, change.new_cp,
        )
        .join(attempts, attempts.c.id == change.attempt_id)
        .join(officers, officers.c.id == attempts.c.officer_id)
        .join(units, units.c.id == attempts.c.unit_id)
        .where(change.correction_id == correction_id)
        .order_by(sa.func.abs(change.new_cp - change.old_cp).desc(), attempts.c.id)
        .limit(limit)
    )  # fmt: skip
    return [ChangedPerson(*row) for row in rows]


def _change_of(row: Any) -> ScoreChange:
    return ScoreChange(
        AttemptId(row.attempt_id),
        row.no,
        row.old_cp,
        row.new_cp,
        row.old_right,
        row.new_right,
        tuple(row.old_item_cp),
        tuple(row.new_item_cp),
    )


def list_scored(tx: Tx, exam_id: int) -> list[Best]:
    """Return every marked attempt of an exam as ranking sees it, by id."""
    mine = attempts.c
    rows = tx.execute(
        sa.select(
            mine.officer_id, mine.id, mine.unit_id, mine.scoring_unit_id, mine.score_cp,
            mine.duration_s, mine.submitted_at, mine.right_count,
        )
        .where(mine.exam_id == exam_id, mine.score_cp.is_not(None))
        .order_by(mine.id)
    )  # fmt: skip
    return [
        Best(
            OfficerId(row[0]), AttemptId(row[1]), UnitId(row[2]), UnitId(row[3]), *row[4:7], row[7]
        )
        for row in rows
    ]
