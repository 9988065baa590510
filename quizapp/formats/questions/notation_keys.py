"""The key at the end of a paper, as in “1-5 ABCDA 6.B”, “3-6 √×√√” or “7. C 解析：…”."""

import re
from dataclasses import dataclass
from string import ascii_uppercase

from quizapp.formats.questions.notation_labels import PURE_ANSWER, labels_in, values_of
from quizapp.formats.questions.notation_marks import CN, JUDGED, TYPE, number_of, shadow

_HEAD = re.compile(
    r"(?<![\d.])(?:第\s*)?(?:[(\[]\s*)?(?P<first>\d{1,4})\s*[)\]]?\s*题?"
    r"\s*(?:[-—–~至到]+\s*(?:第\s*)?(?P<last>\d{1,4})\s*题?)?"
    rf"\s*[.、:)]?\s*(?:\[?答案\]?\s*:?\s*)?(?=[A-Za-z(\[]?(?:[A-Za-z]|{JUDGED}))[(\[]?"
)
_SIGNS = re.compile(rf"(?:[A-Z]|{JUDGED}|[\s、,;。.|/:()\[\]])*")
_SIGN = re.compile(rf"[A-Z]|{JUDGED}")
_LAST_SIGNS = frozenset(f"{ascii_uppercase}{JUDGED}") - {"|"}
_BETWEEN = re.compile(r"[\s、,;。.|/:()\[\]]+")
_BARS = re.compile(r"[\s|│]+")
_PREFIX = re.compile(
    rf"^[\s\[(]*(?P<label>(?:[{CN}]+\s*[、.:]\s*)?(?:{TYPE}题?)?)[\])]*\s*"
    r"(?:(?:参考|标准|正确)?答案(?:是|为)?)?\s*[\])]?\s*(?:\([^()]*\))?\s*[:、.]?\s*$"
)
_ROW = r"^[\s|│]*(?:{name})[\s|│:]+(?P<cells>{cell}(?:[\s|│]+{cell})*)[\s|│]*$"
_NUMBERS_ROW = re.compile(_ROW.format(name="题号|题序|序号", cell=r"\d{1,4}"))
_ANSWERS_ROW = re.compile(
    _ROW.format(name="(?:参考|正确|标准)?答案", cell=rf"(?:[A-Z]{{1,26}}|{JUDGED})")
)
_WRAPPED = re.compile(
    rf"^[\s、,;]*(?:[A-Z]|{JUDGED})(?:[\s、,;]*(?:[A-Z]|{JUDGED}))*[\s、,;.。]*(?=$|第?[(\[]?\d)"
)
_PARTING = " \t\n、,;。.|/:()[]"
MOST_IN_A_RANGE = 500


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One answer of the key. `label`: the heading it stands under; `no`: line of the file.

    An entry without answer and explanation names a question whose answer could not be told apart.
    """

    number: int
    answer: str
    explanation: str = ""
    label: str = ""
    no: int = 0
    source: str = ""


def key_line(text: str) -> tuple[str, list[KeyEntry], bool] | None:
    """Return label, entries, and whether it can be nothing but a key; None for any other line.

    One entry alone, “1. A”, could as well begin a question; several, or a range, cannot.
    """
    line = shadow(text)
    begins = _HEAD.search(line) if _ends_in_sign(line) else None
    prefix = _PREFIX.match(line[: begins.start()]) if begins else None
    if prefix is None:
        return None
    heads = list(_HEAD.finditer(line))
    entries: list[KeyEntry] = []
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        chunk = line[head.end() : after.start() if after else len(line)].upper()
        if not _SIGNS.fullmatch(chunk):
            return None
        entries += _expanded(head, chunk)
    label = prefix["label"].strip()
    return label, entries, len(entries) > 1 or bool(label and "答案" in line)


def _ends_in_sign(line: str) -> bool:
    """Say whether the last sign of a line can be one of an answer; most lines fail here."""
    last = line.rstrip(_PARTING)[-1:].upper()[-1:]
    return last in _LAST_SIGNS or last.isspace()


def _expanded(head: re.Match[str], chunk: str) -> list[KeyEntry]:
    first = int(head["first"])
    last = int(head["last"] or first)
    count = last - first + 1
    groups = [group for group in _BETWEEN.split(chunk) if group]
    if count == 1 and len(groups) > 1 and any(len(_SIGN.findall(one)) > 1 for one in groups):
        return [KeyEntry(first, "")]  # “AB BC”: the number of the second is missing
    if count == 1:
        return [KeyEntry(first, "".join(groups))]
    if not 1 < count <= MOST_IN_A_RANGE:
        return [KeyEntry(first, "")]
    signs = groups if len(groups) == count else _SIGN.findall(chunk)
    if len(signs) != count:
        signs = [""] * count
    return [KeyEntry(first + at, sign) for at, sign in enumerate(signs)]


def wrapped_key(text: str) -> list[KeyEntry] | None:
    """Return the entries behind letters begun on the line above, “C；3、√”; None for others."""
    letters = _WRAPPED.match(shadow(text))
    rest = text[letters.end() :] if letters else ""
    found = key_line(rest) if rest else None
    return (found[1] if found else None) if rest or not letters else []


def key_table(above: str, below: str) -> list[KeyEntry]:
    """Return the entries of a key in two rows, “题号 1 2” above “答案 A B”, if it is one."""
    numbers = _NUMBERS_ROW.match(shadow(above))
    answers = _ANSWERS_ROW.match(shadow(below)) if numbers else None
    if numbers is None or answers is None:
        return []
    pairs = [[cell for cell in _BARS.split(row["cells"]) if cell] for row in (numbers, answers)]
    if len(pairs[0]) != len(pairs[1]):
        return []
    return [KeyEntry(int(number), answer) for number, answer in zip(*pairs, strict=True)]


def key_with_reason(text: str) -> KeyEntry | None:
    """Return the entry of a line such as “7. C 解析：…” or “7.【答案】C【解析】…”, or None."""
    number = number_of(text)
    if number is None:
        return None
    rest = text[number.end :]
    found = {label.field: value for label, value in values_of(rest, labels_in(rest, answered=True))}
    answer = PURE_ANSWER.match(shadow(rest))
    if answer and "answer" not in found and not rest[answer.end() :][:1].isalpha():
        after = rest[answer.end() :]
        found["answer"] = rest[: answer.end()]
        found.setdefault("explanation", after.strip("。.;；,， 、：:\t"))
    if not found.get("answer") and "explanation" not in found:
        return None
    return KeyEntry(
        number.value,
        found.get("answer", ""),
        found.get("explanation", ""),
        source=found.get("source", ""),
    )
