"""A question's own words taken apart: stem, options, and the answer written in a bracket."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from quizapp.formats.questions.notation_brackets import ENDS, LETTERS, without_answer
from quizapp.formats.questions.notation_marks import JUDGED, TYPE, shadow

_SIGN = re.compile(
    r"(?P<at_line>(?<=\n)[^\S\n]*)?"
    r"(?:\(\s*(?P<framed>[A-Za-z])\s*\)\s*[.、:]?|\[\s*(?P<square>[A-Z])\s*\]"
    r"|(?<![A-Za-z.\-])(?P<bare>[A-Za-z])(?:(?P<sep>\s?[.、:)。]|\s?,)"
    r"|(?P<blank>[^\S\n]+(?=\S)|[^\S\n]*(?=\n|$))))[^\S\n]*"
)
_PARTS = ("at_line", "framed", "square", "bare", "blank")
_LETTER = re.compile("[A-Za-z]")
_TYPE_TAG = re.compile(
    rf"[(\[]\s*(?P<type>{TYPE}题?|[一-龥]{{1,6}}题)\s*(?:[,;:、\s]\s*(?P<points>\d+(?:\.\d+)?)\s*分)?\s*[)\]]\s*[:.、]?\s*"
    rf"|^(?P<leading>{TYPE}题)\s*:"
)
_POINTS_TAG = re.compile(
    r"[(\[]\s*(?:本题\s*)?(?:分值\s*:?\s*)?(?P<points>\d+(?:\.\d+)?)\s*分\s*[)\]]"
)
_ANY_TAG = re.compile(rf"[(\[]\s*(?:{TYPE}|[一-龥]{{1,6}}题|本题|分值|\d)|^{TYPE}题")
_WIDE = r"[\u2018-\u201d\u2026\u2e80-\uffef]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[^\S\n]*\n\s*(?={_WIDE})")
MOST_SIGNS, MOST_BEGINNINGS = 400, 40
"""More than these are no options; a file is not read for minutes on their account."""


class _Mark(NamedTuple):
    letter: str
    start: int
    end: int
    at_line: bool
    is_blank: bool
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What stands before the labels of a question; `brackets`: each answer in its stem."""

    stem: str
    options: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    type: str = ""
    points: str = ""
    brackets: tuple[str, ...] = ()


def read_body(text: str) -> Body:
    """Return stem and options of a question's text (lines apart), without tags and bracket answer.

    An answer in a bracket is one only where its letters can be options, or where a judgement can
    stand; other brackets are words.
    """
    stem, options = split_options(text)
    stem, kind, points = _without_tags(stem)
    stem, answers = without_answer(stem, [letter for letter, _ in options])
    return Body(_tidy(stem), options, "".join(answers), kind, points, tuple(answers))


@lru_cache(maxsize=4)
def split_options(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text before the options, and the options (letter, text) as they are lettered."""
    marks = _chain(text)
    if not marks:
        return text, ()
    ends = [mark.start for mark in marks[1:]] + [len(text)]
    nexts = [*marks[1:], None]
    options = tuple(
        (mark.letter, _option_text(text[mark.end : end], inline=bool(after and not after.at_line)))
        for mark, end, after in zip(marks, ends, nexts, strict=True)
    )
    return text[: marks[0].start], options


def _option_text(text: str, *, inline: bool) -> str:
    """Return an option in one line; what parts it from the next in its line is left out."""
    bare = text.strip(" \t\n　;；")
    bare = _WRAPPED.sub("", bare.rstrip(",，、") if inline else bare)
    return " ".join(bare.split("\n")).strip()


def begins_option(text: str) -> bool:
    """Say whether a line begins with the letter of an option."""
    return bool(first_letter(text))


def first_letter(text: str) -> str:
    """Return the letter of the option with which a line begins, or an empty text."""
    match = _SIGN.match("\n" + shadow(text).strip(), 1)
    if match is None or (match["blank"] is not None and match["bare"].islower()):
        return ""
    return (match["framed"] or match["square"] or match["bare"]).upper()


def option_letters(text: str) -> str:
    """Return the letters of the options that stand in a line."""
    return "".join(letter for letter, _ in split_options(text)[1])


def _chain(text: str) -> list[_Mark]:
    """Return the signs of the options: those from the first line that begins with one, else inline.

    Inside a line a sign counts only when it carries the next letter, so that “A.” in a word or a
    name stays text.
    """
    marks = _marks(text)
    starts = [at for at, mark in enumerate(marks) if mark.at_line]
    lined = [at for at in starts if marks[at].letter == "A"] or starts
    if lined:
        chain = _follow(marks[lined[0] :])
        if _is_sound(chain, text, lined=True):
            return chain
    firsts = [at for at, mark in enumerate(marks) if mark.letter == "A"][:MOST_BEGINNINGS]
    inline = [_follow(marks[at:]) for at in firsts]
    sound = [chain for chain in inline if _is_sound(chain, text, lined=False)]
    return max(sound, key=lambda chain: (len(chain), *_stands_well(chain[0], text)), default=[])


def _stands_well(first: _Mark, text: str) -> tuple[bool, bool, int]:
    """Say of the first sign whether a stem ends before it, and that it is no answer in brackets.

    Of two in brackets the later one stands well: before it is the answer, （A）。（A）甲（B）乙.

    Of two chains as long, as in （A）A.甲B.乙 and A、B两人……（ ）A、甲B、乙, the better one counts.
    """
    before = text[: first.start]
    ends = bool(before.strip()) and (before[-1].isspace() or before[-1] in f"{ENDS})）")
    framed = text[first.start] in "(（[【"
    return ends, not framed, first.start if framed else -first.start


def _marks(text: str) -> list[_Mark]:
    line = shadow(text)
    if not _LETTER.search(line):
        return []
    marks = []
    small = False
    for match in islice(_SIGN.finditer(line), MOST_SIGNS):
        indent, framed, square, bare, blank = match.group(*_PARTS)
        letter = framed or square or bare
        at_line, is_blank = indent is not None, blank is not None
        start = match.start() + len(indent or "")
        after = text[start - 1 : start].isspace()
        if letter.islower() and (is_blank or not (at_line or (small and after))):
            continue
        small = letter.islower() if at_line else small
        marks.append(_Mark(letter.upper(), start, match.end(), at_line, is_blank, after))
    return [mark for mark in marks if not mark.is_blank or mark.at_line or mark.after_blank]


def _follow(marks: list[_Mark]) -> list[_Mark]:
    chain = marks[:1]
    blanks = marks[0].is_blank
    for mark in marks[1:]:
        if mark.is_blank and not blanks:
            continue
        if (mark.at_line and not mark.is_blank) or _is_next(mark, chain):
            chain.append(mark)
    return chain


def _is_next(mark: _Mark, chain: list[_Mark]) -> bool:
    """Say whether the sign goes on; where options have lines of their own, a blank is before it."""
    step = ord(mark.letter) - ord(chain[-1].letter)
    own_lines = len(chain) > 1 and all(each.at_line for each in chain)
    return step == 1 and (mark.at_line or mark.after_blank or not own_lines)


def _is_sound(chain: list[_Mark], text: str, *, lined: bool) -> bool:
    if lined and not chain[0].is_blank:
        return True
    ends = [mark.start for mark in chain[1:]] + [len(text)]
    return len(chain) > 1 and all(
        text[mark.end : end].strip() for mark, end in zip(chain, ends, strict=True)
    )


def _without_tags(stem: str) -> tuple[str, str, str]:
    """Return the stem without the tags of type and points at its ends, and what they say."""
    kind = points = ""
    if not _ANY_TAG.search(shadow(stem)):
        return stem, kind, points
    for pattern in (_TYPE_TAG, _POINTS_TAG, _TYPE_TAG):
        match = _at_an_end(pattern, stem)
        if match is not None:
            found = match.groupdict()
            kind = kind or found.get("type") or found.get("leading") or ""
            points = points or found.get("points") or ""
            stem = (stem[: match.start()] + stem[match.end() :]).strip()
    return stem, kind, points


def _at_an_end(pattern: re.Pattern[str], stem: str) -> re.Match[str] | None:
    for match in pattern.finditer(shadow(stem)):
        rest = stem[match.end() :].strip(ENDS)
        if not stem[: match.start()].strip() or not rest or _is_empty_bracket(rest):
            return match
    return None


def _is_empty_bracket(text: str) -> bool:
    return re.fullmatch(rf"\(\s*(?:{LETTERS}|{JUDGED})?\s*\)", shadow(text)) is not None


def _tidy(stem: str) -> str:
    return "\n".join(line.strip() for line in stem.strip().split("\n") if line.strip())
