import io
from datetime import date

import pytest
from docx import Document

from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.imports import ImportedQuestion, check_rows
from quizapp.domain.statutes import Citation
from quizapp.formats.questions.docx import DOCX
from quizapp.formats.questions.exported import citations_text
from quizapp.formats.questions.word_paper import WORD_ALL, WORD_FILES, WordFile, key_text
from quizapp.formats.questions.word_template import word_template

CITED = (Citation("城市晾晒条例", date(2024, 5, 1), 12, paragraph=2),)
SHORT = ("警告", "罚款", "没收", "拆除")
LONG = (
    "由主管部门责令限期改正，逾期不改正的依法处理",
    "由物业服务人自行强制清理并收取费用",
    "不予处理",
)
QUESTIONS = [
    Question(
        "judge", "阳台可以任意改建。", key=False, explanation="改建须经批准。", citations=CITED
    ),
    Question("single", "占道晾晒的，先怎样处理？", LONG, (0,), "先责令改正。", CITED),
    Question("multiple", "可以并用的措施有（　　）：\n结合实际回答。", SHORT, (0, 3)),
    Question("indefinite", "A市规定的措施是（　　）。", SHORT, (1,), "一句。\n又一句。"),
    Question("single", "最长几日？（　　）", ("1.5日", "3日", "A、B都不对"), (1,)),
    Question("judge", "执法应当两人以上。", key=True),
]
CASE = Question(
    "case", "张某在楼顶搭棚。\n邻居投诉。",
    parts=(Question("single", "由谁处理？", SHORT, (0,)), Question("judge", "可先拆。", key=False)),
)  # fmt: skip
BLANK = Question("blank", "期限为____日。", ("三", "3"), (0, 1))
ORDERING = Question("ordering", "按先后排列。", ("立案", "调查", "决定"), (0, 1, 2))


def paragraphs(content: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(content)).paragraphs]


def content_of(one: ImportedQuestion) -> tuple[object, ...]:
    key = one.answer
    if not isinstance(key, bool):
        key = tuple(LETTERS.index(letter) for letter in key)
    options = tuple(text for _, text in one.options)
    return one.type, one.stem, options, key, one.explanation, one.source


def test_a_paper_with_its_key_imports_without_loss() -> None:
    found = check_rows(DOCX.read(WORD_ALL.write(QUESTIONS).content))
    assert not found.problems
    expected = [
        (one.type, one.stem, one.options, one.key, one.explanation.replace("\n", " "),
         citations_text(one))
        for one in QUESTIONS
    ]  # fmt: skip
    explained = {content_of(one) for one in found.questions}
    assert explained == {
        (kind, stem, options, key, reason or source, source)
        for kind, stem, options, key, reason, source in expected
    }


def test_sections_numbers_and_points_are_printed() -> None:
    file = WordFile("x", WORD_ALL.label, ("paper",), "2026年竞赛", {"single": 150, "judge": 100})
    lines = paragraphs(file.write([*QUESTIONS, CASE, BLANK, ORDERING]).content)
    assert lines[0] == "2026年竞赛"
    assert [line for line in lines if "（共 " in line] == [
        "一、单项选择题（共 2 题，每题 1.5 分，共 3 分）",
        "二、多项选择题（共 1 题）",
        "三、不定项选择题（共 1 题）",
        "四、判断题（共 2 题，每题 1 分，共 2 分）",
        "五、填空题（共 1 题）",
        "六、排序题（共 1 题）",
        "七、案例分析题（共 2 题）",
    ]
    assert "【案例一】张某在楼顶搭棚。 邻居投诉。" in lines
    assert [line[:3] for line in lines if line.startswith(("9．", "10．"))] == ["9．由", "10．"]
    assert all(word in lines[1] for word in ("单位", "姓名", "执法证号"))


@pytest.mark.parametrize("file", WORD_FILES, ids=lambda one: one.key)
def test_every_file_is_a_steady_a4_document_of_official_faces(file: WordFile) -> None:
    content = file.write([*QUESTIONS, CASE, BLANK, ORDERING]).content
    assert file.write([*QUESTIONS, CASE, BLANK, ORDERING]).content == content
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:eastAsia="仿宋_GB2312"' in document.styles["Normal"].element.xml
    fonts = next(
        part.blob.decode() for part in document.part.package.iter_parts()
        if part.partname == "/word/fontTable.xml"
    )  # fmt: skip
    assert '<w:altName w:val="宋体"/>' in fonts


def test_the_answer_sheet_has_a_field_for_every_number_and_no_answer() -> None:
    sheet = next(one for one in WORD_FILES if one.parts == ("sheet",))
    document = Document(io.BytesIO(sheet.write(QUESTIONS).content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert [text for row in rows[::2] for text in row[1:] if text] == ["1", "2", "3", "4", "5", "6"]
    assert all(not any(row[1:]) for row in rows[1::2])


def test_a_paper_to_hand_out_says_nothing_of_the_key() -> None:
    paper = next(one for one in WORD_FILES if one.parts == ("paper",))
    text = "\n".join(paragraphs(paper.write([*QUESTIONS, CASE, BLANK]).content))
    assert "解析" not in text
    assert "答案" not in text
    assert "三" not in text.split("期限为____日。")[1]


def test_keys_of_every_type_are_printed() -> None:
    assert [key_text(one) for one in (QUESTIONS[2], QUESTIONS[0], BLANK)] == ["AD", "×", "三／3"]


def test_steps_to_be_ordered_are_not_printed_in_their_order() -> None:
    paper = next(one for one in WORD_FILES if one.parts == ("paper",))
    for steps in (("立案", "调查", "决定"), ("甲", "乙", "丙", "丁"), ("一", "二", "三")):
        question = Question("ordering", "按先后排列。", steps, tuple(range(len(steps))))
        line = paragraphs(paper.write([question]).content)[-1]
        printed = dict(part.split("．") for part in line.split("\t"))
        assert tuple(printed.values()) != steps
        assert tuple(printed[letter] for letter in key_text(question)) == steps


def test_the_parts_of_a_case_say_what_they_are() -> None:
    lines = paragraphs(WORD_ALL.write([CASE]).content)
    assert "1．由谁处理？" in lines
    assert "2．可先拆。（判断对错）" in lines


def test_eighty_questions_have_fields_on_a_sheet_of_one_table_for_each_section() -> None:
    sheet = next(one for one in WORD_FILES if one.parts == ("sheet",))
    questions = [QUESTIONS[0]] * 40 + [QUESTIONS[1]] * 40 + [BLANK] * 4
    tables = Document(io.BytesIO(sheet.write(questions).content)).tables
    assert [(len(one.rows), len(one.columns)) for one in tables] == [(8, 11), (8, 11), (4, 4)]


def test_signs_no_file_may_hold_are_left_out() -> None:
    content = WORD_ALL.write([Question("judge", "甲\x0b\x00乙<b>。", key=True)]).content
    assert "1．甲乙<b>。" in paragraphs(content)


def test_the_template_imports_without_findings() -> None:
    found = check_rows(DOCX.read(word_template()))
    assert not found.problems
    assert [one.type for one in found.questions] == (
        ["single"] * 3 + ["multiple", "indefinite"] + ["judge"] * 3
    )
    assert [one.points_cp for one in found.questions] == [200] * 3 + [300] * 2 + [100, 100, 200]
    assert word_template() == word_template()
