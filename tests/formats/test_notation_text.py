"""Papers as text, in the dress in which trainers hand them on; all of our own making."""

import pytest

from quizapp.domain.imports import ImportReport, check_rows
from quizapp.formats.questions.all import find_reader
from quizapp.formats.questions.notation_text import NOTATION_TEXT

CLASSIC = """2026年法律知识测试题
姓名：____ 单位：____

一、单项选择题（每题2分，共4分）
1. 限期拆除决定由（  ）作出。
A. 主管部门
B. 居委会
C. 物业公司
答案：A
解析：由主管部门决定。
2、下列说法正确的是（ B ）
A、甲 B、乙 C、丙
【解析】略
依据：《城市晾晒条例》第九条

二、多项选择题（每题三分）
3．措施包括：
A．警告B．罚款C．没收D．道歉
【答案】ABC 【解析】道歉不是措施。

三、判断题（每小题0.5分）
4. 执法时应当出示证件。（√）
(×) 5. 可以不出示证件。
6. 不需要听取陈述。答案：错误
"""
KEY_AT_THE_END = """一、单选题
1.题一（ ）
A.甲 B.乙 C.丙
2.题二
A.甲一 B.乙一 C.丙一
二、多选题
1.题三（ ）
A.甲二 B.乙二 C.丙二
三、判断题
2.陈述一
3.陈述二
4.陈述三
5.陈述四
参考答案及解析
一、单选题
1-2 AC
二、多选题：1.AB
三、判断题
2. √ 解析：因为如此
3-5 ×√√ 9.√
"""
FULL_WIDTH = """【单选题】１．下列哪项（　）
Ａ．甲　Ｂ．乙　Ｃ．丙
答案：Ｂ
[多选题] ２．可以并用哪几项？
（Ａ）甲
（Ｂ）乙
（Ｃ）丙
【答案】ＡＣ
［判断题］３．应当出示证件。
［答案: ×］[分值：2]
"""
TAGGED = """[单选题][难度：易][知识点：程序] 谁作出决定？
A.甲
B.乙
[答案: A]
[解析: 因为甲有权]

[多选题] 措施有哪些？[分值：3]
A.甲
B.乙
C.丙
【正确答案】：AC
【答案解析】：略

【判断题】应当出示证件。
【答案】正确
【出处】《城市晾晒条例》第一条
"""
OLD_SYSTEM = """===<<<单选题>>>===
下列哪项是职责
A.甲
B.乙
答案：B

下列哪项不是职责
A.甲
B.乙
答案：A
===<<<判断题>>>===
应当出示证件
答案：对
"""
RUN_TOGETHER = """单选题：
1.主体是（A）A.城管局B.居委会C.物业
2.U.S.A.标准是（D）A.美标B.国标C.A.B.公司标准D.以上都不是
3、A、B两人共同搭建的由谁拆（ ）。A、甲3B、乙5C、丙 答案：C 解析：略。
4、期限是（ ）\nA.1.5日 B.A、B都不对 C.3日
答案：A。第三条规定。
判断题
1.可以罚款。(对)
2.(错)不必听证。
3.应当出示证件。（T）
"""
BROKEN = """1. 没有选项也没有答案
2. 好的题目
A. 甲
B. 乙
答案：A
3.
A. 甲
B. 乙
答案：A
4. 下列正确的是：
（1）甲
（2）乙
A. （1）
B. （1）（2）
答案：B
解析：有两点
1. 第一点
2. 第二点
5. 缺一个字母
A.甲
B.乙
D.丁
答案：D
6. 两处不同（A）
A.甲六
B.乙六
答案：B
第7题：好的题目二 A. 甲 B. 乙 答案 B
"""
NOTES_ABOVE = """注意事项：
1. 本试卷共3题。
2. 请用黑色笔。
第一章 处罚程序
一、选择题（共3题，每小题1.5分）
1.2023年7月1日起施行的是（C）
A.甲办法 B.乙办法 C.丙条例
第 1 页 共 2 页
2. 期限为
A 3日
B 5日
答案：B
3) 下列（多选） 答：AC
A.甲;B.乙;C.丙
4. 简答：什么是处罚？
答：处罚是指……
其次……
"""


def read(text: str, encoding: str = "utf-8") -> ImportReport:
    content = text.encode(encoding)
    assert find_reader("题.txt", content) is NOTATION_TEXT
    return check_rows(NOTATION_TEXT.read(content))


def brief(report: ImportReport) -> list[tuple[int, str, str, str]]:
    """(line, type, stem, answer) of each sound question."""
    return [
        (one.no, one.type, one.stem, str(one.answer) if isinstance(one.answer, bool)
         else "".join(one.answer))
        for one in report.questions
    ]  # fmt: skip


def faults(report: ImportReport) -> list[tuple[str, str]]:
    return [(one.place, one.code) for one in report.problems]


def test_answers_below_in_the_stem_and_before_the_number() -> None:
    found = read(CLASSIC)
    assert brief(found) == [
        (5, "single", "限期拆除决定由（  ）作出。", "A"),
        (11, "single", "下列说法正确的是（ ）", "B"),
        (17, "multiple", "措施包括：", "ABC"),
        (22, "judge", "执法时应当出示证件。", "True"),
        (23, "judge", "可以不出示证件。", "False"),
        (24, "judge", "不需要听取陈述。", "False"),
    ]
    assert [one.points_cp for one in found.questions] == [200, 200, 300, 50, 50, 50]
    assert found.questions[0].explanation == "由主管部门决定。"
    assert found.questions[1].source == "《城市晾晒条例》第九条"
    assert found.questions[2].explanation == "道歉不是措施。"
    assert found.questions[0].place == "第 5 行"
    assert [one.no for one in found.skipped] == [1, 2, 4, 16, 21]


def test_a_key_at_the_end_finds_the_questions_of_its_sections() -> None:
    found = read(KEY_AT_THE_END)
    assert [(one[2], one[3]) for one in brief(found)] == [
        ("题一（ ）", "A"), ("题二", "C"), ("题三（ ）", "AB"),
        ("陈述一", "True"), ("陈述二", "False"), ("陈述三", "True"), ("陈述四", "True"),
    ]  # fmt: skip
    assert found.questions[3].explanation == "因为如此"
    assert faults(found) == [("第 20 行", "answer_key_without_question")]


def test_keys_below_each_section_belong_to_it() -> None:
    found = read("一、判断题\n1、甲。\n2、乙。\n答案：1-2 √×\n二、判断题\n1、丙。\n答案：1.×\n")
    assert [one[3] for one in brief(found)] == ["True", "False", "False"]


@pytest.mark.parametrize("key", ["1-3 对错对", "1~3：√×√", "1.√ 2.× 3.√", "1、对\n2、错\n3、对"])
def test_keys_of_judgements(key: str) -> None:
    found = read(f"一、判断题\n1、甲。\n2、乙。\n3、丙。\n参考答案：\n{key}\n")
    assert [one[3] for one in brief(found)] == ["True", "False", "True"]


def test_a_key_whose_count_does_not_fit_is_not_guessed() -> None:
    found = read("一、判断题\n1、甲。\n2、乙。\n参考答案\n1-2 √×√\n")
    assert {code for _, code in faults(found)} == {"answer_unrecognised", "answer_missing"}


def test_everything_in_full_width() -> None:
    found = read(FULL_WIDTH)
    assert [(one[1], one[3]) for one in brief(found)] == [
        ("single", "B"), ("multiple", "AC"), ("judge", "False"),
    ]  # fmt: skip
    assert [text for _, text in found.questions[0].options] == ["甲", "乙", "丙"]
    assert found.questions[2].points_cp == 200


def test_tags_without_numbers() -> None:
    found = read(TAGGED)
    assert [(one[1], one[2], one[3]) for one in brief(found)] == [
        ("single", "谁作出决定？", "A"),
        ("multiple", "措施有哪些？", "AC"),
        ("judge", "应当出示证件。", "True"),
    ]
    first, second, third = found.questions
    assert (first.category, first.difficulty_text, first.explanation) == (
        "程序", "易", "因为甲有权",
    )  # fmt: skip
    assert second.points_cp == 300
    assert third.source == "《城市晾晒条例》第一条"


def test_markers_of_the_old_system() -> None:
    assert [(one[1], one[3]) for one in brief(read(OLD_SYSTEM))] == [
        ("single", "B"), ("single", "A"), ("judge", "True"),
    ]  # fmt: skip


def test_options_run_together_and_letters_inside_words() -> None:
    found = read(RUN_TOGETHER)
    assert not found.problems
    assert [(one[2], one[3]) for one in brief(found)] == [
        ("主体是（ ）", "A"), ("U.S.A.标准是（ ）", "D"), ("A、B两人共同搭建的由谁拆（ ）。", "C"),
        ("期限是（ ）", "A"), ("可以罚款。", "True"), ("不必听证。", "False"),
        ("应当出示证件。", "True"),
    ]  # fmt: skip
    assert [text for _, text in found.questions[1].options] == [
        "美标", "国标", "A.B.公司标准", "以上都不是",
    ]  # fmt: skip
    assert [text for _, text in found.questions[3].options] == ["1.5日", "A、B都不对", "3日"]
    assert found.questions[3].explanation == "第三条规定。"


def test_a_broken_question_never_swallows_the_next() -> None:
    found = read(BROKEN)
    assert [(one[2], one[3]) for one in brief(found)] == [
        ("好的题目", "A"), ("下列正确的是：\n（1）甲\n（2）乙", "B"), ("好的题目二", "B"),
    ]  # fmt: skip
    assert found.questions[1].explanation == "有两点\n1. 第一点\n2. 第二点"
    assert faults(found) == [
        ("第 1 行", "answer_missing"),
        ("第 6 行", "stem_missing"),
        ("第 19 行", "option_sequence_broken"),
        ("第 24 行", "answer_unrecognised"),
    ]


def test_notes_pages_and_topics_are_told_from_questions() -> None:
    found = read(NOTES_ABOVE)
    assert [(one[1], one[2], one[3]) for one in brief(found)] == [
        ("single", "2023年7月1日起施行的是（ ）", "C"),
        ("single", "期限为", "B"),
        ("multiple", "下列", "AC"),
    ]
    assert {one.category for one in found.questions} == {"第一章 处罚程序"}
    assert {one.points_cp for one in found.questions} == {150}
    assert faults(found) == [("第 15 行", "unsupported_type")]
    assert [one.text for one in found.skipped][:3] == [
        "注意事项：", "1. 本试卷共3题。", "2. 请用黑色笔。",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_offices(encoding: str) -> None:
    found = read("1. 㛃和𠮷是人名。（√）\r\n2. 乙。（×）\r\n", encoding)
    assert [one[2] for one in brief(found)] == ["㛃和𠮷是人名。", "乙。"]


def test_text_without_questions_is_listed_whole() -> None:
    found = read("这是一封信。\n没有题目。\n")
    assert not found.questions
    assert [one.text for one in found.skipped] == ["这是一封信。", "没有题目。"]


@pytest.mark.parametrize(
    "line", ["1.（A）" + "(A)" * 30_000, "A " * 40_000, "1." * 40_000, "(" * 90_000, "_ " * 40_000]
)
def test_a_line_longer_than_any_question_is_set_aside(line: str) -> None:
    found = read(f"{line}\n1. 甲。（√）\n")
    assert [one.why for one in found.skipped] == ["本行过长"]
    assert len(found.questions) == 1


def test_a_question_of_endless_lines_ends_with_the_file() -> None:
    assert len(read("1. 甲\n" + "乙\n" * 5000).problems) > 0
