"""Shapes of running text that trainers really type, each in a paper of a few questions."""

import pytest

from quizapp.domain.sheets import FileRefused
from tests.formats.test_notation_text import brief, faults, read

OPTIONS = "A.甲\nB.乙\nC.丙\nD.丁\n"


def paper(*questions: str) -> str:
    """Questions with four options each; what follows a bar stands below the options."""
    parts = [one.partition("|") for one in questions]
    return "".join(f"{stem}\n{OPTIONS}{below}\n" for stem, _, below in parts)


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ("A B C", "ABC"),
        ("A，C", "AC"),
        ("A；C", "AC"),
        ("A.B.C", "ABC"),
        ("A、C", "AC"),
        ("D，理由：见第三条", "D"),
        ("D（见第三条）", "D"),
        ("B 乙", "B"),
    ],
)
def test_letters_apart_are_one_answer_and_no_reason(answer: str, letters: str) -> None:
    found = read(paper(f"1.题目一？|答案：{answer}", "2.题目二？|答案：A"))
    assert [one[-1] for one in brief(found)] == [letters, "A"]
    assert not found.problems


@pytest.mark.parametrize(
    "label", ["答案是{}", "正确选项为{}", "★答案：{}", "*答案：{}", "●【答案】{}", "**答案：** {}"]
)
def test_labels_without_a_colon_and_with_a_sign_before(label: str) -> None:
    found = read(paper(f"1.题目一？|{label.format('B')}", f"2.题目二？|{label.format('AC')}"))
    assert [one[-1] for one in brief(found)] == ["B", "AC"]
    assert all(one.options[-1] == ("D", "丁") for one in found.questions)


@pytest.mark.parametrize(
    "options",
    [
        "A甲\nB乙\nC丙",
        "A甲 B乙 C丙",
        "A.甲，B.乙，C.丙",
        "- A. 甲\n- B. 乙\n- C. 丙",
        "A、甲；B、乙；C、丙",
    ],
)
def test_options_whose_letters_stick_or_are_parted_by_commas(options: str) -> None:
    found = read(f"1.题目一（ ）\n{options}\n答案：B\n2.题目二（ ）\n{options}\n答案：AC\n")
    assert [one[-2:] for one in brief(found)] == [("题目一（ ）", "B"), ("题目二（ ）", "AC")]
    assert {one.options for one in found.questions} == {(("A", "甲"), ("B", "乙"), ("C", "丙"))}


def test_options_stick_to_their_letters_only_where_no_other_options_follow() -> None:
    found = read("1.下列情形\nA类企业\nB类企业\nA.甲\nB.乙\n答案：B\n")
    assert found.questions[0].stem == "下列情形\nA类企业\nB类企业"


def test_a_plain_text_made_bold_is_read_without_its_stars() -> None:
    found = read("## 一、单选题\n**1. 题目一？**\n- A. 张**\n- B. 乙\n\n**答案：A**\n")
    assert brief(found)[0][1:] == ("single", "题目一？", "A")
    assert found.questions[0].options[0] == ("A", "张**")


def test_numbers_inside_a_question_do_not_begin_another() -> None:
    found = read(
        f"1.道路宽度应为\n2.5米以上，说法正确的是（ ）\n{OPTIONS}答案：B\n"
        f"2.5月1日起施行的是？\n{OPTIONS}答案：C\n"
        f"3.关于处罚：\n1）警告\n2）罚款\n3）拘留\n属于财产罚的是\n{OPTIONS}答案：B\n"
        f"4.根据条例，\n2021. 是哪一年\n{OPTIONS}答案：D\n"
        f"5.关于程序：\n1.立案\n2.调查\n3.决定\n正确的是\n{OPTIONS}答案：A\n"
        "6.哪些？\nA.甲的第一行，\n第二行\nB.乙：（1）小点；\n（2）小点\nC.丙 D.丁\n答案：B\n"
    )
    assert not found.problems
    assert [(one[0], one[-1]) for one in brief(found)] == [
        (1, "B"), (8, "C"), (14, "B"), (24, "D"), (31, "A"), (41, "B"),
    ]  # fmt: skip
    assert found.questions[0].stem == "道路宽度应为\n2.5米以上，说法正确的是（ ）"
    assert found.questions[-1].options[1] == ("B", "乙：（1）小点；（2）小点")


def test_statements_that_begin_with_a_year_are_questions_of_their_own() -> None:
    found = read("判断题\n1.2021年起施行新法\n2.2022年起废止旧法\n3.两人执法\n答案：1-3 √×√\n")
    assert [one[-1] for one in brief(found)] == ["True", "False", "True"]


def test_a_reason_goes_on_until_the_next_question() -> None:
    found = read(
        f"1.题目一？\n{OPTIONS}【答案】AC【解析】第一；\n换行继续。\n"
        f"2.题目二？\n{OPTIONS}答案：C\n解析：A项正确。\nB项错误。\nC. 丙项正确\n（1）另一点\n"
        f"3.题目三？A.甲B.乙 答案：A 解析：丁。\n"
    )
    assert [one.explanation for one in found.questions] == [
        "第一；\n换行继续。",
        "A项正确。\nB项错误。\nC. 丙项正确\n（1）另一点",
        "丁。",
    ]


@pytest.mark.parametrize(
    "heading",
    ["参考答案（单选）", "《试题》参考答案", "知识竞赛试题答案", "答 案", "参 考 答 案",
     "一、单选题答案", "Answer key"],
)  # fmt: skip
def test_the_heading_of_a_key_in_other_words(heading: str) -> None:
    found = read(paper("1.题目一？", "2.题目二？") + f"{heading}\n1-2 BD\n")
    assert [one[-1] for one in brief(found)] == ["B", "D"]
    assert found.questions[1].options[-1] == ("D", "丁")
    assert [one.text for one in found.skipped] == [heading]


def test_an_option_that_ends_in_the_word_answer_is_no_heading() -> None:
    found = read(paper("1.题目一？") + "2.题目二？\nA.甲\nB.没有正确答案\n1-2 AB\n")
    assert found.questions[1].options[-1] == ("B", "没有正确答案")


@pytest.mark.parametrize("note", ["(10题×2分=20分)", "（每题2分×10题）", "（2分*10）"])
def test_points_written_as_a_product(note: str) -> None:
    found = read(f"一、单选题{note}\n" + paper("1.题目一？|答案：A"))
    assert found.questions[0].points_cp == 200


def test_several_questions_in_one_line_are_parted_behind_their_answers() -> None:
    found = read("1.题目一？A.甲B.乙 答案：B 2.题目二？A.甲B.乙 答案：A 3、陈述。答案：对\n")
    assert [one[-2:] for one in brief(found)] == [
        ("题目一？", "B"),
        ("题目二？", "A"),
        ("陈述。", "True"),
    ]


def test_of_two_ways_to_read_the_options_the_one_behind_a_stem_counts() -> None:
    found = read(
        "1.题目一？ A.由A.B两局共管 B.由C局管 C.不管\n答案：A\n"
        "2、A、B两人共建的由谁拆（ ）。A、甲B、乙C、丙 答案：C\n"
        "3.题目三（A）A.甲B.乙\n4.题目四是（ A ）。 （A）甲 （B）乙\n"
    )
    assert not found.problems
    assert [dict(one.options)["A"] for one in found.questions] == [
        "由A.B两局共管",
        "甲",
        "甲",
        "甲",
    ]


def test_judgements_and_types_in_the_line_of_the_stem() -> None:
    found = read("1.两人执法 ( √ )。\n2.一人执法（错）。\n" + paper("3、多选题：题目三？|答案：AB"))
    assert [one[1:] for one in brief(found)] == [
        ("judge", "两人执法。", "True"),
        ("judge", "一人执法。", "False"),
        ("multiple", "题目三？", "AB"),
    ]
    assert not faults(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.题目？A.甲 B.乙 答案：A\n" * 10_001, "file_too_many_questions"),
        ("1-5 ABCDA\n" * 2_001, "file_too_many_questions"),
        ("不是题目的一行\n" * 50_001, "file_too_many_lines"),
    ],
)
def test_more_than_anybody_writes_is_refused_before_it_takes_its_time(text: str, code: str) -> None:
    with pytest.raises(FileRefused, match=code):
        read(text)


def test_blank_lines_and_headings_of_keys_without_end_take_no_time() -> None:
    found = read("1.题目？\n" + "参考答案\n" * 20_000 + "\n" * 100_000 + "A.甲\nB.乙\n答案：A\n")
    assert len(found.questions) == 1
