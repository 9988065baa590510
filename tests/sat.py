"""A small competition that was sat and marked: who answers what is decided by the caller."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from quizapp.domain.assembly import PaperItem
from quizapp.domain.bank import Question
from quizapp.domain.corrections import Draft
from quizapp.domain.exams import Blueprint, Cell, Exam
from quizapp.domain.ids import OfficerId, VersionId
from quizapp.domain.people import Viewer
from quizapp.domain.scoring import question_of, shown_key
from quizapp.service import closing, corrections, laying
from quizapp.service.drawing import draw_paper
from quizapp.service.questions import load_questions
from quizapp.store.attempts import NewAttempt, add_attempt, answer_events, attempts
from quizapp.store.db import Tx, transaction
from tests.factories import (
    NOW,
    make_exam,
    make_officer,
    make_question,
    make_questions,
    make_viewer,
)

OVER = NOW + timedelta(hours=8)
"""After the exam, all papers closed."""
FIXED = Blueprint((Cell("single", 4, 100), Cell("multiple", 2, 200), Cell("judge", 2, 100)))
"""Eight items, ten points; with exactly as many questions everybody has the same ones."""

Answering = Callable[[int, PaperItem, str], str]
"""From the number of the officer (0-based), the item and its shown key to the stored response."""


@dataclass
class Sat:
    """The exam, its officers and attempts in order, and the versions by type."""

    exam: Exam
    organizer: Viewer
    officers: list[OfficerId]
    attempts: list[int]
    versions: dict[str, list[VersionId]]


def sit_exam(
    answering: Answering, *, people: int = 12, spare: int = 0, units: Sequence[str] = ("130502",),
    cases: Sequence[Question] = (), now: datetime = NOW, **over: Any,
) -> Sat:  # fmt: skip
    """Hold an exam with FIXED papers (`spare`: further questions per type) and close it.

    `cases`: are in the bank besides, for a blueprint of the caller's.
    """
    facts: dict[str, Any] = {
        "blueprint": FIXED, "duration_s": 3600,
        "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=7),
    }  # fmt: skip
    with transaction() as tx:
        organizer = make_viewer(tx, "organizer")
        versions = {
            kind: make_questions(tx, kind, count + spare)
            for kind, count in (("single", 4), ("multiple", 2), ("judge", 2))
        }
        versions["case"] = [VersionId(make_question(tx, question)) for question in cases]
        officers = [make_officer(tx, units[no % len(units)]) for no in range(people)]
    exam = make_exam(organizer, now=now, **(facts | over))
    sat = Sat(exam, organizer, officers, [], versions)
    sit_again(sat, answering)
    return sat


def sit_again(sat: Sat, answering: Answering, *, try_no: int = 1) -> None:
    """Let everybody sit once (more), with the same papers, and close the attempts."""
    with transaction() as tx:
        sat.attempts += [
            _sit(tx, sat.exam, officer, (no, try_no), answering)
            for no, officer in enumerate(sat.officers)
        ]
    closing.close_expired(now=sat.exam.opens_at + timedelta(hours=1) + (OVER - NOW), allowance_s=0)


def _sit(
    tx: Tx, exam: Exam, officer_id: OfficerId, which: tuple[int, int], answering: Answering
) -> int:
    no, try_no = which
    now = exam.opens_at + timedelta(hours=1)
    items = draw_paper(tx, exam, seed=f"sat{no}")
    place = tx.execute(
        sa.text("SELECT unit_id, scoring_unit_id FROM exam_roster WHERE officer_id = :id"),
        {"id": officer_id},
    ).one()
    added = add_attempt(
        tx,
        NewAttempt(
            exam_id=exam.id, officer_id=officer_id, try_no=try_no, unit_id=place.unit_id,
            scoring_unit_id=place.scoring_unit_id, seed=f"sat{no}", items=items, started_at=now,
            limit_s=3600, extra_s=0, due_at=now + timedelta(hours=1), one_device=True, device=None,
        ),
    )  # fmt: skip
    assert added is not None
    questions = load_questions(tx, [item.version_id for item in items])
    for place_no, item in enumerate(items, 1):
        at = now + timedelta(seconds=10 * place_no)
        response = answering(no, item, shown_key(item, question_of(item, questions)))
        tx.execute(
            sa.insert(answer_events).values(
                attempt_id=added, no=place_no, seq=1, response=response, flagged=False,
                given_at=at, received_at=at,
            )
        )  # fmt: skip
    return int(added)


def draft_ruling(viewer: Viewer, ruled: Draft, *, now: datetime) -> int:
    """Draft a correction and lay its dry run down; return its id."""
    correction_id = corrections.draft(viewer, ruled, now=now)
    laying.lay_down(correction_id, now=now)
    return correction_id


def scores(tx: Tx, sat: Sat) -> list[int]:
    """Return the scores of the attempts, in order."""
    rows = tx.execute(sa.select(attempts.c.id, attempts.c.score_cp))
    found = {row.id: row.score_cp for row in rows}
    return [found[attempt_id] for attempt_id in sat.attempts]
