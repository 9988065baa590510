"""Makes what tests need: every default is valid, a test names only what it is about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from quizapp.domain.bank import Key, Question, wording_columns
from quizapp.domain.exams import Blueprint, Cell, Exam, ExamPlan
from quizapp.domain.ids import OfficerId, VersionId
from quizapp.domain.passwords import hash_machine_secret
from quizapp.domain.people import Grant, Place, Viewer
from quizapp.domain.statutes import Citation
from quizapp.service import editing as editing_service
from quizapp.service import exams as exam_service
from quizapp.service import reviews as review_service
from quizapp.service.places import read_regions
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import Tx
from quizapp.store.people import grants, officers, units
from quizapp.store.places import add_units, find_place

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
_numbers = count(1)


def make_places(tx: Tx) -> dict[str, int]:
    """Leave the whole province in the table; return the id of every unit by its code."""
    query = sa.select(units.c.code, units.c.id)
    if tx.execute(query).first() is None:
        add_units(tx, read_regions())
    return {row.code: row.id for row in tx.execute(query)}


def make_officer(tx: Tx, unit: str = "130502", *, secret: str = "", **over: Any) -> OfficerId:
    """Add an officer of that unit; `secret` is a machine-made password for signing in."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "staff_no": f"{number:08d}",
        "name": f"李{number}",
        "unit_id": make_places(tx)[unit],
        "cadre_level": "section",
        "password_hash": hash_machine_secret(secret or f"machine-made secret {number}"),
        "created_at": NOW,
    }
    added = tx.execute(sa.insert(officers).values(values | over).returning(officers.c.id))
    return OfficerId(added.scalar_one())


def make_grant(tx: Tx, officer_id: int, role: str, unit: str = "130000") -> None:
    """Give a role at a unit."""
    tx.execute(
        sa.insert(grants).values(officer_id=officer_id, role=role, unit_id=make_places(tx)[unit])
    )


def make_staff(tx: Tx, role: str, unit: str = "130000", **over: Any) -> OfficerId:
    """Add an officer who holds a role there."""
    officer_id = make_officer(tx, unit, **over)
    make_grant(tx, officer_id, role, unit)
    return officer_id


def place_of(tx: Tx, unit: str) -> Place:
    """Return the unit of that code."""
    make_places(tx)
    place = find_place(tx, unit)
    assert place is not None
    return place


def make_viewer(tx: Tx, role: str = "officer", unit: str = "130000", **over: Any) -> Viewer:
    """Add an officer who holds a role there and return them as the services see them."""
    officer_id = make_officer(tx, unit, **over)
    held: tuple[Grant, ...] = ()
    if role != "officer":
        make_grant(tx, officer_id, role, unit)
        held = (Grant(role, place_of(tx, unit)),)
    row = tx.execute(sa.select(officers).where(officers.c.id == officer_id)).mappings().one()
    return Viewer(officer_id, row["staff_no"], row["name"], place_of(tx, unit), held)


def make_bank(tx: Tx, per_level: int = 18) -> list[int]:
    """Publish `per_level` questions of each type and difficulty: the standard paper fits; ids.

    Stored keys: single A, multiple A and B, judge true.
    """
    shapes: dict[str, tuple[tuple[str, ...], Key]] = {
        "single": (("甲", "乙", "丙", "丁"), (0,)),
        "multiple": (("甲", "乙", "丙", "丁"), (0, 1)),
        "judge": ((), True),
    }
    cited = (Citation("行政处罚法", date(2021, 1, 22), 51),)
    kinds = [(kind, level) for kind in shapes for level in (1, 2, 3) for _ in range(per_level)]
    return [
        make_question(
            tx,
            Question(
                type=kind,
                stem=f"第{no}题",
                options=shapes[kind][0],
                key=shapes[kind][1],
                explanation="见条文。",
                citations=cited,
                difficulty=level,
                topics=("处罚程序",),
            ),
        )
        for no, (kind, level) in enumerate(kinds, 1)
    ]


def make_question(tx: Tx, question: Question, state: str = "published", **over: Any) -> int:
    """Add a question with one version; return the id of the version."""
    code = f"T-{next(_numbers):06d}"
    question_id = tx.execute(
        sa.insert(questions)
        .values(code=code, scope="national", state=state, created_at=NOW)
        .returning(questions.c.id)
    ).scalar_one()
    values = wording_columns(question) | {
        "question_id": question_id,
        "version": 1,
        "as_of": NOW.date(),
        "author": "编写组",
        "reviewer": "复核组",
        "created_at": NOW,
    }
    version_id = tx.execute(
        sa.insert(question_versions).values(values | over).returning(question_versions.c.id)
    ).scalar_one()
    tx.execute(
        sa.update(questions)
        .where(questions.c.id == question_id)
        .values(current_version_id=version_id)
    )
    return int(version_id)


def enter(client: FlaskClient, officer_id: int, *, epoch: int = 1, sign_in: str = "test") -> str:
    """Sign an officer in without the door; return the CSRF token of the session."""
    with client.session_transaction() as session:
        session["_user_id"] = f"{officer_id}.{epoch}.{sign_in}"
        session["_fresh"] = True
    return csrf(client)


def csrf(client: FlaskClient) -> str:
    """Return a CSRF token that fits the client's session."""
    raw = "0" * 40
    with client.session_transaction() as session:
        session["csrf_token"] = raw
    signer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    return str(signer.dumps(raw))


def make_questions(
    tx: Tx, type_key: str = "single", how_many: int = 1, *, scope: str = "national", **over: Any
) -> list[VersionId]:
    """Add published questions of one kind; the first two options (a judgement: 正确) are right."""
    shapes: dict[str, dict[str, Any]] = {
        "single": {"options": ("罚款", "警告", "拘留", "没收"), "key": (0,)},
        "multiple": {"options": ("罚款", "警告", "拘留", "以上都对"), "key": (0, 1)},
        "judge": {"key": True},
    }
    law = over.pop("law", "行政处罚法")
    values = {"citations": (Citation(law, date(2021, 1, 22), 51),), "topics": ("听证",)} | over
    made = [
        VersionId(make_question(tx, Question(type_key, f"第{no}问", **shapes[type_key], **values)))
        for no in range(how_many)
    ]
    ids = sa.select(question_versions.c.question_id).where(question_versions.c.id.in_(made))
    tx.execute(sa.update(questions).where(questions.c.id.in_(ids)).values(scope=scope))
    return made


SMALL = Blueprint((Cell("single", 2, 100), Cell("multiple", 1, 200), Cell("judge", 1, 100)))
"""Four questions, five points; `make_small_bank` fills it."""


def make_small_bank(tx: Tx) -> list[VersionId]:
    """Add twice the questions that SMALL needs."""
    return [
        version_id
        for type_key, how_many in (("single", 4), ("multiple", 2), ("judge", 2))
        for version_id in make_questions(tx, type_key, how_many)
    ]


def make_plan(viewer: Viewer, **over: Any) -> ExamPlan:
    """Return a plan of the viewer's unit: SMALL, open from an hour before NOW to seven after."""
    values: dict[str, Any] = {
        "title": "法律知识竞赛",
        "unit_id": viewer.place.id,
        "opens_at": NOW - timedelta(hours=1),
        "closes_at": NOW + timedelta(hours=7),
        "blueprint": SMALL,
    }
    return ExamPlan(**(values | over))


def make_exam(viewer: Viewer, *, now: datetime = NOW, **over: Any) -> Exam:
    """Plan and publish an exam; outside of any transaction, with questions and officers there."""
    exam_id = exam_service.create(viewer, make_plan(viewer, **over), now=now)
    exam_service.publish(viewer, exam_id, now=now)
    return exam_service.get_exam(exam_id)


def make_draft(viewer: Viewer, scope: str = "province:13", **over: Any) -> str:
    """Write a sound question at the desk; return its code. Outside of any transaction."""
    values: dict[str, Any] = {
        "type": "single",
        "stem": "当场作出罚款决定的，对公民罚款的数额最高是多少（ ）？",
        "options": ("二百元", "一百元", "五十元", "三百元"),
        "key": (0,),
        "explanation": "依照第五十一条，对公民处二百元以下罚款可以当场作出，其余都不是该条所定。",
        "citations": (Citation("行政处罚法", date(2021, 1, 22), 51),),
        "topics": ("处罚程序",),
    }
    question = Question(**(values | over))
    return editing_service.create(viewer, scope, question, as_of=NOW.date(), note="", now=NOW)


def publish_question(author: Viewer, reviewer: Viewer, code: str) -> None:
    """Hand a draft over and let somebody else approve it."""
    version = editing_service.get_current(author, code).version
    review_service.take_step(author, code, "submit", version=version, now=NOW)
    review_service.take_step(reviewer, code, "approve", version=version, law_checked=True, now=NOW)
