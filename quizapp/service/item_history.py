"""How a question did at the exams that used it, for the trainers of its bank."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.item_history import Record, Sighting, record_of
from quizapp.domain.people import Viewer
from quizapp.service.desk import reach_in
from quizapp.store import analysis, bank_search
from quizapp.store.db import reading


def list_records(viewer: Viewer, code: str, *, now: datetime) -> list[Record]:
    """Return the figures of every version the trainer reads, the newest first; a case by its parts.

    Exams whose results are not public are left out. Raises NotFound("question_not_found").
    """
    with reading() as tx:
        versions = bank_search.get_history(tx, code, reach_in(tx, viewer)).versions
        seen = analysis.list_sightings(tx, [version.id for version in versions], now)
    return [record for version in versions for record in _records(version, seen)]


def _records(version: QuestionVersion, seen: Sequence[Sighting]) -> list[Record]:
    mine = sorted(
        (one for one in seen if one.version_id == version.id), key=lambda one: one.part
    )  # fmt: skip
    return [
        record_of(version.version, part, version.question.difficulty, list(group))
        for part, group in groupby(mine, key=lambda one: one.part)
    ]
