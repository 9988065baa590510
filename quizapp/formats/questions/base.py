"""What every reader of questions can do."""

from quizapp.domain.imports import Mapping, ReadResult
from quizapp.domain.text import Text


class QuestionReader:
    """A member of the shelf of question formats; `write` only where the format can be written."""

    key: str
    label: Text

    def sniff(self, name: str, content: bytes) -> bool:
        """Say whether the content looks like this format; `name` helps only between alike ones."""
        raise NotImplementedError

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:
        """Return what the file holds. Raises FileRefused when it cannot be read at all."""
        raise NotImplementedError
