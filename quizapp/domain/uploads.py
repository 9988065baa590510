"""A file between preview and confirmation, and what is wrong with its rows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.ids import OfficerId, UploadId
from quizapp.domain.text import Text

ALL_OR_NOTHING, GOOD_ROWS = "all", "good"
MODES = (ALL_OR_NOTHING, GOOD_ROWS)
KEPT = timedelta(days=1)
"""How long a file waits for its confirmation."""
ERROR_COLUMN = Text("错误原因", "What is wrong")
"""The column that a file of errors has more than the file it is of."""
COLON, BETWEEN = Text("：", ": "), Text("；", "; ")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row. `column` is the heading as its owner wrote it, or empty."""

    row: int
    code: str
    column: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file. `outcome` is what its confirmation did."""

    id: UploadId
    kind: str
    file_name: str
    sha256: str
    content: bytes
    settings: dict[str, Any]
    created_by: OfficerId
    created_at: datetime
    confirmed_at: datetime | None
    outcome: dict[str, Any] | None


class RowsFaulty(Conflict):
    """All rows or none were asked for, and some rows have problems."""

    code = "rows_faulty"


class ModeUnknown(Invalid):
    """Neither all rows nor the good ones were asked for."""

    code = "mode_unknown"


def check_mode(mode: str, problems: int) -> None:
    """Pass when `mode` allows a file with that many faulty rows. Raises ModeUnknown, RowsFaulty."""
    if mode not in MODES:
        raise ModeUnknown(mode=mode)
    if mode == ALL_OR_NOTHING and problems:
        raise RowsFaulty(count=problems)


def is_error_column(heading: object) -> bool:
    """Say whether a column was added by an earlier file of errors, in either language."""
    return heading in (ERROR_COLUMN.zh, ERROR_COLUMN.en)
