"""修法对照: two versions of a law aligned article by article."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from quizapp.domain.law_text import Article
from quizapp.domain.text import Text

KINDS = {
    "same": Text("未变", "Unchanged"),
    "changed": Text("内容修改", "Reworded"),
    "moved": Text("仅条号变动", "Renumbered"),
    "moved_changed": Text("条号变动且内容修改", "Renumbered and reworded"),
    "added": Text("新增", "New"),
    "repealed": Text("删除", "Repealed"),
}
"""What can have become of an article, in the order of the counts."""

_SURE_BP = 3500
"""From this likeness on, two articles are the same rule wherever they stand."""
_NEAR_BP = 2800
"""Enough between articles whose neighbours belong together, or with the same number."""
_HELD_BP = 6500
"""So much of the shorter text inside the longer one makes up for a low likeness, there only."""
_GRAM = 4
_FLOOR = 20
"""What a pair of characters weighs that stands everywhere; a rare one weighs some hundreds."""
_COMMON = 40
"""A run of characters that stands in more articles than this tells nothing about one."""
_IGNORED = re.compile(r"[\s　，。；：、,.;:“”\"'‘’（）()《》〈〉<>]+")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article. `likeness_bp`: how alike the texts are, 10,000 when equal."""

    kind: str
    old: Article | None
    new: Article | None
    likeness_bp: int = 0


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a text is compared by: its words bare, and its pairs of neighbouring characters.

    `weights`: of each pair, its count times how uncommon it is in both texts.
    """

    bare: str
    weights: Counter[str]
    size: int


def align(old: Sequence[Article], new: Sequence[Article]) -> list[Change]:
    """Return what became of every article: in the order of the new text, repealed ones in place.

    Each article stands in exactly one change. Punctuation alone is no change.
    """
    before, after = _shapes(old, new)
    likeness = _likeness(before, after)
    pairs = _sure_pairs(old, new, likeness)
    _fill_gaps(pairs, before, after)
    _pair_by_number(pairs, old, new, before, after)
    return list(_changes(old, new, before, after, pairs))


def bare_words(text: str) -> str:
    """Return the text without blanks and punctuation: what is compared."""
    return _IGNORED.sub("", text)


def count_kinds(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many changes there are of each kind, in the order of KINDS."""
    counted = Counter(change.kind for change in changes)
    return {kind: counted[kind] for kind in KINDS}


def _shapes(old: Sequence[Article], new: Sequence[Article]) -> tuple[list[_Shape], list[_Shape]]:
    """Return the shapes of both; what stands in many articles of one text weighs little."""
    texts = [[_bare_pairs(article) for article in side] for side in (old, new)]
    spread: Counter[str] = Counter()
    for side in texts:
        spread |= Counter(pair for _, pairs in side for pair in pairs)
    most = max(len(old), len(new))
    worth = {pair: _FLOOR + round(100 * log2(most / n)) for pair, n in spread.items()}
    before, after = ([_shape(bare, pairs, worth) for bare, pairs in side] for side in texts)
    return before, after


def _bare_pairs(article: Article) -> tuple[str, Counter[str]]:
    bare = bare_words(article.text)
    return bare, Counter(a + b for a, b in pairwise(bare))


def _shape(bare: str, pairs: Counter[str], worth: Mapping[str, int]) -> _Shape:
    weights = Counter({pair: n * worth[pair] for pair, n in pairs.items()})
    return _Shape(bare, weights, weights.total())


def _alike_bp(a: _Shape, b: _Shape) -> int:
    """Return twice the shared weight over all of it; basis points."""
    if a.bare == b.bare:
        return 10_000
    return 20_000 * _shared(a, b) // max(1, a.size + b.size)


def _held_bp(a: _Shape, b: _Shape) -> int:
    """Return how much of the shorter text stands in the longer one."""
    return 10_000 * _shared(a, b) // max(1, min(a.size, b.size))


def _shared(a: _Shape, b: _Shape) -> int:
    short, long = (a, b) if len(a.weights) <= len(b.weights) else (b, a)
    there = long.weights.get
    return sum(min(weight, there(pair, 0)) for pair, weight in short.weights.items())


def _likeness(before: Sequence[_Shape], after: Sequence[_Shape]) -> dict[tuple[int, int], int]:
    """Return the likeness of those pairs that share an uncommon run of characters."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, shape in enumerate(after):
        for gram in _grams(shape.bare):
            where[gram].append(at)
    found = {}
    for at, shape in enumerate(before):
        shared: Counter[int] = Counter()
        for gram in _grams(shape.bare):
            places = where.get(gram, ())
            if len(places) <= _COMMON:
                shared.update(places)
        for other, _ in shared.most_common(12):
            found[at, other] = _alike_bp(shape, after[other])
    return found


def _grams(bare: str) -> set[str]:
    return {bare[at : at + _GRAM] for at in range(max(1, len(bare) - _GRAM + 1))}


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


def _fill_gaps(pairs: dict[int, int], before: Sequence[_Shape], after: Sequence[_Shape]) -> None:
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
    lost: Sequence[int], free: Sequence[int], before: Sequence[_Shape], after: Sequence[_Shape]
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


def _worth(a: _Shape, b: _Shape) -> int:
    alike = _alike_bp(a, b)
    return alike if alike >= _NEAR_BP or _held_bp(a, b) >= _HELD_BP else 0


def _pair_by_number(
    pairs: dict[int, int],
    old: Sequence[Article],
    new: Sequence[Article],
    before: Sequence[_Shape],
    after: Sequence[_Shape],
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
    before: Sequence[_Shape],
    after: Sequence[_Shape],
    pairs: dict[int, int],
) -> Iterator[Change]:
    back = {b: a for a, b in pairs.items()}
    gone = [a for a in range(len(old)) if a not in pairs]
    for b, article in enumerate(new):
        a = back.get(b)
        if a is None:
            yield Change("added", None, article)
            continue
        while gone and gone[0] < a:
            yield Change("repealed", old[gone.pop(0)], None)
        is_same = before[a].bare == after[b].bare
        stays = old[a].key == article.key
        if stays:
            kind = "same" if is_same else "changed"
        else:
            kind = "moved" if is_same else "moved_changed"
        yield Change(kind, old[a], article, _alike_bp(before[a], after[b]))
    for a in gone:
        yield Change("repealed", old[a], None)
