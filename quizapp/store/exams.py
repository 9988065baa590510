"""Competitions: their tables, and the statements that read and plan them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.exams import (
    Exam,
    ExamPlan,
    PoolItem,
    RosterEntry,
    audience_from_plain,
    audience_to_plain,
    blueprint_from_plain,
    blueprint_to_plain,
)
from quizapp.domain.ids import ExamId, OfficerId, UnitId
from quizapp.domain.people import Place
from quizapp.domain.timing import TimeChange
from quizapp.store.bank import POOL_COLUMNS, pool_item, question_versions, questions
from quizapp.store.db import Tx, UTCDateTime, metadata
from quizapp.store.people import units
from quizapp.store.places import place_columns, place_of

exams = sa.Table(
    "exams",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("theme", sa.String(60), nullable=False, server_default=""),  # 主题年
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),  # the organizing unit
    sa.Column("state", sa.String(12), nullable=False),  # draft | published | cancelled
    sa.Column("opens_at", UTCDateTime, nullable=False),
    sa.Column("closes_at", UTCDateTime, nullable=False),
    sa.Column("duration_s", sa.Integer, nullable=False),
    sa.Column("attempts_allowed", sa.Integer, nullable=False),
    sa.Column("blueprint", sa.JSON, nullable=False),  # domain.exams.Blueprint as plain data
    sa.Column("scoring", sa.String(20), nullable=False),  # all_or_nothing | half | sum
    sa.Column("pass_bp", sa.Integer, nullable=False),  # share of full marks, basis points
    sa.Column("good_bp", sa.Integer, nullable=False),
    sa.Column("excellent_bp", sa.Integer, nullable=False),
    sa.Column("ties", sa.JSON, nullable=False),  # ordered keys of domain.standings.TIES
    sa.Column("metric", sa.String(40), nullable=False),  # key on the metrics shelf
    sa.Column("min_participation_bp", sa.Integer, nullable=False, server_default="0"),
    sa.Column("audience", sa.JSON, nullable=False),  # {"units": [code…], "cadre_levels": […]}
    # when each becomes visible to officers: handed_in | closed | published | never
    sa.Column("score_release", sa.String(12), nullable=False),
    sa.Column("answers_release", sa.String(12), nullable=False),
    sa.Column("board_release", sa.String(12), nullable=False),  # published | never
    sa.Column("one_device", sa.Boolean, nullable=False),
    sa.Column("credit_ch", sa.Integer),  # hours for passing, hundredths; empty: the rule's credit
    sa.Column("rules_text", sa.Text, nullable=False, server_default=""),
    sa.Column("seed", sa.String(64), nullable=False),  # secret; papers are drawn from it
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("published_at", UTCDateTime),
    sa.Column("results_published_at", UTCDateTime),
    sa.Column("cancelled_at", UTCDateTime),
    sa.Column("created_by", sa.ForeignKey("officers.id"), nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

exam_pool = sa.Table(  # what may be drawn, frozen at publication
    "exam_pool",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), primary_key=True),
)

exam_roster = sa.Table(  # 应参加人数, frozen at publication
    "exam_roster",
    metadata,
    sa.Column("exam_id", sa.ForeignKey("exams.id"), primary_key=True),
    sa.Column("officer_id", sa.ForeignKey("officers.id"), primary_key=True),
    sa.Column("unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("scoring_unit_id", sa.ForeignKey("units.id"), nullable=False),
    sa.Column("cadre_level", sa.String(10), nullable=False),
    sa.Column("excused_reason", sa.String(200)),
    sa.Index("ix_exam_roster_unit", "exam_id", "scoring_unit_id", "unit_id"),
    sa.Index("ix_exam_roster_officer", "officer_id"),
    sa.Index("ix_exam_roster_excused", "exam_id", "unit_id", "officer_id",
             sqlite_where=sa.text("excused_reason IS NOT NULL"),
             postgresql_where=sa.text("excused_reason IS NOT NULL")),
)  # fmt: skip

time_changes = (
    sa.Table(  # extra time, moved windows, cancellation: never by touching the recorded start
        "time_changes",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("exam_id", sa.ForeignKey("exams.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),  # extra | window | cancel
        sa.Column("officer_id", sa.ForeignKey("officers.id")),  # extra for one; both empty: for all
        sa.Column("unit_id", sa.ForeignKey("units.id")),  # extra for a unit and all below it
        sa.Column("extra_s", sa.Integer),
        sa.Column("opens_at", UTCDateTime),
        sa.Column("closes_at", UTCDateTime),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("made_by", sa.ForeignKey("officers.id"), nullable=False),
        sa.Column("made_at", UTCDateTime, nullable=False),
    )
)


ENDS = (
    sa.select(sa.func.max(time_changes.c.closes_at))
    .where(
        time_changes.c.exam_id == exams.c.id,
        sa.or_(time_changes.c.officer_id.is_not(None), time_changes.c.unit_id.is_not(None)),
    )
    .correlate(exams)
    .scalar_subquery()
)
EXAMS = sa.select(exams, *place_columns(units, "organizer_"), ENDS.label("ends_at")).join(
    units, units.c.id == exams.c.unit_id
)


def get_exam(tx: Tx, exam_id: int) -> Exam:
    """Return the exam. Raises NotFound("exam_not_found")."""
    row = tx.execute(EXAMS.where(exams.c.id == exam_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("exam_not_found")
    return _exam_of(row)


def find_exams(tx: Tx, exam_ids: Iterable[int]) -> dict[ExamId, Exam]:
    """Return those of the exams that are there, by id, in one statement."""
    rows = tx.execute(EXAMS.where(exams.c.id.in_(list(exam_ids)))).mappings()
    return {ExamId(row["id"]): _exam_of(row) for row in rows}


def lock_exam(tx: Tx, exam_id: int) -> Exam:
    """Return the exam; until the end of the transaction nobody else changes it."""
    tx.execute(sa.select(exams.c.id).where(exams.c.id == exam_id).with_for_update())
    return get_exam(tx, exam_id)


def hold_exam(tx: Tx, exam_id: int) -> None:
    """Let nobody change the exam's time until the end of the transaction; many may hold it at once.

    Who starts an attempt holds it first: else a change could miss the attempt that is being made.
    """
    held = sa.select(exams.c.id).where(exams.c.id == exam_id)
    tx.execute(held.with_for_update(read=True, key_share=True))


def list_exams(tx: Tx, states: Sequence[str] = ("draft", "published", "cancelled")) -> list[Exam]:
    """Return the exams of these states, the latest window first."""
    rows = tx.execute(
        EXAMS.where(exams.c.state.in_(states)).order_by(exams.c.opens_at.desc(), exams.c.id.desc())
    ).mappings()
    return [_exam_of(row) for row in rows]


def list_invitations(tx: Tx, officer_id: int) -> list[tuple[Exam, RosterEntry]]:
    """Return the published and cancelled exams on whose roster the officer stands, latest first."""
    rows = tx.execute(
        EXAMS.add_columns(
            exam_roster.c.unit_id.label("roster_unit_id"),
            exam_roster.c.scoring_unit_id.label("roster_scoring_unit_id"),
            exam_roster.c.cadre_level,
            exam_roster.c.excused_reason,
        )
        .join(exam_roster, exam_roster.c.exam_id == exams.c.id)
        .where(exam_roster.c.officer_id == officer_id, exams.c.state != "draft")
        .order_by(exams.c.opens_at.desc(), exams.c.id.desc())
    ).mappings()
    return [
        (
            _exam_of(row),
            RosterEntry(
                ExamId(row["id"]),
                OfficerId(officer_id),
                UnitId(row["roster_unit_id"]),
                UnitId(row["roster_scoring_unit_id"]),
                row["cadre_level"],
                row["excused_reason"],
            ),
        )
        for row in rows
    ]


def get_place(tx: Tx, unit_id: int) -> Place:
    """Return the unit as rights see it. Raises NotFound("unit_not_found")."""
    row = (
        tx.execute(sa.select(*place_columns(units, "")).where(units.c.id == unit_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound("unit_not_found")
    return place_of(row, "")


def _exam_of(row: Any) -> Exam:
    return Exam(
        **{
            name: row[name]
            for name in (
                "id", "title", "theme", "unit_id", "state", "opens_at", "closes_at", "duration_s",
                "attempts_allowed", "scoring", "pass_bp", "good_bp", "excellent_bp", "metric",
                "min_participation_bp", "score_release", "answers_release", "board_release",
                "one_device", "credit_ch", "rules_text", "seed", "revision", "published_at",
                "results_published_at", "cancelled_at", "created_by", "created_at",
            )
        },
        ties=tuple(row["ties"]),
        blueprint=blueprint_from_plain(row["blueprint"]),
        audience=audience_from_plain(row["audience"]),
        last_closes_at=max(row["closes_at"], row["ends_at"] or row["closes_at"]),
        unit=place_of(row, "organizer_"),
    )  # fmt: skip


def _columns_of(plan: ExamPlan) -> dict[str, Any]:
    names = set(ExamPlan.__dataclass_fields__) - {"blueprint", "audience", "ties"}
    return {name: getattr(plan, name) for name in names} | {
        "blueprint": blueprint_to_plain(plan.blueprint),
        "audience": audience_to_plain(plan.audience),
        "ties": list(plan.ties),
    }


def add_exam(tx: Tx, plan: ExamPlan, *, seed: str, created_by: int, now: datetime) -> ExamId:
    """Store a draft; return its id."""
    inserted = tx.execute(
        sa.insert(exams)
        .values(
            **_columns_of(plan), state="draft", seed=seed, created_by=created_by, created_at=now
        )
        .returning(exams.c.id)
    )
    return ExamId(inserted.scalar_one())


def put_plan(tx: Tx, exam_id: int, plan: ExamPlan) -> None:
    """Let `plan` take the place of a draft's plan."""
    tx.execute(
        sa.update(exams)
        .where(exams.c.id == exam_id, exams.c.state == "draft")
        .values(**_columns_of(plan))
    )


def delete_draft(tx: Tx, exam_id: int) -> None:
    """Remove a draft; anything published stays."""
    tx.execute(sa.delete(exams).where(exams.c.id == exam_id, exams.c.state == "draft"))


def mark_published(tx: Tx, exam_id: int, *, now: datetime) -> None:
    """Turn a draft into a published exam."""
    tx.execute(
        sa.update(exams)
        .where(exams.c.id == exam_id, exams.c.state == "draft")
        .values(state="published", published_at=now)
    )


def find_roster_entry(tx: Tx, exam_id: int, officer_id: int) -> RosterEntry | None:
    """Return the officer's row on the frozen roster, or None."""
    row = tx.execute(
        sa.select(exam_roster).where(
            exam_roster.c.exam_id == exam_id, exam_roster.c.officer_id == officer_id
        )
    ).one_or_none()
    return RosterEntry(*row) if row else None


def list_exam_pool(tx: Tx, exam_id: int) -> list[PoolItem]:
    """Return the frozen pool, ordered by question code."""
    version = question_versions.c
    rows = tx.execute(
        sa.select(*POOL_COLUMNS)
        .select_from(question_versions)
        .join(exam_pool, exam_pool.c.version_id == version.id)
        .join(questions, questions.c.id == version.question_id)
        .where(exam_pool.c.exam_id == exam_id)
        .order_by(questions.c.code)
    )
    return [pool_item(row) for row in rows]


def list_changes(tx: Tx, exam_id: int) -> list[TimeChange]:
    """Return every recorded change of time in the order they were made."""
    change = time_changes.c
    rows = tx.execute(
        sa.select(
            change.kind,
            change.officer_id,
            change.unit_id,
            change.extra_s,
            change.opens_at,
            change.closes_at,
        )
        .where(change.exam_id == exam_id)
        .order_by(change.id)
    )
    return [TimeChange(*row) for row in rows]


def mark_results(tx: Tx, exam_id: int, *, published_at: datetime | None) -> None:
    """Set, or take back (None), the moment at which the results became public."""
    tx.execute(
        sa.update(exams).where(exams.c.id == exam_id).values(results_published_at=published_at)
    )
