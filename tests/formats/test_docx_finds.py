"""What Word hides in documents of real offices: signs, fields, formulas, bare tables."""

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.formats import word_files as word
from tests.formats.test_docx import report, shapes

OPTIONS = ("A.甲", "B.乙", "C.丙", "D.丁")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def text(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def stem_of(*inner: str) -> str:
    """Read a document whose only question has this stem, and return it."""
    document = Document()
    word.add_raw(document, text("1.") + "".join(inner))
    for line in (*OPTIONS, "答案：B"):
        document.add_paragraph(line)
    found = report(document)
    assert not found.problems
    return found.questions[0].stem


def test_raised_and_lowered_figures_keep_their_meaning() -> None:
    raised, lowered = (f'<w:vertAlign w:val="{name}script"/>' for name in ("super", "sub"))
    assert stem_of(text("10m"), text("2", raised)) == "10m²"
    assert stem_of(text("CO"), text("2", lowered)) == "CO₂"
    assert stem_of(text("见注"), text("甲", raised)) == "见注甲"


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" eq \o\ac(○,3)", "③"),
        (r"EQ \o(○,甲)", "（甲）"),
        (r" eq \f(1,2)", "1/2"),
        (" PAGE ", ""),
    ],
)
def test_a_field_without_a_result_is_computed(instruction: str, shown: str) -> None:
    halves = instruction[:4], instruction[4:]
    inner = "".join(f"<w:r><w:instrText>{half}</w:instrText></w:r>" for half in halves)
    assert stem_of(text("顺序"), BEGIN, inner, END, text("立案")) == f"顺序{shown}立案"
    assert stem_of(text("甲"), BEGIN, inner, SEPARATE, text("乙"), END) == "甲乙"


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("<m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
         "m²"),
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>",
         "(a+b)/2"),
        ("<m:rad><m:e><m:r><m:t>3</m:t></m:r></m:e></m:rad>", "√3"),
        ("<m:d><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d>", "(x)"),
    ],
)  # fmt: skip
def test_formulas_are_written_in_one_line(inner: str, shown: str) -> None:
    assert stem_of(text("值为"), f"<m:oMath {MATH}>{inner}</m:oMath>") == f"值为{shown}"


def test_what_no_line_can_show_is_named() -> None:
    document = Document()
    matrix = "<m:m><m:mr><m:e><m:r><m:t>1</m:t></m:r></m:e></m:mr></m:m>"
    word.add_raw(document, text("1.对吗（√）") + f"<m:oMath {MATH}>{matrix}</m:oMath>")
    word.add_raw(
        document, text("2.错吗（×）") + '<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
    )
    found = report(document)
    assert [(one.place, one.text) for one in found.skipped] == [
        ("第 1 段", "1"),
        ("第 2 段", "Wingdings F04A"),
    ]


@pytest.mark.parametrize(
    ("font", "letters", "shown"),
    [("Wingdings", "ü", "√"), ("Wingdings 2", "P", "√"), ("Wingdings", "û", "×")],
)
def test_ticks_typed_as_letters_of_a_sign_font(font: str, letters: str, shown: str) -> None:
    document = Document()
    sign = text(letters, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')
    word.add_raw(document, text("1.对吗（") + sign + text("）"))
    assert shapes(report(document))[0][2:] == ("对吗", shown == "√")


@pytest.mark.parametrize(
    "rows",
    [
        [["题号", "1", "2", "3"], ["答案", "B", "C", "AD"]],
        [["1", "2", "3"], ["B", "C", "AD"]],
        [["题号", "答案"], ["1", "B"], ["2", "C"], ["3", "AD"]],
        [["题号", "答案", "题号", "答案"], ["1", "B", "2", "C"], ["3", "AD", "", ""]],
        [["题号", "答案", "解析"], ["1", "B", "因为"], ["2", "C", ""], ["3", "AD", "如此"]],
        [["题号", "1-2", "3"], ["答案", "BC", "AD"]],
    ],
)
def test_keys_in_tables_of_every_shape(rows: list[list[str]]) -> None:
    document = word.written(
        *(line for no in (1, 2, 3) for line in (f"{no}.题目{no}？", *OPTIONS)), "参考答案"
    )
    word.add_table(document, rows)
    found = report(document)
    assert not found.problems
    assert ["".join(one[3]) for one in shapes(found)] == ["B", "C", "AD"]
    assert [one.explanation for one in found.questions[:1]] == ["因为" if "解析" in rows[0] else ""]


@pytest.mark.parametrize(
    "row",
    [
        ["题目{}？\nA.甲\nB.乙", "B"],
        ["题目{}？", "甲", "乙", "B"],
        ["单选题", "题目{}？", "A.甲", "B.乙", "B"],
        ["题目{}？", "A.甲 B.乙", "B"],
    ],
)
def test_rows_without_a_heading_that_number_and_answer_tell(row: list[str]) -> None:
    document = Document()
    word.add_table(document, [[str(no), *(cell.format(no) for cell in row)] for no in (1, 2)])
    found = report(document)
    assert shapes(found) == [(f"表 1 第 {no} 题", "single", f"题目{no}？", ("B",)) for no in (1, 2)]
    assert found.questions[0].options == (("A", "甲"), ("B", "乙"))


def test_a_table_for_each_question_is_named_by_table_and_row() -> None:
    document = Document()
    for stem in ("题目一？", "题目二？"):
        word.add_table(document, [["题干", stem], ["A", "甲"], ["B", "乙"], ["答案", "B"]])
    assert [one[0] for one in shapes(report(document))] == ["表 1 第 1 行", "表 2 第 1 行"]


def test_a_picture_in_a_row_makes_its_question_incomplete() -> None:
    document = Document()
    word.add_table(
        document,
        [["题目", "选项", "答案"], ["题目一？", "A.甲 B.乙", "B"], ["题目二？", "A.甲 B.乙", "A"]],
    )
    run = document.tables[0].cell(1, 0).paragraphs[0].add_run()
    run._r.append(parse_xml(f"<w:pict {nsdecls('w', 'r')}><imagedata/></w:pict>"))
    found = report(document)
    assert [(one.place, one.code) for one in found.problems] == [
        ("表 1 第 2 行", "picture_left_out")
    ]
    assert [one[2] for one in shapes(found)] == ["题目二？"]


def test_underlined_blanks_are_blanks_and_may_hold_the_answer() -> None:
    line = '<w:u w:val="single"/>'
    assert stem_of(text("不少于"), text("      ", line), text("人")) == "不少于____人"
    document = Document()
    word.add_raw(document, text("1.题目一") + text("  B  ", line) + text("。"))
    word.add_raw(document, text("2.不属于") + text("A", line) + text("类的是？"))
    for option in OPTIONS:
        document.add_paragraph(option)
    document.add_paragraph("答案：C")
    found = report(document)
    assert found.problems[0].code == "options_missing"
    assert shapes(found) == [("第 2 题", "single", "不属于A类的是？", ("C",))]


def test_numbers_of_word_are_neither_told_twice_nor_given_to_nothing() -> None:
    document = Document()
    word.define_list(document, 71, [("decimal", "%1.")])
    for line in ("1.甲说的对。（√）", "", "3.乙说的对。（×）", "1.2米宽才对。（√）"):
        word.add_numbered(document, 71, 0, line)
    assert [one[0:3:2] for one in shapes(report(document))] == [
        ("第 1 题", "甲说的对。"),
        ("第 3 题", "乙说的对。"),
        ("第 4 题", "1.2米宽才对。"),
    ]


def test_sections_numbered_by_word_in_parts() -> None:
    document = Document()
    word.define_list(document, 71, [("chineseCounting", "第%1部分 ")])
    word.add_numbered(document, 71, 0, "判断题（每题1分）")
    document.add_paragraph("1.两人执法。（√）")
    found = report(document)
    assert shapes(found) == [("第一部分判断题 第 1 题", "judge", "两人执法。", True)]
    assert found.questions[0].points_cp == 100


def test_a_row_removed_by_a_change_is_named() -> None:
    document = Document()
    rows = [["题目", "选项", "答案"], ["题目一？", "A.甲 B.乙", "B"], ["旧题？", "A.甲 B.乙", "B"]]
    word.add_table(document, rows)
    properties = document.tables[0].rows[2]._tr.get_or_add_trPr()
    properties.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1"/>'))
    found = report(document)
    assert [one[2] for one in shapes(found)] == ["题目一？"]
    assert [one.place for one in found.skipped if one.why == "修订中已删除"] == ["表 1"]
