"""The lines of a published text, made even: marks, a table of contents, page numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NUMERAL = "[零〇一二两三四五六七八九十百千万0-9０-９]+"
ARTICLE = re.compile(
    rf"第\s*({NUMERAL})\s*条(?:\s*之\s*({NUMERAL})(?!\d))?(?=[\s：:（(【]|$)[\s：:]*(.*)"
)
MAX_LINE = 20_000
LONGEST_HEADING = 80
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\xad]")
_MARKS = re.compile(r"(?:#{1,6}\s*|>\s*|[-*+]\s+(?=[（(第]))+")
_PAGE = re.compile(r"[-—–\s]*\d{1,4}[-—–\s]*|第\s*\d+\s*页(?:\s*[,，/共]+\s*\d+\s*页)?")
_CONTENTS = re.compile(r"目\s*[录次]")
_LEADER = re.compile(r"[\s.．…·]*\d*$")
_ENDS = tuple("。；：！？…”’）)】》:;!?")
_SEVERAL = 2
"""So many page numbers make a file whose lines of a number alone are no text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds words. `no`: where the file has it, from 1. `is_marked`: `#` before it."""

    no: int
    text: str
    is_marked: bool = False
    is_indented: bool = False


def even_lines(lines: Iterable[str], *, first: int = 1) -> list[Line]:
    """Return the lines that hold words, without marks, page numbers and a table of contents.

    first: the number of the first line in its file.
    """
    kept = [_line(no, line) for no, line in enumerate(lines, first)]
    kept = [line for line in kept if line.text]
    pages = {line.no for line in kept if _PAGE.fullmatch(line.text)}
    if len(pages) >= _SEVERAL:
        kept = [line for line in kept if line.no not in pages]
    return _after_contents(kept)


def _line(no: int, raw: str) -> Line:
    raw = _UNSEEN.sub("", raw[:MAX_LINE])
    text = raw.strip()
    marks = _MARKS.match(text)
    if marks:
        text = text[marks.end() :]
    text = text.replace("**", "").strip()
    return Line(no, text, bool(marks and "#" in marks[0]), raw[:1].isspace())


def goes_on(before: str, line: Line) -> bool:
    """Say whether a line goes on with the sentence before it: the text was broken to a width."""
    is_broken_off = bool(before) and not before.endswith(_ENDS)
    return is_broken_off and not line.is_indented and not line.text.startswith("—")


def _after_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without a table of contents.

    It ends where its first heading comes again, or else at the first article.
    """
    start = next((at for at, line in enumerate(lines) if _CONTENTS.fullmatch(line.text)), None)
    if start is None or start + 1 == len(lines):
        return list(lines)
    wanted = bare_heading(lines[start + 1].text)
    for at in range(start + 2, len(lines)):
        if bare_heading(lines[at].text) == wanted:
            return [*lines[:start], *lines[at:]]
        if ARTICLE.match(lines[at].text):
            return [*lines[:start], *lines[at:]]
    return [*lines[:start], *lines[start + 1 :]]


def bare_heading(text: str) -> str:
    """Return a heading without blanks, leaders and the number of its page."""
    short = text[:LONGEST_HEADING]
    return re.sub(r"\s+", "", _LEADER.sub("", short))
