"""One invented statute as different hands publish it: always the same tree."""

from collections.abc import Callable

import pytest

from quizapp.domain.law_header import facts_of
from quizapp.domain.law_lines import even_lines
from quizapp.domain.law_reading import read_law
from tests.law_of_kites import OLD_LINES

PLAIN = OLD_LINES
TREE = [
    (article.key, article.path, [(p.text, p.items) for p in article.paragraphs])
    for article in read_law(PLAIN.splitlines()).articles
]
BODY = PLAIN[PLAIN.rindex("第一章") :]
ORDER = """纸鸢会令
《纸鸢法》已于2021年1月22日修订通过，自2021年7月15日起施行。
2021年1月22日
纸鸢法
（1996年3月17日通过　2021年1月22日修订）"""
TITLE = "纸鸢场管理条例\n（2020年3月1日纸鸢会议通过）\n"


def wrapped(text: str) -> str:
    """Break every line to a width, as old text files are; new paragraphs begin with blanks."""
    out = []
    for line in text.splitlines():
        long = len(line) > 14 and not line.startswith(("#", "目"))
        out += [("　　" if long else "") + line[:14], line[14:]] if long else [line]
    return "\n".join(out)


VARIANTS: dict[str, Callable[[], str]] = {
    "paragraphs begin with two wide blanks": lambda: "\n".join(
        f"　　{line}" for line in PLAIN.splitlines()
    ),
    "every line ends like on Windows, with marks of order": lambda: "\ufeff"
    + PLAIN.replace("\n", "\r\n").replace("第三条", "\u200b第三条"),
    "articles in bold, headings as Markdown": lambda: "# "
    + BODY.replace("第一章", "## 第一章").replace("第二章", "## 第二章")
    .replace("第三章", "## 第三章").replace("\n第", "\n**第").replace("条　", "条**　"),
    "articles as headings of Markdown, items as a list": lambda: BODY.replace(
        "\n第", "\n### 第"
    ).replace("（一）", "- （一）").replace("（二）", "- （二）").replace("（三）", "- （三）"),
    "blanks inside headings and numbers": lambda: BODY.replace("第一章", "第 一 章")
    .replace("第六条之一", "第六条 之一").replace("第二条", "第 二 条"),
    "no blank after the number of a chapter": lambda: BODY.replace("章　", "章"),
    "the title of a chapter on a line of its own": lambda: BODY.replace("章　", "章\n"),
    "items in half-width brackets": lambda: BODY.replace("（一）", "(一)")
    .replace("（二）", "( 二 )").replace("（三）", "(三)"),
    "numbers in digits": lambda: BODY.replace("第一条", "第1条").replace("第二条", "第２条")
    .replace("第六条之一", "第6条之1"),
    "a table of contents with the numbers of pages": lambda: TITLE
    + "目　　录\n第一章　总则\t1\n第二章　放飞……2\n第三章　附则 3\n" + BODY,
    "a table of contents without its caption": lambda: TITLE
    + "第一章　总则\n第二章　放飞\n第三章　附则\n" + BODY,
    "numbers of pages between the lines": lambda: BODY.replace("第四条", "— 1 —\n第四条")
    .replace("第七条", "- 2 -\n第七条"),
    "broken to a width": lambda: wrapped(BODY),
    "the number of an article on a line of its own": lambda: BODY.replace("条　", "条\n"),
    "an order in front": lambda: "纸鸢会议令\n第3号\n《纸鸢场管理条例》现予公布。\n" + PLAIN,
    "a preamble": lambda: TITLE + "序言\n风筝自古有之。\n" + BODY,
    "an annex behind": lambda: PLAIN + "附件：\n1．纸鸢场图\n第一条 附件里的话。\n",
    "a sentence broken off before the number of another article": lambda: BODY.replace(
        "竹骨和线轴，竹骨", "竹骨和线轴，\n竹骨"
    ),
    "a colon after the number of an article": lambda: BODY.replace("条　进入", "条：进入"),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_tree_however_it_is_published(name: str) -> None:
    law = read_law(VARIANTS[name]().split("\n"))
    read = [(a.key, a.path, [(p.text, p.items) for p in a.paragraphs]) for a in law.articles]
    assert read == TREE
    assert law.problems == ()


def test_preamble_and_annex_are_kept() -> None:
    law = read_law(VARIANTS["a preamble"]().split("\n"))
    assert law.head[2:] == ("序言", "风筝自古有之。")
    annexed = read_law(VARIANTS["an annex behind"]().split("\n"))
    assert annexed.annex == ("附件：", "1．纸鸢场图", "第一条 附件里的话。")
    assert annexed.problems == ()


def test_counts_below_an_item_stay_in_it_however_they_are_written() -> None:
    for first, second in (("1．", "2．"), ("①", "②"), ("（1）", "（2）"), ("⑴", "⑵")):
        lines = ["第一条 下列之一：", "（一）甲：", f"{first}子；", f"{second}丑。", "（二）乙。"]
        (paragraph,) = read_law(lines).articles[0].paragraphs
        assert [item.number for item in paragraph.items] == [1, 2]
        assert paragraph.items[0].text == f"甲：\n{first}子；\n{second}丑。"


def test_items_may_count_in_digits() -> None:
    (paragraph,) = read_law(["第一条 下列之一：", "（1）甲；", "（2）乙。"]).articles[0].paragraphs
    assert [item.text for item in paragraph.items] == ["甲；", "乙。"]


def test_a_count_that_a_paragraph_announces_belongs_to_it() -> None:
    lines = ["第一条 计算如下：", "1．甲乘以乙；", "2．除以丙。", "另有规定的除外。"]
    assert [p.text for p in read_law(lines).articles[0].paragraphs] == [
        "计算如下：\n1．甲乘以乙；\n2．除以丙。",
        "另有规定的除外。",
    ]


def test_a_law_without_chapters_and_one_with_parts() -> None:
    assert read_law(["第一条 甲。", "第二条 乙。"]).articles[1].path == ()
    deep = read_law(["第一编 甲", "第一分编 乙", "第一章 丙", "第一节 丁", "第一条 戊。"])
    assert deep.articles[0].path == ("第一编 甲", "第一分编 乙", "第一章 丙", "第一节 丁")


def test_what_may_be_wrong_is_told_by_line() -> None:
    law = read_law(
        ["# 某法", "", "第一条 甲。", "第三条 乙。", "第三条 丙。", "第十百条 丁。", "第四条 戊。"],
        first=11,
    )
    assert [(p.line, p.key) for p in law.problems] == [
        (14, "gap"), (15, "repeated"), (16, "number"),
    ]  # fmt: skip
    assert [article.number for article in law.articles] == [1, 3, 4]


@pytest.mark.parametrize(
    ("head", "full", "version", "force"),
    [
        ("纸鸢条例\n（2019年4月3日纸鸢会第711号修订　自2019年5月15日起施行）",
         "纸鸢条例", "2019-04-03", "2019-05-15"),
        (ORDER, "纸鸢法", "2021-01-22", "2021-07-15"),
        ("纸 鸢 办 法\n（一九九二年六月二十八日公布　二〇一七年三月一日修订　自公布之日起施行）",
         "纸鸢办法", "2017-03-01", "2017-03-01"),
        ("中华人民共和国纸鸢法\n2020年12月26日通过", "中华人民共和国纸鸢法", "2020-12-26", None),
    ],
)  # fmt: skip
def test_names_and_days_out_of_the_head(
    head: str, full: str, version: str, force: str | None
) -> None:
    facts = facts_of({}, read_law([*head.split("\n"), "第一条 甲。"]))
    found = (facts.full, str(facts.version), str(facts.effective_on) if force else None)
    assert found == (full, version, force)
    assert facts.short == full.removeprefix("中华人民共和国")


def test_a_hostile_line_costs_little() -> None:
    lines = even_lines(["." * 20_000 + "甲", "*" * 20_000, "第" * 20_000, "（" * 20_000])
    assert len(lines) >= 3


def test_a_sentence_broken_before_another_number_opens_no_article() -> None:
    law = read_law(["第一条 依照本条例", "第九条 的规定办理。", "第二条 乙。"])
    assert [article.text for article in law.articles] == ["依照本条例第九条 的规定办理。", "乙。"]
