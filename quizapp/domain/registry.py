"""A shelf: a written, ordered list of members of one kind, found by key."""

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from quizapp.domain.errors import Invalid


class Member(Protocol):
    """What stands on a shelf has a key."""

    @property
    def key(self) -> str:
        """The key stored in the database and in files."""


MemberT = TypeVar("MemberT", bound=Member)


class Registry(Generic[MemberT]):
    """Members in their written order; `get` by key."""

    def __init__(self, name: str, members: Sequence[MemberT]) -> None:
        self.name = name
        self._members = {member.key: member for member in members}
        if len(self._members) != len(members):
            raise ValueError(f"two members of {name} share a key")

    def get(self, key: str) -> MemberT:
        """Return the member of that key. Raises Invalid("unknown_<shelf>")."""
        try:
            return self._members[key]
        except KeyError:
            raise Invalid(f"unknown_{self.name}", key=key) from None

    def keys(self) -> list[str]:
        """Return all keys in the written order."""
        return list(self._members)

    def __iter__(self) -> Iterator[MemberT]:
        return iter(self._members.values())

    def __contains__(self, key: object) -> bool:
        return key in self._members
