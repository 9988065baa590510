"""Where something stands in a file, what is wrong with it, and why it was left out, in English.

Readers speak Chinese; here are all their words in both languages.
"""

import re

from quizapp.domain.bank_findings import CHECKS
from quizapp.domain.text import Text

_SPOT = re.compile(r"(?:(?P<within>.+) )?第 (?P<no>\d+) (?P<unit>[行题段])")
_TABLE = re.compile(r"表 (\d+)")
_UNITS = {"行": "row", "题": "question", "段": "paragraph"}
_WHY = {
    "不在正文": "Outside the body of the text",
    "修订中已删除": "Deleted in the tracked changes",
    "公式无法写成一行，请核对": "A formula that does not fit on a line",
    "分节标题": "Heading of a section",
    "图片未导入": "Picture, not imported",
    "媒体文件未导入": "Media file, not imported",
    "文本框": "Text box",
    "案例材料": "Facts of a case",
    "没有作答部分": "No part to be answered",
    "未用到的文字": "Words not used",
    "单元格批注": "Comment on a cell",
    "没有答案括号 { }": "No braces { } with an answer",
    "没有表头": "No row of headings",
    "没有选项和答案": "No options and answer",
    "没有题目内容": "No question",
    "本行过长": "The line is too long",
    "章节标题": "Heading of a chapter",
    "符号无法识别": "Unknown sign",
    "答案标题": "Heading of the answers",
    "表头": "Row of headings",
    "表头以上": "Above the row of headings",
    "解析没有对应题目": "Explanation of no question",
    "说明": "Note",
    "说明文字": "Instructions",
    "试题之前的文字": "Text before the questions",
    "部分标题": "Heading of a part",
    "重复的内容": "Written twice",
    "隐藏列，其内容已读取": "Hidden column, read all the same",
    "未用到的列": "Columns not used",
    "隐藏工作表": "Hidden worksheet",
    "隐藏文字": "Hidden text",
    "隐藏行": "Hidden row",
    "页码、分隔线或填写栏": "Page number, rule or blank to fill in",
    "不是题目": "Not a question",
}
_DETAILS = {
    **{words.zh: words.en for words in CHECKS.values()},
    "缺少 }": "no closing }",
    "不是一道题": "not a question",
    "不是有效的 XML": "no valid XML",
    "内容过长": "too long",
    "压缩包中没有这个文件": "the archive has no such file",
    "引号不成对": "a quotation mark has no partner",
    "文中有彩色、加粗或突出显示的文字，请用文字写明答案": (
        "coloured, bold or highlighted words are no key: please write the answer in words"
    ),
    "完形填空": "cloze",
    "匹配题": "matching",
    "简答题": "short answer",
    "计算题": "calculation",
    "论述题": "essay",
}
_DETAIL_FORMS = {
    r"(\d+) 个": "{0}",
    r"最多 (\d+) 字": "at most {0} characters",
    r"表头 (\d+) 列，本行 (\d+) 列": "{0} headings, {1} cells in this row",
    r"(.+)，共 (\d+) 处作答": "{0}, {1} places to answer",
    r"“(.+)”前没有 = 或 ~": "no = or ~ before “{0}”",
    r"写了不同的答案：(.+)": "different answers are written: {0}",
    r"第 (\d+) 行的单元格是公式或错误值": "row {0} holds a formula or an error",
    r"第 (\d+) 行有图片": "row {0} holds a picture",
    r"第 (\d+) 行的题型不在模板中": "row {0}: the template has no such type",
}
_LETTERS = re.compile(r"[A-Z](?: 与 [A-Z])?(?:、[A-Z](?: 与 [A-Z])?)*")


def place_words(place: str) -> Text:
    """Return a place as a reader gave it (试题 第 3 行) with its English (试题, row 3)."""
    table, spot = _TABLE.fullmatch(place), _SPOT.fullmatch(place)
    if table:
        return Text(place, f"Table {table[1]}")
    if not spot:
        return Text(place, place)
    here = f"{_UNITS[spot['unit']]} {spot['no']}"
    return Text(
        place,
        f"{place_words(spot['within']).en}, {here}" if spot["within"] else here.capitalize(),
    )


def why_words(reason: str) -> Text:
    """Return why a part of a file was left out; words of the file itself stay as they are."""
    return Text(reason, _WHY.get(reason, reason))


def detail_words(detail: str) -> Text:
    """Return what a finding says in its brackets; words of the file itself stay as they are."""
    if _LETTERS.fullmatch(detail):
        return Text(detail, detail.replace("、", ", ").replace(" 与 ", " and "))
    for form, english in _DETAIL_FORMS.items():
        if found := re.fullmatch(form, detail):
            return Text(detail, english.format(*found.groups()).replace("、", ", "))
    return Text(detail, _DETAILS.get(detail) or place_words(detail).en)
