"""Key corrections and what each of them changed: the old scores stay here for good."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.corrections import Correction, Draft
from quizapp.domain.errors import NotFound
from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.prizes import Effects, effects_from_plain, effects_to_plain
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.people import officers

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
    sa.Column("state", sa.String(10), nullable=False),  # draft | applying | applied | dropped
    sa.Column("drafted_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("drafted_at", UTCDateTime, nullable=False),
    sa.Column("decided_by", sa.ForeignKey("officers.id")),
    sa.Column("decided_at", UTCDateTime),
    sa.Column("note", sa.String(300), nullable=False, server_default=""),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),  # attempts
    sa.Column("effects", sa.JSON),  # domain.prizes.Effects; empty before it is in force
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
    """Turn a draft into `state`: applying or dropped."""
    tx.execute(
        sa.update(corrections)
        .where(corrections.c.id == correction_id, corrections.c.state == "draft")
        .values(state=state, decided_by=by, decided_at=now, note=note, changed=changed)
    )


def finish_correction(tx: Tx, correction_id: int) -> None:
    """Put in force what was being written: from now on everybody reads the new scores."""
    tx.execute(
        sa.update(corrections)
        .where(corrections.c.id == correction_id, corrections.c.state == "applying")
        .values(state="applied")
    )


def is_applying(tx: Tx, exam_id: int) -> bool:
    """Say whether a correction of the exam writes its scores at this moment."""
    found = tx.execute(
        sa.select(corrections.c.id).where(
            corrections.c.exam_id == exam_id, corrections.c.state == "applying"
        )
    )
    return found.first() is not None


def put_effects(tx: Tx, correction_id: int, effects: Effects) -> None:
    """Keep what a correction moved besides scores."""
    tx.execute(
        sa.update(corrections)
        .where(corrections.c.id == correction_id)
        .values(effects=effects_to_plain(effects))
    )


def get_effects(tx: Tx, correction_id: int) -> Effects:
    """Return what a correction moved besides scores; nothing while it is not in force."""
    plain = tx.execute(
        sa.select(corrections.c.effects).where(corrections.c.id == correction_id)
    ).scalar_one()
    return effects_from_plain(plain) if plain else Effects()


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
