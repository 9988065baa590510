"""Tables of a Word document without headings: keys, and questions that stand in rows."""

from collections.abc import Sequence

from quizapp.domain.bank import LETTERS
from quizapp.domain.sheets import Row
from quizapp.domain.type_notation import type_of
from quizapp.formats.questions.notation_labels import PURE_ANSWER, labels_in
from quizapp.formats.questions.notation_marks import clean, shadow
from quizapp.formats.questions.notation_options import first_letter

_NUMBERS = ("题号", "序号", "题目", "题序")
_ANSWERS = ("答案", "参考答案", "正确答案", "标准答案", "得分", "评卷人")
_REASONS = ("解析", "答案解析", "说明", "依据")
KEY_LINE = "参考答案"
LEAST_CELLS = 3
LEAST_OPTIONS = 2


def key_lines_of(rows: Sequence[Row]) -> list[str] | None:
    """Return the lines of a key, or None for any other table.

    Numbers stand above their answers, with or without names in the first column, or beside them
    below a row of names. A table to be filled in gives no line.
    """
    filled = [[clean(cell) for cell in row.cells] for row in rows if not row.is_empty]
    for lines_of in (_numbers_above, _numbers_beside):
        lines = lines_of(filled)
        if lines is not None:
            return [KEY_LINE, *lines] if lines else []
    return None


def _numbers_above(filled: list[list[str]]) -> list[str] | None:
    if not filled or len(filled) % 2:
        return None
    lines: list[str] = []
    for numbers, answers in zip(filled[::2], filled[1::2], strict=True):
        named = _name(numbers[0]) in _NUMBERS and _name(answers[0]) in _ANSWERS
        pairs = list(zip(numbers[named:], answers[named:], strict=False))
        if not named and not _are_entries(pairs):
            return None
        line = " ".join(f"{number}.{answer}" for number, answer in pairs if answer)
        lines += [line] if line else []
    return lines


def _are_entries(pairs: Sequence[tuple[str, str]]) -> bool:
    """Say whether these are numbers of questions with an answer each."""
    written = [pair for pair in pairs if any(pair)]
    return len(written) > 1 and all(
        number.isdecimal() and PURE_ANSWER.fullmatch(shadow(answer)) for number, answer in written
    )


def _numbers_beside(filled: list[list[str]]) -> list[str] | None:
    names = [_name(cell) for cell in filled[0]] if filled else []
    known = all(name in (*_NUMBERS, *_ANSWERS, *_REASONS) for name in names)
    starts = [at for at, name in enumerate(names) if name in _NUMBERS]
    if not known or not starts or len(names) < 2 * len(starts) or starts[0]:
        return None
    lines = []
    for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
        for row in filled[1:]:
            number, answer, *reasons = row[start:end] or [""]
            lines += _entry(number, answer, "；".join(filter(None, reasons)))
    return lines


def _entry(number: str, answer: str, reason: str) -> list[str]:
    if not number or not answer:
        return []
    return [f"{number}.{answer} 解析：{reason}" if reason else f"{number}.{answer}"]


def _name(cell: str) -> str:
    return "".join(cell.split())


def row_lines(cells: Sequence[str]) -> tuple[list[str], int]:
    """Return the lines that a row with a number before it makes, and how many cells they are from.

    A row of number, stem, options and answer is a whole question; a type may stand before the stem.
    Otherwise the number only belongs to the cell after it; a row without number makes no lines.
    """
    number = clean(cells[0]).rstrip(".、．") if cells else ""
    if len(cells) < LEAST_CELLS - 1 or not number.isdecimal():
        return [], 0
    answer = clean(cells[-1])
    is_whole = len(cells) >= LEAST_CELLS and PURE_ANSWER.fullmatch(shadow(answer)) is not None
    typed = is_whole and len(cells) > LEAST_CELLS and bool(type_of(clean(cells[1])))
    at = 2 if typed else 1
    first, *others = cells[at].split("\n")
    lines = [f"{number}. {f'[{clean(cells[1])}]' if typed else ''}{first}", *others]
    if not is_whole:
        return lines, at + 1
    return [*lines, *_options(cells[at + 1 : -1]), f"答案：{answer}"], len(cells)


def _options(cells: Sequence[str]) -> list[str]:
    """Return the options of cells, with letters where none of them has its own."""
    texts = [cell for cell in map(clean, cells) if cell]
    own = any(first_letter(text) or labels_in(text) for text in texts)
    if own or len(texts) < LEAST_OPTIONS:
        return [line for text in texts for line in text.split("\n")]
    return [f"{letter}. {text}" for letter, text in zip(LETTERS, texts, strict=False)]
