"""Shapes of papers that trainers write every day, each read as it is meant."""

import pytest
from docx import Document

from tests.formats import word_files as word
from tests.formats.question_files import saved, workbook
from tests.formats.test_cells_of_trainers import codes
from tests.formats.test_cells_of_trainers import report as sheet
from tests.formats.test_docx import report
from tests.formats.test_notation_text import faults, read

OPTIONS = (("A", "甲"), ("B", "乙"), ("C", "丙"))


@pytest.mark.parametrize(
    "line", ["a.甲  b.乙  c.丙", "ａ．甲　ｂ．乙　ｃ．丙", "a、甲\tb、乙\tc、丙", "A甲B乙C丙"]
)
def test_options_in_one_line(line: str) -> None:
    (question,) = read(f"1.题一（ ）\n{line}\n答案：B\n").questions
    assert (question.options, question.answer) == (OPTIONS, ("B",))


def test_letters_in_the_words_of_options_part_nothing() -> None:
    (question,) = read("1.题一（ ）\nA甲类B级\nB乙类A级\n答案：B\n").questions
    assert [text for _, text in question.options] == ["甲类B级", "乙类A级"]


def test_a_wrapped_option_has_no_blank_between_chinese_signs() -> None:
    (question,) = read(
        "1.题一（ ）\nA.警告、罚款，\n数额较大的\nB.use the\nApp\n答案：A\n"
    ).questions
    assert [text for _, text in question.options] == ["警告、罚款，数额较大的", "use the App"]


def test_labels_parted_by_semicolons() -> None:
    text = "1.题一（ ）\nA.甲\nB.乙\n知识点：权限；难度：中；分值：3；答案：B\n"
    (question,) = read(text).questions
    assert (question.category, question.difficulty, question.points_cp) == ("权限", 2, 300)


@pytest.mark.parametrize("label", ["【答案及解析】", "答案与解析：", "参考答案和解析："])
def test_answer_and_reason_under_one_label(label: str) -> None:
    (question,) = read(f"1.题一（ ）\nA.甲\nB.乙\n{label}A。根据第三条。\n").questions
    assert (question.answer, question.explanation) == (("A",), "根据第三条。")


@pytest.mark.parametrize(
    ("end", "truth"),
    [("。对", True), ("。错误", False), ("。  正确", True), ("？错。", False), ("。 √", True)],
)
def test_a_judgement_in_words_behind_the_statement(end: str, truth: object) -> None:
    found = read(f"一、判断题\n1.应当出示证件{end}\n2.不应当收费（×）\n")
    assert [one.answer for one in found.questions] == [truth, False]
    assert found.questions[0].stem.rstrip("。？") == "应当出示证件"


def test_words_of_judgement_are_words_in_other_sections() -> None:
    found = read(
        "一、单选题\n1.下列说法。正确\nA.甲\nB.乙\n答案：A\n判断题\n2.处罚应当正确\n答案：对\n"
    )
    assert [one.stem for one in found.questions] == ["下列说法。正确", "处罚应当正确"]


def test_notes_to_the_candidate_are_no_sections() -> None:
    text = (
        "注意事项：\n1. 请填写姓名。\n2. 选择题每小题选出答案后，用铅笔涂黑。\n"
        "3. 结束后一并交回。\n"
        "一、单选题\n1. 题一（ ）\nA.甲\nB.乙\n答案：A\n"
    )
    found = read(text)
    assert (len(found.questions), faults(found)) == (1, [])
    assert "铅笔涂黑" in "".join(one.text for one in found.skipped)


def test_tables_of_the_key_under_its_own_sections() -> None:
    document = Document()
    for line in ["一、单选题", "1. 题一（ ）", "A.甲 B.乙", "二、判断题", "1. 题二。", "参考答案"]:
        document.add_paragraph(line)
    for heading, key in (("一、单选题", "A"), ("二、判断题", "×")):
        document.add_paragraph(heading)
        word.add_table(document, [("题号", "1"), ("答案", key)])
    assert [one.answer for one in report(document).questions] == [("A",), False]


def test_totals_below_the_questions_are_skipped() -> None:
    head = ("题型", "题干", "A", "B", "答案", "分值")
    rows = workbook(
        head,
        ("单选题", "题一", "甲", "乙", "A", 2),
        ("小计", None, None, None, "1题", 2),
        ("单选题", "合计", "甲", "乙", "B", 2),
        (None, "合计", None, None, "2题", 4),
        ("总计", None, None, 1, None, 4),
    )
    found = sheet(saved(rows))
    assert [one.stem for one in found.questions] == ["题一", "合计"]
    assert codes(found) == []
    assert len(found.skipped) == 3


def test_a_shorter_heading_further_down() -> None:
    rows = workbook(
        ("题干", "A", "B", "答案"),
        ("题一", "甲", "乙", "A"),
        ("二、判断题",),
        ("题干", "答案"),
        ("题二", "对"),
    )
    assert [one.answer for one in sheet(saved(rows)).questions] == [("A",), True]


@pytest.mark.parametrize("options", ["选项：A.甲 B.乙", "选项A：甲\n选项B：乙", "选项\nA.甲\nB.乙"])
@pytest.mark.parametrize("stem", ["题目：题{}（ ）", "题干: 题{}（ ）", "1.题{}（ ）"])
def test_stem_and_options_by_name(stem: str, options: str) -> None:
    one = f"{stem}\n{options}\n答案：B\n解析：略\n"
    found = read(f"{one.format('一')}\n{one.format('二').replace('1.', '2.')}")
    assert [one.stem for one in found.questions] == ["题一（ ）", "题二（ ）"]
    assert {one.options for one in found.questions} == {OPTIONS[:2]}
