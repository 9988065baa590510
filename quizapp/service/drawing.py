"""组卷 for an attempt: from the frozen pool of its exam, by a seed of its own."""

from datetime import datetime

from quizapp.domain.assembly import PaperItem, assemble, facts_of
from quizapp.domain.exams import Exam, RosterEntry
from quizapp.domain.timing import Terms, due_at
from quizapp.service.questions import load_questions
from quizapp.store import exams
from quizapp.store.attempts import NewAttempt, Pool
from quizapp.store.db import Tx
from quizapp.store.memory import Memory

EXAMS_KEPT = 8

_POOLS: Memory[int, Pool] = Memory(EXAMS_KEPT)


def load_pool(tx: Tx, exam_id: int) -> Pool:
    """Return the frozen pool of an exam and what assembly must know of it; remembered."""
    known = _POOLS.find(exam_id)
    if known is None:
        pool = exams.list_exam_pool(tx, exam_id)
        questions = load_questions(tx, [item.version_id for item in pool])
        facts = {item.version_id: facts_of(questions[item.version_id]) for item in pool}
        known = Pool(tuple(pool), facts)
        _POOLS.put(exam_id, known)
    return known


def draw_paper(tx: Tx, exam: Exam, *, seed: str) -> tuple[PaperItem, ...]:
    """Return the paper that a seed gives at this exam."""
    pool = load_pool(tx, exam.id)
    return assemble(exam.blueprint, pool.items, pool.facts, seed=seed)


def draw_attempt(
    tx: Tx, exam: Exam, entry: RosterEntry, terms: Terms, *, try_no: int, device: str, now: datetime
) -> NewAttempt:
    """Return a new attempt with its own paper, clock and deadline, not yet stored."""
    seed = f"{exam.seed}:{entry.officer_id}:{try_no}"
    return NewAttempt(
        exam_id=exam.id,
        officer_id=entry.officer_id,
        try_no=try_no,
        unit_id=entry.unit_id,
        scoring_unit_id=entry.scoring_unit_id,
        seed=seed,
        items=draw_paper(tx, exam, seed=seed),
        started_at=now,
        limit_s=terms.limit_s,
        extra_s=terms.extra_s,
        due_at=due_at(now, terms.limit_s, terms.extra_s, terms.closes_at),
        one_device=exam.one_device,
        device=device,
    )
