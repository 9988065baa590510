"""试题报错: what officers report after an exam and what trainers answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import NotFound
from quizapp.domain.scopes import Reach
from quizapp.store.attempts import attempts
from quizapp.store.bank import question_versions, questions, read_whole
from quizapp.store.db import Tx, UTCDateTime, insert_new, metadata
from quizapp.store.exams import exams
from quizapp.store.people import officers, units

fault_reports = sa.Table(
    "fault_reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("question_id", sa.ForeignKey("questions.id"), nullable=False, index=True),
    sa.Column("version_id", sa.ForeignKey("question_versions.id"), nullable=False),
    sa.Column("attempt_id", sa.ForeignKey("attempts.id"), nullable=False),
    sa.Column("no", sa.Integer, nullable=False),  # number on the officer's own paper
    sa.Column("officer_id", sa.ForeignKey("officers.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("text", sa.String(500), nullable=False),
    sa.Column("reported_at", UTCDateTime, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=False, server_default=""),  # empty: open
    sa.Column("answer", sa.String(500), nullable=False, server_default=""),
    sa.Column("answered_by", sa.ForeignKey("officers.id")),
    sa.Column("answered_at", UTCDateTime),
    sa.UniqueConstraint("attempt_id", "no"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A report with its answer. `unit`: the reporter's; the name stays with the store.

    `closes_at`: when the exam ends.
    """

    id: int
    code: str
    scope: str
    state: str
    version: int
    stem: str
    attempt_id: int
    no: int
    officer_id: int
    unit: str
    kind: str
    text: str
    reported_at: datetime
    outcome: str
    answer: str
    answered_at: datetime | None
    closes_at: datetime

    @property
    def law_day(self) -> date:
        """The day whose law the exam was held by."""
        return civil_date(self.closes_at)


_FAULTS = (
    sa.select(
        fault_reports.c.id,
        questions.c.code,
        questions.c.scope,
        questions.c.state,
        question_versions.c.version,
        question_versions.c.body["stem"].as_string().label("stem"),
        fault_reports.c.attempt_id,
        fault_reports.c.no,
        fault_reports.c.officer_id,
        units.c.name.label("unit"),
        fault_reports.c.kind,
        fault_reports.c.text,
        fault_reports.c.reported_at,
        fault_reports.c.outcome,
        fault_reports.c.answer,
        fault_reports.c.answered_at,
        exams.c.closes_at,
    )
    .join(attempts, attempts.c.id == fault_reports.c.attempt_id)
    .join(exams, exams.c.id == attempts.c.exam_id)
    .join(questions, questions.c.id == fault_reports.c.question_id)
    .join(question_versions, question_versions.c.id == fault_reports.c.version_id)
    .join(officers, officers.c.id == fault_reports.c.officer_id)
    .join(units, units.c.id == officers.c.unit_id)
)


def _fault(row: Any) -> Fault:
    return Fault(*row)


def add_fault(
    tx: Tx,
    version_id: int,
    *,
    attempt_id: int,
    no: int,
    officer_id: int,
    kind: str,
    text: str,
    now: datetime,
) -> int | None:
    """Keep a report; return its id, or None when this item of the paper was reported before."""
    question_id = tx.execute(
        sa.select(question_versions.c.question_id).where(question_versions.c.id == version_id)
    ).scalar_one()
    added = tx.execute(
        insert_new(tx, fault_reports)
        .values(
            question_id=question_id,
            version_id=version_id,
            attempt_id=attempt_id,
            no=no,
            officer_id=officer_id,
            kind=kind,
            text=text,
            reported_at=now,
        )
        .returning(fault_reports.c.id)
    )
    return added.scalar_one_or_none()


def list_faults(tx: Tx, reach: Reach, *, is_open: bool) -> list[Fault]:
    """Return reports on questions of banks read whole: open ones oldest first, else newest.

    At most 500.
    """
    query = _FAULTS.where(
        fault_reports.c.outcome == "" if is_open else fault_reports.c.outcome != "",
        read_whole(reach),
    )
    order = fault_reports.c.id if is_open else fault_reports.c.id.desc()
    return [_fault(row) for row in tx.execute(query.order_by(order).limit(500))]


def list_of_question(tx: Tx, question_id: int) -> list[Fault]:
    """Return all reports on a question, newest first."""
    query = _FAULTS.where(fault_reports.c.question_id == question_id)
    return [_fault(row) for row in tx.execute(query.order_by(fault_reports.c.id.desc()))]


def list_own(tx: Tx, officer_id: int, *, attempt_id: int | None = None) -> list[Fault]:
    """Return what an officer reported, newest first; `attempt_id`: of that paper alone."""
    query = _FAULTS.where(fault_reports.c.officer_id == officer_id)
    if attempt_id is not None:
        query = query.where(fault_reports.c.attempt_id == attempt_id)
    return [_fault(row) for row in tx.execute(query.order_by(fault_reports.c.id.desc()))]


def get_fault(tx: Tx, fault_id: int, *, lock: bool = False) -> Fault:
    """Return a report. Raises NotFound("fault_not_found")."""
    query = _FAULTS.where(fault_reports.c.id == fault_id)
    row = tx.execute(query.with_for_update(of=fault_reports) if lock else query).first()
    if row is None:
        raise NotFound("fault_not_found")
    return _fault(row)


def close_fault(
    tx: Tx, fault_id: int, outcome: str, answer: str, *, answered_by: int, now: datetime
) -> None:
    """Answer a report."""
    tx.execute(
        sa.update(fault_reports)
        .where(fault_reports.c.id == fault_id)
        .values(outcome=outcome, answer=answer, answered_by=answered_by, answered_at=now)
    )
