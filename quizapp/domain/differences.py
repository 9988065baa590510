"""What differs between two versions of a question, in words a person can read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from quizapp.domain.bank import DIFFICULTIES, LETTERS, Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import place_in_chinese
from quizapp.domain.text import Text

CITED = Text("依据", "Citation")
_NUMERAL = "[零〇一二三四五六七八九十百千万两]+"
_PIECES = re.compile(rf"[A-Za-z]+|{_NUMERAL}|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_CITATIONS = re.compile("；|[^；]+")
LITTLE_IN_COMMON = 0.3
"""Below this likeness two texts are shown one after the other, not woven into each other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `kind`: same, gone (only in the older) or new (only in the newer)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs. `part`: number of the case's part (1-based), 0 for the whole."""

    part: int
    field: Text
    pieces: tuple[Piece, ...]


def compare_texts(older: str, newer: str) -> tuple[Piece, ...]:
    """Return the newer text with what left the older one at its place; whole words and numbers."""
    first, second = _PIECES.findall(older), _PIECES.findall(newer)
    if SequenceMatcher(None, first, second, autojunk=False).ratio() < LITTLE_IN_COMMON:
        return _kept(("gone", older), ("new", newer))
    return _woven(first, second)


def _compare_citations(older: str, newer: str) -> tuple[Piece, ...]:
    """Return what left and what came, each citation as a whole: it stays one that can be opened."""
    return _woven(_CITATIONS.findall(older), _CITATIONS.findall(newer))


def _woven(first: Sequence[str], second: Sequence[str]) -> tuple[Piece, ...]:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(first[a:b])))
        else:
            pieces += [("gone", "".join(first[a:b])), ("new", "".join(second[c:d]))]
    return _kept(*pieces)


def _kept(*pieces: tuple[str, str]) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in pieces if text)


def compare(older: Question, newer: Question) -> list[Change]:
    """Return what differs, field by field in the order of a page; empty when nothing does."""
    changes = list(_changes(0, older, newer))
    for no in range(max(len(older.parts), len(newer.parts))):
        one = older.parts[no] if no < len(older.parts) else _NOTHING
        other = newer.parts[no] if no < len(newer.parts) else _NOTHING
        changes += _changes(no + 1, one, other)
    return changes


_NOTHING = Question("single", "", difficulty=0)


def _changes(part: int, older: Question, newer: Question) -> Iterator[Change]:
    before, after = dict(_fields(older)), dict(_fields(newer))
    longer = max(before, after, key=len)  # it names every field, in the order of a page
    for field in dict.fromkeys((*longer, *before, *after)):
        one, other = before.get(field, ""), after.get(field, "")
        if one != other:
            weave = _compare_citations if field == CITED else compare_texts
            yield Change(part, field, weave(one, other))


def _fields(question: Question) -> Iterator[tuple[Text, str]]:
    if question is not _NOTHING:
        yield Text("题型", "Type"), QUESTION_TYPES.get(question.type).label.zh
    yield Text("题干", "Question"), question.stem
    for letter, option in zip(LETTERS, question.options, strict=False):
        yield Text(f"选项 {letter}", f"Option {letter}"), option
    yield Text("答案", "Key"), key_in_words(question)
    yield Text("解析", "Explanation"), question.explanation
    yield CITED, "；".join(_cited(question))
    if question.difficulty in DIFFICULTIES:
        yield Text("难度", "Difficulty"), DIFFICULTIES[question.difficulty].zh
    yield Text("主题", "Topics"), "、".join(question.topics)
    picture = question.picture
    yield Text("图片", "Picture"), f"[{picture.id}] {picture.alt}" if picture else ""


def _cited(question: Question) -> Iterator[str]:
    for citation in question.citations:
        version = f"（{citation.version}）" if citation.version else ""
        yield f"《{citation.law}》{version}{place_in_chinese(citation)}"


def key_in_words(question: Question) -> str:
    """Return the key as a trainer writes it: AC, 正确, or nothing for a case."""
    if isinstance(question.key, bool):
        return "正确" if question.key else "错误"
    if question.type == "blank":
        return "；".join(question.options)
    return "".join(LETTERS[option] for option in question.key if option < len(LETTERS))
