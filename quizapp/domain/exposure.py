"""How fair a drawing is: how often one question is shown, and how equally hard papers are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.assembly import Facts, assemble
from quizapp.domain.exams import Blueprint, PoolItem


@dataclass(frozen=True, slots=True)
class Exposure:
    """What many papers of one blueprint show. Shares in basis points.

    `most_shown_bp`: papers with the question shown most, whose code is `most_shown`;
    `difficulty_off_bp`: how far the paper furthest from the mean difficulty lies from it.
    """

    papers: int
    shown: int
    most_shown: str
    most_shown_bp: int
    difficulty_off_bp: int


def measure_exposure(
    blueprint: Blueprint, pool: Sequence[PoolItem], facts: Facts, *, papers: int, seed: str
) -> Exposure:
    """Return what `papers` (at least 1) drawn papers show. Raises PoolTooSmall."""
    items = {item.version_id: item for item in pool}
    seen: Counter[str] = Counter()
    levels = []
    for no in range(papers):
        paper = assemble(blueprint, pool, facts, seed=f"{seed}:{no}")
        seen.update({items[item.version_id].code for item in paper})
        levels.append(sum(items[item.version_id].difficulty for item in paper))
    code, times = max(seen.items(), key=lambda pair: (pair[1], pair[0]))
    total = sum(levels)
    furthest = max(abs(level * papers - total) for level in levels)
    return Exposure(
        papers=papers,
        shown=len(seen),
        most_shown=code,
        most_shown_bp=times * 10_000 // papers,
        difficulty_off_bp=furthest * 10_000 // total,
    )
