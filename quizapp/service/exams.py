"""Competitions: planning, publication and what may still change afterwards."""

import secrets
from datetime import datetime

from quizapp.domain.assembly import feasibility
from quizapp.domain.errors import Conflict
from quizapp.domain.exams import Exam, ExamPlan, PoolItem, check_blueprint
from quizapp.domain.ids import ExamId
from quizapp.domain.people import Place, Viewer, check_may
from quizapp.store import bank, exam_rosters, exams, journal
from quizapp.store.db import Tx, reading, transaction


class BlueprintUnsatisfiable(Conflict):
    """The bank cannot fill every cell. `problems`: the short ones (1-based), what is missing."""

    code = "blueprint_unsatisfiable"


def get_exam(exam_id: int) -> Exam:
    """Return the exam. Raises NotFound("exam_not_found")."""
    with reading() as tx:
        return exams.get_exam(tx, exam_id)


def create(viewer: Viewer, plan: ExamPlan, *, now: datetime) -> ExamId:
    """Store a new draft; its papers will be drawn from a seed made now."""
    with transaction() as tx:
        check_may(viewer, "organizer", exams.get_place(tx, plan.unit_id))
        exam_id = exams.add_exam(
            tx, plan, seed=secrets.token_hex(32), created_by=viewer.officer_id, now=now
        )
        facts = {"title": plan.title}
        journal.add_entry(
            tx, "exam.drafted", f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return exam_id


def publish(viewer: Viewer, exam_id: int, *, now: datetime) -> int:
    """Freeze roster and pool, open the exam to its officers; return the roster's size (应参加人数).

    Raises Conflict("exam_not_draft"), Conflict("window_over"), Conflict("nobody_invited"),
    BlueprintUnsatisfiable.
    """
    with transaction() as tx:
        exam = exams.lock_exam(tx, exam_id)
        check_may(viewer, "organizer", exam.unit)
        if exam.state != "draft":
            raise Conflict("exam_not_draft")
        if exam.closes_at <= now:
            raise Conflict("window_over")
        check_blueprint(exam.blueprint)
        pool = usable_pool(tx, exam.unit)
        check_satisfiable(exam, pool)
        eligible = exam_rosters.freeze_roster(tx, exam)
        if not eligible:
            raise Conflict("nobody_invited")
        drawn_from = [
            item.version_id for item in pool if any(c.takes(item) for c in exam.blueprint.cells)
        ]
        exam_rosters.freeze_pool(tx, exam_id, drawn_from)
        exams.mark_published(tx, exam_id, now=now)
        facts = {"eligible": eligible, "pool": len(drawn_from)}
        journal.add_entry(
            tx, "exam.published", f"exam:{exam_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return eligible


def check_satisfiable(plan: ExamPlan, pool: list[PoolItem]) -> None:
    """Pass only a plan that `pool` can fill, cell by cell. Raises BlueprintUnsatisfiable."""
    short = [
        {"cell": no, "code": "cell_short", "missing": -row.slack}
        for no, row in enumerate(feasibility(plan.blueprint, pool), 1)
        if row.slack < 0
    ]
    if short:
        raise BlueprintUnsatisfiable(cells="、".join(str(p["cell"]) for p in short), problems=short)


def usable_pool(tx: Tx, unit: Place) -> list[PoolItem]:
    """Return the published questions that hold in the whole scope of `unit`."""
    own = (f"city:{unit.code}",) if unit.level == "city" else ()
    return bank.list_pool(tx, (*bank.EVERYWHERE, *own))
