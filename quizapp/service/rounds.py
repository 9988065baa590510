"""The server's own rounds: expired attempts are closed without a cron and without any visit."""

import fcntl
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO


def run_rounds(
    work: Callable[[], object],
    *,
    every_s: float,
    lock_file: Path,
    rest: Callable[[float], object] = time.sleep,
) -> None:
    """Call `work` every `every_s` seconds for as long as the process lives, in one process only.

    The others stand by: when the one that holds the lock dies, the next one goes on.
    """
    lock: IO[str] | None = None
    while True:
        lock = lock or take_turn(lock_file)
        if lock is not None:
            work()
        rest(every_s)


def take_turn(lock_file: Path) -> IO[str] | None:
    """Return the open lock file if no other process makes the rounds, else None."""
    handle = lock_file.open("a", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
