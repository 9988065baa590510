"""Heavy work beside the requests: one piece at a time, so that saves are never starved."""

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, TypeVar

import gevent
from gevent import monkey

from quizapp.domain.errors import Busy

ResultT = TypeVar("ResultT")
REST_S = 0.01
"""Longer than a writer who waits for the lock sleeps between two tries."""


class Gate:
    """Lets one piece of work through at a time; refuses when too many wait already."""

    def __init__(self, longest_queue: int) -> None:
        self._longest_queue = longest_queue
        self._waiting = 0
        self._lock: Any = None

    def __enter__(self) -> bool:
        """Wait for the turn; True when others were before us. Raises Busy with too many in line."""
        if self._lock is None:  # made at first use: after gevent has replaced the locks, if it does
            self._lock = threading.Lock()
        if self._waiting >= self._longest_queue:
            raise Busy(retry_after_s=5)
        had_to_wait = self._waiting > 0
        self._waiting += 1
        try:
            self._lock.acquire()
        except BaseException:
            self._waiting -= 1
            raise
        return had_to_wait

    def __exit__(self, *_: object) -> None:
        self._waiting -= 1
        self._lock.release()


def run_apart(work: Callable[..., ResultT], *arguments: Any) -> ResultT:
    """Return what `work` returns; under gevent it runs in a real thread while others go on.

    There it finds the same context as here: the application and its database.
    """
    if monkey.is_module_patched("threading"):
        inside = (work, *arguments)
        return gevent.get_hub().threadpool.apply(copy_context().run, inside)  # type: ignore[no-any-return]
    return work(*arguments)


def rest() -> None:
    """Let others have the write lock between two slices of a long piece of work."""
    time.sleep(REST_S)
