"""What an exchange file says beside its questions: it is listed, never dropped."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from quizapp.domain.imports import ReadResult, Skipped


@dataclass(slots=True)
class LeftOver:
    """Words of a file that no question took; what all questions repeat is listed once."""

    result: ReadResult
    listed: set[str] = field(default_factory=set)
    questions: int = 0
    skipped: int = 0

    def list_from(self, texts: Iterable[str], place: str, no: int) -> None:
        """List the texts of an element of which nothing read since the last call tells."""
        told = _close(self._told())
        for text in dict.fromkeys(texts):
            lines = [line for line in text.splitlines() if _close(line) not in told]
            left = "\n".join(lines).strip()
            if left and left not in self.listed:
                self.listed.add(left)
                self.result.skipped.append(Skipped(place, left, "未用到的文字", no=no))
        self.questions, self.skipped = len(self.result.questions), len(self.result.skipped)

    def _told(self) -> str:
        texts = [one.text for one in self.result.skipped[self.skipped :]]
        for raw in self.result.questions[self.questions :]:
            texts += [raw.stem, raw.answer_text, raw.explanation, raw.category, raw.type_text]
            texts += [raw.difficulty_text, raw.source, f"依据：{raw.source}"]
            texts += [text for _, text in raw.options]
        return "\n".join(texts)


def left_over_from(result: ReadResult) -> LeftOver:
    """Return what lists the words left over of whatever is read from now on."""
    return LeftOver(result, questions=len(result.questions), skipped=len(result.skipped))


def _close(text: str) -> str:
    return "".join(text.split())
