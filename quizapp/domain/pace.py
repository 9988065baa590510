"""How far a long piece of work is: told to whoever listens, of no effect on the work itself."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

ItemT = TypeVar("ItemT")
Listener = Callable[[int, int], object]
"""Hears how many are done, of how many; the latter is 0 while nobody can know."""
EVERY = 100
_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let the listener hear of everything that is `counted` within."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def counted(items: Iterable[ItemT], total: int = 0) -> Iterator[ItemT]:
    """Yield the items; the listener hears of every EVERY-th."""
    listener = _LISTENER.get()
    for done, item in enumerate(items):
        if listener is not None and done and done % EVERY == 0:
            listener(done, total)
        yield item
