"""Rows of a sheet that speak to its reader: chapters, counts, who wrote it."""

import re
from collections.abc import Sequence

NOTE = re.compile(
    r"^\s*(?:注|备注|说明|填写说明|填表说明|注意|注意事项|提示|合计|总计|日期|时间|联系人|联系电话"
    r"|(?:制表|审核|出题|命题|出卷|编制|编写|整理|录入|校对|复核)(?:人|人员|单位|时间|日期)?)"
    r"\s*(?:[:：]|$)"
)
_COUNT = re.compile(r"^\s*(?:本表|以上|合计|总计)?\s*共(?:计|有)?\s*\d+\s*[题道]\S{0,2}$")
_CHAPTER = re.compile(r"^\s*第[一二三四五六七八九十百\d]+[章节编篇](?:\s.{0,40}|\S{0,12})$")

_TOTAL = re.compile(r"\s*(?:合计|总计|小计|共计)\s*[:：]?\s*")
_AMOUNT = re.compile(r"\s*共?\s*\d+(?:\.\d+)?\s*[题道分个%]?\s*")


def is_total(texts: Sequence[str]) -> bool:
    """Say whether a row says 合计 and holds nothing but numbers beside it, “2题” or “100分”."""
    totals = [text for text in texts if _TOTAL.fullmatch(text)]
    return bool(totals) and all(text in totals or _AMOUNT.fullmatch(text) for text in texts)


def remark_in(texts: Sequence[str]) -> str:
    """Return what a row without an answer is that holds these texts alone, "" for no remark.

    “第一章 总则”, “出题人：…”, “共 50 题”, “备注” and a text.
    """
    if len(texts) == 1 and _CHAPTER.match(texts[0]):
        return "章节标题"
    if all(NOTE.match(text) or _COUNT.match(text) for text in texts):
        return "说明"
    label, *rest = texts
    return "说明" if len(rest) == 1 and NOTE.fullmatch(label) else ""
