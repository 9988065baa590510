"""Our own JSON: everything a question has, of every type, there and back."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from quizapp.domain.bank import LETTERS, Key, Question
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, RawQuestion, ReadResult
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.ordering import ORDERING
from quizapp.domain.sheets import FileRefused
from quizapp.domain.statutes import Citation, citation_to_plain
from quizapp.domain.text import Text
from quizapp.formats.base import check_questions
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.exact import exact_question
from quizapp.formats.questions.exported import LEVELS, Written, unheld
from quizapp.formats.safety import decode

FORMAT = "quizapp-questions"
_TEXTS = ("stem", "explanation", "trap")
_DEEPEST = 2
MOST_BRACES, MOST_COMMAS = 400_000, 1_500_000
"""Counted before anything is built of them."""


class _OddError(ValueError):
    """An entry that is not as the format says; the text names the field."""


class BankJson(QuestionReader):
    """Lossless for all types: cases with their parts, accepted wordings, orders, traps."""

    key = "json"
    label = Text("本系统 JSON", "JSON of this system")
    mimetype = "application/json"
    suffix = ".json"

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether it is an object or a list of JSON that speaks of questions."""
        head = content[:200].decode("utf-8-sig", "ignore").lstrip()
        return head.startswith(("{", "[")) and (b'"questions"' in content or b'"stem"' in content)

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every entry of the list; places are their numbers from 1."""
        try:
            text = decode(content)
            if text.count("{") > MOST_BRACES or text.count(",") > MOST_COMMAS:
                check_questions(MOST_BRACES)
            loaded = json.loads(text)
        except RecursionError as error:
            raise FileRefused("file_unsafe") from error
        except json.JSONDecodeError as error:
            raise FileRefused("file_broken_line", line=error.lineno) from error
        except ValueError as error:  # a number of thousands of digits
            raise FileRefused("file_broken") from error
        entries = loaded.get("questions") if isinstance(loaded, dict) else loaded
        if not isinstance(entries, list) or not entries:
            raise FileRefused("file_empty")
        check_questions(len(entries))
        return ReadResult([_read_entry(entry, no) for no, entry in enumerate(entries, start=1)])

    def write(self, questions: Sequence[Question]) -> Written:
        """Return the questions, nothing left out; the same questions give the same bytes."""
        plain = {"format": FORMAT, "version": 1, "questions": [_plain(each) for each in questions]}
        content = (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()
        return Written(content, not_held=unheld(questions))


def _plain(question: Question) -> dict[str, Any]:
    key: Any = question.key
    if isinstance(key, tuple):
        key = [LETTERS[option] for option in key]
    plain: dict[str, Any] = {"type": question.type, "stem": question.stem}
    if question.options:
        plain["options"] = [
            {"label": LETTERS[at], "text": text} for at, text in enumerate(question.options)
        ]
    if not question.parts:
        plain["key"] = key
    plain |= {
        "explanation": question.explanation,
        "citation": [citation_to_plain(each) for each in question.citations],
        "difficulty": question.difficulty,
        "topics": list(question.topics),
    }
    if question.trap:
        plain["trap"] = question.trap
    if question.parts:
        plain["sub_questions"] = [_plain(part) for part in question.parts]
    return plain


def _read_entry(entry: Any, no: int) -> RawQuestion:
    place = f"第 {no} 题"
    try:
        return exact_question(_question(entry, depth=1), place, no)
    except _OddError as odd:
        fault = Finding(place, "row_unreadable", field="row", detail=str(odd), no=no)
        return RawQuestion(place=place, no=no, stem="", findings=(fault,))


def _question(entry: Any, *, depth: int) -> Question:
    if not isinstance(entry, dict):
        raise _OddError("不是一道题")
    type_key = entry.get("type")
    if not isinstance(type_key, str) or type_key not in QUESTION_TYPES:
        raise _OddError("type")
    parts = entry.get("sub_questions", [])
    if not isinstance(parts, list) or (parts and depth >= _DEEPEST):
        raise _OddError("sub_questions")
    difficulty = entry.get("difficulty", 1)
    if difficulty not in LEVELS or isinstance(difficulty, bool):
        raise _OddError("difficulty")
    texts = {name: _text(entry.get(name, ""), name) for name in _TEXTS}
    return Question(
        type=type_key,
        stem=texts["stem"],
        options=_options(entry.get("options", [])),
        key=() if parts else _key(entry.get("key", entry.get("answer")), type_key),
        explanation=texts["explanation"],
        citations=tuple(_citation(each) for each in _list(entry.get("citation", []), "citation")),
        difficulty=difficulty,
        topics=tuple(_text(each, "topics") for each in _list(entry.get("topics", []), "topics")),
        trap=texts["trap"],
        parts=tuple(_question(part, depth=depth + 1) for part in parts),
    )


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise _OddError(name)
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _OddError(name)
    return value


def _options(value: Any) -> tuple[str, ...]:
    texts = []
    for at, each in enumerate(_list(value, "options")):
        if not isinstance(each, dict) or at >= len(LETTERS):
            raise _OddError("options")
        label = each.get("label", each.get("key", LETTERS[at]))
        if label != LETTERS[at]:
            raise _OddError("options")
        texts.append(_text(each.get("text"), "options"))
    return tuple(texts)


def _key(value: Any, type_key: str) -> Key:
    if isinstance(value, bool):
        return value
    letters = list(value) if isinstance(value, str | list) else []
    if any(not isinstance(each, str) or len(each) != 1 or each not in LETTERS for each in letters):
        raise _OddError("key")
    options = [LETTERS.index(letter) for letter in letters]
    return tuple(options if type_key == ORDERING.key else sorted(options))


def _citation(value: Any) -> Citation:
    numbers = ("sub", "paragraph", "item")
    try:
        return Citation(
            law=_text(value["law"], "citation"),
            version=date.fromisoformat(value["version"]) if value.get("version") else None,
            article=_whole(value["article"]),
            **{name: _whole(value[name]) for name in numbers if value.get(name) is not None},
            by_item=value.get("by_item") is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _OddError("citation") from error


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 100_000:  # noqa: PLR2004
        raise _OddError("citation")
    return value


BANK_JSON = BankJson()
