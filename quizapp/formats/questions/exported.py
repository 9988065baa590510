"""What writers of question files take and give back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from quizapp.domain.bank import Question
from quizapp.domain.statutes import place_in_chinese
from quizapp.domain.text import Text

NAME_LENGTH = 40
_TREE_ROOT = re.compile(r"^(?:\$\w+\$(?:/|$))?(?:top(?:/|$))?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question the format cannot hold. `no`: its place in the selection, 1-based."""

    no: int
    stem: str
    why: Text


@dataclass(frozen=True, slots=True)
class Written:
    """A file, what it could not take, and what it says nothing of for any question."""

    content: bytes
    left_out: tuple[LeftOut, ...] = ()
    not_held: tuple[Text, ...] = ()


class QuestionWriter(Protocol):
    """A member of the shelf of formats that questions are written in."""

    key: str
    label: Text
    mimetype: str
    suffix: str

    def write(self, questions: Sequence[Question]) -> Written:
        """Return the file; the same questions always give the same bytes."""


LEVELS = {1: "易", 2: "中", 3: "难"}
"""Difficulty in the words that every reader takes."""
NO_SUCH_TYPE = Text("这种格式没有对应的题型", "The format has no such type of question")
TRAP = Text("易错点", "Trap")
PICTURES = Text("题干图片", "Pictures in stems")
DIFFICULTY = Text("难度", "Difficulty")


def unheld(questions: Sequence[Question], *always: Text) -> tuple[Text, ...]:
    """Return what a format says nothing of; pictures only where a question has one."""
    pictured = any(each.picture for question in questions for each in (question, *question.items))
    return (*always, PICTURES) if pictured else always


def split(
    questions: Sequence[Question], types: Sequence[str]
) -> tuple[list[Question], tuple[LeftOut, ...]]:
    """Return the questions of these types, and the others as left out."""
    kept = [question for question in questions if question.type in types]
    left_out = tuple(
        LeftOut(no, question.stem, NO_SUCH_TYPE)
        for no, question in enumerate(questions, start=1)
        if question.type not in types
    )
    return kept, left_out


def short_name(question: Question) -> str:
    """Return a title: the beginning of the stem on one line."""
    return " ".join(question.stem.split())[:NAME_LENGTH]


def citations_text(question: Question) -> str:
    """Return the citations in Chinese with the day of the law's version, for one cell."""
    return "；".join(
        f"《{cited.law}》"
        + (f"（{cited.version.isoformat()}）" if cited.version else "")
        + place_in_chinese(cited)
        for cited in question.citations
    )


def topics_text(question: Question) -> str:
    """Return the topics as one cell holds them."""
    return "、".join(question.topics)


def is_right(question: Question, option: int) -> bool:
    """Say whether an option (0-based) belongs to the key."""
    return isinstance(question.key, tuple) and option in question.key


def explanation_with_source(question: Question) -> str:
    """Return the explanation; its last line names the citations, where the format has no place."""
    source = citations_text(question)
    return "\n".join(filter(None, [question.explanation, f"依据：{source}" if source else ""]))


def apart_from_source(text: str) -> tuple[str, str]:
    """Return explanation and source: the last line of a text may be one that begins with 依据."""
    before, _, last = text.strip().rpartition("\n")
    if last.startswith(("依据：", "依据:")) and "《" in last:
        return before.strip(), last[len("依据：") :].strip()
    return text.strip(), ""


def category_of(path: str) -> str:
    """Return a category's path of Moodle without its root; // in a name stands for one stroke."""
    parts = _TREE_ROOT.sub("", path.strip()).replace("//", "\0").split("/")
    return "/".join(part.strip().replace("\0", "/") for part in parts if part.strip())
