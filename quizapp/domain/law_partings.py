"""Articles that were divided or joined: sentences that left an article and stand in another."""

from collections.abc import Mapping, Sequence

from quizapp.domain.law_likeness import Neighbours, Shape, Shapes, found_bp
from quizapp.domain.law_text import Article

_HERE_BP = 7000
"""So much of a sentence makes it the same sentence."""
_MERGED_BP = 6500
"""The same for an article that is gone as a whole."""
_TELLING = 200
"""A sentence whose characters weigh less on average stands in many articles: it tells nothing."""
_MOST_BP, _HALF_BP = 7000, 5000
_CANDIDATES = 4


def find_splits(
    old: Sequence[Article], new: Sequence[Article], pairs: Mapping[int, int], shapes: Shapes
) -> dict[int, int]:
    """Return for new articles that were split off an old one where that one stands.

    Either a sentence that the old article lost stands there, or most of its words come from it.
    """
    taken = set(pairs.values())
    free = [at for at in range(len(new)) if at not in taken]
    there = {at: shapes.sentences(new[at]) for at in free}
    neighbours = Neighbours(shapes.after, free)
    gained: dict[int, dict[int, int]] = {}
    for a, b in pairs.items():
        if shapes.before[a].bare == shapes.after[b].bare:
            continue
        kept, before = shapes.sentences(new[b]), shapes.sentences(old[a])
        for at in {at for one in before for at in neighbours.of(one, _CANDIDATES)}:
            weight = _lost(before, kept, there[at]) or _drawn(there[at], before)
            if weight:
                gained.setdefault(at, {})[a] = weight
    return {at: max(found, key=lambda a: (found[a], -a)) for at, found in gained.items()}


def _lost(before: Sequence[Shape], kept: Sequence[Shape], there: Sequence[Shape]) -> int:
    """Return the weight of the telling sentences that are kept no more but stand there."""
    return sum(
        one.size
        for one in before
        if one.size >= _TELLING * len(one.bare)
        and found_bp(one, there) >= _HERE_BP > found_bp(one, kept)
    )


def _drawn(there: Sequence[Shape], before: Sequence[Shape]) -> int:
    """Return the weight of a new article's sentences if most of them come out of the old one."""
    whole = sum(one.size for one in there)
    drawn = sum(one.size for one in there if found_bp(one, before) >= _HERE_BP)
    tells = whole >= _TELLING * sum(len(one.bare) for one in there)
    return drawn if tells and drawn * 10_000 >= whole * _MOST_BP else 0


def find_merges(
    old: Sequence[Article], new: Sequence[Article], pairs: Mapping[int, int], shapes: Shapes
) -> dict[int, int]:
    """Return for old articles without a successor the new one that holds most of their words."""
    neighbours = Neighbours(shapes.after, range(len(new)))
    found: dict[int, int] = {}
    for a in range(len(old)):
        before = [] if a in pairs else shapes.sentences(old[a])
        whole = sum(one.size for one in before)
        if whole < _TELLING * sum(len(one.bare) for one in before):
            continue
        held: dict[int, int] = {}
        for at in neighbours.of(shapes.before[a], _CANDIDATES):
            there = shapes.sentences(new[at])
            held[at] = sum(one.size for one in before if found_bp(one, there) >= _MERGED_BP)
        best = max(held, key=lambda at: (held[at], -at), default=None)
        if best is not None and held[best] and held[best] * 10_000 >= whole * _HALF_BP:
            found[a] = best
    return found
