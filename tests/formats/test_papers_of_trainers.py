"""Papers in the odder dress that trainers give them."""

import pytest
from docx import Document

from tests.formats import word_files as word
from tests.formats.test_docx import report
from tests.formats.test_notation_text import brief, faults, read

TWO = "1.题一\nA.甲\nB.乙\n2.题二\nA.甲乙\nB.丙丁\n"


@pytest.mark.parametrize("heading", ["", "参考答案\n"])
@pytest.mark.parametrize(
    "rows",
    ["题号 1 2\n答案 A B\n", "题号\t1\t2\n答案\tA\tB\n", "| 题号 | 1 | 2 |\n| 答案 | A | B |\n"],
)
def test_a_key_in_two_rows_of_text(heading: str, rows: str) -> None:
    found = read(f"{TWO}{heading}{rows}3.题三\nA.甲丙\nB.乙丁\n答案：A\n")
    assert [one[-1] for one in brief(found)] == ["A", "B", "A"]
    assert not faults(found)
    assert all("题号" not in text for one in found.questions for _, text in one.options)


def test_a_key_in_two_rows_that_do_not_match_is_no_key() -> None:
    found = read(f"{TWO}题号 1 2\n答案 A\n")
    assert ("第 1 行", "answer_missing") in faults(found)


def test_labels_set_wide() -> None:
    found = read("1.题目\nA.甲\nB.乙\nC.丙\n答 案：A 、C\n解 析：因为如此\n依 据：《条例》第三条\n")
    (question,) = found.questions
    assert (question.answer, question.explanation) == (("A", "C"), "因为如此")
    assert question.source == "《条例》第三条"


def test_numbers_below_a_numbered_heading() -> None:
    document = Document()
    word.define_list(document, 91, [("decimal", "%1."), ("decimal", "%1.%2")])
    word.use_list(document, 91, 91)
    word.add_numbered(document, 91, 0, "单选题（每题2分）")
    for stem in ("题一", "题二"):
        word.add_numbered(document, 91, 1, stem)
        for line in (f"A.{stem}甲", "B.乙", "答案：A"):
            document.add_paragraph(line)
    found = report(document)
    assert [one.stem for one in found.questions] == ["题一", "题二"]
    assert [one.place for one in found.questions] == ["1. 单选题 第 1 题", "1. 单选题 第 2 题"]


def test_tables_of_one_question_each() -> None:
    document = Document()
    for stem, key in (("题一", "A"), ("题二", "AB")):
        word.add_table(
            document,
            [("题干", stem), ("选项A", "甲"), ("选项B", "乙"), ("选项C", "丙"), ("答案", key)],
        )
        document.add_paragraph("")
    word.add_table(
        document,
        [("题型", "判断题", "分值", "2"), ("题目", "题三"), ("答案", "对"), ("解析", "略")],
    )
    found = report(document)
    assert [(one.place, one.stem, one.answer) for one in found.questions] == [
        ("表 1 第 1 行", "题一", ("A",)),
        ("表 2 第 1 行", "题二", ("A", "B")),
        ("表 3 第 1 行", "题三", True),
    ]
    assert (found.questions[2].points_cp, found.questions[2].explanation) == (200, "略")
    assert (found.problems, found.skipped) == ((), ())


def test_one_form_of_several_questions() -> None:
    document = Document()
    rows = [("题目", "题一"), ("答案", "对"), ("题目", "题二"), ("解析", "略"), ("答案", "错")]
    word.add_table(document, rows)
    found = report(document)
    assert [(one.stem, one.answer) for one in found.questions] == [("题一", True), ("题二", False)]


def test_letters_in_two_brackets_need_a_type() -> None:
    question = "1.（A）类案件由谁管（ B ）\nA.甲\nB.乙\nC.丙\n"
    assert faults(read(question)) == [("第 1 行", "answer_unrecognised")]
    assert brief(read(f"二、多选题\n{question}"))[0][-1] == "AB"
    assert faults(read(f"一、单选题\n{question}")) == [("第 2 行", "single_has_many_answers")]
