"""The one gate: what of scores, keys, boards and ranks somebody may see, and when.

Every route that shows, exports or draws any of it asks here and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.domain.exams import Exam
from quizapp.domain.people import Place, Viewer

SETTLING = timedelta(minutes=5)
"""After the last window: late answers arrive and attempts are closed; no key is shown before."""


class Relation(StrEnum):
    """How somebody stands to an exam."""

    STRANGER = "stranger"
    OFFICER = "officer"  # signed in; asks about others
    SELF = "self"  # asks about the own, handed-in attempt
    LOCAL_ORGANIZER = "local_organizer"  # organizer of a part of the exam's scope
    ORGANIZER = "organizer"  # organizer for the exam's own unit


@dataclass(frozen=True, slots=True)
class Visible:
    """What may be shown. `live`: figures before publication; a local organizer's own units only."""

    score: bool = False
    answers: bool = False
    board: bool = False
    rank: bool = False
    live: bool = False


def relation_of(exam: Exam, viewer: Viewer | None) -> Relation:
    """Return how `viewer` stands to the exam when asking about more than the own attempt."""
    if viewer is None:
        return Relation.STRANGER
    if viewer.may("organizer", exam.unit):
        return Relation.ORGANIZER
    if any(_lies_in(place, exam.unit) for place in viewer.places_of("organizer")):
        return Relation.LOCAL_ORGANIZER
    return Relation.OFFICER


def _lies_in(place: Place, unit: Place) -> bool:
    return unit.level == "province" or place.scoring_unit_id == unit.id


def what_is_visible(exam: Exam, relation: Relation, now: datetime) -> Visible:
    """Return what may be shown at `now`.

    SELF is about a closed attempt: its score, its questions with keys, the own rank. For an
    attempt that still runs do not ask: nothing is visible. A cancelled exam shows officers nothing.
    """
    if relation in (Relation.ORGANIZER, Relation.LOCAL_ORGANIZER):
        inside = relation is Relation.ORGANIZER or exam.state != "draft"
        return Visible(
            score=inside,
            answers=relation is Relation.ORGANIZER,
            board=inside,
            rank=inside,
            live=inside,
        )
    if exam.state != "published":
        return Visible()
    board = _is_released(exam, exam.board_release, now)
    if relation is not Relation.SELF:
        return Visible(board=board, rank=board)
    return Visible(
        score=_is_released(exam, exam.score_release, now),
        answers=_is_released(exam, exam.answers_release, now, SETTLING),
        board=board,
        rank=board,
    )


def _is_released(exam: Exam, release: str, now: datetime, margin: timedelta = timedelta()) -> bool:
    if release == "handed_in":
        return True
    if release == "closed":
        return now >= exam.last_closes_at + margin
    if release == "published":
        return exam.results_published_at is not None and now >= exam.results_published_at
    return False
