"""Marking an item anew on the papers that hold it; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.attempts import current
from quizapp.domain.bank import Question
from quizapp.domain.corrections import Correction, Draft, ScoreChange, asked
from quizapp.domain.exams import Exam
from quizapp.domain.regrading import change_of, key_of, last_words
from quizapp.service.apart import run_apart
from quizapp.service.questions import load_questions
from quizapp.store import corrections as store
from quizapp.store import score_changes, sittings
from quizapp.store.db import Tx
from quizapp.store.sittings import Marked


@dataclass(frozen=True, slots=True)
class Case:
    """What a draft is marked by: the question, its rulings, the new one last, those on others."""

    question: Question
    rulings: list[Draft]
    in_force: list[Draft]
    scoring: str


def case_of(tx: Tx, exam: Exam, correction: Correction) -> Case:
    """Return what a draft is marked by at this moment."""
    new = correction.draft
    mine = (new.version_id, new.part)
    applied = store.list_applied(tx, exam.id)
    earlier = [c.draft for c in applied if (c.draft.version_id, c.draft.part) == mine]
    question = asked(load_questions(tx, [new.version_id])[new.version_id], new.part)
    return Case(question, [*earlier, new], last_words(applied, mine), exam.scoring)


def changes_of(tx: Tx, case: Case, attempt_ids: Sequence[int]) -> list[ScoreChange]:
    """Return what the draft would change on these attempts; some of them may not hold the item."""
    new = case.rulings[-1]
    holding = score_changes.which_hold(tx, attempt_ids, new.version_id)
    if not holding:
        return []
    group = sittings.list_marked(tx, holding)
    responses = _responses(tx, group, (new.version_id, new.part))
    return run_apart(_change_all, group, responses, case)


def _responses(tx: Tx, group: list[Marked], mine: tuple[int, int]) -> dict[int, str]:
    """Return by attempt the answer that counts to the item in question."""
    at = {
        int(one.sitting.attempt.id): no
        for one in group
        for no, item in enumerate(one.sitting.items, 1)
        if item.version_id == mine[0] and key_of(item) == mine
    }
    events = sittings.list_events(tx, at, at.values())
    found = {}
    for attempt_id, no in at.items():
        latest = current(events[attempt_id])
        if no in latest:
            found[attempt_id] = latest[no].response
    return found


def _change_all(group: list[Marked], responses: dict[int, str], case: Case) -> list[ScoreChange]:
    found = [
        change_of(
            one.sitting.attempt.id,
            one.sitting.items,
            one.item_cp,
            score_cp=one.sitting.attempt.score_cp or 0,
            response=responses.get(one.sitting.attempt.id, ""),
            question=case.question,
            rulings=case.rulings,
            in_force=case.in_force,
            scoring=case.scoring,
        )
        for one in group
    ]
    return [change for change in found if change is not None]
