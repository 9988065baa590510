"""Lines of a text made ready to be read: clean, one question in each at most.

What only dresses a line is taken off, and options whose letters stick to their words are parted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from quizapp.domain.bank import LETTERS
from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.notation_build import Line
from quizapp.formats.questions.notation_labels import PURE_ANSWER
from quizapp.formats.questions.notation_marks import clean, shadow
from quizapp.formats.questions.notation_options import first_letter

_BOLD_LINE = re.compile(r"^(?:\d+[.、]\s*|[-*+•]\s+|#+\s*)?\*\*(?=\S)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^[-*+•·]\s+(?=[A-Z][.、:)]|(?:\*\*)?(?:答案|解析))")
_NAMED = re.compile(
    r"^(?:(?:题目|题干|试题)\s*[:：]\s*|选\s?项\s*[:：]?\s*(?=[A-ZＡ-Ｚ][.．、:：)）]|$))"
)
_NAMES = ("题", "试题", "选")
_NEXT = re.compile(
    rf"(?<=[:\]])\s*{PURE_ANSWER.pattern}[\s。.;]*?\s(?=\s*(?P<number>\d{{1,4}})[.、](?!\d))"
)
_STUCK = re.compile(r"([A-Z])(?=[\u4e00-\u9fff\d《“])")
_STUCK_IN_LINE = re.compile(r"(?:^|(?<=\s))([A-Z])(?=[\u4e00-\u9fff\d《“])")
_GLUED = re.compile(r"(?:^|(?<=[\u4e00-\u9fff\d》”]))([A-Z])(?=[\u4e00-\u9fff\d《“])")
_CAPITAL = re.compile("[A-Z]")
WIDEST_GAP = 60
_GAP = re.compile(rf"[^\S\n]{{{WIDEST_GAP},}}")
LONGEST_LINE = 8000
"""Four times the longest stem: no question stands in such a line."""
MOST_WRITTEN = 50_000
"""So many lines that are not blank: ten for each question of as large a file as anybody brings."""
LEAST_STUCK = 2
LEAST_IN_LINE = 3


def check_length(lines: int) -> None:
    """Pass a text of so many lines. Raises FileRefused("file_too_many_lines")."""
    if lines > MOST_WRITTEN:
        raise FileRefused("file_too_many_lines", lines=MOST_WRITTEN)


def prepared(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that hold something, each with its number in the file.

    Raises FileRefused("file_too_many_lines").
    """
    written = [part for line in lines for part in _parts(line) if part.text or part.pictures]
    check_length(len(written))
    at = 0
    while at < len(written):
        count = _stuck_from(written, at)
        for line in range(at, at + count):
            text = written[line].text
            written[line] = replace(written[line], text=f"{text[0]} {text[1:]}")
        at += count or 1
    return written


def _parts(line: Line) -> Iterator[Line]:
    """Yield the questions of one line: an answer with the next number behind it ends one."""
    text = clean(line.text)
    if len(text) > LONGEST_LINE:
        yield replace(line, text=text)
        return
    text, at = _undressed(text), 0
    if len(text) > WIDEST_GAP:
        text = _GAP.sub(" " * WIDEST_GAP, text)
    if "答案" in text:
        for match in _NEXT.finditer(shadow(text)):
            before = re.match(r"\s*(\d{1,4})[.、]", shadow(text[at:]))
            if before and int(match["number"]) == int(before[1]) + 1:
                yield replace(line, text=text[at : match.end()].strip(), pictures=0)
                at = match.end()
    text = _letters_apart(text[at:].strip())
    yield line if text == line.text else replace(line, text=text)


def _undressed(text: str) -> str:
    """Return a line without signs that make it bold or listed, and without “题目：”, “选项：”."""
    if text.startswith(_NAMES):
        text = _NAMED.sub("", text)
    if not text.startswith(("-", "*", "+", "•", "·", "#")) and "**" not in text:
        return text
    if _BOLD_LINE.match(text):
        text = _BOLD.sub(r"\1", text)
    return _BULLET.sub("", text)


def _letters_apart(text: str) -> str:
    """Return a line of options such as “A甲 B乙 C丙” with a blank behind each letter.

    Without blanks, “A甲B乙C丙”, only where the line has no other capitals.
    """
    if not text.startswith("A"):
        return text
    glued = _GLUED.findall(text)
    if len(glued) >= LEAST_IN_LINE and "".join(glued) == LETTERS[: len(glued)]:
        return _GLUED.sub(r" \1 ", text).strip() if glued == _CAPITAL.findall(text) else text
    letters = _STUCK_IN_LINE.findall(text)
    if len(letters) < LEAST_IN_LINE or "".join(letters) != LETTERS[: len(letters)]:
        return text
    return _STUCK_IN_LINE.sub(r"\1 ", text)


def _stuck_from(lines: list[Line], at: int) -> int:
    """Return how many lines from here are A甲, B乙, … without a sign behind the letter."""
    if not lines[at].text.startswith("A"):
        return 0
    count = 0
    for line, letter in zip(lines[at : at + len(LETTERS)], LETTERS, strict=False):
        match = _STUCK.match(line.text)
        if match is None or match[1] != letter:
            break
        count += 1
    if count < LEAST_STUCK:
        return 0
    follows = first_letter(lines[at + count].text) if at + count < len(lines) else ""
    return 0 if follows and follows in LETTERS[: count + 1] else count
