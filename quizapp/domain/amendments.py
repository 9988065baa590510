"""修法对照: two versions of a law aligned article by article."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.domain.law_likeness import Neighbours, Shape, Shapes, alike_bp, held_bp
from quizapp.domain.law_partings import find_merges, find_splits
from quizapp.domain.law_text import Article
from quizapp.domain.text import Text

KINDS = {
    "same": Text("未变", "Unchanged"),
    "changed": Text("内容修改", "Reworded"),
    "moved": Text("仅条号变动", "Renumbered"),
    "moved_changed": Text("条号变动且内容修改", "Renumbered and reworded"),
    "split": Text("由旧条拆出", "Split off"),
    "merged": Text("并入他条", "Merged"),
    "added": Text("新增", "New"),
    "repealed": Text("删除", "Repealed"),
}
"""What can have become of an article, in the order of the counts."""
BESIDE = {"split": "old", "merged": "new"}
"""The kinds in which one side stands a second time, and which: its own change is another one."""

_SURE_BP = 3500
"""From this likeness on, two articles are the same rule wherever they stand."""
_NEAR_BP = 2800
"""Enough between articles whose neighbours belong together, or with the same number."""
_HELD_BP = 6500
"""So much of the shorter text inside the longer one makes up for a low likeness, there only."""
_NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article. `likeness_bp`: how alike the texts are, 10,000 when equal."""

    kind: str
    old: Article | None
    new: Article | None
    likeness_bp: int = 0


def align(old: Sequence[Article], new: Sequence[Article]) -> list[Change]:
    """Return what became of every article: in the order of the new text, repealed ones in place.

    Each article stands in one change of its own; an old one that was divided stands in those of
    the split-off articles too, a new one in those of the articles merged into it. Punctuation
    alone is no change.
    """
    shapes = Shapes.of(old, new)
    pairs = _sure_pairs(old, new, _likeness(shapes))
    _fill_gaps(pairs, shapes.before, shapes.after)
    _pair_by_number(pairs, old, new, shapes.before, shapes.after)
    merges = find_merges(old, new, pairs, shapes)
    taken = set(pairs.values())
    for a, b in merges.items():
        if b not in taken:
            pairs[a] = b
            taken.add(b)
    splits = find_splits(old, new, pairs, shapes)
    return list(_changes(old, new, shapes, pairs, _Partings(splits, merges)))


@dataclass(frozen=True, slots=True)
class _Partings:
    """From which old article a new one was split off; into which new one an old was merged."""

    splits: Mapping[int, int]
    merges: Mapping[int, int]


def count_kinds(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many changes there are of each kind, in the order of KINDS."""
    counted = Counter(change.kind for change in changes)
    return {kind: counted[kind] for kind in KINDS}


def _likeness(shapes: Shapes) -> dict[tuple[int, int], int]:
    """Return the likeness of those pairs that share an uncommon run of characters."""
    neighbours = Neighbours(shapes.after, range(len(shapes.after)))
    return {
        (a, b): alike_bp(shape, shapes.after[b])
        for a, shape in enumerate(shapes.before)
        for b in neighbours.of(shape, _NEIGHBOURS)
    }


def _sure_pairs(
    old: Sequence[Article], new: Sequence[Article], likeness: dict[tuple[int, int], int]
) -> dict[int, int]:
    """Pair what is alike, the most alike first; equals go to the same number, then the nearest."""

    def order(pair: tuple[int, int]) -> tuple[int, bool, int, tuple[int, int]]:
        a, b = pair
        far = abs(a * len(new) - b * len(old))
        return (-likeness[pair], old[a].key != new[b].key, far, pair)

    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for a, b in sorted(likeness, key=order):
        if likeness[a, b] >= _SURE_BP and a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return pairs


def _fill_gaps(pairs: dict[int, int], before: Sequence[Shape], after: Sequence[Shape]) -> None:
    """Pair what is left between two neighbours that belong together, keeping the order."""
    taken = set(pairs.values())
    anchors = [(-1, -1), *sorted(pairs.items()), (len(before), len(after))]
    for (a, b), (next_a, next_b) in pairwise(anchors):
        if next_b <= b:  # the articles changed places: nothing lies between them
            continue
        lost = range(a + 1, next_a)
        free = [at for at in range(b + 1, next_b) if at not in taken]
        for one, other in _best_in_order(lost, free, before, after):
            pairs[one] = other
            taken.add(other)


def _best_in_order(
    lost: Sequence[int], free: Sequence[int], before: Sequence[Shape], after: Sequence[Shape]
) -> list[tuple[int, int]]:
    """Return the pairs in order with the greatest sum of likeness, none below the least needed."""
    worth = {(a, b): _worth(before[a], after[b]) for a in lost for b in free}
    best: dict[tuple[int, int], tuple[int, tuple[tuple[int, int], ...]]] = {}
    nothing: tuple[int, tuple[tuple[int, int], ...]] = (0, ())
    for i, a in enumerate(lost, 1):
        for j, b in enumerate(free, 1):
            options = [best.get((i - 1, j), nothing), best.get((i, j - 1), nothing)]
            if worth[a, b]:
                total, chosen = best.get((i - 1, j - 1), nothing)
                options.append((total + worth[a, b], (*chosen, (a, b))))
            best[i, j] = max(options, key=lambda option: option[0])
    return list(best.get((len(lost), len(free)), nothing)[1])


def _worth(a: Shape, b: Shape) -> int:
    alike = alike_bp(a, b)
    return alike if alike >= _NEAR_BP or held_bp(a, b) >= _HELD_BP else 0


def _pair_by_number(
    pairs: dict[int, int],
    old: Sequence[Article],
    new: Sequence[Article],
    before: Sequence[Shape],
    after: Sequence[Shape],
) -> None:
    """Pair what is left under the same number, if it is alike enough to be the same matter."""
    taken = set(pairs.values())
    at_key = {article.key: at for at, article in enumerate(new) if at not in taken}
    for a, article in enumerate(old):
        b = at_key.get(article.key)
        if a not in pairs and b is not None and _worth(before[a], after[b]):
            pairs[a] = b


def _changes(
    old: Sequence[Article],
    new: Sequence[Article],
    shapes: Shapes,
    pairs: Mapping[int, int],
    partings: _Partings,
) -> Iterator[Change]:
    def change(kind: str, a: int | None, b: int | None) -> Change:
        if a is None or b is None:
            one, other = None if a is None else old[a], None if b is None else new[b]
            return Change(kind, one, other)
        return Change(kind, old[a], new[b], alike_bp(shapes.before[a], shapes.after[b]))

    def end(a: int) -> Change:
        into = partings.merges.get(a)
        return change("repealed" if into is None else "merged", a, into)

    back = {b: a for a, b in pairs.items()}
    gone = [a for a in range(len(old)) if a not in pairs]
    for b in range(len(new)):
        a = back.get(b)
        if a is None:
            source = partings.splits.get(b)
            yield change("added" if source is None else "split", source, b)
            continue
        while gone and gone[0] < a:
            yield end(gone.pop(0))
        is_same = shapes.before[a].bare == shapes.after[b].bare
        stays = old[a].key == new[b].key
        kind = {(1, 1): "same", (1, 0): "changed", (0, 1): "moved"}.get((stays, is_same))
        yield change(kind or "moved_changed", a, b)
    for a in gone:
        yield end(a)
