"""How alike two articles are: shared pairs of characters, the uncommon ones weighing most."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

from quizapp.domain.law_text import Article

_GRAM = 4
_FLOOR = 20
"""What a pair of characters weighs that stands everywhere; a rare one weighs some hundreds."""
_COMMON = 40
"""A run of characters that stands in more articles than this tells nothing about one."""
_IGNORED = re.compile(r"[\s　，。；：、,.;:“”\"'‘’（）()《》〈〉<>]+")
_SENTENCE = re.compile(r"[。；\n]")
_SHORTEST = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text is compared by: its words bare, and its pairs of neighbouring characters.

    `weights`: of each pair, its count times how uncommon it is in both texts; `size`: their sum.
    """

    bare: str
    weights: Counter[str]
    size: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """Two texts as shapes, article by article, and what a pair of characters is worth in them."""

    before: list[Shape]
    after: list[Shape]
    worth: Mapping[str, int]

    @classmethod
    def of(cls, old: Sequence[Article], new: Sequence[Article]) -> "Shapes":
        """Return the shapes of both; what stands in many articles of one text weighs little."""
        texts = [[_bare_pairs(article.text) for article in side] for side in (old, new)]
        spread: Counter[str] = Counter()
        for side in texts:
            spread |= Counter(pair for _, pairs in side for pair in pairs)
        most = max(len(old), len(new))
        worth = {pair: _FLOOR + round(100 * log2(most / n)) for pair, n in spread.items()}
        before, after = ([_shape(bare, pairs, worth) for bare, pairs in side] for side in texts)
        return cls(before, after, worth)

    def sentences(self, article: Article) -> list[Shape]:
        """Return the sentences and items of an article, without the shortest."""
        found = (_bare_pairs(words) for words in _SENTENCE.split(article.text))
        return [_shape(bare, pairs, self.worth) for bare, pairs in found if len(bare) >= _SHORTEST]


def bare_words(text: str) -> str:
    """Return the text without blanks and punctuation: what is compared."""
    return _IGNORED.sub("", text)


def _bare_pairs(text: str) -> tuple[str, Counter[str]]:
    bare = bare_words(text)
    return bare, Counter(a + b for a, b in pairwise(bare))


def _shape(bare: str, pairs: Counter[str], worth: Mapping[str, int]) -> Shape:
    weights = Counter({pair: n * worth[pair] for pair, n in pairs.items()})
    return Shape(bare, weights, weights.total())


def alike_bp(a: Shape, b: Shape) -> int:
    """Return twice the shared weight over all of it; basis points."""
    if a.bare == b.bare:
        return 10_000
    return 20_000 * _shared(a, b) // max(1, a.size + b.size)


def held_bp(a: Shape, b: Shape) -> int:
    """Return how much of the shorter text stands in the longer one."""
    return 10_000 * _shared(a, b) // max(1, min(a.size, b.size))


def found_bp(part: Shape, whole: Iterable[Shape]) -> int:
    """Return how much of a sentence stands in the one of `whole` that holds most of it."""
    return max((10_000 * _shared(part, each) // max(1, part.size) for each in whole), default=0)


def _shared(a: Shape, b: Shape) -> int:
    short, long = (a, b) if len(a.weights) <= len(b.weights) else (b, a)
    there = long.weights.get
    return sum(min(weight, there(pair, 0)) for pair, weight in short.weights.items())


class Neighbours:
    """Finds the shapes that share uncommon runs of characters with another one."""

    def __init__(self, shapes: Sequence[Shape], among: Iterable[int]) -> None:
        self._where: dict[str, list[int]] = defaultdict(list)
        for at in among:
            for gram in _grams(shapes[at].bare):
                self._where[gram].append(at)

    def of(self, shape: Shape, most: int) -> list[int]:
        """Return at most so many of them, the one that shares most first."""
        shared: Counter[int] = Counter()
        for gram in _grams(shape.bare):
            places = self._where.get(gram, ())
            if len(places) <= _COMMON:
                shared.update(places)
        return [at for at, _ in shared.most_common(most)]


def _grams(bare: str) -> set[str]:
    return {bare[at : at + _GRAM] for at in range(max(1, len(bare) - _GRAM + 1))}
