"""Options written in one piece: “A. …B. …”, one per line, or between bars."""

import re

from quizapp.domain.bank import LETTERS

Options = tuple[tuple[str, str], ...]
_NEAR = 8
"""How many signs before a letter tell whether an option begins with it."""
_LONGEST = 20_000
_MARK = re.compile(
    r"[（(\[【]\s*([A-Za-zＡ-Ｚａ-ｚ])\s*[)）\]】]\s*[.．、:：]?"
    r"|([A-Za-zＡ-Ｚａ-ｚ])\s*[.．、:：)）]"
    r"|(?:(?<=^)|(?<=\n))\s*([A-ZＡ-Ｚ])[ \t\u3000]+"
)
_EDGES = " \t\r\n\u3000,，、;；|｜"
_RARER = "$#/／"
_BREAKS = re.compile(r"[\n,，;；|｜\s。]\s*$")


def letter_at(at: int) -> str:
    """Return the letter of the option at a position (0-based); its number where letters end."""
    return LETTERS[at] if at < len(LETTERS) else f"{at + 1}"


def letter_of(sign: str) -> str:
    """Return an option's letter in half-width capitals."""
    code = ord(sign)
    return (chr(code - 0xFEE0) if code > 0xFF00 else sign).upper()  # noqa: PLR2004


def split_options(text: str) -> Options:
    """Return the options of one cell with their letters as written; without letters, in order.

    A letter counts when it opens a line or follows a separator, or is the one that comes next:
    “A.行政机关B.公安机关” has two. Texts are trimmed; empty ones stay.
    """
    marks = _marks(text) if len(text) <= _LONGEST else []
    if not marks:
        return _unlettered(text)
    options = []
    for at, (letter, _, begins) in enumerate(marks):
        ends = marks[at + 1][1] if at + 1 < len(marks) else len(text)
        options.append((letter, text[begins:ends].strip(_EDGES)))
    return _without_signs(options)


def _without_signs(options: list[tuple[str, str]]) -> Options:
    """Return options without the rarer signs that part them: “A.…/B.…/C.…”."""
    signs = {text[-1:] for _, text in options[:-1]}
    if len(signs) == 1 and signs <= set(_RARER):
        sign = signs.pop()
        return tuple((letter, text.rstrip(sign + _EDGES)) for letter, text in options)
    return tuple(options)


def _marks(text: str) -> list[tuple[str, int, int]]:
    """Return (letter, where its mark begins, where its text begins)."""
    found: list[tuple[str, int, int]] = []
    for mark in _MARK.finditer(text):
        letter = letter_of(mark.group(1) or mark.group(2) or mark.group(3))
        before = text[max(0, mark.start() - _NEAR) : mark.start()]
        if not found:
            if text[: mark.start()].strip(_EDGES):
                return []
            counts = True
        else:
            last = found[-1][0]
            is_next = ord(letter) == ord(last) + 1 and not before[-1:].isascii()
            apart = _BREAKS.search(before) is not None
            counts = (
                is_next
                or (apart and letter >= last)
                or (ord(letter) == ord(last) + 1 and not before[-1:].isalnum())
            )
        if counts:
            found.append((letter, mark.start(), mark.end()))
    return found


def _unlettered(text: str) -> Options:
    for sign in ("\n", "|", "｜", "；", ";", "$", "\t", " "):
        parts = [part.strip(_EDGES) for part in text.strip(_EDGES).split(sign)]
        if not sign.strip():
            parts = list(filter(None, parts))
        glued = _have_letters(parts)
        # a blank parts options only where each begins with its letter: “A甲 B乙”
        if len(parts) > 1 and (glued or sign != " "):
            texts = [part[1:].lstrip("-—") for part in parts] if glued else parts
            return tuple((letter_at(at), part) for at, part in enumerate(texts))
    return (("A", text.strip(_EDGES)),) if text.strip(_EDGES) else ()


def _have_letters(parts: list[str]) -> bool:
    return all(
        re.match(rf"{letter}[-—]?[\u4e00-\u9fff\d]", part)
        for letter, part in zip(LETTERS, parts, strict=False)
    )


def without_letters(options: Options) -> Options:
    """Return options of lettered columns without the same letters repeated in their texts."""
    bare = []
    for letter, text in options:
        mark = _MARK.match(text)
        if text and (
            mark is None
            or letter_of(next(g for g in mark.groups() if g)) != letter
            or not text[mark.end() :].strip()
        ):
            return options
        bare.append((letter, text[mark.end() :].strip() if mark else text))
    return tuple(bare)
