"""Long work in slices: each a transaction of its own, as large as fits into its budget."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.domain.slices import next_size
from quizapp.store.db import Tx, transaction

FIRST = 100


class Slices:
    """Counts how many rows the next slice takes: `size`, by what the one before took."""

    def __init__(self, first: int = FIRST) -> None:
        self.size = first

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open the transaction of a slice of `size` rows; its time counts once it has the lock."""
        with transaction() as tx:
            begun = time.monotonic()
            yield tx
        self.size = next_size(self.size, 1000 * (time.monotonic() - begun))
