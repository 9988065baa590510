"""A question, its versions, and what a bank file says around it."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from quizapp.domain.ids import QuestionId, VersionId
from quizapp.domain.statutes import Citation, citation_from_plain, citation_to_plain
from quizapp.domain.text import Text

STATES = {
    "draft": Text("草稿", "Draft"),
    "in_review": Text("待审核", "In review"),
    "published": Text("已发布", "Published"),
    "suspended": Text("暂停", "Suspended"),
    "retired": Text("停用", "Retired"),
}
DIFFICULTIES = {
    1: Text("识记", "Recall"),
    2: Text("辨析", "Distinguish"),
    3: Text("应用", "Apply"),
}
OUTCOMES = {
    "confirmed": Text("复核无误", "Confirmed"),
    "corrected": Text("复核后修改", "Corrected"),
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Options are lettered A to Z at most."""
USUAL_OPTIONS = 6
"""As many the editor offers of itself; more come with files."""

Key = tuple[int, ...] | bool
"""Which stored options are right (0-based, ascending), or whether a judgement is true."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a stem: its id in the store, and the words for those who do not see it."""

    id: int
    alt: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the key and why. A case has `parts`, no key; its stem is the material."""

    type: str
    stem: str
    options: tuple[str, ...] = ()
    key: Key = ()
    explanation: str = ""
    citations: tuple[Citation, ...] = ()
    difficulty: int = 1
    topics: tuple[str, ...] = ()
    trap: str = ""
    parts: tuple["Question", ...] = ()
    picture: Picture | None = None

    @property
    def law(self) -> str:
        """The short name of the law cited first."""
        return self.citations[0].law if self.citations else ""

    @property
    def items(self) -> tuple["Question", ...]:
        """What is answered and marked: the parts of a case, else the question itself."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the bank; an empty field finds everything.

    Without a state all but the retired ones are found. `text`: part of the code or the stem.
    `codes`: of these questions only.
    """

    law: str = ""
    type: str = ""
    difficulty: int = 0
    topic: str = ""
    state: str = ""
    text: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The second reading of a question."""

    outcome: str
    on: date
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as the bank's files hold it. `file` and `line` (1-based): where it begins."""

    code: str
    question: Question
    file: str
    line: int
    part_lines: tuple[int, ...]
    law: str
    as_of: date
    scope: str
    author: str
    review: Review | None = None

    @property
    def state(self) -> str:
        """Published only after a second person has read it."""
        return "published" if self.review else "in_review"


@dataclass(frozen=True, slots=True)
class QuestionVersion:
    """One wording of a question, never changed once written."""

    id: VersionId
    question_id: QuestionId
    code: str
    version: int
    question: Question
    as_of: date
    author: str
    reviewer: str

    @property
    def is_approved(self) -> bool:
        """Say whether it has left its bank's desk at any time: a second person approved it."""
        return self.reviewer != ""


def with_kinds_of_law(question: Question, by_item: set[tuple[str, date | None]]) -> Question:
    """Return the question with the citations of these (short name, version) marked as by item."""
    return replace(
        question,
        citations=tuple(
            replace(cited, by_item=(cited.law, cited.version) in by_item)
            for cited in question.citations
        ),
        parts=tuple(with_kinds_of_law(part, by_item) for part in question.parts),
    )


def content_hash(entry: Entry) -> str:
    """Return the SHA-256 (hex) over all that an officer sees or is marked by.

    Who wrote and read it and where it stands in a file is not content: a change there makes no
    new version.
    """
    return question_hash(entry.question)


def question_hash(question: Question) -> str:
    """Return the SHA-256 (hex) over the content of a question; see `content_hash`."""
    text = json.dumps(
        [question_to_plain(question), question.difficulty, question.topics],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def wording_columns(question: Question) -> dict[str, Any]:
    """Return a wording as the bank's table has it, JSON-ready."""
    return {
        "content_hash": question_hash(question),
        "type": question.type,
        "law": question.law[:60],
        "difficulty": question.difficulty,
        "topics": list(question.topics),
        "parts": len(question.items),
        "body": question_to_plain(question),
        "picture_id": question.picture.id if question.picture else None,
    }


def question_to_plain(question: Question) -> dict[str, Any]:
    """Return the body as JSON-ready data; difficulty and topics of the whole are kept beside it."""
    plain: dict[str, Any] = {
        "stem": question.stem,
        "citations": [citation_to_plain(citation) for citation in question.citations],
    }
    if question.trap:
        plain["trap"] = question.trap
    if question.picture:
        plain["picture"] = {"id": question.picture.id, "alt": question.picture.alt}
    if question.parts:
        plain["parts"] = [
            question_to_plain(part)
            | {"type": part.type, "difficulty": part.difficulty, "topics": list(part.topics)}
            for part in question.parts
        ]
    else:
        plain["options"] = list(question.options)
        plain["key"] = question.key if isinstance(question.key, bool) else list(question.key)
        plain["explanation"] = question.explanation
    return plain


def question_from_plain(
    plain: dict[str, Any], *, type_key: str, difficulty: int, topics: tuple[str, ...]
) -> Question:
    """Return the question that `question_to_plain` wrote."""
    key = plain.get("key", ())
    picture = plain.get("picture")
    return Question(
        type=type_key,
        stem=plain["stem"],
        options=tuple(plain.get("options", ())),
        key=key if isinstance(key, bool) else tuple(key),
        explanation=plain.get("explanation", ""),
        citations=tuple(citation_from_plain(citation) for citation in plain["citations"]),
        difficulty=difficulty,
        topics=topics,
        trap=plain.get("trap", ""),
        picture=Picture(picture["id"], picture["alt"]) if picture else None,
        parts=tuple(
            question_from_plain(
                part,
                type_key=part["type"],
                difficulty=part["difficulty"],
                topics=tuple(part["topics"]),
            )
            for part in plain.get("parts", ())
        ),
    )
