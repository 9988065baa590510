"""Key corrections and what each of them changed: the old scores stay here for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.corrections import ChangedPerson, Correction, Draft, ScoreChange
from quizapp.domain.errors import NotFound
from quizapp.domain.ids import AttemptId, ExamId, OfficerId, UnitId
from quizapp.domain.standings import Best
from quizapp.store.attempts import attempts
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.people import officers, units

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False, index=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), nullable=False),
    sa.Column("part", sa.Integer, nullable=False),  # of a case, 0-based; -1: the question itself
    sa.Column("ruling", sa.String(12), nullable=False),
    sa.Column("answer", sa.String(1300), nullable=False),  # stored letters; blank: one text a line
    sa.Column("policy", sa.String(12), nullable=False),  # no_loss | recalculate
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # draft | applied | dropped
    sa.Column("drafted_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("drafted_at", UTCDateTime, nullable=False),
    sa.Column("decided_by", sa.ForeignKey("officers.id")),
    sa.Column("decided_at", UTCDateTime),
    sa.Column("note", sa.String(300), nullable=False, server_default=""),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),  # attempts
)

score_changes = sa.Table(  # counts only when its correction is applied; then never changed again
    "score_changes",
    metadata,
    sa.Column("correction_id", sa.ForeignKey("corrections.id"), primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), primary_key=True, index=True),
    sa.Column("no", sa.Integer, nullable=False),  # of the item on that paper
    sa.Column("old_cp", sa.Integer, nullable=False),
    sa.Column("new_cp", sa.Integer, nullable=False),
    sa.Column("old_right", sa.Integer, nullable=False),
    sa.Column("new_right", sa.Integer, nullable=False),
    sa.Column("old_item_cp", sa.JSON, nullable=False),
    sa.Column("new_item_cp", sa.JSON, nullable=False),
)

_DRAFTER, _DECIDER = officers.alias("drafter"), officers.alias("decider")
_CORRECTIONS = (
    sa.select(
        corrections,
        _DRAFTER.c.name.label("drafter"),
        sa.func.coalesce(_DECIDER.c.name, "").label("decider"),
    )
    .join(_DRAFTER, _DRAFTER.c.id == corrections.c.drafted_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == corrections.c.decided_by)
)


def add_correction(tx: Tx, draft: Draft, *, by: int, now: datetime) -> int:
    """Store a draft; return its id."""
    added = tx.execute(
        sa.insert(corrections)
        .values(
            exam_id=draft.exam_id,
            version_id=draft.version_id,
            part=draft.part,
            ruling=draft.ruling,
            answer=draft.answer,
            policy=draft.policy,
            reason=draft.reason,
            state="draft",
            drafted_by=by,
            drafted_at=now,
        )
        .returning(corrections.c.id)
    )
    return int(added.scalar_one())


def get_correction(tx: Tx, correction_id: int, *, lock: bool = False) -> Correction:
    """Return a correction; with `lock` nobody else changes it meanwhile. Raises NotFound."""
    if lock:
        tx.execute(
            sa.select(corrections.c.id).where(corrections.c.id == correction_id).with_for_update()
        )
    row = tx.execute(_CORRECTIONS.where(corrections.c.id == correction_id)).one_or_none()
    if row is None:
        raise NotFound("correction_not_found")
    return _correction_of(row)


def list_corrections(tx: Tx, exam_id: int) -> list[Correction]:
    """Return the corrections of an exam in the order they were drafted."""
    rows = tx.execute(
        _CORRECTIONS.where(corrections.c.exam_id == exam_id).order_by(corrections.c.id)
    )
    return [_correction_of(row) for row in rows]


def list_applied(tx: Tx, exam_id: int) -> list[Correction]:
    """Return the corrections in force at an exam, in the order they took effect."""
    rows = tx.execute(
        _CORRECTIONS.where(
            corrections.c.exam_id == exam_id, corrections.c.state == "applied"
        ).order_by(corrections.c.decided_at, corrections.c.id)
    )
    return [_correction_of(row) for row in rows]


def close_correction(
    tx: Tx, correction_id: int, state: str, *, by: int, note: str, changed: int, now: datetime
) -> None:
    """Turn a draft into `state`: applied or dropped."""
    tx.execute(
        sa.update(corrections)
        .where(corrections.c.id == correction_id, corrections.c.state == "draft")
        .values(state=state, decided_by=by, decided_at=now, note=note, changed=changed)
    )


def _correction_of(row: Any) -> Correction:
    draft = Draft(
        exam_id=ExamId(row.exam_id),
        version_id=row.version_id,
        part=row.part,
        ruling=row.ruling,
        answer=row.answer,
        policy=row.policy,
        reason=row.reason,
    )
    return Correction(
        id=row.id,
        draft=draft,
        state=row.state,
        drafted_by=OfficerId(row.drafted_by),
        drafter=row.drafter,
        drafted_at=row.drafted_at,
        decided_by=None if row.decided_by is None else OfficerId(row.decided_by),
        decider=row.decider,
        decided_at=row.decided_at,
        note=row.note,
        changed=row.changed,
    )


def list_ids_with(tx: Tx, exam_id: int, version_id: int) -> list[int]:
    """Return the marked attempts of an exam whose paper holds this version, by id."""
    text = sa.cast(attempts.c.paper, sa.Text)
    return list(
        tx.execute(
            sa.select(attempts.c.id)
            .where(
                attempts.c.exam_id == exam_id,
                attempts.c.score_cp.is_not(None),
                text.like(f'%"v": {version_id},%'),
            )
            .order_by(attempts.c.id)
        ).scalars()
    )


def put_changes(tx: Tx, correction_id: int, changes: Sequence[ScoreChange]) -> None:
    """Lay down what a draft will change; nobody sees it before the draft is applied."""
    names = ("attempt_id", "no", "old_cp", "new_cp", "old_right", "new_right")
    if changes:
        tx.execute(
            sa.insert(score_changes),
            [
                {name: getattr(change, name) for name in names}
                | {
                    "correction_id": correction_id,
                    "old_item_cp": list(change.old_item_cp),
                    "new_item_cp": list(change.new_item_cp),
                }
                for change in changes
            ],
        )


def delete_changes(tx: Tx, correction_id: int) -> None:
    """Remove what a draft had laid down; what is applied stays."""
    still = sa.select(corrections.c.id).where(
        corrections.c.id == correction_id, corrections.c.state == "draft"
    )
    tx.execute(sa.delete(score_changes).where(score_changes.c.correction_id.in_(still)))


def apply_changes(tx: Tx, correction_id: int) -> int:
    """Write the new scores into the attempts in one statement; return how many they are."""
    mine = sa.and_(
        score_changes.c.attempt_id == attempts.c.id, score_changes.c.correction_id == correction_id
    )

    def new(name: str) -> Any:
        return sa.select(score_changes.c[name]).where(mine).scalar_subquery()

    touched = sa.select(score_changes.c.attempt_id).where(
        score_changes.c.correction_id == correction_id
    )
    tx.execute(
        sa.update(attempts)
        .where(attempts.c.id.in_(touched))
        .values(score_cp=new("new_cp"), right_count=new("new_right"), item_cp=new("new_item_cp"))
    )
    return int(
        tx.execute(
            sa.select(sa.func.count())
            .select_from(score_changes)
            .where(score_changes.c.correction_id == correction_id)
        ).scalar_one()
    )


def list_changes_of(tx: Tx, attempt_id: int) -> list[tuple[Correction, ScoreChange]]:
    """Return what applied corrections changed on one attempt, the first one first."""
    rows = tx.execute(
        sa.select(score_changes)
        .join(corrections, corrections.c.id == score_changes.c.correction_id)
        .where(score_changes.c.attempt_id == attempt_id, corrections.c.state == "applied")
        .order_by(corrections.c.decided_at, corrections.c.id)
    ).all()
    return [(get_correction(tx, row.correction_id), _change_of(row)) for row in rows]


def list_changes(tx: Tx, correction_id: int) -> list[ScoreChange]:
    """Return what a correction changed (or, as a draft, has laid down), by attempt."""
    rows = tx.execute(
        sa.select(score_changes)
        .where(score_changes.c.correction_id == correction_id)
        .order_by(score_changes.c.attempt_id)
    )
    return [_change_of(row) for row in rows]


def list_people(tx: Tx, correction_id: int) -> list[ChangedPerson]:
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
