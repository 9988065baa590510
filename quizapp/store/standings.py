"""Boards: counting what is there, and the snapshot that is published."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.ids import ExamId, OfficerId, UnitId
from quizapp.domain.metrics.base import Tally
from quizapp.domain.standings import OfficerRow, Standing
from quizapp.store.awards import awards
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.people import units
from quizapp.store.places import place_columns, place_of
from quizapp.store.ranked import officer_row, with_names
from quizapp.store.tallies import FIGURES, inside
from quizapp.store.training import hour_postings

publications = sa.Table(  # a published board is a stored object, not a filter
    "publications",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False, index=True),
    # false: its boards are still being laid down, or it was taken back
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("published_at", UTCDateTime, nullable=False),
    sa.Column("published_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("metric", sa.String(40), nullable=False),
    sa.Column("ties", sa.JSON, nullable=False),
    sa.Column("rules_text", sa.Text, nullable=False),
    sa.Column("min_participation_bp", sa.Integer, nullable=False),
    sa.Column("totals", sa.JSON, nullable=False),  # the sums over all units
    sa.Column("withdrawn_at", UTCDateTime),
    sa.Column("withdrawn_by", sa.ForeignKey("officers.id")),
    sa.Column("reason", sa.String(300), nullable=False, server_default=""),
    sa.Column("correction_id", sa.ForeignKey("corrections.id")),  # empty: taken back by hand
    sa.Index("ix_publications_current", "exam_id", unique=True,
             sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")),
)  # fmt: skip

officer_results = sa.Table(  # the best attempt of each officer, as published
    "officer_results",
    metadata,
    sa.Column("publication_id", sa.ForeignKey("publications.id"), primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), nullable=False),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("score_cp", sa.Integer, nullable=False),
    sa.Column("duration_s", sa.Integer, nullable=False),
    sa.Column("submitted_at", UTCDateTime, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("rank_in_city", sa.Integer, nullable=False),
    sa.Index("ix_officer_results_rank", "publication_id", "rank"),
)

unit_results = sa.Table(
    "unit_results",
    metadata,
    sa.Column("publication_id", sa.ForeignKey("publications.id"), primary_key=True),
    sa.Column("level", sa.String(10), primary_key=True),  # city | county
    sa.Column("unit_id", sa.ForeignKey("units.id"), primary_key=True),
    sa.Column("eligible", sa.Integer, nullable=False),
    sa.Column("participants", sa.Integer, nullable=False),
    sa.Column("score_sum_cp", sa.BigInteger, nullable=False),
    sa.Column("passed", sa.Integer, nullable=False),
    sa.Column("excellent", sa.Integer, nullable=False),
    sa.Column("full_marks", sa.Integer, nullable=False),
    sa.Column("top_cp", sa.Integer, nullable=False),
    sa.Column("max_cp", sa.Integer, nullable=False),
    sa.Column("value_cp", sa.Integer),  # 综合得分 as shown, centi-points; NULL: not ranked
    sa.Column("rank", sa.Integer),
    sa.Column("reason", sa.String(12)),  # why without a rank: outside | no_roster | below_floor
)


@dataclass(frozen=True, slots=True)
class Publication:
    """The rule text and the totals under which results were published."""

    exam_id: ExamId
    published_at: datetime
    published_by: OfficerId
    metric: str
    ties: tuple[str, ...]
    rules_text: str
    min_participation_bp: int
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Found(Publication):
    """A publication with what there is beside it: former boards, confirmed awards."""

    has_former: bool
    has_awards: bool


def find_publication(tx: Tx, exam_id: int) -> Found | None:
    """Return how the exam's results are public, or None."""
    other = publications.alias()
    former = sa.exists().where(other.c.exam_id == exam_id, other.c.withdrawn_at.is_not(None))
    given = sa.exists().where(awards.c.exam_id == exam_id, awards.c.locked_at.is_not(None))
    row = tx.execute(
        sa.select(
            *(publications.c[field.name] for field in fields(Publication)),
            former.label("has_former"),
            given.label("has_awards"),
        ).where(publications.c.exam_id == exam_id, publications.c.is_current)
    ).mappings().one_or_none()  # fmt: skip
    return Found(**(dict(row) | {"ties": tuple(row["ties"])})) if row else None


def _current(exam_id: int) -> Any:
    return (
        sa.select(publications.c.id)
        .where(publications.c.exam_id == exam_id, publications.c.is_current)
        .scalar_subquery()
    )


def list_unit_results(tx: Tx, exam_id: int, level: str) -> list[Standing]:
    """Return the published board of units in its order: by rank, those without one last."""
    rows = tx.execute(
        sa.select(unit_results, *place_columns(units, "place_"))
        .join(units, units.c.id == unit_results.c.unit_id)
        .where(unit_results.c.publication_id == _current(exam_id), unit_results.c.level == level)
        .order_by(unit_results.c.rank.is_(None), unit_results.c.rank, units.c.code)
    ).mappings()
    return [
        Standing(
            Tally(
                unit=place_of(row, "place_"),
                max_cp=row["max_cp"],
                **{name: row[name] for name in FIGURES},
            ),
            row["value_cp"],
            row["rank"],
            row["reason"],
        )
        for row in rows
    ]


def list_officer_results(
    tx: Tx,
    exam_id: int,
    *,
    city_id: UnitId | None,
    limit: int,
    offset: int,
    own_id: int | None = None,
) -> tuple[list[OfficerRow], OfficerRow | None]:
    """Return a page of the published officers' board in its order, and the line of `own_id`."""
    results = officer_results.c
    lines = sa.select(officer_results).where(results.publication_id == _current(exam_id))
    page = (
        lines.where(inside(officer_results, None, city_id))
        .order_by(results.rank, results.officer_id)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    own = lines.where(results.officer_id == (own_id or 0)).subquery()
    rows = tx.execute(
        sa.union_all(
            with_names(page).add_columns(sa.literal(0).label("is_own")),
            with_names(own).add_columns(sa.literal(1).label("is_own")),
        ).order_by("is_own", "rank", "officer_id")
    ).mappings()
    found = [(row["is_own"], officer_row(row)) for row in rows]
    return (
        [line for is_own, line in found if not is_own],
        next((line for is_own, line in found if is_own), None),
    )


def contest_credits(tx: Tx, exam_id: int) -> dict[int, int]:
    """Return the hours (hundredths) posted for this exam by officer, reversals taken off."""
    own = sa.select(hour_postings.c.id).where(
        hour_postings.c.source.startswith(f"contest:{exam_id}:", autoescape=True)
    )
    rows = tx.execute(
        sa.select(hour_postings.c.officer_id, sa.func.sum(hour_postings.c.credit_ch))
        .where(sa.or_(hour_postings.c.id.in_(own), hour_postings.c.reverses_id.in_(own)))
        .group_by(hour_postings.c.officer_id)
    )
    return {officer_id: int(credit) for officer_id, credit in rows}
