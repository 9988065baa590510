"""How far a correction is: its dry run laid down paper by paper, its new scores written likewise.

Whoever goes on with a run says so by `begun_at`; of two the one that began later wins.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.dry_runs import (
    Consequences,
    Moves,
    consequences_from_plain,
    consequences_to_plain,
    moves_from_plain,
    moves_to_plain,
)
from quizapp.store.corrections import corrections
from quizapp.store.db import Tx, UTCDateTime, metadata

LAYING, LAID, WRITING, CREDITING, DONE = "laying", "laid", "writing", "crediting", "done"

correction_runs = sa.Table(
    "correction_runs",
    metadata,
    sa.Column("correction_id", sa.ForeignKey("corrections.id"), primary_key=True),
    sa.Column("step", sa.String(10), nullable=False),
    sa.Column("begun_at", UTCDateTime, nullable=False),
    sa.Column("moved_at", UTCDateTime, nullable=False),  # the last sign of life
    sa.Column("done", sa.Integer, nullable=False),  # papers, while crediting officers
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("last_id", sa.Integer, nullable=False),  # the last attempt that is done
    sa.Column("marks", sa.JSON, nullable=False),  # what it was computed from
    sa.Column("is_redone", sa.Boolean, nullable=False),  # marks had changed since the one before
    sa.Column("suspend", sa.Boolean, nullable=False),  # the question, once it is in force
    sa.Column("moves", sa.JSON),  # domain.dry_runs.Moves
    sa.Column("consequences", sa.LargeBinary),  # domain.dry_runs.Consequences, packed
)


@dataclass(frozen=True, slots=True)
class Run:
    """How far a correction is. `moves` once it is laid down."""

    correction_id: int
    step: str
    begun_at: datetime
    moved_at: datetime
    done: int
    total: int
    last_id: int
    marks: tuple[Any, ...]
    is_redone: bool
    suspend: bool
    moves: Moves | None


_COLUMNS = tuple(correction_runs.c[field.name] for field in fields(Run))


def find_run(tx: Tx, correction_id: int) -> Run | None:
    """Return how far a correction is, or None before its first dry run."""
    row = tx.execute(sa.select(*_COLUMNS).where(_one(correction_id))).mappings().one_or_none()
    if row is None:
        return None
    moves = None if row["moves"] is None else moves_from_plain(row["moves"])
    return Run(**(dict(row) | {"marks": tuple(row["marks"]), "moves": moves}))


def put_run(
    tx: Tx, correction_id: int, marks: tuple[Any, ...], *, is_redone: bool, now: datetime
) -> None:
    """Begin a dry run, in place of the one before."""
    tx.execute(sa.delete(correction_runs).where(_one(correction_id)))
    tx.execute(
        sa.insert(correction_runs).values(
            correction_id=correction_id,
            step=LAYING,
            begun_at=now,
            moved_at=now,
            done=0,
            total=0,
            last_id=0,
            marks=list(marks),
            is_redone=is_redone,
            suspend=False,
        )
    )


def move_run(tx: Tx, run: Run, at: datetime, **values: Any) -> bool:
    """Leave a sign of life and what else is new; False when somebody else goes on with it."""
    moved = tx.execute(
        sa.update(correction_runs)
        .where(_one(run.correction_id), correction_runs.c.begun_at == run.begun_at)
        .values(moved_at=at, **values)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def laid_values(moves: Moves, found: Consequences) -> dict[str, Any]:
    """Return what `move_run` takes of a dry run that is complete."""
    plain = json.dumps(consequences_to_plain(found), ensure_ascii=False).encode()
    return {
        "step": LAID,
        "moves": moves_to_plain(moves),
        "consequences": zlib.compress(plain, 1),
    }


def get_consequences(tx: Tx, correction_id: int) -> Consequences:
    """Return all that a laid down correction moves."""
    packed = tx.execute(
        sa.select(correction_runs.c.consequences).where(_one(correction_id))
    ).scalar_one()
    plain: Mapping[str, Any] = json.loads(zlib.decompress(packed))
    return consequences_from_plain(plain)


def list_unfinished(tx: Tx, before: datetime) -> list[int]:
    """Return the corrections decided on that nobody has gone on with since a moment."""
    return list(
        tx.execute(
            sa.select(correction_runs.c.correction_id)
            .join(corrections, corrections.c.id == correction_runs.c.correction_id)
            .where(
                corrections.c.state.in_(("applying", "applied")),
                correction_runs.c.step.in_((WRITING, CREDITING)),
                correction_runs.c.moved_at < before,
            )
        ).scalars()
    )


def _one(correction_id: int) -> Any:
    return correction_runs.c.correction_id == correction_id
