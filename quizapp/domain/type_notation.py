"""How files name types of question, their sections and their points."""

import re
from dataclasses import dataclass
from decimal import Decimal

from quizapp.domain.likeness_keys import folded
from quizapp.domain.statutes import CitationUnreadable, from_numeral

SUPPORTED = ("single", "multiple", "indefinite", "judge")
CHOICE = "choice"
"""A choice of which the file does not say whether one or several are right: the answer decides."""
_WORDS = {
    "single": ("单选", "单项选择", "单项", "单选择", "SINGLE", "SINGLECHOICE", "最佳选择"),
    "multiple": ("多选", "多项选择", "多项", "多选择", "MULTIPLE", "MULTIPLECHOICE"),
    "indefinite": ("不定项", "不定项选择", "不定向选择", "INDEFINITE"),
    "judge": ("判断", "是非", "对错", "正误", "判断正误", "正误判断", "是非判断", "对错判断",
              "判断对错", "判断是非", "判断选择", "JUDGE", "TRUEFALSE", "TRUE/FALSE"),
    CHOICE: ("选择", "CHOICE"),
    "other": ("填空", "简答", "问答", "论述", "案例分析", "案例", "名词解释", "材料分析", "分析",
              "计算", "综合", "综合分析", "阅读理解", "完形填空", "排序", "连线", "匹配", "配对",
              "共用题干", "共用选项", "主观", "作文", "写作", "应用", "编程", "操作", "实操",
              "翻译", "材料", "情景", "组合", "解答", "辨析", "法律文书", "公文写作", "ESSAY",
              "BLANK", "CASE", "ORDERING", "SHORTANSWER", "MATCHING", "NUMERICAL", "CLOZE"),
}  # fmt: skip
_KEYS = {word: key for key, words in _WORDS.items() for word in words}
_CODES = {"0": "single", "1": "judge", "2": "multiple"}
_NUMBER = r"(?:第?[一二三四五六七八九十百]+(?:部分|大题|章|节)?|[IVXⅠ-Ⅻ]+|第?\d{1,2}(?:部分|大题))"
_SECTION = re.compile(
    rf"^(?:[（(]?{_NUMBER}[)）]?[、.．,，:：\s]*)?(?P<type>[^（()）【\[:：、，,。；;\s]+?)"
    r"\s*(?P<rest>[（(【\[:：、，,。；;\s].*)?$",
    re.DOTALL,
)
_NUMERALS = "一二三四五六七八九十百〇零两"
_AMOUNT = rf"(?:\d{{1,4}}(?:\.\d{{1,3}})?|[{_NUMERALS}半]{{1,6}})"
_POINTS = re.compile(rf"^(?:每(?:小)?题)?\s*(?P<amount>{_AMOUNT})\s*(?P<unit>分(?:/题)?)?$")
_EACH = re.compile(
    rf"每\s*(?:一?小|个)?\s*[题空道个][^\d{_NUMERALS}半，,。；;]{{0,4}}(?P<a>{_AMOUNT})\s*分"
    rf"|各\s*(?:小?题)?\s*(?P<b>{_AMOUNT})\s*分|(?P<c>{_AMOUNT})\s*分\s*/\s*(?:小?题|个)"
    rf"|\d\s*[题道个]\s*[×xX*]\s*(?P<d>{_AMOUNT})\s*分|(?P<e>{_AMOUNT})\s*分\s*[×xX*]\s*\d"
)
_LEGEND = re.compile(
    r"(\d)\s*[:：=、.．\-—]?\s*([\u4e00-\u9fff]{2,6})|([\u4e00-\u9fff]{2,6})\s*[:：=\-—]\s*(\d)"
)
_NAMED = re.compile(r"(?:单选|单项选择|多选|多项选择|不定项选择|不定项|判断|是非|对错)题")
_MOST_POINTS_CP = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    """What a heading says about the questions below it; `points_text` may be empty."""

    type_text: str
    points_text: str


def type_of(text: str) -> str:
    """Return the key of a type's name: a supported one, "choice", "other", or "" for none known.

    “other” is a type that is known and not taken; “choice” leaves the number of right ones open.
    """
    plain = "".join(folded(text).upper().split()).strip("*:;,.、。<>=")
    if re.fullmatch(r"[\[(【].*[\])】]", plain):
        plain = plain[1:-1]
    plain = re.sub(r"[\[(【][^\[(【\])】]*[\])】]", "", plain)
    plain = re.sub(r"^[一二三四五六七八九十\d]+[、.]", "", plain)
    if plain in _KEYS:
        return _KEYS[plain]
    return _KEYS.get(re.sub(r"(?:试题|题目|题型|题|类)$", "", plain), "")


def type_named_in(title: str) -> str:
    """Return the one type of question that a title names, such as “2024年判断题库”; "" for none."""
    words = _NAMED.findall(folded(title))
    return words[0] if len({type_of(word) for word in words}) == 1 else ""


def codes_in(heading: str) -> dict[str, str]:
    """Return the codes that a heading explains, such as “题型（0单选，1判断，2多选）”."""
    codes = {}
    for code, word, word_before, code_after in _LEGEND.findall(folded(heading)):
        key = type_of(word or word_before)
        if key:
            codes[code or code_after] = key
    return codes


def codes_of(heading: str, values: set[str]) -> dict[str, str]:
    """Return what codes in a column of types mean: its heading says it, or 0, 1, 2 all told.

    Without words in the heading only a column of 0, 1 and 2 that begins at 0 is understood: the
    same digits elsewhere mean other things.
    """
    told = codes_in(heading)
    if told:
        return told
    digits = {folded(value) for value in values}
    return _CODES if "0" in digits and digits <= set(_CODES) else {}


def points_of(text: str) -> int | None:
    """Return the centi-points of “2”, “2.5分”, “两分”; None when it is no positive number."""
    found = _POINTS.match(folded(text).strip("()[]【】"))
    if found is None or not (found["unit"] or found["amount"][0].isdigit()):
        return None
    try:
        points_cp = int(Decimal(_in_digits(found["amount"])) * 100)
    except CitationUnreadable:
        return None
    return points_cp if 0 < points_cp <= _MOST_POINTS_CP else None


def points_each(text: str) -> str:
    """Return what a heading says one question is worth: “每题2分”, “2分/题”, “10题×两分”; or ""."""
    found = _EACH.search(text)
    amount = next(filter(None, found.groups()), "") if found else ""
    try:
        return _in_digits(amount)
    except CitationUnreadable:
        return amount


def _in_digits(amount: str) -> str:
    if amount == "半":
        return "0.5"
    return amount if amount[:1].isdigit() or not amount else str(from_numeral(amount))


def section_of(text: str) -> Section | None:
    """Return the type and points of a section's heading, or None when the line is none.

    “一、单项选择题（每题2分，共20分）” gives “单项选择题” and “2”. Only lines that begin with a
    known type are headings; points of all questions together say nothing about one.
    """
    line = folded(text)
    if len(line) > 120 or not (found := _SECTION.match(line.strip("=<># *【】[]"))):  # noqa: PLR2004
        return None
    name, rest = found.group("type"), found.group("rest") or ""
    if not type_of(name) or (rest and not _is_note(rest, named=name.endswith(("题", "选择")))):
        return None
    return Section(name, points_each(rest))


def _is_note(rest: str, *, named: bool) -> bool:
    """Say whether what follows a type's name is about the section and not a question's text."""
    plain = rest.strip(" :。；;、，,")
    in_brackets = re.fullmatch(r"[（(【\[].*[)）】\]]?", plain, re.DOTALL) is not None
    about = re.search(r"共|每|小题|分|题|以下|下列|请|正确答案|备选", plain) is not None
    return not plain or in_brackets or (named and about)
