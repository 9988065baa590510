"""Everything that can be refused, as facts. Wording and HTTP status are decided elsewhere."""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 — it is the answer of a rule, not a fault of the program
    """A rule said no. `code` names the fact; `facts` are plain values for its message."""

    code: ClassVar[str] = "refused"

    def __init__(self, code: str | None = None, /, **facts: Any) -> None:
        self.name = code or self.code
        self.facts = facts
        super().__init__(self.name)


class NotFound(Refusal):
    """What was asked for does not exist."""

    code = "not_found"


class NotAllowed(Refusal):
    """It exists, but not for this person or not yet."""

    code = "not_allowed"


class Conflict(Refusal):
    """It cannot be done in the present state."""

    code = "conflict"


class Invalid(Refusal):
    """What was sent makes no sense. `problems` lists every fault found."""

    code = "invalid"

    def __init__(
        self,
        code: str | None = None,
        /,
        *,
        problems: list[dict[str, Any]] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code, **facts)
        self.problems = problems or []


class Busy(Refusal):
    """The store could not be had in time; the same call may be repeated after `retry_after_s`."""

    code = "busy"

    def __init__(self, *, retry_after_s: int = 2) -> None:
        super().__init__(retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class TooMany(Refusal):
    """Too many tries; come back after `retry_after_s`."""

    code = "too_many_tries"

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s, minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s
