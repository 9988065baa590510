import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from quizapp.domain.sheets import HeadingMissing, Row, Sheet, find_heading
from quizapp.formats import tabular
from quizapp.formats.all import TABULAR
from quizapp.formats.base import FileRefused

HEADER = ["工号", "姓名"]
NAMES = ["李·木 提", "欧" * 30, "㛃𠮷", "王🙂", "a,b", '引"号', "两\n行"]
FORMULAS = [*(f"{sign}cmd|'/C calc'!A0" for sign in "=+-@＝＋－"), "\tx", "\rx"]


def texts(content: bytes, name: str = "x") -> list[tuple[str, ...]]:
    return [row.cells for row in tabular.read(name, content)[0].rows]


@pytest.mark.parametrize("kind", TABULAR.keys())
def test_what_is_written_reads_back(kind: str) -> None:
    rows = [[f"{no:06d}", name] for no, name in enumerate(NAMES)]
    assert texts(tabular.write(kind, "人员", HEADER, rows))[1:] == [tuple(row) for row in rows]


@pytest.mark.parametrize("kind", TABULAR.keys())
def test_text_that_looks_like_a_formula_stays_text_there_and_back(kind: str) -> None:
    content = tabular.write(kind, "=1", HEADER, [["1", text] for text in FORMULAS])
    sheet = tabular.read("x", content)[0]
    assert all(not row.formulas for row in sheet.rows)
    assert [row.cell(1) for row in sheet.rows[1:]] == [text.strip() for text in FORMULAS]


def test_no_csv_cell_begins_like_a_formula() -> None:
    lines = tabular.write("csv", "", ["a"], [[text] for text in FORMULAS]).decode("utf-8-sig")
    assert all(line.lstrip('"').startswith("'") for line in lines.split("\r\n")[1:-1])


def test_every_text_cell_of_a_workbook_has_the_type_of_text() -> None:
    content = tabular.write("xlsx", "人员", HEADER, [[text, 5] for text in FORMULAS])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    types = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row[:1]}
    assert types == {"s"}
    assert sheet["B2"].data_type == "n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_encodings_read_right(encoding: str) -> None:
    content = "工号,姓名\r\n0071,㛃𠮷\r\n0072,王小二\r\n".encode(encoding)
    assert texts(content)[1:] == [("0071", "㛃𠮷"), ("0072", "王小二")]


@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_the_separator_is_found(sign: str) -> None:
    assert texts(f"工号{sign}姓名\n1{sign}李".encode())[1] == ("1", "李")


def test_numbers_shown_with_leading_zeros_keep_them() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append([7, 7.0, "007", 3.5])
    sheet["A1"].number_format = "000000"
    sheet.append(["=1+1"])
    out = io.BytesIO()
    book.save(out)
    rows = tabular.read("x.xlsx", out.getvalue())[0].rows
    assert rows[0].cells == ("000007", "7", "007", "3.5")
    assert rows[1].formulas == {0}


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def workbook(extra: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(tabular.write("xlsx", "x", ["a"], [["b"]]))) as packed:
        return archive({name: packed.read(name) for name in packed.namelist()} | extra)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>"""
ENTITY = LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"')
LINK = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship
Id="r1" Type="http://x/attachedTemplate" Target="http://example.org/t"
TargetMode="External"/></Relationships>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\0" * 50, "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "file_old_excel"),
        (b"PK\x03\x04 nothing", "file_broken"),
        (workbook({})[:-200], "file_broken"),
        (archive({"a.txt": b"x"}), "file_broken"),
        (workbook({"xl/worksheets/sheet1.xml": LAUGHS}), "file_unsafe"),
        (workbook({"xl/worksheets/sheet1.xml": ENTITY}), "file_unsafe"),
        (workbook({"xl/bomb.bin": b"\0" * 90_000_000}), "file_unpacks_too_large"),
        (workbook({f"xl/{no}.bin": b"" for no in range(600)}), "file_unpacks_too_large"),
        (workbook({"../evil": b"x"}), "file_unsafe"),
        (workbook({"xl/vbaProject.bin": b"x"}), "file_unsafe"),
        (workbook({"xl/worksheets/_rels/sheet1.xml.rels": LINK}), "file_unsafe"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "file_not_text"),
        (b"\xff\xff\xff\xfe\xfa", "file_encoding"),
        (b'"open\nquote', "file_broken_line"),
        (b"a" * 200_000, "file_broken_line"),
        (b"," * 100, "file_too_many_rows"),
        (b"a\n" * 60_000, "file_too_many_rows"),
    ],
)
def test_what_is_no_table_is_refused_by_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        tabular.read("upload", content)
    assert refused.value.name == code


def test_text_named_as_a_workbook_is_a_table_all_the_same() -> None:
    (read,) = tabular.read("x.xlsx", b"a,b\n1,2\n")
    assert [row.cells for row in read.rows] == [("a", "b"), ("1", "2")]


def test_what_is_neither_text_nor_a_workbook_is_broken() -> None:
    with pytest.raises(FileRefused, match="file_broken"):
        tabular.read("x.xlsx", bytes(range(256)))


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("x", tuple(Row(no, cells) for no, cells in enumerate(rows, start=1)))


SYNONYMS = {
    "staff_no": ("工号", "人员编号"),
    "name": ("姓名",),
    "city": ("城市",),
    "county": ("县区",),
}


def test_the_heading_is_found_below_a_title_whatever_decorates_it() -> None:
    found = find_heading(
        sheet(("2026 年花名册",), ("", "姓 名*", "工号\n（必填）"), ("", "李", "01"), ("",)),
        SYNONYMS,
        [("staff_no",), ("name",)],
    )
    assert found.row.no == 2
    records = list(found.records(sheet(("",), ("",), ("", "李", "01"), ("", "", ""))))
    assert records[0][1] == {"name": "李", "staff_no": "01"}
    assert len(records) == 1


def test_missing_columns_are_named() -> None:
    with pytest.raises(HeadingMissing) as refused:
        find_heading(sheet(("工号",)), SYNONYMS, [("staff_no",), ("name",), ("city", "county")])
    assert refused.value.facts["missing"] == "姓名、城市"
