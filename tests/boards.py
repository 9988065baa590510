"""A small finished competition with figures that can be computed by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from quizapp.domain.exams import Blueprint, Cell, ExamPlan
from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.people import Viewer
from quizapp.store import exams
from quizapp.store.attempts import attempts
from quizapp.store.db import Tx
from quizapp.store.exams import exam_roster, mark_published
from quizapp.store.people import officers, units
from tests.factories import NOW, make_officer, make_viewer, place_of

OPENS = NOW - timedelta(days=2)
CLOSES = NOW - timedelta(days=1)


@dataclass
class Contest:
    """The exam, its people by nickname, and who looks at it."""

    exam_id: ExamId
    people: dict[str, OfficerId]
    organizer: Viewer
    local: Viewer


def make_exam(tx: Tx, organizer: Viewer, **over: Any) -> ExamId:
    """Add a published exam of 20 questions, 100 points, over since yesterday; no roster yet."""
    facts: dict[str, Any] = {
        "title": "2026年法律知识竞赛",
        "unit_id": organizer.place.id,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "blueprint": Blueprint((Cell("single", 20, 500),)),
        "rules_text": "按参与率与平均分之积排名。",
    }
    exam_id = exams.add_exam(
        tx, ExamPlan(**(facts | over)), seed="s", created_by=organizer.officer_id, now=OPENS
    )
    mark_published(tx, exam_id, now=OPENS)
    return exam_id


def sit(
    tx: Tx,
    exam_id: int,
    officer_id: int,
    score: int | None,
    seconds: int = 600,
    *,
    started_s: int = 0,
    **over: Any,
) -> int:
    """Add an attempt with whole points out of 100; `score` None: it still runs. Return its id."""
    unit = tx.execute(
        sa.select(units.c.id, units.c.scoring_unit_id)
        .join(officers, officers.c.unit_id == units.c.id)
        .where(officers.c.id == officer_id)
    ).one()
    tries = tx.execute(
        sa.select(sa.func.count()).select_from(attempts)
        .where(attempts.c.exam_id == exam_id, attempts.c.officer_id == officer_id)
    ).scalar_one()  # fmt: skip
    start = OPENS + timedelta(seconds=started_s)
    facts: dict[str, Any] = {
        "exam_id": exam_id, "officer_id": officer_id, "try_no": tries + 1, "unit_id": unit.id,
        "scoring_unit_id": unit.scoring_unit_id, "seed": "s", "paper": [], "shape": "",
        "max_cp": 10_000, "started_at": start, "limit_s": 3600,
        "due_at": start + timedelta(hours=1), "one_device": True,
    }  # fmt: skip
    if score is not None:
        end = start + timedelta(seconds=seconds)
        facts |= {
            "closed_at": end, "submitted_at": end, "close_reason": "handed_in",
            "duration_s": seconds,
            "answered": 20, "right_count": score // 5, "score_cp": score * 100,
        }  # fmt: skip
    added = tx.execute(sa.insert(attempts).values(facts | over).returning(attempts.c.id))
    return int(added.scalar_one())


def make_contest(tx: Tx, **over: Any) -> Contest:
    """Three cities: 石家庄 3 of 4 took part (90, 80, 70), 邢台 2 of 2 (100, 50), 定州 1 of 2 (90).

    One more in 定州 is excused. Combined: 邢台 75, 石家庄 60, 定州 45.
    """
    people = {
        nick: make_officer(tx, unit, name=f"{nick}某某", badge_no=f"HB-{no:04d}")
        for no, (nick, unit) in enumerate(
            [
                ("甲", "130102"), ("乙", "130102"), ("丙", "130104"), ("丁", "130104"),
                ("戊", "130502"), ("己", "130503"), ("庚", "130682"),
                ("辛", "130682"), ("壬", "130682"),
            ]
        )
    }  # fmt: skip
    organizer, local = make_viewer(tx, "organizer"), make_viewer(tx, "organizer", "130500")
    exam_id = make_exam(tx, organizer, **over)
    own_unit = sa.select(officers.c.id, units.c.id, units.c.scoring_unit_id).join(units)
    tx.execute(
        sa.insert(exam_roster),
        [
            {
                "exam_id": exam_id,
                "officer_id": officer_id,
                "unit_id": unit_id,
                "scoring_unit_id": city_id,
                "cadre_level": "section",
                "excused_reason": "病假" if officer_id == people["壬"] else None,
            }
            for officer_id, unit_id, city_id in tx.execute(own_unit)
            if officer_id in people.values()
        ],
    )
    for nick, score, seconds in (
        ("甲", 90, 600), ("乙", 80, 700), ("丙", 70, 700), ("戊", 100, 50),
        ("己", 50, 900), ("庚", 90, 600),
    ):  # fmt: skip
        sit(tx, exam_id, people[nick], score, seconds)
    return Contest(exam_id, people, organizer, local)


def place(tx: Tx, code: str) -> int:
    """Return the id of the unit of that code."""
    return place_of(tx, code).id
