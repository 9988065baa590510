"""What a process may remember of the database: only what can never change once it is written."""

from collections import OrderedDict
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """A bounded store in the process; the oldest entry makes room for the newest."""

    everything: list["Memory[Any, Any]"] = []  # noqa: RUF012 — one list for the whole process

    def __init__(self, size: int) -> None:
        self._known: OrderedDict[Key, Value] = OrderedDict()
        self._size = size
        Memory.everything.append(self)

    def find(self, key: Key) -> Value | None:
        """Return what is remembered, or None."""
        return self._known.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember."""
        self._known[key] = value
        if len(self._known) > self._size:
            self._known.popitem(last=False)

    def forget(self) -> None:
        """Remember nothing."""
        self._known.clear()


def forget_all() -> None:
    """Remember nothing of any table; for a database that was emptied or replaced."""
    for memory in Memory.everything:
        memory.forget()
