"""What stands between the braces of a GIFT question."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from quizapp.formats.questions.lettered import lettered

_ESCAPED = dict(zip("\\~=#{}:n", map(chr, range(1, 9)), strict=True))
"""The backslash first: one that is escaped escapes nothing."""
_MEANT = str.maketrans({mark: sign for sign, mark in _ESCAPED.items()} | {_ESCAPED["n"]: "\n"})
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r"([=~])([^=~]*)")
MOST_PIECES = 100
"""More options are read by nobody; far fewer are too many already."""
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """Type, options and key in the words of a raw question; `faults`: (code, detail)."""

    type_text: str
    options: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    explanation: str = ""
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Option:
    text: str
    feedback: str
    is_marked: bool
    weight: float | None

    @property
    def is_full(self) -> bool:
        """Marked with = and not worth nothing."""
        return self.is_marked and (self.weight is None or self.weight > 0)


def shield(text: str) -> str:
    """Return the text with escaped signs as control characters, which no text file holds."""
    for sign, mark in _ESCAPED.items() if "\\" in text else ():
        text = text.replace(f"\\{sign}", mark)
    return text


def restore(text: str) -> str:
    """Return shielded text with the signs that were meant."""
    return text.translate(_MEANT)


def read_answers(inside: str, shown: Callable[[str], str]) -> GiftAnswer:
    """Return what shielded text between braces says; `shown` turns a piece into plain text."""
    body, _, general = inside.partition("####")
    explanation = shown(general)
    truth = _TRUTH.fullmatch(body)
    if truth:
        notes = [explanation, *(shown(note) for note in (truth[2] or "").split("#"))]
        answer = "正确" if truth[1].upper().startswith("T") else "错误"
        return GiftAnswer("判断题", (), answer, _joined(notes))
    kind = _other_kind(body)
    if kind:
        return GiftAnswer(kind, explanation=explanation)
    stray = body[: _PIECE.search(body).start()].strip()  # type: ignore[union-attr]
    faults = (("row_unreadable", f"“{restore(stray)[:40]}”前没有 = 或 ~"),) if stray else ()
    pieces = islice(_PIECE.finditer(body), MOST_PIECES)
    return _choice([_option(piece[1], piece[2], shown) for piece in pieces], explanation, faults)


def _other_kind(body: str) -> str:
    """Return the name of a kind that is no choice, or ""."""
    if not body.strip():
        return "论述题"
    if body.lstrip().startswith("#"):
        return "计算题"
    if "~" in body:
        return ""
    return "匹配题" if "->" in body else "简答题"


def _option(sign: str, text: str, shown: Callable[[str], str]) -> _Option:
    weight = _WEIGHT.match(text)
    text = text[weight.end() :] if weight else text
    answer, _, feedback = text.partition("#")
    return _Option(
        shown(answer), shown(feedback), sign == "=", float(weight[1]) if weight else None
    )


def _choice(
    options: list[_Option], explanation: str, faults: tuple[tuple[str, str], ...]
) -> GiftAnswer:
    # beside an answer with = a weight is part of the points for a wrong one; alone it marks a key
    is_single = any(option.is_full for option in options)
    weighted = sum((option.weight or 0) > 0 for option in options)
    key = lettered(
        [
            (option.text, option.is_full if is_single else (option.weight or 0) > 0)
            for option in options
        ],
        is_single=is_single or weighted < 2,  # noqa: PLR2004
    )
    notes = [
        f"{letter}：{option.feedback}"
        for (letter, _), option in zip(key.options, options, strict=True)
        if option.feedback
    ]
    return GiftAnswer(
        key.type_text, key.options, key.answer, _joined([explanation, *notes]), faults
    )


def _joined(notes: list[str]) -> str:
    return "\n".join(filter(None, notes))
