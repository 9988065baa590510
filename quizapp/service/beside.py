"""What stands beside a published board: the one that was public before it, and the prizes."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.people import Viewer, check_may
from quizapp.service.awards import AwardView, list_given
from quizapp.service.standings import Head
from quizapp.store import exams, past_boards
from quizapp.store.db import Tx, reading
from quizapp.store.past_boards import PastPublication


@dataclass(frozen=True, slots=True)
class Former:
    """The last former board. `places`: rank and value (or score) by unit or officer."""

    past: PastPublication
    places: dict[int, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Beside:
    """The former board, if there was one, and the confirmed awards of this one."""

    former: Former | None = None
    given: tuple[AwardView, ...] = ()


def find_beside(head: Head, level: str, officer_ids: Iterable[int] = ()) -> Beside:
    """Return what stands beside a board that passed the gate; nothing beside live figures.

    `level`: city | county | officer (then of `officer_ids` alone).
    """
    if not (head.has_former or head.has_awards):
        return Beside()
    exam_id = head.exam.id
    with reading() as tx:
        return Beside(
            _former(tx, exam_id, level, officer_ids) if head.has_former else None,
            tuple(list_given(tx, exam_id, level)) if head.has_awards else (),
        )


def _former(tx: Tx, exam_id: int, level: str, officer_ids: Iterable[int]) -> Former:
    past = past_boards.list_past(tx, exam_id)
    if level == "officer":
        return Former(past[0], dict(past_boards.officers_of(tx, past[0].id, officer_ids)))
    return Former(past[0], past_boards.units_of(tx, past[0].id, level))


def list_former(viewer: Viewer, exam_id: int) -> list[PastPublication]:
    """Return all former publications, the latest first, to an organizer. Raises NotAllowed."""
    with reading() as tx:
        check_may(viewer, "organizer", exams.get_exam(tx, exam_id).unit)
        return past_boards.list_past(tx, exam_id)
