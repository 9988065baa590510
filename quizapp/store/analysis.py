"""Analyses of finished exams as they were computed, and the papers they are computed from."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.item_figures import Analysis, analysis_from_plain
from quizapp.domain.item_history import Sighting
from quizapp.store.attempts import attempts
from quizapp.store.corrections import corrections
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.exams import exams
from quizapp.store.sittings import Marked, list_marked

exam_analyses = sa.Table(
    "exam_analyses",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("computed_at", UTCDateTime, nullable=False),
    sa.Column("computed_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("marks", sa.JSON, nullable=False),  # the state of the marks it was computed from
    sa.Column("body", sa.JSON, nullable=False),  # domain.item_figures.Analysis
)

item_figures = sa.Table(  # the items of the analyses, to be found by question
    "item_figures",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), primary_key=True, index=True),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),  # of a case; else -1
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("facility", sa.Float),  # empty: a small group, or void
    sa.Column("discrimination", sa.Float),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("is_void", sa.Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """An analysis and when it was computed; `marks` changes whenever a mark of the exam does."""

    exam_id: ExamId
    computed_at: datetime
    computed_by: OfficerId
    marks: tuple[int, ...]
    analysis: Analysis


def find_analysis(tx: Tx, exam_id: int) -> StoredAnalysis | None:
    """Return the stored analysis of an exam, or None."""
    row = tx.execute(
        sa.select(exam_analyses).where(exam_analyses.c.exam_id == exam_id)
    ).one_or_none()
    if row is None:
        return None
    return StoredAnalysis(
        ExamId(row.exam_id),
        row.computed_at,
        OfficerId(row.computed_by),
        tuple(row.marks),
        analysis_from_plain(row.body),
    )


def put_analysis(tx: Tx, stored: StoredAnalysis) -> None:
    """Let this analysis take the place of the one before."""
    tx.execute(sa.delete(exam_analyses).where(exam_analyses.c.exam_id == stored.exam_id))
    tx.execute(
        sa.insert(exam_analyses).values(
            exam_id=stored.exam_id,
            computed_at=stored.computed_at,
            computed_by=stored.computed_by,
            marks=list(stored.marks),
            body=asdict(stored.analysis),
        )
    )
    tx.execute(sa.delete(item_figures).where(item_figures.c.exam_id == stored.exam_id))
    names = ("version_id", "part", "n", "facility", "discrimination", "is_void")
    rows = [
        {name: getattr(item, name) for name in names}
        | {"exam_id": stored.exam_id, "flags": list(item.flags)}
        for item in stored.analysis.items
    ]
    if rows:
        tx.execute(sa.insert(item_figures), rows)


def list_sightings(tx: Tx, version_ids: Iterable[int], now: datetime) -> list[Sighting]:
    """Return the figures of these versions at exams whose results are public, the latest first."""
    figure = item_figures.c
    later = sa.exists().where(
        corrections.c.exam_id == figure.exam_id,
        corrections.c.state == "applied",
        corrections.c.decided_at > exam_analyses.c.computed_at,
    )
    rows = tx.execute(
        sa.select(
            figure.exam_id, exams.c.title, exams.c.opens_at.label("held_at"), figure.version_id,
            figure.part, figure.n, figure.facility, figure.discrimination, figure.flags,
            figure.is_void, later.label("is_old"),
        )
        .join(exams, exams.c.id == figure.exam_id)
        .join(exam_analyses, exam_analyses.c.exam_id == figure.exam_id)
        .where(
            figure.version_id.in_(list(version_ids)),
            exams.c.state == "published",
            exams.c.results_published_at <= now,
        )
        .order_by(exams.c.opens_at.desc(), exams.c.id.desc(), figure.part)
    ).mappings()  # fmt: skip
    return [Sighting(**(dict(row) | {"flags": tuple(row["flags"])})) for row in rows]


def list_first_ids(tx: Tx, exam_id: int) -> list[int]:
    """Return the first marked attempt of every officer at the exam, by id."""
    mine = attempts.c
    first = (
        sa.select(mine.officer_id, sa.func.min(mine.try_no).label("try_no"))
        .where(mine.exam_id == exam_id, mine.score_cp.is_not(None))
        .group_by(mine.officer_id)
        .subquery()
    )
    return list(
        tx.execute(
            sa.select(mine.id)
            .join(first, sa.and_(first.c.officer_id == mine.officer_id,
                                 first.c.try_no == mine.try_no))
            .where(mine.exam_id == exam_id)
            .order_by(mine.id)
        ).scalars()
    )  # fmt: skip


def iter_first(tx: Tx, exam_id: int, *, slice_size: int) -> Iterator[list[Marked]]:
    """Yield the first marked attempts of all officers, in slices in the order of their ids."""
    ids = list_first_ids(tx, exam_id)
    for at in range(0, len(ids), slice_size):
        yield list_marked(tx, ids[at : at + slice_size])


def list_analysed(tx: Tx, exam_ids: list[int]) -> dict[int, datetime]:
    """Return when each of these exams was analysed; those never analysed are left out."""
    rows = tx.execute(
        sa.select(exam_analyses.c.exam_id, exam_analyses.c.computed_at).where(
            exam_analyses.c.exam_id.in_(exam_ids)
        )
    )
    return {row.exam_id: row.computed_at for row in rows}
