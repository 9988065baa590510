"""Official texts as they are published, read into their parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.errors import Invalid
from quizapp.domain.law_header import Facts, LawFactMissing, facts_of, law_of, split_front
from quizapp.domain.law_reading import LawUnreadable, read_law
from quizapp.domain.statutes import Citation
from tests.law_of_kites import NEW_LINES, OLD_LINES

OLD = read_law(OLD_LINES.splitlines())


def cite(article: int, **place: int) -> Citation:
    return Citation("纸鸢场管理条例", None, article, **place)


def test_a_table_of_contents_is_no_text() -> None:
    assert [article.key for article in OLD.articles] == [
        (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (6, 1), (7, 0),
    ]  # fmt: skip
    assert OLD.articles[0].path == ("第一章 总则",)
    assert OLD.articles[-1].path == ("第三章 附则",)


def test_paragraphs_and_items() -> None:
    third = OLD.article(3)
    assert third is not None
    assert third.part(cite(3, paragraph=2)) == "违反前款规定的，由场长劝离。"
    words = "进入纸鸢场，应当遵守下列规定：\n线长不得超过一百米；"
    assert third.part(cite(3, paragraph=1, item=2)) == words
    assert third.part(cite(3, item=2)) == words
    assert third.part(cite(3)) == third.text
    assert third.part(cite(3, paragraph=3)) is None
    assert third.part(cite(3, paragraph=2, item=1)) is None


@pytest.mark.parametrize(
    "line",
    [
        "第一条 甲。",
        "第一条　甲。",
        "第1条 甲。",
        "第 一 条 甲。",
        "\ufeff第一条： 甲。",
        "  第一条\u3000\u3000甲。  ",
    ],
)
def test_however_an_article_begins(line: str) -> None:
    assert read_law([line]).articles[0].text == "甲。"


def test_marks_of_markdown_parts_of_a_code_and_annexes() -> None:
    lines = ["# 某法典", "## 第一编 总则", "### 第一分编 一般", "#### 第一章 一", "##### 第一节 二",
             "第一条 甲。", "第二章 三", "第二条 乙依照本法第一条办理。", "# 附 则", "第三条 丙。",
             "附件一", "1．目录"]  # fmt: skip
    law = read_law(lines)
    assert law.articles[0].path == ("第一编 总则", "第一分编 一般", "第一章 一", "第一节 二")
    assert law.articles[1].path == ("第一编 总则", "第一分编 一般", "第二章 三")
    assert law.articles[2].path == ("附则",)
    assert [article.text for article in law.articles] == ["甲。", "乙依照本法第一条办理。", "丙。"]


def test_a_document_without_articles_is_cited_by_its_items() -> None:
    law = read_law(["# 某意见", "## 一、要求", "（一）甲。", "——乙。", "## 二、办法", "（二）丙。"])
    assert law.by_item
    assert [(a.number, a.text) for a in law.articles] == [(1, "甲。\n——乙。"), (2, "丙。")]


def test_counts_below_an_item_belong_to_it() -> None:
    law = read_law(
        ["第一条 下列之一：", "（一）甲：", "1.子；", "2.丑。", "（二）乙。", "另一款。"]
    )
    paragraphs = law.articles[0].paragraphs
    assert [item.text for item in paragraphs[0].items] == ["甲：\n1.子；\n2.丑。", "乙。"]
    assert paragraphs[1].text == "另一款。"


def test_a_number_that_stands_twice_is_told() -> None:
    law = read_law(["第一条 甲。", "第一条 乙。", "第二条之一 丙。", "第二条之一 丁。"])
    assert [(each.line, each.key) for each in law.problems] == [
        (2, "repeated"),
        (3, "gap"),
        (4, "repeated"),
    ]


@pytest.mark.parametrize("lines", [[], [""], ["没有条"], ["第十百千条 甲。"]])
def test_what_holds_no_law_is_refused(lines: list[str]) -> None:
    with pytest.raises(LawUnreadable):
        read_law(lines)


@given(
    st.lists(st.text(alphabet="第一二十条之（）章节甲。 #目录\t　1.《》", max_size=30), max_size=20)
)
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        law = read_law(lines)
    except LawUnreadable:
        return
    keys = [article.key for article in law.articles]
    assert len(set(keys)) == len(keys)


def test_what_a_text_says_of_itself() -> None:
    assert facts_of({}, OLD) == Facts(
        "纸鸢场管理条例", "纸鸢场管理条例", date(2020, 3, 1), date(2020, 5, 1)
    )
    new = facts_of({}, read_law(NEW_LINES.splitlines()))
    assert (new.version, new.effective_on) == (date(2026, 9, 1), date(2026, 12, 1))


def test_an_amended_law_names_the_day_of_its_first_version_only() -> None:
    lines = OLD_LINES.replace("会议通过", "会议通过，2022年8月1日修正").splitlines()
    facts = facts_of({}, read_law(lines))
    assert facts.version == date(2022, 8, 1)
    assert facts.effective_on is None
    with pytest.raises(LawFactMissing):
        law_of(facts, OLD)
    law = law_of(Facts(effective_on=date(2022, 9, 1)).over(facts), OLD)
    assert law.articles == 7


def test_fields_in_front_go_before_the_text() -> None:
    front, lines = split_front(
        [
            "---",
            "全称: 中华人民共和国纸鸢法",
            "版本: 2021-02-03",
            "施行日期: 2021-03-04",
            "失效日期: 2022-12-31",
            "---",
            "第一条 甲。",
        ]
    )
    facts = facts_of(front, read_law(lines))
    assert facts == Facts(
        "中华人民共和国纸鸢法", "纸鸢法", date(2021, 2, 3), date(2021, 3, 4), date(2023, 1, 1)
    )


def test_impossible_facts_are_refused() -> None:
    facts = facts_of({}, OLD)
    with pytest.raises(Invalid, match="law_dates_wrong"):
        law_of(Facts(effective_on=date(2019, 1, 1)).over(facts), OLD)
    with pytest.raises(Invalid, match="law_name_long"):
        law_of(Facts(short="纸" * 61).over(facts), OLD)
