"""Questions written as GIFT."""

import re
from collections.abc import Sequence

from quizapp.domain.bank import Question
from quizapp.formats.base import clean
from quizapp.formats.questions.exported import (
    DIFFICULTY,
    TRAP,
    Written,
    explanation_with_source,
    is_right,
    short_name,
    split,
    topics_text,
    unheld,
)

_SPECIAL = re.compile(r"([\\~=#{}:])")
_WHOLE = 100


def write_gift(questions: Sequence[Question]) -> Written:
    """Return choices of one or several and judgements; the same questions give the same bytes."""
    kept, left_out = split(questions, ("single", "multiple", "judge"))
    blocks, category = [], ""
    for question in kept:
        if topics_text(question) != category:
            category = topics_text(question)
            blocks.append(f"$CATEGORY: {category.replace('/', '//') or 'top'}")
        blocks.append(_block(question))
    text = "\n\n".join(blocks) + "\n"
    return Written(text.encode(), left_out, unheld(kept, DIFFICULTY, TRAP))


def _block(question: Question) -> str:
    lines = [f"::{_escaped(short_name(question))}::[plain]{_escaped(question.stem)} {{"]
    if isinstance(question.key, bool):
        lines.append("TRUE" if question.key else "FALSE")
    else:
        lines += [_option(question, at, text) for at, text in enumerate(question.options)]
    note = explanation_with_source(question)
    return "\n".join([*lines, *([f"####{_escaped(note)}"] if note else []), "}"])


def _option(question: Question, at: int, text: str) -> str:
    # Moodle would take “%5%” or “[html]” at the beginning of an option for its own marks
    plain = ("[plain]" if text.startswith("[") else "") + _escaped(text)
    if question.type == "single":
        weight = ("%100%" if is_right(question, at) else "%0%") if text.startswith("%") else ""
        return f"{'=' if is_right(question, at) else '~'}{weight}{plain}"
    rights = len(question.key) if isinstance(question.key, tuple) else 1
    share = _WHOLE if is_right(question, at) else -_WHOLE
    count = rights if is_right(question, at) else max(len(question.options) - rights, 1)
    return f"~%{_percent(share / count)}%{plain}"


def _percent(share: float) -> str:
    """Return a weight as Moodle lists them: 50, 33.33333."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text)).replace("\r\n", "\n").replace("\n", "\\n")
