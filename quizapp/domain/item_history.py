"""一道题的历次表现: the figures of one question over the exams that used it, and what they say.

Pure. Only exams with public results come here; small groups and void items have no figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.text import Text

EXPECTED = {1: (0.70, 1.0), 2: (0.45, 0.90), 3: (0.0, 0.75)}
"""Facilities that go with a difficulty as its author names it: recall, distinguish, apply."""
ENOUGH = 30
"""Persons below which the measured facility is no reason for an alarm."""
ALARMS = {
    "easier": Text("比标注的难度容易", "Easier than its author says"),
    "harder": Text("比标注的难度难", "Harder than its author says"),
}
POOLED_FORMULA = Text(
    "合并难度系数 = Σ(nᵢ × Pᵢ) ÷ Σnᵢ，只计已公布成绩、人数足够且未作废的场次，每个版本分别计算",
    "Pooled facility = Σ(nᵢ × Pᵢ) ÷ Σnᵢ over exams with public results and enough officers where "
    "it is not void; each version by itself",
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """The figures of one item at one exam; None where the group is small or the item void.

    `part`: of a case, else -1. `is_old`: a correction of the exam came after these figures.
    """

    exam_id: int
    title: str
    held_at: datetime
    version_id: int
    part: int
    n: int
    facility: float | None
    discrimination: float | None
    flags: tuple[str, ...]
    is_void: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An item of one version over all its exams. `n`, `exams`: what the pooled facility is of.

    `alarm`: a key of ALARMS, or empty.
    """

    version: int
    part: int
    difficulty: int
    sightings: tuple[Sighting, ...]
    n: int
    exams: int
    facility: float | None
    alarm: str


def record_of(version: int, part: int, difficulty: int, seen: Sequence[Sighting]) -> Record:
    """Return the record of an item with its pooled facility."""
    counted = [(one.n, one.facility) for one in seen if one.facility is not None]
    n = sum(people for people, _ in counted)
    facility = sum(people * share for people, share in counted) / n if n else None
    return Record(
        version, part, difficulty, tuple(seen), n, len(counted), facility,
        alarm_of(difficulty, facility, n),
    )  # fmt: skip


def alarm_of(difficulty: int, facility: float | None, n: int) -> str:
    """Return in which way the measured facility parts from the author's difficulty, if it does."""
    if facility is None or n < ENOUGH or difficulty not in EXPECTED:
        return ""
    hardest, easiest = EXPECTED[difficulty]
    return "harder" if facility < hardest else "easier" if facility > easiest else ""
