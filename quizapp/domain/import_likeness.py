"""Which questions of a file say nearly what a question of the bank says."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from quizapp.domain.bank_likeness import PIECE, jaccard, pieces_of, plain_text
from quizapp.domain.imports import ImportedQuestion
from quizapp.domain.pace import counted

ALIKE = 0.8
"""From this likeness on two questions are near duplicates."""


@dataclass(frozen=True, slots=True)
class BankText:
    """The words of a question of the bank, to compare with."""

    code: str
    stem: str
    options: tuple[str, ...]


def near_duplicates(
    new: Sequence[ImportedQuestion], bank: Sequence[BankText]
) -> dict[int, tuple[str, int]]:
    """Return position → (code, likeness in whole per cent) of the most alike question, from ALIKE.

    Sets that share so much share one of the pieces that are rarest in the bank: only these are
    looked up, so that 5,000 questions against a bank of thousands take a second.
    """
    if not bank:
        return {}
    known = [pieces_of(each.stem + "".join(each.options)) for each in bank]
    rarity = Counter(piece for pieces in known for piece in pieces)
    index: defaultdict[str, list[int]] = defaultdict(list)
    for at, pieces in enumerate(known):
        for piece in _rarest(pieces, rarity):
            index[piece].append(at)
    found = {}
    for at, question in enumerate(counted(new, len(new))):
        text = question.stem + "".join(text for _, text in question.options)
        if _is_new(plain_text(text), rarity):
            continue
        pieces = pieces_of(text)
        rivals = {other for piece in _rarest(pieces, rarity) for other in index.get(piece, ())}
        best = max(((jaccard(pieces, known[other]), -other) for other in rivals), default=(0.0, 0))
        if best[0] >= ALIKE:
            found[at] = (bank[-best[1]].code, int(best[0] * 100))
    return found


def _is_new(plain: str, known: Mapping[str, int]) -> bool:
    """Say whether a text has more new pieces than a near duplicate of anything can have."""
    strange: set[str] = set()
    most = (1 - ALIKE) * len(plain)
    for at in range(len(plain) - PIECE + 1):
        if plain[at : at + PIECE] not in known:
            strange.add(plain[at : at + PIECE])
            if len(strange) > most:
                return True
    return False


def _rarest(pieces: frozenset[str], rarity: Mapping[str, int]) -> list[str]:
    count = len(pieces) - ceil(ALIKE * len(pieces)) + 1
    return heapq.nsmallest(count, pieces, key=lambda piece: (rarity.get(piece, 0), piece))
