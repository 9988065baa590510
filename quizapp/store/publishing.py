"""Laying a publication down where nobody sees it, making it public, and taking it back.

A board of 27,000 is written in slices, so that nobody else waits long; a board that is taken back
stays where it is, under the number of its publication.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.standings import RankedOfficer, Standing
from quizapp.store.db import Tx
from quizapp.store.ready import ReadyRows, insert_ready, ready_rows
from quizapp.store.standings import Publication, officer_results, publications, unit_results
from quizapp.store.tallies import FIGURES

OF_ATTEMPT = (
    "officer_id", "attempt_id", "unit_id", "scoring_unit_id", "score_cp", "duration_s",
    "submitted_at",
)  # fmt: skip


def officer_rows(ranked: Sequence[RankedOfficer], dialect: sa.Dialect) -> ReadyRows:
    """Return the lines of officers ready for `add_officers`."""
    plain = [
        {name: getattr(row.best, name) for name in OF_ATTEMPT}
        | {"rank": row.rank, "rank_in_city": row.rank_in_city}
        for row in ranked
    ]
    return ready_rows(officer_results, plain, dialect)


def begin_publication(tx: Tx, publication: Publication) -> int:
    """Store a publication that is not public yet; return its id."""
    values = asdict(publication) | {"ties": list(publication.ties), "is_current": False}
    added = tx.execute(sa.insert(publications).values(values).returning(publications.c.id))
    return int(added.scalar_one())


def add_officers(tx: Tx, publication_id: int, lines: ReadyRows) -> None:
    """Add lines of officers to a publication that is not public yet."""
    insert_ready(tx, lines, publication_id=[publication_id] * len(lines.rows))


def add_units(tx: Tx, publication_id: int, boards: Mapping[str, Iterable[Standing]]) -> None:
    """Add the boards of units by level (city, county) to one that is not public yet."""
    rows = [
        _plain_standing(standing) | {"publication_id": publication_id, "level": level}
        for level, standings in boards.items()
        for standing in standings
    ]
    if rows:
        tx.execute(sa.insert(unit_results), rows)


def _plain_standing(standing: Standing) -> dict[str, Any]:
    tally = standing.tally
    return {name: getattr(tally, name) for name in (*FIGURES, "max_cp")} | {
        "unit_id": tally.unit.id,
        "value_cp": standing.value_cp,
        "rank": standing.rank,
        "reason": standing.reason,
    }


def make_current(tx: Tx, publication_id: int) -> None:
    """Let this publication be the one everybody reads."""
    tx.execute(_one(publication_id).values(is_current=True))


def take_back(
    tx: Tx, exam_id: int, *, reason: str, by: int, correction_id: int | None, now: datetime
) -> None:
    """Let the exam have no public results; their boards stay as they were."""
    tx.execute(
        sa.update(publications)
        .where(publications.c.exam_id == exam_id, publications.c.is_current)
        .values(
            is_current=False,
            withdrawn_at=now,
            withdrawn_by=by,
            reason=reason,
            correction_id=correction_id,
        )
    )


def list_unfinished(tx: Tx, exam_id: int) -> list[int]:
    """Return the publications of an exam that never became public: somebody gave up or died."""
    return list(
        tx.execute(
            sa.select(publications.c.id).where(
                publications.c.exam_id == exam_id,
                sa.not_(publications.c.is_current),
                publications.c.withdrawn_at.is_(None),
            )
        ).scalars()
    )


def drop_unfinished(tx: Tx, publication_id: int, limit: int) -> bool:
    """Delete up to `limit` lines of a publication that never became public; True: all is gone."""
    mine = officer_results.c.publication_id == publication_id
    some = sa.select(officer_results.c.officer_id).where(mine).limit(limit)
    gone = tx.execute(
        sa.delete(officer_results).where(mine, officer_results.c.officer_id.in_(some))
    ).rowcount  # type: ignore[attr-defined]
    if gone == limit:
        return False
    tx.execute(sa.delete(unit_results).where(unit_results.c.publication_id == publication_id))
    tx.execute(sa.delete(publications).where(publications.c.id == publication_id))
    return True


def _one(publication_id: int) -> sa.Update:
    return sa.update(publications).where(publications.c.id == publication_id)
