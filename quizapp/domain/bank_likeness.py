"""Which questions say nearly the same: Jaccard likeness of three-character pieces."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

PIECE = 3
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts, by their position (first < second), and their likeness in whole per cent."""

    first: int
    second: int
    share_pct: int


def plain_text(text: str) -> str:
    """Return the text in half-width small letters without space and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


def pieces_of(text: str) -> frozenset[str]:
    """Return all runs of three characters; a shorter text is one piece."""
    plain = plain_text(text)
    return frozenset(plain[at : at + PIECE] for at in range(max(1, len(plain) - PIECE + 1)))


def find_alike(texts: Sequence[str], least: float) -> list[Likeness]:
    """Return the pairs whose likeness is at least `least` (over 0 to 1), most alike first.

    Two sets that share so much must share one of their rarest pieces, so only those are indexed;
    a bank of thousands takes a fraction of a second instead of millions of comparisons.
    """
    sets = [pieces_of(text) for text in texts]
    rarity = Counter(piece for pieces in sets for piece in pieces)
    index: defaultdict[str, list[int]] = defaultdict(list)
    found = []
    for second, pieces in enumerate(sets):
        rarest = sorted(pieces, key=lambda piece: (rarity[piece], piece))
        rarest = rarest[: len(pieces) - ceil(least * len(pieces)) + 1]
        for first in sorted(_candidates(index, rarest)):
            share = jaccard(sets[first], pieces)
            if share >= least:
                found.append(Likeness(first, second, int(share * 100)))
        for piece in rarest:
            index[piece].append(second)
    return sorted(found, key=lambda pair: (-pair.share_pct, pair.first, pair.second))


def _candidates(index: defaultdict[str, list[int]], pieces: Iterable[str]) -> set[int]:
    return {position for piece in pieces for position in index.get(piece, ())}


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the shared part of the union of two sets, 0 to 1."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)
