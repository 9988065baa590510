"""Options, answers, remarks and separators as trainers type them into cells."""

import pytest

from quizapp.domain.answer_notation import read_answer
from quizapp.domain.bank import LETTERS
from quizapp.domain.imports import ImportReport, check_rows
from quizapp.domain.option_notation import split_options
from quizapp.domain.type_notation import points_of
from quizapp.formats.questions.all import find_reader
from tests.formats.question_files import saved, workbook

FOUR = tuple(zip("ABCD", "甲乙丙丁", strict=True))


def report(content: bytes, name: str = "题库.xlsx") -> ImportReport:
    return check_rows(find_reader(name, content).read(content))


def codes(found: ImportReport) -> list[tuple[int, str]]:
    return [(each.no, each.code) for each in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "A.甲/B.乙/C.丙",
        "A:甲$B:乙$C:丙",
        "A:甲$$B:乙$$C:丙",
        "A-甲|B-乙|C-丙",
        "甲$乙$丙",
        "甲\t乙\t丙",
        "A、甲#B、乙#C、丙",
        "[A]甲[B]乙[C]丙",
    ],
)
def test_rarer_signs_between_options(text: str) -> None:
    assert split_options(text) == FOUR[:3]


def test_an_empty_option_between_bars_keeps_its_letter() -> None:
    assert split_options("甲||丙|") == (("A", "甲"), ("B", ""), ("C", "丙"))


@pytest.mark.parametrize(
    "text", ["A/B", "A和B", "A、B和D", "A与B", "A+B", "A＋B", "A&B", "A·B", "选AB", "应选AB",
             "选项A、B", "['A','B']", "{A,B}"]
)  # fmt: skip
def test_letters_in_rarer_dress(text: str) -> None:
    expected = ("A", "B", "D") if "D" in text else ("A", "B")
    assert read_answer("multiple", FOUR, text).letters == expected


@pytest.mark.parametrize(
    "text", ["B（乙）", "B-乙", "B乙", "b)", "B项", "B选项", "答案B", "A.甲 B.乙", "A甲；B乙"]
)
def test_a_letter_with_its_words(text: str) -> None:
    expected = ("A", "B") if "甲" in text else ("B",)
    assert read_answer("indefinite", FOUR, text).letters == expected


def test_brackets_without_end_are_no_answer() -> None:
    assert read_answer("judge", (), "(" * 15_000 + "对" + ")" * 15_000).fault
    assert read_answer("judge", (), "（【对】）").truth is True


def test_a_letter_with_the_words_of_another_is_no_answer() -> None:
    assert read_answer("single", FOUR, "B（丙）").fault
    assert read_answer("single", FOUR, "以上都对").letters == ("A", "B", "C", "D")


@pytest.mark.parametrize(
    ("text", "truth"),
    [("对（√）", True), ("A（错误）", False), ("错误(A)", False), ("打×", False), ("勾", True),
     ("对（×）", None), ("A（正确）", None)],
)  # fmt: skip
def test_a_judgement_said_twice_must_agree(text: str, truth: bool | None) -> None:
    options = (("A", "错误"), ("B", "正确"))
    assert read_answer("judge", options, text).truth is truth


def test_a_range_of_letters_is_not_guessed() -> None:
    assert read_answer("multiple", FOUR, "A-D").fault == "answer_unrecognised"


@pytest.mark.parametrize("heading", ["答案A 答案B", "答案1 答案2", "答案一 答案二"])
def test_answers_to_choose_from_are_options_where_one_is_named_right(heading: str) -> None:
    book = workbook(["题目", *heading.split(), "正确答案"], ["一", "甲", "乙", "B"])
    (question,) = report(saved(book)).questions
    assert (question.options, question.answer) == (FOUR[:2], ("B",))


def test_a_heading_may_be_explained_on_its_further_lines() -> None:
    book = workbook(
        ["题型\n\n单选/多选/判断", "题干\n必填", "选项A", "选项B", "答案"],
        ["单选", "一", "甲", "乙", "A"],
    )
    assert len(report(saved(book)).questions) == 1


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("判断题库", True),
        ("2024年判断题（50道）", True),
        ("判断推理", None),
        ("单选题与判断题", None),
    ],
)
def test_the_name_of_a_sheet_tells_one_type_or_none(title: str, answer: object) -> None:
    found = report(saved(workbook(["题干", "答案"], ["一", 1], title=title)))
    assert [each.answer for each in found.questions] == ([] if answer is None else [answer])


def test_a_type_before_the_stem_counts_where_the_row_has_none() -> None:
    head = ["题干", "A", "B", "答案"]
    found = report(
        saved(workbook(head, ["【单选题】一", "甲", "乙", "A"], ["（单选）二", "甲", "乙", "AB"]))
    )
    assert [each.stem for each in found.questions] == ["一"]
    assert codes(found) == [(3, "single_has_many_answers")]


def test_points_in_brackets() -> None:
    assert [points_of(text) for text in ("(2分)", "（1.5分）", "【3分】", "(0分)")] == [
        200, 150, 300, None,
    ]  # fmt: skip


def test_a_twenty_seventh_option_does_not_vanish() -> None:
    texts = [f"第{no}项" for no in range(1, 28)]
    columns = workbook(
        ["题干", *(f"选项{no}" for no in range(1, 28)), "答案"],
        ["一", *texts, "A"],
        ["二", *texts[:26], None, "A"],
    )
    found = report(saved(columns))
    assert codes(found) == [(2, "too_many_options")]
    assert "".join(letter for letter, _ in found.questions[0].options) == LETTERS
    one_cell = workbook(["题干", "选项", "答案"], ["一", "\n".join(texts), "A"])
    assert codes(report(saved(one_cell))) == [(2, "too_many_options")]


def test_remarks_below_the_questions_are_no_questions() -> None:
    found = report(saved(workbook(
        ["题型", "题干", "选项A", "选项B", "答案"],
        ["单选题", "日期：哪一天", "甲", "乙", "A"],
        ["出题人：张三"],
        ["审核人：李四", None, None, "日期：一月"],
        ["备注", "题目来自去年"],
        ["以上为全部题目"],
    )))  # fmt: skip
    assert [each.no for each in found.questions] == [2]
    assert [each.no for each in found.skipped] == [3, 4, 5, 6]
    assert codes(found) == []


@pytest.mark.parametrize(
    "heading", [["选项", None, None], ["选项", "选项", "选项"], ["选项（A-C）", "", ""]]
)
@pytest.mark.parametrize("mark", ["", "A.", "（A）"])
def test_one_heading_over_several_columns_of_options(heading: list[str], mark: str) -> None:
    texts = [f"{mark.replace('A', letter)}{text}" for letter, text in FOUR[:3]]
    book = workbook(["题干", *heading, "答案"], ["一", *texts, "B"], ["二", *texts[:2], None, "B"])
    found = report(saved(book))
    assert [each.options for each in found.questions] == [FOUR[:3], FOUR[:2]]


def test_options_in_one_cell_stay_in_it_beside_an_empty_heading() -> None:
    book = workbook(["题干", "选项", None, "答案"], ["一", "A.甲 B.乙", "见书", "B"])
    assert report(saved(book)).questions[0].options == FOUR[:2]


def test_chapters_between_questions_are_no_questions() -> None:
    head = ["题干", "A", "B", "答案"]
    book = workbook(head, ["第一章 总则"], ["第三章规定的罚款由谁决定", "甲", "乙", "A"], ["第2节"])
    found = report(saved(book))
    assert (codes(found), [each.no for each in found.skipped]) == ([], [2, 4])


def test_a_csv_with_blanks_after_its_commas() -> None:
    text = '题型, 题干, A, B, 答案\n单选题, "一,题", 甲, 乙, A\n单选题, "甲"与"乙", 甲, 乙, B\n'
    found = report(text.encode(), "题库.csv")
    assert [each.stem for each in found.questions] == ["一,题", '"甲"与"乙"']


@pytest.mark.parametrize("sign", ["，", "；", "|"])
def test_a_csv_parted_by_full_width_signs(sign: str) -> None:
    text = "题干,A,B,答案\n一题,甲,乙,A\n".replace(",", sign)
    assert [each.answer for each in report(text.encode(), "题库.csv").questions] == [("A",)]


def test_a_csv_cell_that_keeps_its_zeros() -> None:
    text = '题干,A,B,答案\n几号,="001","=""002""",A\n'
    assert report(text.encode(), "题库.csv").questions[0].options == (("A", "001"), ("B", "002"))


def test_a_csv_of_one_column_is_read_as_text() -> None:
    found = report("1. 出示什么？\nA. 身份证, 原件\nB. 执法证\n答案：B\n".encode(), "题库.csv")
    assert [(each.place, each.answer) for each in found.questions] == [("第 1 行", ("B",))]
    assert found.questions[0].options[0] == ("A", "身份证, 原件")
