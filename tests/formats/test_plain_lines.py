"""Most lines of a paper are told from headings by their first sign alone."""

from quizapp.formats.questions import notation_marks as marks
from quizapp.formats.questions.notation_keys import key_line

HEADINGS = (marks._SECTION, marks._CHAPTER, marks._OTHER_SECTION, marks._MATERIAL)
ORNAMENTS = (marks._PAGE, marks._FILLED_IN, marks._RULE)
WORDS = (
    *("", "单选题", "、单选题（每题2分）", "选题", "断题：", "章 总则", "一章 总则"),
    *("、行政处罚法", "名：____", "单位：__", "料：", "景材料一：", "例一】", " 1 页", "/3", "---"),
)


def test_a_line_that_begins_plainly_is_no_heading_and_no_ornament() -> None:
    """Every sign that any of the patterns names, in both widths, before what may follow it."""
    named = {sign for pattern in (*HEADINGS, *ORNAMENTS) for sign in pattern.pattern}
    wide = {chr(ord(sign) + 0xFEE0) for sign in named if "!" <= sign <= "~"}
    for sign in named | wide | set("０٣Ⅰ關甲乙“《\u3000"):
        for words in WORDS:
            line = sign + words
            if marks.is_plain(line):
                assert not any(each.match(marks.shadow(line)) for each in HEADINGS), line
                assert not any(each.match(marks.shadow(line)) for each in ORNAMENTS), line
                assert not marks.is_ornament(line), line


def test_the_words_of_a_paper_begin_plainly() -> None:
    for line in (
        "A. 甲种做法",
        "答案：B",
        "关于行政处罚，哪一项正确？",
        "Ｂ．乙",
        "《行政处罚法》",
    ):
        assert marks.is_plain(line), line


def test_a_key_ends_in_a_sign_of_an_answer() -> None:
    for line in ("1-5 ABCDA", "1.A 2.B。", "1. a", "3-4 √×）", "1、正确；2、错误", "1.B\u2003"):
        assert key_line(line), line
    for line in ("1. A甲", "1-5 ABCDA 见上", "12", "、。", ""):
        assert key_line(line) is None, line
