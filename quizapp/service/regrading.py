"""Marking an item anew on every paper that holds it, slice by slice; nothing is written."""

from collections.abc import Iterator
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

SLICE = 200


@dataclass(frozen=True, slots=True)
class _Case:
    """What a draft is marked by: the question, its rulings, the new one last, those on others."""

    question: Question
    rulings: list[Draft]
    in_force: list[Draft]
    scoring: str


def changes_of(tx: Tx, exam: Exam, correction: Correction) -> Iterator[list[ScoreChange]]:
    """Yield, slice by slice, what a draft would change at this moment."""
    new = correction.draft
    mine = (new.version_id, new.part)
    applied = store.list_applied(tx, exam.id)
    earlier = [c.draft for c in applied if (c.draft.version_id, c.draft.part) == mine]
    in_force = last_words(applied, mine)
    question = asked(load_questions(tx, [new.version_id])[new.version_id], new.part)
    case = _Case(question, [*earlier, new], in_force, exam.scoring)
    ids = score_changes.list_ids_with(tx, exam.id, new.version_id)
    for at in range(0, len(ids), SLICE):
        group = sittings.list_marked(tx, ids[at : at + SLICE])
        responses = _responses(tx, group, mine)
        yield run_apart(_change_all, group, responses, case)


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


def _change_all(group: list[Marked], responses: dict[int, str], case: _Case) -> list[ScoreChange]:
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
