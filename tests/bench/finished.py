"""A competition that is over, beside the one that runs: all papers of it are the same."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from quizapp.domain.drawn import paper_from_plain, parse_shape
from quizapp.store.attempts import answer_events, attempts
from quizapp.store.bulk import add_rows
from quizapp.store.db import Tx, transaction
from quizapp.store.exams import exam_pool, exam_roster, exams

TITLE = "已结束的竞赛"
SKILL, SPREAD = 0.7, 0.15
AGO = timedelta(days=2)


@dataclass(frozen=True)
class Finished:
    """`version_id`: of a single choice, the item `no` of every paper."""

    exam_id: int
    version_id: int
    no: int
    papers: int


def finish_exam(app: Flask, running_id: int, papers: int) -> Finished:
    """Add a finished, marked competition of those who sit the running one; some try again."""
    chance = random.Random("finished")
    with app.app_context(), transaction() as tx:
        exam_id = _copy_exam(tx, running_id)
        began = list(
            tx.execute(
                sa.select(attempts)
                .where(attempts.c.exam_id == running_id)
                .order_by(attempts.c.id)
                .limit(papers)
            ).mappings()
        )
        same = {name: began[0][name] for name in ("paper", "shape", "max_cp")}
        types = [slot.type.key for slot in parse_shape(same["shape"])]
        items = paper_from_plain(same["paper"], types)
        points = [item.points_cp for item in items]
        rows = [
            dict(began[no % len(began)])
            | same
            | {"exam_id": exam_id, "try_no": no // len(began) + 1}
            | _marks(points, began[no % len(began)]["started_at"] - AGO, chance)
            for no in range(papers)
        ]
        for row in rows:
            del row["id"]
        add_rows(tx, attempts, rows)
        no = next(no for no, item in enumerate(items, 1) if item.type == "single")
        _answer(tx, exam_id, no, chance)
    return Finished(exam_id, items[no - 1].version_id, no, papers)


def _copy_exam(tx: Tx, running_id: int) -> int:
    plain = dict(tx.execute(sa.select(exams).where(exams.c.id == running_id)).mappings().one())
    del plain["id"]
    plain |= {"title": TITLE, "opens_at": plain["opens_at"] - AGO}
    plain["closes_at"] -= AGO
    made = tx.execute(sa.insert(exams).values(plain).returning(exams.c.id))
    exam_id = int(made.scalar_one())
    for table in (exam_pool, exam_roster):
        names = [column.name for column in table.c if column.name != "exam_id"]
        copied = sa.select(sa.literal(exam_id), *(table.c[name] for name in names))
        tx.execute(
            sa.insert(table).from_select(
                ["exam_id", *names], copied.where(table.c.exam_id == running_id)
            )
        )
    return exam_id


def _marks(points: list[int], begun: datetime, chance: random.Random) -> dict[str, Any]:
    skill = chance.gauss(SKILL, SPREAD)
    got = [one if chance.random() < skill else 0 for one in points]
    used_s = chance.randrange(600, 3600)
    ended = begun + timedelta(seconds=used_s)
    return {
        "started_at": begun,
        "due_at": begun + timedelta(hours=1),
        "closed_at": ended,
        "submitted_at": ended,
        "close_reason": "handed_in",
        "digest": None,
        "receipt": None,  # each is given once
        "duration_s": used_s,
        "answered": len(points),
        "right_count": sum(1 for one in got if one),
        "score_cp": sum(got),
        "item_cp": got,
    }


def _answer(tx: Tx, exam_id: int, no: int, chance: random.Random) -> None:
    """Leave an answer to one item on every paper."""
    at = datetime.now(UTC) - AGO
    given = {"no": no, "seq": 1, "flagged": False, "given_at": at, "received_at": at}
    ids = tx.execute(sa.select(attempts.c.id).where(attempts.c.exam_id == exam_id)).scalars()
    add_rows(
        tx,
        answer_events,
        [given | {"attempt_id": one, "response": chance.choice("ABCD")} for one in ids],
    )
