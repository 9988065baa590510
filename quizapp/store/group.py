"""One commit for all answers that are ready at the same moment.

The flush of a commit is what a save costs most. Callers that arrive while another one waits for
the write lock or commits are carried by the next transaction together; each is told the outcome
only after that commit. Works with threads and with gevent's greenlets (patched `threading`).
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quizapp.domain.errors import Busy
from quizapp.store.db import DriverTx, driver, driver_transaction

LOG = logging.getLogger(__name__)
Work = Callable[[DriverTx], Any]


@dataclass(slots=True, eq=False)
class _Job:
    """Work that waits to be carried. `outcome` None: nothing of it is stored."""

    work: Work
    is_partial: Callable[[Any], bool] | None
    outcome: Any = None
    is_done: bool = False
    was_busy: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


class Group:
    """Callers of `run` share transactions; one of them at a time leads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Job] = []
        self._is_led = False

    def run(self, work: Work, is_partial: Callable[[Any], bool] | None = None) -> Any:
        """Return the outcome of `work`, durable; None when nothing of it was stored.

        `is_partial` says of an outcome that it must not stay; it is undone then, alone of its
        transaction. If the common transaction fails, all of it is undone and everybody gets
        None: each may try alone. Raises Busy.
        """
        job = _Job(work, is_partial)
        with self._lock:
            self._waiting.append(job)
            leads, self._is_led = not self._is_led, True
        if not leads:
            job.woken.wait()
        if not job.is_done:
            self._lead()
        if job.was_busy:
            raise Busy
        return job.outcome

    def _lead(self) -> None:
        """Carry everybody who waits, then let the next one lead."""
        jobs: list[_Job] = []
        try:
            time.sleep(0)  # others that are ready come aboard
            with driver_transaction() as tx:
                jobs = self._take_all()
                for job in jobs:
                    job.outcome = carry(tx, job.work, job.is_partial)
        except (Busy, driver().Error) as error:
            LOG.warning("a common transaction failed: %s", error)
            was_busy = isinstance(error, Busy) and not jobs
            jobs = jobs or self._take_all()  # they have waited as long
            for job in jobs:
                job.outcome, job.was_busy = None, was_busy
        finally:
            self._hand_over(jobs)

    def _take_all(self) -> list[_Job]:
        with self._lock:
            jobs, self._waiting = self._waiting, []
        return jobs

    def _hand_over(self, jobs: list[_Job]) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._is_led = following is not None
        for job in jobs:
            job.is_done = True
            job.woken.set()
        if following is not None:
            following.woken.set()


def carry(tx: DriverTx, work: Work, is_partial: Callable[[Any], bool] | None) -> Any:
    """Return the outcome of `work`; a partial one is undone and becomes None."""
    if is_partial is None:
        return work(tx)
    tx.cursor.execute("SAVEPOINT carried")
    outcome = work(tx)
    if outcome is not None and is_partial(outcome):
        tx.cursor.execute("ROLLBACK TO SAVEPOINT carried")
        outcome = None
    tx.cursor.execute("RELEASE SAVEPOINT carried")
    return outcome
