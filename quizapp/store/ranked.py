"""Officers by the attempt that counts: the lines of their board, read-only."""

from typing import Any

import sqlalchemy as sa

from quizapp.domain.exams import Exam
from quizapp.domain.ids import AttemptId, OfficerId, UnitId
from quizapp.domain.people import Place
from quizapp.domain.standings import Best, OfficerRow, Span
from quizapp.store.db import Tx
from quizapp.store.people import officers, units
from quizapp.store.places import place_columns, place_of
from quizapp.store.shown import shown_attempts
from quizapp.store.tallies import inside

city = units.alias("city")
BEST_COLUMNS = (
    "officer_id", "unit_id", "scoring_unit_id", "score_cp", "duration_s", "submitted_at",
    "right_count",
)  # fmt: skip
TIE_COLUMNS = {"least_time": "duration_s", "earliest": "submitted_at", "most_right": "right_count"}
"""The ties of `domain.standings` as columns, the smaller first; a test holds the two together."""


def _best_attempts(exam: Exam) -> Any:
    """Return the select of each officer's attempt that counts, with ranks 1, 1, 3 as columns."""
    seen = shown_attempts(exam.id)
    order = [-seen.c.score_cp, *(_tie_of(seen, key) for key in exam.ties)]
    own = sa.func.row_number().over(partition_by=seen.c.officer_id, order_by=[*order, seen.c.id])
    marked = (
        sa.select(
            seen.c.id.label("attempt_id"),
            own.label("no"),
            *(seen.c[name] for name in BEST_COLUMNS),
        )
        .where(seen.c.score_cp.is_not(None))
        .subquery()
    )
    return sa.select(marked).where(marked.c.no == 1)


def list_best(tx: Tx, exam: Exam) -> list[Best]:
    """Return the attempt that counts of every officer who took part; no order."""
    rows = tx.execute(_best_attempts(exam)).mappings()
    return [
        Best(attempt_id=AttemptId(row["attempt_id"]), **{name: row[name] for name in BEST_COLUMNS})
        for row in rows
    ]


def list_live_officers(
    tx: Tx, exam: Exam, *, span: Span | None, city_id: UnitId | None, limit: int, offset: int
) -> list[OfficerRow]:
    """Return a page of the board as it would stand now, in its order; ranks are of the province."""
    best = _best_attempts(exam).subquery()
    order = [-best.c.score_cp, *(_tie_of(best, key) for key in exam.ties)]
    ranked = sa.select(
        best,
        sa.func.rank().over(order_by=order).label("rank"),
        sa.func.rank()
        .over(partition_by=best.c.scoring_unit_id, order_by=order)
        .label("rank_in_city"),
    ).subquery()
    rows = tx.execute(
        with_names(ranked)
        .where(inside(ranked, span, city_id))
        .order_by(ranked.c.rank, ranked.c.officer_id)
        .limit(limit)
        .offset(offset)
    ).mappings()
    return [officer_row(row) for row in rows]


def _tie_of(best: Any, key: str) -> Any:
    column = best.c[TIE_COLUMNS[key]]
    return -column if key == "most_right" else column


def with_names(ranked: Any) -> Any:
    """Return a select of board lines with the officer's, the unit's and the city's names."""
    names = (
        "officer_id", "rank", "rank_in_city", "score_cp", "duration_s", "submitted_at",
    )  # fmt: skip
    return (
        sa.select(
            *(ranked.c[name] for name in names),
            ranked.c.scoring_unit_id.label("frozen_id"),
            officers.c.name.label("officer_name"),
            officers.c.badge_no,
            city.c.name.label("city_name"),
            *place_columns(units, "unit_"),
        )
        .join(officers, officers.c.id == ranked.c.officer_id)
        .join(units, units.c.id == ranked.c.unit_id)
        .join(city, city.c.id == ranked.c.scoring_unit_id)
    )


def officer_row(row: Any) -> OfficerRow:
    """Return the board line of a row selected by `with_names`; its place is the frozen one."""
    seen = place_of(row, "unit_")
    return OfficerRow(
        officer_id=OfficerId(row["officer_id"]),
        name=row["officer_name"],
        badge_no=row["badge_no"],
        unit=Place(
            seen.id, seen.code, seen.name, seen.level, seen.parent_id, row["frozen_id"],
            seen.is_ranked,
        ),
        city_name=row["city_name"],
        rank=row["rank"],
        rank_in_city=row["rank_in_city"],
        score_cp=row["score_cp"],
        duration_s=row["duration_s"],
        submitted_at=row["submitted_at"],
    )  # fmt: skip
