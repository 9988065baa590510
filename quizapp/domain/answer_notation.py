"""How files write answers: letters, words and signs of judgement, texts of options."""

import re
from dataclasses import dataclass

from quizapp.domain.likeness_keys import compare_key, folded
from quizapp.domain.option_notation import Options, split_options

RIGHT = frozenset(
    ("正确", "对", "√", "✓", "✔", "☑", "✅", "V", "是", "T", "TRUE", "Y", "YES", "1", "同意",
     "对的", "正确的", "是的", "说法正确", "打√", "勾", "RIGHT", "CORRECT")
)  # fmt: skip
WRONG = frozenset(
    ("错误", "错", "×", "✗", "✘", "✕", "✖", "╳", "☒", "❌", "X", "否", "F", "FALSE", "N", "NO", "0",
     "不同意", "不对", "不正确", "不是", "错的", "错误的", "说法错误", "非", "打×", "叉",
     "WRONG", "INCORRECT")
)  # fmt: skip
_WORDS_OF_PAIRS = (
    frozenset(
        word for word in RIGHT | WRONG if not re.fullmatch(r"[A-Z]+|\d|是的?|否|非|不?同意", word)
    ),
    frozenset(("是", "是的", "否", "不是", "非")),
    frozenset(("T", "TRUE", "F", "FALSE")),
    frozenset(("Y", "YES", "N", "NO")),
    frozenset(("√", "✓", "✔", "V", "X")),
    frozenset(("同意", "不同意")),
    frozenset(("RIGHT", "WRONG", "CORRECT", "INCORRECT")),
)
"""Words that stand against each other: “X” and “Y” as options are no judgement."""
EVERY = frozenset(
    ("全选", "全部", "全部选择", "以上全选", "全都选", "都选", "全对", "都对", "以上都对",
     "以上全对", "以上都是", "以上全是", "以上均对", "以上均是", "以上均正确", "全部正确")
)  # fmt: skip
_BEFORE = re.compile(
    r"^(?:[【\[(](?:正确|参考|标准)?(?:答案|选项)[】\])]\s*:?|(?:正确|参考|标准)?答案\s*(?:[是为]\s*:?|:|(?=[A-Z√×]))|答\s*:)\s*"
)
_LETTERS = re.compile(
    r"(?:应?选|选项)?[A-Z](?:(?:[\s,、;|.。/+&·\"']|[和与及])*[A-Z])*(?:\)|[两三四五]?项|选项)?"
)
_LETTERED = re.compile(r"[(]?([A-Z])[)]?[.、:)\s(—-]?\s*(.+?)\)?", re.DOTALL)
_MARKED = re.compile(r"[(]?[A-Z][)]?[.、:)\s].+", re.DOTALL)
_TWICE = re.compile(r"([^()]{1,20}?)\s*\(\s*([^()]{1,20}?)\s*\)")
_SEPARATORS = (r"[;\n|]", r"[、;\n|]", r"[,、;\n|]")
_LAYERS = 6
_LONGEST = 20_000
"""No answer is longer, even where all 26 options are written out."""
_PAIRS = {"(": ")", "[": "]", "{": "}", "【": "】", "“": "”", '"': '"', "'": "'", "「": "」"}


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What an answer says: letters or a judgement, with the type; or the code of its fault."""

    type: str = ""
    letters: tuple[str, ...] = ()
    truth: bool | None = None
    fault: str = ""


def plain_answer(text: str) -> str:
    """Return an answer in half-width capitals without “答案：”, brackets around and a last mark."""
    plain = folded(text[:_LONGEST]).upper()
    for _ in range(_LAYERS):
        shorter = _BEFORE.sub("", plain).strip().rstrip("。.;,、")
        if shorter and _PAIRS.get(shorter[0]) == shorter[-1] and len(shorter) > 1:
            shorter = shorter[1:-1].strip()
        if shorter == plain:
            break
        plain = shorter
    return plain


def truth_of(text: str) -> bool | None:
    """Return the judgement that a word or sign means; None when it is none."""
    word = _word(text)
    if word in RIGHT:
        return True
    return False if word in WRONG else None


def _word(text: str) -> str:
    return "".join(plain_answer(text).split())


def truths_of(options: Options) -> dict[str, bool]:
    """Return letter → judgement when the options are one right and one wrong, in any order."""
    written = [(letter, text) for letter, text in options if text.strip()]
    if len(written) != 2:  # noqa: PLR2004
        return {}
    words = {_word(text) for _, text in written}
    if not any(words <= family for family in _WORDS_OF_PAIRS):
        return {}
    truths = {letter: truth_of(text) for letter, text in written}
    known = {letter: truth for letter, truth in truths.items() if truth is not None}
    return known if len(set(known.values())) == 2 else {}  # noqa: PLR2004


def read_answer(type_key: str, options: Options, text: str) -> AnswerRead:
    """Return what the answer says for a type; with "" or "choice" the type follows from it.

    Faults: answer_missing, answer_unrecognised, answer_not_in_options, options_missing,
    unsupported_type (words where there is neither option nor judgement).
    """
    plain = plain_answer(text)
    if not plain:
        return AnswerRead(type_key, fault="answer_missing")
    if type_key == "judge":
        return _read_truth(options, plain)
    if type_key == "" and truths_of(options):
        return _read_truth(options, plain)
    if not any(option.strip() for _, option in options):
        return _without_options(type_key, plain)
    read = read_letters(options, text)
    if type_key in ("", "choice") and not read.fault:
        return AnswerRead("single" if len(read.letters) == 1 else "multiple", read.letters)
    return AnswerRead(type_key, read.letters, fault=read.fault)


def _read_truth(options: Options, plain: str) -> AnswerRead:
    texts = {letter: option for letter, option in options if option.strip()}
    lettered = _LETTERED.fullmatch(plain)
    twice = _TWICE.fullmatch(plain)
    truth = None
    if plain in texts:
        truth = truth_of(texts[plain])
    elif lettered and compare_key(texts.get(lettered[1], "")) == compare_key(lettered[2]):
        truth = truth_of(lettered[2])
    elif twice:
        # said in two ways, “对（√）”: both must say the same
        said = {truth_of(texts.get(part, part)) for part in twice.groups()}
        truth = said.pop() if len(said) == 1 else None
    else:
        truth = truth_of(plain)
    return AnswerRead("judge", truth=truth, fault="answer_unrecognised" if truth is None else "")


def _without_options(type_key: str, plain: str) -> AnswerRead:
    if type_key:
        return AnswerRead(type_key, fault="options_missing")
    truth = truth_of(plain)
    if truth is not None and plain not in ("0", "1"):
        return AnswerRead("judge", truth=truth)
    if plain in ("0", "1"):
        return AnswerRead(fault="answer_unrecognised")
    is_letters = re.fullmatch(r"[A-H](?:[\s,、;|]*[A-H])*", plain) is not None
    return AnswerRead(fault="options_missing" if is_letters else "unsupported_type")


def read_letters(options: Options, text: str) -> AnswerRead:
    """Return the letters an answer names, ascending, by letter or by the text of an option."""
    plain = plain_answer(text)
    letters = {letter for letter, _ in options}
    named = set(re.findall(r"[A-Z]", plain)) if _LETTERS.fullmatch(plain) else set()
    if named and named <= letters:
        return AnswerRead(letters=tuple(sorted(named)))
    by_text: dict[str, str] = {}
    for letter, option in options:
        if option.strip():
            by_text.setdefault(compare_key(option), letter)
    for found in (_by_text([plain], by_text), *_in_pieces(plain, by_text)):
        if found:
            return AnswerRead(letters=tuple(sorted(found)))
    if "".join(plain.split()) in EVERY:
        return AnswerRead(letters=tuple(letter for letter, option in options if option.strip()))
    return AnswerRead(fault=_fault(plain, named, options))


def _in_pieces(plain: str, by_text: dict[str, str]) -> list[set[str]]:
    written_out = [f"{letter}.{text}" for letter, text in split_options(plain)]
    pieces = [re.split(signs, plain) for signs in _SEPARATORS]
    return [_by_text(each, by_text) for each in (*pieces, written_out)]


def _by_text(pieces: list[str], by_text: dict[str, str]) -> set[str]:
    """Return the letters of pieces that are all options, with or without their letter before."""
    found = set()
    for piece in filter(str.strip, pieces):
        lettered = _LETTERED.fullmatch(piece.strip())
        letter = by_text.get(compare_key(piece))
        if letter is None and lettered and by_text.get(compare_key(lettered[2])) == lettered[1]:
            letter = lettered[1]
        if letter is None:
            return set()
        found.add(letter)
    return found


def _fault(plain: str, named: set[str], options: Options) -> str:
    """Return which fault a text that names no option has: it is read and wrong, or not read."""
    if named or _MARKED.fullmatch(plain):
        return "answer_not_in_options"
    has_words = re.search(r"[\u3400-\u9fff]|[A-Z]{2}", plain) is not None
    mixed = re.search(r"(?<![A-Z])[A-Z](?![A-Z])", plain) is not None
    numeric = any(re.search(r"\d", option) for _, option in options)
    if (has_words and not mixed) or (numeric and re.search(r"\d", plain)):
        return "answer_not_in_options"
    return "answer_unrecognised"
