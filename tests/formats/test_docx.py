import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor

from quizapp.domain.imports import ImportReport, check_rows
from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.all import find_reader
from quizapp.formats.questions.docx import DOCX
from tests.formats import word_files as word


def report(document: word.Doc) -> ImportReport:
    content = word.saved(document)
    assert find_reader("题.docx", content) is DOCX
    return check_rows(DOCX.read(content))


def shapes(found: ImportReport) -> list[tuple[str, str, str, object]]:
    return [(one.place, one.type, one.stem, one.answer) for one in found.questions]


def test_numbered_text_with_answers_below_in_the_stem_and_at_the_end() -> None:
    found = report(
        word.written(
            "城管法律知识测试题",
            "一、单项选择题（每题2分，共4分）",
            "1．限期拆除决定由谁作出（　　）",
            "A．主管部门　B．居委会\tC．物业",
            "答案：A",
            "2．听证由（ C ）组织。",
            "A．甲\nB．乙\nC．丙",
            "二、判断题（每题1分）",
            "3．执法应当两人以上。",
            "4．可以不出示证件。",
            "参考答案",
            "3-4 √×",
        )
    )
    assert shapes(found) == [
        ("一、单项选择题 第 1 题", "single", "限期拆除决定由谁作出（　　）", ("A",)),
        ("一、单项选择题 第 2 题", "single", "听证由（ ）组织。", ("C",)),
        ("二、判断题 第 3 题", "judge", "执法应当两人以上。", True),
        ("二、判断题 第 4 题", "judge", "可以不出示证件。", False),
    ]
    assert [one.points_cp for one in found.questions] == [200, 200, 100, 100]
    assert not found.problems
    assert found.skipped[0].text == "城管法律知识测试题"


def automatic() -> word.Doc:
    """Headings, questions and options numbered by Word alone; options begin anew each time."""
    document = Document()
    word.define_list(document, 71, [("chineseCountingThousand", "%1、")])
    word.define_list(document, 72, [("decimal", "%1."), ("upperLetter", "%2．")])
    word.add_numbered(document, 71, 0, "单选题（每题1分）")
    for stem, answer in (("谁作出决定（　）", "B"), ("谁组织听证（　）", "A")):
        word.add_numbered(document, 72, 0, stem)
        for option in ("甲局", "乙局", "丙局"):
            word.add_numbered(document, 72, 1, option)
        document.add_paragraph(f"【答案】{answer}")
    word.add_numbered(document, 71, 0, "判断题（每题1分）")
    word.add_numbered(document, 72, 0, "应当出示证件。（√）")
    return document


def test_numbers_that_only_word_computes() -> None:
    found = report(automatic())
    assert shapes(found) == [
        ("一、单选题 第 1 题", "single", "谁作出决定（　）", ("B",)),
        ("一、单选题 第 2 题", "single", "谁组织听证（　）", ("A",)),
        ("二、判断题 第 3 题", "judge", "应当出示证件。", True),
    ]
    assert not found.problems


def test_a_list_begun_anew_counts_from_its_own_start() -> None:
    document = Document()
    word.define_list(document, 81, [("decimal", "第%1题")])
    word.use_list(document, 82, 81, start=1)
    document.add_paragraph("一、判断题")
    word.add_numbered(document, 81, 0, "甲说的对。（√）")
    word.add_numbered(document, 81, 0, "乙说的对。（×）")
    document.add_paragraph("二、判断题")
    word.add_numbered(document, 82, 0, "丙说的对。（√）")
    places = [one.place for one in report(document).questions]
    assert places == ["一、判断题 第 1 题", "一、判断题 第 2 题", "二、判断题 第 1 题"]


def test_numbering_of_a_style_is_followed_through_its_ancestors() -> None:
    document = Document()
    for stem in ("甲说的对。（√）", "乙说的对。（×）"):
        document.add_paragraph(stem, style="List Number")
    assert [one.no for one in report(document).questions] == [1, 2]


def test_tables_are_read_by_their_headings_and_named_by_printed_numbers() -> None:
    document = word.written("一、单选题（每题3分）")
    word.add_table(
        document,
        [
            ("序号", "题干", "选项A", "选项B", "答案", "解析"),
            ("11", "谁作出决定", "甲局", "乙局", "B", "有权限"),
            ("12", "谁组织听证", "甲局", "乙局", "", ""),
        ],
    )
    found = report(document)
    assert shapes(found) == [("表 1 第 11 题", "single", "谁作出决定", ("B",))]
    assert found.questions[0].points_cp == 300
    assert [(one.place, one.code) for one in found.problems] == [
        ("表 1 第 12 题", "answer_missing")
    ]


def test_cells_merged_downwards_hold_for_every_row_they_cover() -> None:
    document = Document()
    word.add_table(
        document,
        [
            ("题型", "题干", "选项", "答案"),
            ("单选题", "谁作出决定", "A.甲局 B.乙局", "A"),
            ("", "谁组织听证", "A.甲局 B.乙局", "B"),
        ],
    )
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [one.type for one in report(document).questions] == ["single", "single"]


def test_a_table_may_hold_the_options_and_another_the_key() -> None:
    document = word.written("1. 谁作出决定（　）")
    word.add_table(document, [("A. 甲局", "B. 乙局"), ("C. 丙局", "D. 丁局")])
    document.add_paragraph("2. 应当出示证件。")
    document.add_paragraph("参考答案")
    word.add_table(document, [("题号", "1", "2"), ("答案", "D", "√")])
    found = report(document)
    assert shapes(found) == [
        ("第 1 题", "single", "谁作出决定（　）", ("D",)),
        ("第 2 题", "judge", "应当出示证件。", True),
    ]
    assert [text for _, text in found.questions[0].options] == ["甲局", "乙局", "丙局", "丁局"]


def test_an_answer_marked_by_colour_alone_is_not_guessed() -> None:
    document = word.written("1. 谁作出决定（　）", "A. 甲局")
    document.add_paragraph().add_run("B. 乙局").font.color.rgb = RGBColor(255, 0, 0)
    found = report(document)
    assert [one.code for one in found.problems] == ["answer_missing"]
    assert "彩色" in found.problems[0].message


def test_what_is_hidden_deleted_or_in_a_box_is_not_read_but_named() -> None:
    document = word.written("1. 谁作出决定（　）", "A. 甲局", "B. 乙局")
    hidden = document.add_paragraph("答案：A").add_run("B")
    hidden.font.hidden = True
    word.add_raw(
        document,
        '<w:ins w:id="1" w:author="x"><w:r><w:t>解析：新的</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>旧的</w:delText></w:r></w:del>',
    )
    word.add_raw(
        document,
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>密封线</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r>",
    )
    document.sections[0].header.paragraphs[0].text = "内部资料"
    found = report(document)
    assert found.questions[0].answer == ("A",)
    assert found.questions[0].explanation == "新的"
    assert [(one.why, one.text) for one in found.skipped] == [
        ("隐藏文字", "B"), ("修订中已删除", "旧的"), ("文本框", "密封线"), ("不在正文", "内部资料"),
    ]  # fmt: skip


def test_ticks_of_a_sign_font_are_answers() -> None:
    document = word.written("一、判断题")
    word.add_raw(
        document,
        "<w:r><w:t>1. 应当出示证件（</w:t></w:r>"
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r><w:r><w:t>）</w:t></w:r>',
    )
    assert report(document).questions[0].answer is True


def test_a_picture_makes_its_question_incomplete() -> None:
    document = word.written("1. 图中标志的意思是（　）")
    word.add_raw(
        document,
        "<w:r><w:pict><v:imagedata xmlns:v='urn:schemas-microsoft-com:vml'/></w:pict></w:r>",
    )
    document.add_paragraph("A. 甲 B. 乙 答案：A")
    assert [one.code for one in report(document).problems] == ["picture_left_out"]


@pytest.mark.parametrize("form", ["upperLetter", "chineseCounting", "upperRoman", "decimal"])
@pytest.mark.parametrize("start", ["999999", "9" * 30, "²", "-1"])
def test_a_list_that_begins_absurdly_does_no_harm(form: str, start: str) -> None:
    document = Document()
    word.define_list(document, 91, [(form, "%1.")])
    for each in document.part.numbering_part.element.iter(qn("w:start")):
        each.set(qn("w:val"), start)
    word.add_numbered(document, 91, 0, "甲说的对。（√）")
    found = report(document)
    assert len(found.questions) + len(found.problems) + len(found.skipped) == 1


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(FileRefused, match="file_empty"):
        DOCX.read(word.saved(Document()))


def test_a_paragraph_longer_than_any_text_is_refused_as_a_line_would_be() -> None:
    content = word.saved(word.written("1. 谁？" + "甲" * 100_001))
    with pytest.raises(FileRefused, match="file_broken_line"):
        DOCX.read(content)
