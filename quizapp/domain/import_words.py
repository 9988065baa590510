"""Where something stands in a file, and why it was left out: readers' words in both languages."""

import re

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
    "隐藏工作表": "Hidden worksheet",
    "隐藏文字": "Hidden text",
    "隐藏行": "Hidden row",
    "页码、分隔线或填写栏": "Page number, rule or blank to fill in",
    "不是题目": "Not a question",
}


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
    """Return why a part of a file was left out; a reason that is not in the table stays Chinese."""
    return Text(reason, _WHY.get(reason, reason))
