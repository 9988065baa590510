"""Questions written as Moodle XML."""

from collections.abc import Iterator, Sequence
from html import escape

from quizapp.domain.bank import Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.formats.base import clean
from quizapp.formats.questions.exported import (
    LEVELS,
    TRAP,
    Written,
    explanation_with_source,
    is_right,
    short_name,
    split,
    topics_text,
    unheld,
)

TAGGED_TYPE, TAGGED_DIFFICULTY = "题型：", "难度："
_CHOICES = ("single", "multiple", "indefinite")
_WHOLE = 100


def write_moodle(questions: Sequence[Question]) -> Written:
    """Return choices and judgements; the same questions give the same bytes."""
    kept, left_out = split(questions, (*_CHOICES, "judge"))
    lines, category = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"], ""
    for question in kept:
        if topics_text(question) != category:
            category = topics_text(question)
            path = "/".join(filter(None, ["$course$/top", category.replace("/", "//")]))
            lines += ['<question type="category">', f"<category>{_text(path)}</category>",
                      "</question>"]  # fmt: skip
        lines += _question(question)
    lines.append("</quiz>")
    return Written(("\n".join(lines) + "\n").encode(), left_out, unheld(kept, TRAP))


def _question(question: Question) -> Iterator[str]:
    is_choice = question.type in _CHOICES
    yield f'<question type="{"multichoice" if is_choice else "truefalse"}">'
    yield f"<name>{_text(short_name(question))}</name>"
    yield f'<questiontext format="plain_text">{_text(question.stem)}</questiontext>'
    note = explanation_with_source(question)
    yield f'<generalfeedback format="plain_text">{_text(note)}</generalfeedback>'
    yield "<defaultgrade>1</defaultgrade>"
    if is_choice:
        yield f"<single>{'true' if question.type == 'single' else 'false'}</single>"
        yield "<shuffleanswers>true</shuffleanswers>"
        yield "<answernumbering>ABCD</answernumbering>"
        for at, text in enumerate(question.options):
            yield _answer(text, _share(question, at))
    else:
        yield _answer("true", "100" if question.key is True else "0")
        yield _answer("false", "0" if question.key is True else "100")
    type_name = QUESTION_TYPES.get(question.type).label.zh
    tags = (TAGGED_TYPE + type_name, TAGGED_DIFFICULTY + LEVELS[question.difficulty])
    yield f"<tags>{''.join(f'<tag>{_text(tag)}</tag>' for tag in tags)}</tags>"
    yield "</question>"


def _share(question: Question, at: int) -> str:
    """Return the percentage an option earns: full, equal parts, or taken off again."""
    if question.type == "single":
        return "100" if is_right(question, at) else "0"
    rights = len(question.key) if isinstance(question.key, tuple) else 1
    if is_right(question, at):
        return f"{_WHOLE / rights:.5f}".rstrip("0").rstrip(".")
    return f"{-_WHOLE / max(len(question.options) - rights, 1):.5f}".rstrip("0").rstrip(".")


def _answer(text: str, share: str) -> str:
    return f'<answer fraction="{share}" format="plain_text">{_text(text)}</answer>'


def _text(text: str) -> str:
    return f"<text>{escape(clean(text), quote=False)}</text>"
