"""Workbooks as other programs write them, and what their owners hide in them."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from PIL import Image as PillowImage

from quizapp.domain.imports import ImportReport, Mapping, check_rows
from quizapp.formats import tabular
from quizapp.formats.questions.all import find_reader
from tests.formats.question_files import rewritten, saved, workbook

HEADINGS = ["题型", "题干", "选项A", "选项B", "答案", "解析"]
FIRST = ["单选题", "一题", "甲", "乙", "B", "因为"]
MAIN, RELATIONS = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"


def report(content: bytes, mapping: Mapping | None = None) -> ImportReport:
    return check_rows(find_reader("题库.xlsx", content).read(content, mapping))


def read(content: bytes) -> list[tuple[str, str, Any]]:
    found = report(content)
    assert found.problems == ()
    return [(each.place, each.stem, each.answer) for each in found.questions]


def codes(found: ImportReport) -> list[tuple[str, str]]:
    return [(each.place, each.code) for each in found.problems]


def plain() -> Workbook:
    return workbook(HEADINGS, FIRST)


def strict(content: bytes) -> bytes:
    """The same workbook in the namespaces of strict Open XML."""
    main = rewritten(content, MAIN + b"spreadsheetml/2006/main", RELATIONS + b"spreadsheetml/main")
    return rewritten(
        main,
        MAIN + b"officeDocument/2006/relationships",
        RELATIONS + b"officeDocument/relationships",
    )


def renamed(content: bytes, old: str, new: str) -> bytes:
    """The same archive with other signs in the names of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            kept.writestr(name.replace(old, new), given.read(name))
    return out.getvalue()


ODD = {
    "strict": strict(saved(plain())),
    "a fill of no kind": rewritten(saved(plain()), b"<patternFill />", b""),
    "no numbers of cells": rewritten(saved(plain()), b' r="B2"', b""),
    "a part in other letters": renamed(saved(plain()), "sharedStrings", "SharedStrings"),
    "strokes turned": renamed(saved(plain()), "/", "\\"),
    "properties that are none": rewritten(
        saved(plain()), b"dcterms:created", b"dcterms:neveragain"
    ),
}


@pytest.mark.parametrize("content", ODD.values(), ids=list(ODD))
def test_a_workbook_that_a_spreadsheet_opens_is_read(content: bytes) -> None:
    assert read(content) == [("Sheet1 第 2 行", "一题", ("B",))]
    assert tabular.read("题库.xlsx", content)[0].rows[1].cells[1] == "一题"


def test_a_sheet_of_charts_holds_nothing() -> None:
    book = plain()
    book.create_chartsheet("图")
    assert read(saved(book)) == [("Sheet1 第 2 行", "一题", ("B",))]


def test_signs_that_workbooks_write_as_numbers_are_left_out() -> None:
    content = rewritten(saved(plain()), "一题".encode(), "一_x0007_题_x000D_".encode())
    assert read(content)[0][1] == "一题"


def test_a_stray_cell_far_to_the_right_does_no_harm() -> None:
    book = plain()
    book.active["DX2"] = "误"
    assert len(read(saved(book))) == 1


def test_the_error_of_a_formula_is_no_text() -> None:
    book = workbook(
        HEADINGS,
        ["单选题", "一", "甲", "#N/A", "A"],
        ["单选题", "#REF!", "甲", "乙", "A"],
        ["单选题", "三", "甲", "乙", "A", "#NAME?"],
        ["单选题", "四", "#N/A 是什么", "乙", "A"],
    )
    found = report(saved(book))
    assert codes(found) == [(f"Sheet1 第 {no} 行", "error_cell") for no in (2, 3, 4)]
    assert found.problems[0].message == "单元格是错误值（D2）"
    assert [each.no for each in found.questions] == [5]


def test_what_a_hidden_column_holds_is_read_and_said() -> None:
    book = plain()
    book.active.column_dimensions["E"].hidden = True
    found = report(saved(book))
    assert found.questions[0].answer == ("B",)
    (said,) = found.skipped
    assert (said.place, said.text, said.why) == (
        "Sheet1 第 1 行",
        "E “答案”",
        "隐藏列，其内容已读取",
    )


def test_a_column_in_view_comes_before_a_hidden_one() -> None:
    book = workbook(["正确答案", "题干", "选项A", "选项B", "答案"], ["A", "一题", "甲", "乙", "B"])
    book.active.column_dimensions["A"].hidden = True
    found = report(saved(book))
    assert found.questions[0].answer == ("B",)
    assert [(one.text, one.why) for one in found.skipped] == [("A “正确答案”", "未用到的列")]


def dot() -> io.BytesIO:
    drawn = io.BytesIO()
    PillowImage.new("RGB", (2, 2)).save(drawn, "PNG")
    return drawn


def test_a_question_does_not_lose_its_picture_silently() -> None:
    book = workbook(HEADINGS, FIRST, ["单选题", "二题", "甲", "乙", "B"])
    for place in ("B2", "B9"):
        book.active.add_image(Image(dot()), place)
    found = report(saved(book))
    assert codes(found) == [("Sheet1 第 2 行", "picture_left_out")]
    assert [(each.no, each.why) for each in found.skipped] == [(9, "图片未导入")]
    assert [each.no for each in found.questions] == [3]


def test_tables_side_by_side_are_both_read() -> None:
    book = workbook(
        ["序号", "题干", "答案", None, "序号", "题干", "答案"],
        [1, "天是蓝的", "√", None, 11, "地是方的", "×"],
        [2, "水是湿的", "√"],
        [None, None, None, None, 12, "没有答案"],
    )
    found = report(saved(book))
    assert [(each.no, each.stem) for each in found.questions] == [
        (2, "天是蓝的"),
        (3, "水是湿的"),
        (2, "地是方的"),
    ]
    assert codes(found) == [("Sheet1 第 4 行", "answer_missing")]
    (table,) = found.tables
    assert report(saved(book), {table.sheet: table.columns}) == found


def test_questions_written_below_each_other_are_read_as_on_paper() -> None:
    book = workbook(
        ["城管法规题库"],
        ["一、单选题（每题2分）"],
        ["1.", "应当出示什么？"],
        [None, "A. 身份证", "B. 执法证"],
        ["答案：B"],
        ["二、判断题"],
        ["2. 可以罚款。（√）\n解析：见办法"],
    )
    found = report(saved(book))
    assert [(each.place, each.answer, each.points_cp) for each in found.questions] == [
        ("Sheet1 第 3 行", ("B",), 200),
        ("Sheet1 第 7 行", True, None),
    ]
    assert found.questions[1].explanation == "见办法"
    assert [each.place for each in found.skipped] == [f"Sheet1 第 {no} 行" for no in (1, 2, 6)]
    assert found.problems == ()


def test_running_text_counts_merged_cells_once_and_reads_no_formula() -> None:
    book = workbook(
        ["1. 出示什么？"], ["A. 身份证", "B. 执法证"], [], ["答案：B"], ["=1+1"], ["#N/A"]
    )
    book.active.merge_cells("A2:A3")
    found = report(saved(book))
    assert [each.options for each in found.questions] == [(("A", "身份证"), ("B", "执法证"))]
    assert codes(found) == [("Sheet1 第 5 行", "formula_cell"), ("Sheet1 第 6 行", "error_cell")]


def test_a_table_without_heading_is_no_running_text() -> None:
    found = report(
        saved(workbook(["单选题", "一题", "甲", "乙", "B"], ["判断题", "二", "", "", "对"]))
    )
    assert codes(found) == [("Sheet1 第 1 行", "heading_missing")]
    assert len(found.skipped) == 2


TEXT_BOX = (
    b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    b' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor>'
    b"<xdr:from><xdr:col>6</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody>"
    b"<a:p><a:r><a:t>\xe6\xa1\x86\xe9\x87\x8c</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    b"</xdr:twoCellAnchor></xdr:wsDr>"
)


def test_words_beside_the_cells_are_listed() -> None:
    book = plain()
    book.active["B2"].comment = Comment("待核对", "王教")
    book.active.add_image(Image(dot()), "G5")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            is_drawing = name == "xl/drawings/drawing1.xml"
            kept.writestr(name, TEXT_BOX if is_drawing else given.read(name))
    found = report(out.getvalue())
    assert [each.stem for each in found.questions] == ["一题"]
    assert sorted((each.place, each.why, each.text) for each in found.skipped) == [
        ("Sheet1 第 2 行", "单元格批注", "待核对"),
        ("Sheet1 第 5 行", "文本框", "框里"),
    ]
