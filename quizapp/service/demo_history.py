"""The competitions of the demo province: one over, one open, one of tomorrow."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from quizapp.domain.assembly import is_satisfiable
from quizapp.domain.clock import CHINA, civil_date
from quizapp.domain.exams import PRESETS, Exam, ExamPlan, Preset, RosterEntry
from quizapp.domain.ids import ExamId
from quizapp.domain.invented_answers import invent_answers
from quizapp.domain.people import Viewer
from quizapp.domain.rules_text import write_rules
from quizapp.domain.timing import terms_of
from quizapp.service import closing, results
from quizapp.service import exams as exam_service
from quizapp.service.drawing import draw_attempt
from quizapp.service.questions import load_questions
from quizapp.store import attempts, bulk, sittings
from quizapp.store.db import Tx, reading, transaction

NETWORK_ALLOWANCE_S = 30
TAKES_PART_BP = (7800, 9900)
"""Between these shares of a city's officers sat the finished competition."""
SAT_SO_FAR_BP = (1500, 4500)
TRIES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
TIME_OVER_SHARE = 0.03
BETTER_EACH_TIME = 0.03
CLOSED_AFTER = timedelta(seconds=NETWORK_ALLOWANCE_S + 10)
OPENING, CLOSING = time(9, tzinfo=CHINA), time(18, tzinfo=CHINA)
AWAKE = range(8, 22)
OVER, OPEN, COMING = (-32, -26), (-1, 30), (1, 7)
"""The days of the three competitions, first and last, counted from today."""


def hold_competitions(viewer: Viewer, newcomer: int, *, now: datetime) -> tuple[ExamId, ...]:
    """Leave a finished competition with public results, an open one and one of tomorrow.

    `newcomer`: an officer who has not begun the open one. Nothing at all while the bank cannot
    fill any of the usual papers.
    """
    today = civil_date(now)
    with reading() as tx:
        pools = [
            exam_service.usable_pool(tx, viewer.place, today + timedelta(days=closing))
            for _, closing in (OVER, OPEN, COMING)
        ]
    fitting = [
        preset
        for preset in PRESETS
        if all(is_satisfiable(preset.blueprint, pool) for pool in pools)
    ]
    if not fitting:
        return ()
    finished = _publish(viewer, _plan(viewer, "法律知识竞赛（第一期）", today, OVER, fitting[0]))
    _sit(finished, TAKES_PART_BP, TRIES, until=finished.closes_at)
    results.publish_results(
        viewer, finished.id, now=datetime.combine(today - timedelta(days=20), OPENING)
    )
    running = _publish(viewer, _plan(viewer, "法律知识竞赛（第二期）", today, OPEN, fitting[0]))
    _sit(running, SAT_SO_FAR_BP, (1,), until=now, newcomer=newcomer)
    coming = _publish(viewer, _plan(viewer, "执法规范专项竞赛", today, COMING, fitting[-1]), at=now)
    return finished.id, running.id, coming.id


def _plan(
    viewer: Viewer, name: str, today: date, days: tuple[int, int], preset: Preset
) -> ExamPlan:
    opens, closes = (today + timedelta(days=day) for day in days)
    plan = ExamPlan(
        title=f"{opens.year}年河北省城市管理执法人员{name}",
        theme="规范执法行为年",
        unit_id=viewer.place.id,
        opens_at=datetime.combine(opens, OPENING),
        closes_at=datetime.combine(closes, CLOSING),
        duration_s=preset.minutes * 60,
        blueprint=preset.blueprint,
    )
    return replace(plan, rules_text=write_rules(plan, network_allowance_s=NETWORK_ALLOWANCE_S))


def _publish(viewer: Viewer, plan: ExamPlan, *, at: datetime | None = None) -> Exam:
    at = at or plan.opens_at - timedelta(days=5)
    exam_id = exam_service.create(viewer, plan, now=at)
    exam_service.publish(viewer, exam_id, now=at)
    return exam_service.get_exam(exam_id)


@dataclass(frozen=True, slots=True)
class _Sitting:
    begins_at: datetime
    used: timedelta
    entry: RosterEntry
    try_no: int
    ability: float


def _sit(
    exam: Exam,
    share_bp: tuple[int, int],
    tries: Sequence[int],
    *,
    until: datetime,
    newcomer: int | None = None,
) -> None:
    """Let officers of every city sit the exam, in the order of time, as the real ones do."""
    chance = random.Random(f"sittings:{exam.title}")  # noqa: S311 — invented history
    with transaction() as tx:
        roster = [e for e in bulk.list_idle(tx, exam.id, 1_000_000) if e.officer_id != newcomer]
        planned = [
            sitting
            for taker in _takers(roster, share_bp, tries, chance)
            for sitting in _sittings_of(exam, taker, until, chance)
        ]
        planned.sort(key=lambda sitting: sitting.begins_at)
        for sitting in planned:
            _sit_once(tx, exam, sitting, chance)


@dataclass(frozen=True, slots=True)
class _Taker:
    entry: RosterEntry
    ability: float
    tries: int


def _takers(
    roster: Sequence[RosterEntry],
    share_bp: tuple[int, int],
    tries: Sequence[int],
    chance: random.Random,
) -> Iterator[_Taker]:
    """Yield who takes part, and how able they are: cities differ, and officers within them."""
    by_city = sorted(roster, key=lambda entry: (entry.scoring_unit_id, entry.officer_id))
    for _, members in groupby(by_city, key=lambda entry: entry.scoring_unit_id):
        everybody = list(members)
        level = chance.uniform(0.78, 0.94)
        lowest, highest = share_bp
        wanted = math.ceil(len(everybody) * chance.randint(lowest, highest) / 10_000)
        most = max(1, len(everybody) * highest // 10_000)
        for entry in chance.sample(everybody, min(wanted, most)):
            ability = min(max(chance.gauss(level, 0.08), 0.4), 0.99)
            yield _Taker(entry, ability, chance.choice(tries))


def _sittings_of(
    exam: Exam, taker: _Taker, until: datetime, chance: random.Random
) -> Iterator[_Sitting]:
    """Yield the taker's sittings that end before `until`, each a bit better than the last."""
    whole = timedelta(seconds=exam.duration_s)
    free_from = exam.opens_at
    for try_no in range(1, taker.tries + 1):
        begins_at = _moment(free_from, until - whole - CLOSED_AFTER, chance)
        if begins_at is None:
            return
        used = whole * min(1.0, max(0.25, chance.gauss(0.68, 0.16)))
        if chance.random() < TIME_OVER_SHARE:
            used = whole
        ability = min(0.99, taker.ability + BETTER_EACH_TIME * (try_no - 1))
        yield _Sitting(begins_at, used, taker.entry, try_no, ability)
        free_from = begins_at + whole + CLOSED_AFTER


def _moment(earliest: datetime, latest: datetime, chance: random.Random) -> datetime | None:
    """Return a moment of the waking hours in between, or None when there is none to be found."""
    for _ in range(30):
        found = earliest + (latest - earliest) * chance.random()
        if earliest <= found <= latest and found.astimezone(CHINA).hour in AWAKE:
            return found
    return None


def _sit_once(tx: Tx, exam: Exam, planned: _Sitting, chance: random.Random) -> None:
    new = draw_attempt(
        tx,
        exam,
        planned.entry,
        terms_of(exam, planned.entry, ()),
        try_no=planned.try_no,
        device="demo",
        now=planned.begins_at,
    )
    attempt_id = attempts.add_attempt(tx, new)
    if attempt_id is None:
        return
    ends_at = min(planned.begins_at + planned.used, new.due_at)
    questions = load_questions(tx, {item.version_id for item in new.items})
    answers = invent_answers(
        new.items,
        questions,
        chance,
        ability=planned.ability,
        begins_at=planned.begins_at,
        ends_at=ends_at,
    )
    bulk.add_answers(tx, attempt_id, answers)
    is_over = ends_at == new.due_at
    closed_at = ends_at + CLOSED_AFTER if is_over else ends_at
    closing.hand_in(tx, sittings.get_sitting(tx, attempt_id), now=closed_at)
