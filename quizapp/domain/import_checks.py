"""What makes a question of a file a sound one."""

import re
from collections.abc import Iterator

from quizapp.domain.answer_notation import AnswerRead, truths_of
from quizapp.domain.bank import LETTERS
from quizapp.domain.import_findings import Finding
from quizapp.domain.likeness_keys import compare_key, folded
from quizapp.domain.option_notation import Options
from quizapp.domain.type_notation import CHOICE, SUPPORTED, type_of

STEM_MAX, OPTION_MAX, OPTIONS_MAX = 2000, 500, 26
_LEVELS = {
    1: ("易", "简单", "容易", "较易", "低", "基础", "识记", "EASY", "1", "2"),
    2: ("中", "一般", "适中", "中等", "普通", "辨析", "MEDIUM", "3"),
    3: ("难", "困难", "较难", "高", "应用", "HARD", "DIFFICULT", "4", "5"),
}
_DIFFICULTIES = {word: level for level, words in _LEVELS.items() for word in words}
_UNSAFE = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|applet|svg|style|link|meta|base|form|frame|frameset)\b"
    r"|<[^<>]*[\s/\"']on[a-z]{3,}\s*="
    r"|(?:java|vb)script\s*:|data\s*:\s*text/html",
    re.IGNORECASE,
)
_HIDDEN_IN_WORDS = re.compile(
    r"(?<=[a-z:])[\x00-\x20\u200b-\u200f\ufeff]+(?=[a-z:])", re.IGNORECASE
)


def difficulty_of(text: str) -> int:
    """Return 1 to 3 for a level of difficulty as files name it, 0 for an unknown one."""
    return _DIFFICULTIES.get(folded(text).upper(), 0)


def is_unsafe(text: str) -> bool:
    """Say whether a text holds what a browser could run; a plain “<” is none."""
    if "<" not in text and ":" not in text and "＜" not in text and "：" not in text:
        return False
    plain = folded(text)
    return bool(_UNSAFE.search(plain) or _UNSAFE.search(_HIDDEN_IN_WORDS.sub("", plain)))


def type_in(type_text: str, section_type: str) -> tuple[str, str]:
    """Return (type key, code of its fault); "" and "choice" leave the type to the answer."""
    written = type_text.strip() or section_type.strip()
    if not written:
        return "", ""
    key = type_of(written)
    if not key:
        return "", "type_unrecognised"
    return key, "" if key in (*SUPPORTED, CHOICE) else "unsupported_type"


def trimmed(options: Options) -> Options:
    """Return the options with trimmed texts, without empty ones after the last text."""
    kept = [(letter, text.strip()) for letter, text in options]
    while kept and not kept[-1][1]:
        kept.pop()
    return tuple(kept)


def option_faults(options: Options) -> Iterator[tuple[str, str]]:
    """Yield (code, detail) of everything wrong with the trimmed options of a choice."""
    texts = [text for _, text in options if text]
    if not texts:
        yield "options_missing", ""
        return
    if len(texts) < len(options):
        yield "empty_option", "、".join(letter for letter, text in options if not text)
    if len(texts) == 1:
        yield "too_few_options", ""
    if len(options) > OPTIONS_MAX:
        yield "too_many_options", f"{len(options)} 个"
    elif "".join(letter for letter, _ in options) != LETTERS[: len(options)]:
        yield "option_sequence_broken", "".join(letter for letter, _ in options)
    if same := _same_letters(options):
        yield "duplicate_option", same
    if any(len(text) > OPTION_MAX for text in texts):
        yield "option_too_long", f"最多 {OPTION_MAX} 字"


def _same_letters(options: Options) -> str:
    first: dict[str, str] = {}
    same = []
    for letter, text in options:
        if text and first.setdefault(compare_key(text), letter) != letter:
            same.append(f"{first[compare_key(text)]} 与 {letter}")
    return "、".join(same)


def answer_fault(read: AnswerRead, asked: str) -> str:
    """Return the code when the number of letters does not fit the type that the file names."""
    if read.fault:
        return read.fault
    if asked == "single" and len(read.letters) > 1:
        return "single_has_many_answers"
    return "multiple_needs_two" if asked == "multiple" and len(read.letters) == 1 else ""


def likeness(stem: str, options: Options) -> tuple[str, ...]:
    """Return what two questions share that are the same; judgements count without options."""
    texts = () if truths_of(options) else sorted(compare_key(text) for _, text in options if text)
    return (compare_key(stem), *texts)


def finding(
    at: tuple[str, str, int], code: str, field: str = "", detail: str = "", **facts: object
) -> Finding:
    """Return a finding at (place, sheet, row)."""
    place, sheet, no = at
    return Finding(place, code, facts, field, detail, sheet, no)
