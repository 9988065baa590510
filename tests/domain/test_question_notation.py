import pytest

from quizapp.domain.answer_notation import read_answer
from quizapp.domain.import_checks import difficulty_of, is_unsafe
from quizapp.domain.import_findings import FINDING_WORDS
from quizapp.domain.imports import RawQuestion, ReadResult, check_rows
from quizapp.domain.likeness_keys import compare_key
from quizapp.domain.option_notation import split_options
from quizapp.domain.question_headings import _SYNONYMS, columns_of, field_of, may_name_stem
from quizapp.domain.type_notation import codes_of, points_of, section_of, type_of

FOUR = (("A", "警告"), ("B", "罚款"), ("C", "没收"), ("D", "吊销"))
REVERSED = (("A", "错误"), ("B", "正确"))


@pytest.mark.parametrize(
    "text",
    [
        "ABD",
        "abd",
        "ＡＢＤ",
        "A,B,D",
        "A，B，D",
        "A、B、D",
        "A;B;D",
        "A；B；D",
        "A B D",
        "A　B　D",
        "A|B|D",
        "答案：ABD",
        "【答案】ABD",
        "正确答案是：A、B、D。",
        "（ A B D ）",
        "DBA",
        "AABBD",
        "A\nB\nD",
        "警告、罚款、吊销",
        "警告；罚款；吊销",
        "A.警告；B.罚款；D.吊销",
    ],
)
def test_letters_in_every_dress(text: str) -> None:
    read = read_answer("multiple", FOUR, text)
    assert (read.letters, read.fault) == (("A", "B", "D"), "")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("B", "B"),
        ("罚款", "B"),
        ("B.罚款", "B"),
        ("B 罚款", "B"),
        ("全选", "ABCD"),
        ("全部", "ABCD"),
    ],
)
def test_words_and_everything(text: str, letters: str) -> None:
    assert "".join(read_answer("indefinite", FOUR, text).letters) == letters


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "answer_missing"),
        ("答案：", "answer_missing"),
        ("E", "answer_not_in_options"),
        ("ABE", "answer_not_in_options"),
        ("拘留", "answer_not_in_options"),
        ("B.警告", "answer_not_in_options"),
        ("A-C", "answer_unrecognised"),
        ("A或B", "answer_unrecognised"),
        ("？", "answer_unrecognised"),
        ("2", "answer_unrecognised"),
    ],
)
def test_what_cannot_be_read_is_not_guessed(text: str, fault: str) -> None:
    assert read_answer("single", FOUR, text).fault == fault


@pytest.mark.parametrize(
    ("words", "truth"),
    [
        ("正确 对 √ ✓ ✔ 是 T true Y YES 1 同意 （√） 答案：对", True),
        ("错误 错 × ✗ ✘ 否 F False N no 0 不同意 【×】 答：错", False),
    ],
)
def test_judgements_in_every_dress(words: str, truth: bool) -> None:
    for word in words.split():
        assert read_answer("judge", (), word).truth is truth, word
        assert read_answer("judge", REVERSED, word).truth is truth, word


def test_a_judgement_s_letter_is_read_by_its_text() -> None:
    assert read_answer("judge", REVERSED, "A").truth is False
    assert read_answer("", REVERSED, "B").truth is True
    assert read_answer("judge", REVERSED, "B.正确").truth is True
    assert read_answer("", (("A", "x"), ("B", "y")), "A").type == "single"
    assert read_answer("", (("A", "1"), ("B", "0")), "A").type == "single"
    assert read_answer("judge", (), "A").fault == "answer_unrecognised"
    assert read_answer("judge", (("A", "应当"), ("B", "可以")), "A").fault == "answer_unrecognised"


def test_the_type_follows_from_the_answer() -> None:
    assert read_answer("", FOUR, "A").type == "single"
    assert read_answer("choice", FOUR, "AC").type == "multiple"
    assert read_answer("", (), "√").type == "judge"
    assert read_answer("", (), "言之成理即可").fault == "unsupported_type"
    assert read_answer("", (), "AC").fault == "options_missing"
    assert read_answer("", (), "1").fault == "answer_unrecognised"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("单选", "single"),
        ("单 选 题", "single"),
        ("单项选择题", "single"),
        ("[单选题]", "single"),
        ("【多选】", "multiple"),
        ("多项选择", "multiple"),
        ("不定项选择题", "indefinite"),
        ("判断题（对错）", "judge"),
        ("是非题", "judge"),
        ("对错题", "judge"),
        ("选择题", "choice"),
        ("填空题", "other"),
        ("简答", "other"),
        ("案例分析", "other"),
        ("抢答题", ""),
        ("1", ""),
    ],
)
def test_names_of_types(text: str, key: str) -> None:
    assert type_of(text) == key


def test_codes_need_their_heading_or_the_whole_set() -> None:
    told = {"0": "single", "1": "judge", "2": "multiple"}
    assert codes_of("题型（0单选，1判断，2多选）", {"1"}) == told
    assert codes_of("题型(1:单选 2:多选 3:判断)", {"3"})["3"] == "judge"
    assert codes_of("题型", {"0", "2"}) == told
    assert codes_of("题型", {"1", "2", "3"}) == {}
    assert codes_of("题型", {"1", "2"}) == {}


@pytest.mark.parametrize(
    ("line", "kind", "points"),
    [
        ("一、单项选择题（每题2分，共20分）", "单项选择题", "2"),
        ("二、判断题", "判断题", ""),
        ("(三) 多选题 共10题，每小题1.5分", "多选题", "1.5"),
        ("===<<<单选题>>>===", "单选题", ""),
        ("单选题（共20分）", "单选题", ""),
        ("一、单选题（每小题两分，共四分）", "单选题", "2"),
        ("二、判断题（2 分/题，共 5 题）", "判断题", "2"),
        ("三、多选题（5题×三分）", "多选题", "3"),
    ],
)
def test_a_section_tells_type_and_points(line: str, kind: str, points: str) -> None:
    section = section_of(line)
    assert section is not None
    assert (section.type_text, section.points_text) == (kind, points)


@pytest.mark.parametrize(
    "line", ["判断下列说法是否正确", "一、总则", "城管执法应当公正", "多选", "选择正确的一项"]
)
def test_a_line_of_words_is_no_section(line: str) -> None:
    assert line == "多选" or section_of(line) is None


@pytest.mark.parametrize(
    ("text", "cp"),
    [
        ("2", 200),
        ("２分", 200),
        ("2.5 分", 250),
        ("每题1分", 100),
        ("0", None),
        ("-1", None),
        ("两分", 200),
        ("每题三分", 300),
        ("半分", 50),
        ("十", None),
        ("一二分", None),
        ("", None),
        ("1e5", None),
    ],
)
def test_points(text: str, cp: int | None) -> None:
    assert points_of(text) == cp


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("A. 甲,B. 乙,C. 丙", "A甲 B乙 C丙"),
        ("A.行政机关B.公安机关", "A行政机关 B公安机关"),
        ("（A）甲（B）乙", "A甲 B乙"),
        ("Ａ．甲；Ｂ．乙", "A甲 B乙"),
        ("A、甲\nB、乙\nD、丁", "A甲 B乙 D丁"),
        ("甲\n乙", "A甲 B乙"),
        ("甲|乙|丙", "A甲 B乙 C丙"),
        ("A.U.S.标准 B.国标", "AU.S.标准 B国标"),
        ("A. B.乙", "A B乙"),
        ("A.3% B.5%C.10%", "A3% B5% C10%"),
        ("A甲\nB乙", "A甲 B乙"),
    ],
)
def test_options_in_one_piece(text: str, options: str) -> None:
    assert " ".join(letter + option for letter, option in split_options(text)) == options


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("题干（必填）", "stem"),
        ("题型(必填）", "type"),
        ("选项E\n(勿删)", "option_E"),
        ("选 项 A", "option_A"),
        ("Ａ", "option_A"),
        ("选择项3", "option_C"),
        ("正确答案H\n（必填）", "answer"),
        ("答案1", "answer"),
        ("题型（0单选，1判断，2多选）", "type"),
        ("答案（多选用英文逗号分隔，如：A,B）", "answer"),
        ("知识点三级", "category"),
        ("难易度", "difficulty"),
        ("法条依据", "source"),
        ("【题目】", "stem"),
        ("*题目内容：", "stem"),
        ("得分1", "points"),
        ("选项", "options"),
    ],
)
def test_headings(heading: str, field: str) -> None:
    found = field_of(heading)
    assert found is not None
    assert found[0] == field


def test_numbers_and_codes_are_not_read() -> None:
    for heading in ("序号", "题号", "试题GUID", "一致性", "年份", "选项数", "所属范围", ""):
        assert field_of(heading) is None


def test_the_better_name_has_the_column() -> None:
    assert columns_of(["题目", "题干", "答案", "正确答案"]) == {1: "stem", 3: "answer"}
    assert columns_of(["法规名称", "条款", "题干", "答案"])[1] == "source"


def test_likeness_keeps_marks_that_mean_something() -> None:
    assert compare_key("罚 款。") == compare_key("罚款")
    assert compare_key("３％") != compare_key("3")
    assert compare_key("1.5") != compare_key("15")
    assert compare_key("√") != compare_key("×")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<IMG SRC=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[点击](javascript:alert(1))",
        "java\tscript:alert(1)",
        "＜script＞",
        "<iframe src=x>",
        "data:text/html,x",
    ],
)
def test_what_a_browser_could_run_is_unsafe(text: str) -> None:
    assert is_unsafe(text)


@pytest.mark.parametrize("text", ["若 a<b 则 b>a", "<b>粗</b>", "时间：8:00", "{{7*7}}", "a<on=b"])
def test_a_plain_sign_is_safe(text: str) -> None:
    assert not is_unsafe(text)


def test_levels_of_difficulty() -> None:
    assert [difficulty_of(text) for text in ("易", "简单", "适中", "３", "困难", "5", "?")] == [
        1,
        1,
        2,
        2,
        3,
        3,
        0,
    ]


def raw(**over: object) -> RawQuestion:
    kept = {"place": "第 2 行", "stem": "甲？", "options": FOUR, "answer_text": "A", "no": 2}
    return RawQuestion(**(kept | over))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("over", "codes"),
    [
        ({}, []),
        ({"stem": " "}, ["stem_missing"]),
        ({"answer_text": ""}, ["answer_missing"]),
        ({"type_text": "单选题", "answer_text": "AB"}, ["single_has_many_answers"]),
        ({"type_text": "多选题"}, ["multiple_needs_two"]),
        ({"type_text": "多选题", "options": ()}, ["options_missing"]),
        (
            {"type_text": "多选题", "options": (), "answer_text": ""},
            ["options_missing", "answer_missing"],
        ),
        ({"options": (("A", "甲"),)}, ["too_few_options"]),
        ({"options": (("A", "甲"), ("B", ""), ("C", "丙"))}, ["empty_option"]),
        ({"options": (("A", "甲"), ("B", " 甲。"))}, ["duplicate_option"]),
        ({"options": (("A", "甲"), ("C", "丙"))}, ["option_sequence_broken"]),
        ({"type_text": "填空题", "answer_text": ""}, ["unsupported_type"]),
        ({"type_text": "抢答题"}, ["type_unrecognised"]),
        ({"points_text": "零"}, ["points_invalid"]),
        ({"explanation": "<script>"}, ["unsafe_content"]),
        ({"stem": "长" * 2001}, ["stem_too_long"]),
        ({"options": (("A", "长" * 501), ("B", "短"))}, ["option_too_long"]),
        ({"section_type": "判断题", "options": (), "answer_text": "也许"}, ["answer_unrecognised"]),
    ],
)
def test_what_is_wrong_is_named(over: dict[str, object], codes: list[str]) -> None:
    report = check_rows(ReadResult([raw(**over)]))
    assert [each.code for each in report.problems] == codes
    assert len(report.questions) == (not codes)
    assert all(each.place == "第 2 行" and each.message for each in report.problems)


def test_a_section_s_points_count_unless_the_row_has_its_own() -> None:
    rows = [raw(section_points="2"), raw(stem="乙？", section_points="2", points_text="3分", no=3)]
    assert [q.points_cp for q in check_rows(ReadResult(rows)).questions] == [200, 300]


def test_the_same_question_again_names_the_first() -> None:
    rows = [raw(), raw(stem="甲 ?", options=FOUR[::-1], place="第 9 行", no=9)]
    report = check_rows(ReadResult(rows))
    assert [each.code for each in report.problems] == [
        "option_sequence_broken",
        "duplicate_in_file",
    ]
    assert report.problems[1].message == "与本文件第 2 行重复"


def test_the_fixed_words_stay() -> None:
    fixed = list(FINDING_WORDS)[:19]
    assert len(set(fixed)) == 19
    assert FINDING_WORDS["answer_missing"].zh == "缺少答案"
    assert FINDING_WORDS["answer_key_without_question"].zh == "参考答案没有对应题目"


def test_every_name_of_the_question_has_the_signs_it_is_looked_up_by() -> None:
    assert [name for name in _SYNONYMS["stem"] if not may_name_stem(name)] == []
