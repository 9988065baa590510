"""The labelled parts of a question: 答案：, 【解析】, [分值：2]."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quizapp.formats.questions.notation_marks import JUDGED, shadow

_FIELDS = {
    "answer": r"(?:参考|正确|标准|本题)?答\s?案(?:是|为|[及与和、]解析)?|正确选项(?:是|为)?"
    r"|(?<![回问解作应])答",
    "explanation": r"(?:答案|试题|题目|本题|参考)?解\s?析|详解|解答|答案说明|答案解释",
    "source": r"(?:法条|法律|法规|答案|命题|出题)?依\s?据|出处|来源|法条",
    "difficulty_text": r"(?:题目|试题)?难\s?度(?:系数|等级)?|难易程?度",
    "points_text": r"分\s?值|分数|得分",
    "category": r"知识点|章节|目录|分类|考点|所属章节",
    "type_text": r"题型|(?:题目|试题)类型",
}
_ONE_OF = "|".join(f"(?P<{{form}}_{name}>{words})" for name, words in _FIELDS.items())
PURE_ANSWER = re.compile(
    rf"(?:[A-Z](?:[\s、,;|/]*[A-Z])*|{JUDGED}|是|否|T|F|true|false|TRUE|FALSE|全选)"
)
_DECORATION = r"(?:[★☆*●◆▲■※►]\s*)?"
_LABEL = re.compile(
    rf"{_DECORATION}(?:\[\s*(?:{_ONE_OF.format(form='tag')})\s*(?:\]\s*:?|:\s*(?P<value>[^\[\]]*)\])"
    rf"|\(\s*(?:{_ONE_OF.format(form='par')})\s*:\s*(?P<inner>[^()]*)\)"
    rf"|(?:{_ONE_OF.format(form='plain')})\s*:"
    r"|(?P<is_answer>正确答案(?:是|为)|(?<=\s)答案\s+)(?=\s*[A-Z√×对错正]))"
)
_LABEL_AT_START = re.compile(
    rf"^\s*{_DECORATION}(?:(?:参考|正确|标准|本题)?答案\s*(?=[A-Z√×对错正]|$)"
    rf"|(?:参考|正确|标准|本题)?(?:答案|选项)(?:是|为)\s*(?={PURE_ANSWER.pattern}[\s。.;]*$)"
    r"|答\s*:|(?:说明|分析)\s*(?P<why>:))"
)
_SIGN = re.compile(r"[:\[答]|选项")
_MID_LINE_FREE = ("answer", "explanation")


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled part of a line; `value` is set where the brackets hold it: [答案: D]."""

    field: str
    start: int
    end: int
    value: str | None = None


@lru_cache(maxsize=256)
def labels_in(text: str, *, answered: bool = False) -> Sequence[Label]:
    """Return the labelled parts of a line in order: 答案：, 【解析】, [分值：2].

    Within a line only labels after a blank or a stop count, so that a stem may speak of 依据.
    `answered`: the question has its answer already, so any label is one.
    """
    line = shadow(text)
    if not _SIGN.search(line):
        return ()
    found: list[Label] = []
    opening = _LABEL_AT_START.match(line)
    if opening and not _LABEL.match(line.lstrip()):
        name = "explanation" if opening["why"] else "answer"
        found.append(Label(name, 0, opening.end()))
    for match in _LABEL.finditer(line):
        if not found or match.start() >= found[-1].end:
            label = _label(match)
            if _counts(label, line, match, answered=answered or bool(found)):
                found.append(label)
    return tuple(found)


def _label(match: re.Match[str]) -> Label:
    if match["is_answer"]:
        return Label("answer", match.start(), match.end())
    form_and_name = next(name for name, hit in match.groupdict().items() if hit and "_" in name)
    value = match["value"] if match["value"] is not None else match["inner"]
    return Label(form_and_name.split("_", 1)[1], match.start(), match.end(), value)


def _counts(label: Label, line: str, match: re.Match[str], *, answered: bool) -> bool:
    """Say whether the label found is one, and not a word of the sentence."""
    if match.group().lstrip("★☆*●◆▲■※► ").startswith(("[", "(")):
        return True
    before = line[: label.start]
    if not before.strip():
        return True
    free = label.field in _MID_LINE_FREE or answered
    if free and (before[-1].isspace() or before[-1] in "。.;,，、；)]"):
        return True
    rest = line[label.end :].strip()
    pure = label.field == "answer" and PURE_ANSWER.match(rest) is not None
    return pure or (answered and label.field == "explanation")


def values_of(text: str, labels: Sequence[Label]) -> Iterator[tuple[Label, str]]:
    """Yield each label with its value: the text up to the next label."""
    for at, label in enumerate(labels):
        after = labels[at + 1] if at + 1 < len(labels) else None
        if label.value is not None:
            yield label, text[label.start : label.end][-len(label.value) - 1 : -1].strip()
        else:
            value = text[label.end : after.start if after else len(text)].strip()
            yield label, value.rstrip("；;，,、| ") if after else value
