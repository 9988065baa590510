"""The signs by which people mark questions in running text: numbers, headings, labels.

Everything is sought in the shadow of a text: the same text, sign by sign, with half-width letters,
digits and brackets. Places found in the shadow are places in the text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from quizapp.domain.statutes import CitationUnreadable, from_numeral
from quizapp.domain.type_notation import points_each

_SHADOW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "\u3000": " ", "\xa0": " ", "〔": "(", "〕": ")", "【": "[", "】": "]", "〖": "[", "〗": "]",
    "✓": "√", "✔": "√", "☑": "√", "✗": "×", "✘": "×", "☒": "×", "❌": "×", "╳": "×", "✖": "×",
}  # fmt: skip
_SHADOW_TABLE = str.maketrans(_SHADOW)
_SHADOWED = re.compile(f"[{''.join(_SHADOW)}]")
_FREQUENT = [(sign, _SHADOW[sign]) for sign in "，（）：？；【】．\u3000"]
"""What stands in nearly every line: replaced one by one, much faster than all signs together."""
_NOISE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\xad]+")
CN = "一二三四五六七八九十百〇零两"
TYPE = (
    r"(?:(?:单项|多项|不定项|单|多)?选择|单项|单选|多项|多选|不定项|不定选|判断|判断改错|是非|对错|正误|填空|简答|简述"
    r"|问答|论述|名词解释|案例(?:分析|选择)?|材料分析|情景|综合|排序|连线|匹配)"
)
_HEAD = (
    rf"(?:第?\s*[{CN}]+\s*(?:部分|大题|题)?\s*[、.,:)\s]\s*|第\s*[{CN}]+\s*(?:部分|大题)"
    rf"|\(\s*[{CN}]+\s*\)\s*[、.]?\s*)"
)
_SECTION = re.compile(
    rf"^[\s#*]*(?P<head>{_HEAD}|(?:[IVX]+|\d+)\s*[.、]\s*(?={TYPE}题))?"
    rf"(?P<open>[\[(<=\s]*)(?P<type>{TYPE}(?P<ti>题)?)\s*(?P<close>[\])>=*]*)\s*(?P<rest>.*?)[=*\s]*$"
)
_SECTION_REST = re.compile(
    r"^(?:|\(.*|[:,.。、;；，：\s]*(?:本|共|每|各|小|正确|对的|请|下列|以下|\d).*)$"
)
_OF_HEADING = re.compile(r"^\(|分|\d\s*[题道]")
_OTHER_SECTION = re.compile(rf"^\s*第?[{CN}]+(?:部分|大题)?\s*[、.]\s*(?P<name>[^。?？]{{2,40}})$")
_CHAPTER = re.compile(
    rf"^[\s\[#]*(?P<name>第\s*(?:[{CN}]+|\d+)\s*[章节编篇](?:[\s:、].{{0,40}}|[^。?？]{{0,30}}))$"
)
LONGEST_HEADING = 300
JUDGED = r"√|×|正确|错误|对|错"
_TAG = (
    rf"[(\[]\s*(?:{TYPE}题?|(?:分值|难度|知识点|题型)\s*:\s*[^()\[\]]{{1,20}}"
    r"|\d+(?:\.\d+)?\s*分)\s*[)\]]\s*"
)
_NUMBER = re.compile(
    rf"^\s*(?P<tag>(?:{_TAG})+)?(?:[(\[]\s*(?P<mark>{JUDGED}|[A-Za-z]{{0,8}}|\s*)\s*[)\]]\s*(?=[\d第(]))?"
    rf"(?:(?P<di>第\s*(?:\d{{1,4}}|[{CN}]+)\s*题)\s*[:.、)]?"
    r"|[(\[]\s*(?P<par>\d{1,4})\s*[)\]]\s*[.、:]?"
    r"|(?:题\s*)?(?P<plain>\d{1,4})\s*(?P<sep>[.、:)。]|,(?!\d))"
    r"|(?P<space>\d{1,4})(?=\s+[^\s\d.、)%-]))\s*"
)
KEY_HEADING = re.compile(
    r"^[\s\[(<=#*一二三四五六七八九十、附件录]*[:.]?\s*(?:试题|试卷|题库|考试|习题)?\s*"
    rf"(?:{TYPE}题?)?\s*(?:参\s*考|标\s*准|正\s*确)?\s*答\s*案"
    r"\s*(?:(?:及|与|和|、)?\s*(?:评分标准|解析|详解|评析|说明|依据)|部分|页|表|区)*\s*(?:\([^()]*\))?"
    r"[\])>=*]*\s*[:：]?\s*$"
)
KEY_TITLE = re.compile(
    r"^.{0,40}?答\s*案\s*(?:\([^()]*\))?\s*:?\s*$|^answers?(?:\s+key)?\s*:?$", re.I
)
"""Ends in 答案, whatever stands before; the heading of a key only where the key follows at once."""
_PAGE = re.compile(r"^[\s—–-]*(?:第\s*\d+\s*页.*|\d+\s*/\s*\d+|[—–-]\s*\d+\s*[—–-]?)[\s—–-]*$")
_FILLED_IN = re.compile(
    r"^(?:\s*(?:姓名|单位|部门|职务|执法证号|准考证号|考号|工号|得分|总分|成绩|日期|阅卷人)\s*:[\s_]*)+$"
)
_MATERIAL = re.compile(rf"^[\[(]?\s*(?:案例|材料|背景材料)\s*[{CN}\d]*\s*(?:[\])]\s*:?|:)")
_RULE = re.compile(r"^[\s\-=_*~—·.…#]{3,}$")
_BEGINNINGS = frozenset(
    f"{CN}第IVX[(<=#*-_~—–·.…单多不选判是对正填简问论名案材情综排连匹背姓部职执准考工得总成日阅"
)
"""With one of these, a digit or a blank a heading or an ornament begins, and most lines do not."""


@dataclass(frozen=True, slots=True)
class Number:
    """The number a question begins with. `style`: how it is written; `end`: where the text begins.

    `mark`: a judgement or letters in brackets before the number; `tag`: its type there, [单选题].
    `decimal`: a digit follows at once, so that it may be a number of another kind.
    """

    value: int
    style: str
    end: int
    mark: str = ""
    tag: str = ""
    decimal: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that holds for the questions below it."""

    title: str
    type: str = ""
    points: str = ""
    category: str = ""


def clean(text: str) -> str:
    """Return the line without signs that nobody sees, and without blanks around."""
    if text.isprintable():  # none of those signs is
        return text.strip()
    return _NOISE.sub("", text).replace("\xa0", " ").strip()


@lru_cache(maxsize=256)
def shadow(text: str) -> str:
    """Return the text sign by sign with half-width letters, digits, brackets; same length."""
    if text.isascii():
        return text
    for sign, half in _FREQUENT:
        text = text.replace(sign, half)
    return text.translate(_SHADOW_TABLE) if _SHADOWED.search(text) else text


def is_plain(text: str) -> bool:
    """Say whether a line begins as no heading, no material and no ornament does."""
    first = shadow(text)[:1]
    return not (first in _BEGINNINGS or first.isdecimal() or first.isspace())


def number_of(text: str) -> Number | None:
    """Return the number with which the line begins as a question does, or None."""
    match = _NUMBER.match(shadow(text))
    if match is None:
        return None
    style = next(name for name in ("di", "par", "plain", "space") if match[name])
    written = match[style].strip("第题 ")
    try:
        value = from_numeral(written)
    except CitationUnreadable:
        return None
    rest = text[match.end() :]
    decimal = match["sep"] in (".", ":") and shadow(rest[:1]).isdigit()
    mark = (match["mark"] or "").strip()
    style = "close" if match["sep"] == ")" else style
    return Number(value, style, match.end(), mark, match["tag"] or "", decimal)


def section_of(text: str) -> Section | None:
    """Return what a heading line says of the questions below it, or None."""
    match = _SECTION.match(shadow(text)) if len(text) <= LONGEST_HEADING else None
    framed = match is not None and bool(match["open"].strip() and match["close"])
    if match and _is_note(match):
        return None
    if match and (match["head"] or match["ti"] or framed) and _ends_as_heading(match, framed):
        points = points_each(match["rest"])
        return Section(text.strip("=<>* "), text[match.start("type") : match.end("type")], points)
    return None


def _is_note(match: re.Match[str]) -> bool:
    """Say whether it is a numbered note: “2. 选择题每小题选出答案后，用铅笔涂黑。”."""
    rest = match["rest"].strip(" :.。、")
    numbered = (match["head"] or "").strip()[:1].isdigit()
    return numbered and bool(rest) and not _OF_HEADING.search(rest)


def _ends_as_heading(match: re.Match[str], framed: bool) -> bool:
    rest = match["rest"].strip(" :.。、")
    if framed or not rest:
        return not rest or bool(_SECTION_REST.match(rest) and "分" in rest)
    return bool(_SECTION_REST.match(rest)) and not re.search(r"\(\s*\)[。.]?$", rest)


def chapter_of(text: str) -> Section | None:
    """Return a chapter's or a topic's heading, or None."""
    match = _CHAPTER.match(shadow(text)) or _OTHER_SECTION.match(shadow(text))
    if match is None or re.search(r"\(\s*[A-Z√×]*\s*\)", shadow(text)):
        return None
    name = text[match.start("name") : match.end("name")].strip("】] ")
    return Section(text, category=name)


def is_ornament(text: str) -> bool:
    """Say whether a line is a page number, a ruled line, or blanks for name and unit."""
    line = shadow(text)
    return bool(_PAGE.match(line) or _RULE.match(text) or _FILLED_IN.match(line))


def is_material(text: str) -> bool:
    """Say whether a line begins the material of a case: 【案例一】, 材料二：."""
    return _MATERIAL.match(shadow(text)) is not None
