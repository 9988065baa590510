"""Statistics of a finished exam's questions: computed on request, kept until computed anew."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.domain.attempts import Answer
from quizapp.domain.bank import Question, QuestionVersion
from quizapp.domain.clock import to_ms
from quizapp.domain.corrections import Draft, asked
from quizapp.domain.errors import Invalid, NotFound
from quizapp.domain.exams import Exam
from quizapp.domain.item_cells import cells_of, facts_of
from quizapp.domain.item_figures import Analysis, ItemFacts, ItemKey, ItemStatistics
from quizapp.domain.item_statistics import Collector
from quizapp.domain.people import Viewer, check_may
from quizapp.domain.regrading import key_of
from quizapp.domain.scoring import question_of
from quizapp.service.apart import run_apart
from quizapp.service.questions import load_questions
from quizapp.service.results import check_over
from quizapp.store import analysis as store
from quizapp.store import bank, corrections, exams, sittings, tallies
from quizapp.store.analysis import StoredAnalysis
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.sittings import Marked

ROLES = "organizer|trainer"
SLICE = 200


@dataclass(frozen=True, slots=True)
class AnalysedExam:
    """An exam on the list of analyses; `computed_at` is empty before the first."""

    exam: Exam
    computed_at: datetime | None
    obstacle: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item's figures beside the question they are about."""

    figures: ItemStatistics
    code: str
    version: int
    question: Question
    """What is asked: of a case the part."""


SORTS: dict[str, Callable[[ItemLine], Any]] = {
    "flags": lambda line: (not line.figures.flags, line.figures.is_void),
    "code": lambda _: 0,
    "n": lambda line: -line.figures.n,
    "facility": lambda line: _with_none_last(line.figures.facility),
    "discrimination": lambda line: _with_none_last(line.figures.discrimination),
    "time": lambda line: _with_none_last(line.figures.median_s, highest=True),
}
"""The orders of the list; equal ones stay in the order of their codes."""


def _with_none_last(value: float | None, *, highest: bool = False) -> tuple[bool, float]:
    return value is None, 0 if value is None else -value if highest else value


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to see of the items. `flag`: a key of FLAGS, "any" or empty."""

    flag: str = ""
    type: str = ""
    sort: str = "flags"


def choose(lines: Iterable[ItemLine], choice: Choice) -> list[ItemLine]:
    """Return the chosen items in the chosen order. Raises Invalid("unknown_sort")."""
    if choice.sort not in SORTS:
        raise Invalid("unknown_sort")
    kept = [
        line
        for line in lines
        if choice.type in ("", line.figures.type)
        and (
            not choice.flag
            or choice.flag in line.figures.flags
            or (choice.flag == "any" and line.figures.flags)
        )
    ]
    return sorted(kept, key=SORTS[choice.sort])


@dataclass(frozen=True, slots=True)
class ExamAnalysis:
    """An exam with its analysis; `is_stale`: marks have changed since. None: not computed yet."""

    exam: Exam
    stored: StoredAnalysis | None
    is_stale: bool
    lines: tuple[ItemLine, ...]


def list_exams(viewer: Viewer, *, now: datetime) -> list[AnalysedExam]:
    """Return the published exams in the viewer's scope, the latest first."""
    with reading() as tx:
        mine = [e for e in exams.list_exams(tx, ("published",)) if viewer.may(ROLES, e.unit)]
        when = store.list_analysed(tx, [exam.id for exam in mine])
    return [
        AnalysedExam(
            exam, when.get(exam.id), "window_still_open" if now < exam.last_closes_at else ""
        )
        for exam in mine
    ]


def get_analysis(viewer: Viewer, exam_id: int, *, now: datetime) -> ExamAnalysis:
    """Return what was computed of a finished exam. Raises NotAllowed and what `check_over` does."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, ROLES, exam.unit)
        check_over(tx, exam, now)
        stored = store.find_analysis(tx, exam_id)
        if stored is None:
            return ExamAnalysis(exam, None, is_stale=False, lines=())
        is_stale = tallies.state_of_marks(tx, exam_id) != stored.marks
        items = stored.analysis.items
        versions = bank.get_versions(tx, {item.version_id for item in items})
    lines = sorted((_line(versions[item.version_id], item) for item in items), key=_place)
    return ExamAnalysis(exam, stored, is_stale, tuple(lines))


def _line(version: QuestionVersion, item: ItemStatistics) -> ItemLine:
    return ItemLine(item, version.code, version.version, asked(version.question, item.part))


def _place(line: ItemLine) -> tuple[str, int, int]:
    return line.code, line.version, line.figures.part


def get_item(
    viewer: Viewer, exam_id: int, version_id: int, part: int, *, now: datetime
) -> tuple[ExamAnalysis, ItemLine]:
    """Return the figures of one item. Raises NotFound("item_not_analysed") and as above."""
    seen = get_analysis(viewer, exam_id, now=now)
    for line in seen.lines:
        if (line.figures.version_id, line.figures.part) == (version_id, part):
            return seen, line
    raise NotFound("item_not_analysed")


def analyse(viewer: Viewer, exam_id: int, *, now: datetime) -> Analysis:
    """Compute an exam's figures from everybody's first attempt and keep them.

    Reading goes in slices and computing beside the requests: saves of other exams get through.
    Raises NotAllowed and what `check_over` raises.
    """
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        check_may(viewer, ROLES, exam.unit)
        check_over(tx, exam, now)
        marks = tallies.state_of_marks(tx, exam_id)
        facts: dict[ItemKey, ItemFacts] = {}
        collector = Collector(facts, exam.max_cp)
        rulings = _rulings(tx, exam_id)
        for group in store.iter_first(tx, exam_id, slice_size=SLICE):
            _learn(tx, facts, group, rulings)
            events = sittings.list_events(tx, [one.sitting.attempt.id for one in group])
            run_apart(_count, collector, group, events)
    analysis = run_apart(collector.result)
    stored = StoredAnalysis(exam.id, now, viewer.officer_id, marks, analysis)
    with transaction() as tx:
        exams.lock_exam(tx, exam_id)  # of two at once the later one stays
        store.put_analysis(tx, stored)
    return analysis


def _rulings(tx: Tx, exam_id: int) -> dict[ItemKey, list[Draft]]:
    found: dict[ItemKey, list[Draft]] = {}
    for correction in corrections.list_applied(tx, exam_id):
        draft = correction.draft
        found.setdefault(ItemKey(draft.version_id, draft.part), []).append(draft)
    return found


def _learn(
    tx: Tx,
    facts: dict[ItemKey, ItemFacts],
    group: list[Marked],
    rulings: dict[ItemKey, list[Draft]],
) -> None:
    items = {ItemKey(*key_of(item)): item for one in group for item in one.sitting.items}
    new = items.keys() - facts.keys()
    questions = load_questions(tx, {key.version_id for key in new})
    for key in new:
        question = question_of(items[key], questions)
        facts[key] = facts_of(items[key], question, rulings.get(key, ()))


def _count(
    collector: Collector, group: Iterable[Marked], events: Mapping[int, Sequence[Answer]]
) -> None:
    for one in group:
        attempt = one.sitting.attempt
        collector.add(
            cells_of(
                one.sitting.items,
                one.item_cp,
                events[attempt.id],
                started_ms=to_ms(attempt.started_at),
                ended_ms=to_ms(attempt.submitted_at or attempt.due_at),
            ),
            attempt.score_cp,
        )
