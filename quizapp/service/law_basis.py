"""Working out beside the lock what a change of the library does, and writing it under the lock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from quizapp.domain.errors import Busy
from quizapp.store import amendments, law_imports, statutes, touched
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.statutes import Shelved

SeenT = TypeVar("SeenT")
DoneT = TypeVar("DoneT")
LOOKS = 5
"""Whose questions change more often than that while they are looked at is asked to come again."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What follows from a law follows from these: its versions, what was compared, who cites it."""

    versions: list[Shelved]
    amendments: list[int]
    citing: Mapping[int, str]


def basis_of(tx: Tx, short: str) -> Basis:
    """Return the basis of the law of that short name."""
    versions = statutes.list_shelved(tx, short)
    compared = amendments.list_ending(tx, [each.id for each in versions])
    return Basis(versions, compared, touched.find_states(tx, short))


def write_as_seen(
    short: str, look: Callable[[Tx], SeenT], write: Callable[[Tx, SeenT], DoneT]
) -> DoneT:
    """Return what `write` does with what `look` saw; nothing it depends on changed in between.

    Looking takes seconds, so it is done where nobody waits for us. What has changed meanwhile is
    looked at again. Raises Busy when it never keeps still, and what both raise.
    """
    for _ in range(LOOKS):
        with reading() as tx:
            basis = basis_of(tx, short)
            seen = look(tx)
        with transaction() as tx:
            law_imports.hold_library(tx)
            if basis_of(tx, short) == basis:
                return write(tx, seen)
    raise Busy
