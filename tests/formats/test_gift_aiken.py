import pytest

from quizapp.domain.imports import ImportedQuestion, ImportReport, check_rows
from quizapp.formats.questions.all import find_reader


def read(text: str | bytes, key: str = "gift") -> ImportReport:
    content = text if isinstance(text, bytes) else text.encode()
    reader = find_reader("题目.txt", content)
    assert reader.key == key
    return check_rows(reader.read(content))


def one(text: str | bytes, key: str = "gift") -> ImportedQuestion:
    report = read(text, key)
    assert report.problems == ()
    (question,) = report.questions
    return question


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in report.problems]


def test_a_single_choice_with_name_feedback_and_explanation() -> None:
    question = one(
        "// 来自旧系统\n::第1题:: 听证由谁提出？ {\n =当事人 # 对\n ~证人\n ####见第六十三条\n}"
    )
    assert (question.place, question.type, question.stem) == ("第 2 行", "single", "听证由谁提出？")
    assert question.options == (("A", "当事人"), ("B", "证人"))
    assert question.answer == ("A",)
    assert question.explanation == "见第六十三条\nA：对"


def test_positive_weights_without_an_equals_sign_are_the_key_of_a_multiple_choice() -> None:
    question = one("哪些？{~%50%甲 ~%50%乙 ~%-100%丙 ~丁}")
    assert (question.type, question.answer) == ("multiple", ("A", "B"))


def test_a_weight_beside_the_right_answer_is_no_second_key() -> None:
    assert one("谁？{=甲 ~%50%乙 ~丙}").answer == ("A",)


@pytest.mark.parametrize(
    ("written", "truth"),
    [
        ("T", True),
        ("TRUE", True),
        ("f", False),
        ("FALSE", False),
        (" T ", True),
        ("F#错#对", False),
    ],
)
def test_true_and_false(written: str, truth: bool) -> None:
    question = one(f"罚款应当听证。{{{written}}}")
    assert (question.type, question.answer, question.options) == ("judge", truth, ())


def test_a_choice_between_right_and_wrong_is_a_judgement_by_its_words() -> None:
    assert one("对吗？{=错误 ~正确}").answer is False


def test_a_missing_word_leaves_a_gap() -> None:
    assert one("处罚由{=行政机关 ~法院}实施。").stem == "处罚由____实施。"


def test_escaped_signs_are_signs() -> None:
    question = one(r"1 \= 1 \~ \{甲\}\: \#？{=a \= b ~c\\d ~e\nf}")
    assert question.stem == "1 = 1 ~ {甲}: #？"
    assert [text for _, text in question.options] == ["a = b", "c\\d", "e\nf"]


def test_html_is_reduced_to_text_and_plain_text_keeps_its_signs() -> None:
    assert one("[html]<p>谁<b>可以</b>？</p>{=甲&amp;乙 ~<i>丙</i>}").options[0] == ("A", "甲&乙")
    assert one("[plain]3 < 5 & 4？{=是的 ~不}").stem == "3 < 5 & 4？"


def test_categories_hold_for_what_follows() -> None:
    text = "$CATEGORY: $course$/top/程序/听证\n\n甲？{T}\n\n$CATEGORY: 水//气\n\n乙？{F}"
    assert [each.category for each in read(text).questions] == ["程序/听证", "水/气"]


@pytest.mark.parametrize(
    "answers",
    ["{}", "{#1996:1}", "{=a =b}", "{=甲 -> 乙 =丙 -> 丁}", "{=a ~b} 和 {=c ~d}。"],
)
def test_kinds_we_do_not_take_are_named_at_their_line(answers: str) -> None:
    report = read(f"甲？{{T}}\n\n// 注\n问题{answers}\n\n乙？{{F}}")
    assert codes(report) == [("第 4 行", "unsupported_type")]
    assert len(report.questions) == 2


def test_a_brace_left_open_never_swallows_the_next_question() -> None:
    report = read("甲？{=a ~b\n\n乙？{=c ~d}\n\n丙？{\n=e\n\n~f\n}")
    assert codes(report) == [("第 1 行", "row_unreadable")]
    assert [each.stem for each in report.questions] == ["乙？", "丙？"]


def test_questions_without_a_blank_line_between_are_two() -> None:
    report = read("甲？{=a\n~b}\n乙？{T}\n丙？{F}")
    assert [each.place for each in report.questions] == ["第 1 行", "第 3 行", "第 4 行"]


def test_nothing_vanishes() -> None:
    report = read("只有说明文字。\n\n甲？{~a ~b}\n\n乙？{废话 =a ~b}\n\n丙？{=x ~%100%y}{")
    assert [each.text for each in report.skipped] == ["只有说明文字。"]
    assert ("第 3 行", "answer_missing") in codes(report)
    assert ("第 5 行", "row_unreadable") in codes(report)


def test_active_html_and_pictures_are_problems_of_their_question() -> None:
    report = read('[html]<p onclick="x()">甲</p>{T}\n\n[html]看<img src="a.png">图{F}\n\n丙{T}')
    assert codes(report) == [("第 1 行", "unsafe_content"), ("第 3 行", "picture_left_out")]
    assert len(report.questions) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_encodings_read_right(encoding: str) -> None:
    assert one("㛃𠮷是谁？{=甲 ~乙}".encode(encoding)).stem == "㛃𠮷是谁？"


AIKEN = "谁可以要求听证？\nA. 当事人\nB) 证人\nC、法官\nANSWER: B\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_aiken(encoding: str) -> None:
    question = one(AIKEN.replace("\n", "\r\n").encode(encoding), "aiken")
    assert (question.type, question.answer) == ("single", ("B",))
    assert question.options == (("A", "当事人"), ("B", "证人"), ("C", "法官"))


def test_a_fault_in_aiken_names_its_line_and_does_not_stop_the_rest() -> None:
    report = read(
        f"题库\n\n缺答案？\nA. 甲\nB. 乙\n\n超出？\nA. 甲\nB. 乙\nANSWER: D\n\n"
        f"两个？\nA. 甲\nB. 乙\nANSWER: A, B\n\n断开？\nA. 甲\nC. 乙\nANSWER: A\n\n{AIKEN}",
        "aiken",
    )
    assert codes(report) == [
        ("第 3 行", "answer_missing"),
        ("第 7 行", "answer_not_in_options"),
        ("第 12 行", "single_has_many_answers"),
        ("第 17 行", "option_sequence_broken"),
    ]
    assert [each.place for each in report.questions] == ["第 22 行"]
    assert [each.text for each in report.skipped] == ["题库"]
