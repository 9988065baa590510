"""Workbooks written part by part, as programs write them that are not ours."""

import io
import zipfile

import pytest

from quizapp.domain.sheets import FileRefused
from quizapp.formats.questions.workbook import read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STRINGS = (
    "<si><t>单选题</t></si>"
    "<si><r><t>主动</t></r><r><t>出示什么？</t></r><rPh><t>zhudong</t></rPh></si>"
    "<si><t/></si>"
)
STYLES = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs>'


def book(rows: str, after: str = "", part: str = "worksheets/sheet1.xml") -> bytes:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>'
        f'<Override PartName="/xl/texts.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="题" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{part}"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>',
        "xl/texts.xml": f'<sst xmlns="{MAIN}">{STRINGS}</sst>',
        f"xl/{part}": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


def row(*cells: str, no: str = ' r="1"') -> str:
    return f"<row{no}>{''.join(cells)}</row>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="s"><v>0</v></c>', "单选题"),
        ('<c t="s"><v>1</v></c>', "主动出示什么？"),
        ('<c t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>', "甲乙"),
        ('<c t="str"><v>丙_x000D_</v></c>', "丙"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c><v>1E2</v></c>", "100"),
        ('<c s="1"><v>44392</v></c>', "2021年7月15日"),
        ('<c t="d"><v>2021-07-15</v></c>', "2021-07-15"),
        ("<c><f>A1&amp;B1</f><v>3</v></c>", "=A1&B1"),
        ('<c><f t="shared" si="0"/><v>3</v></c>', "="),
    ],
)
def test_a_cell_is_the_text_that_its_owner_sees(cell: str, text: str) -> None:
    (sheet,) = read_workbook(book(row(cell)))
    assert sheet.rows[0].cells == (text,)
    assert sheet.rows[0].formulas == (frozenset({0}) if "<f" in cell else frozenset())


def test_cells_without_content_leave_no_row() -> None:
    assert read_workbook(book(row("<c/>", '<c t="s"><v>2</v></c>', '<c r="XFD1"/>')))[0].rows == ()


def test_rows_and_cells_without_a_name_follow_the_one_before() -> None:
    first = row('<c r="B3"><v>1</v></c>', "<c><v>2</v></c>", no=' r="3"')
    (sheet,) = read_workbook(book(first + row("<c><v>3</v></c>", no="")))
    assert [(each.no, each.cells) for each in sheet.rows] == [(3, ("", "1", "2")), (4, ("3",))]


def test_rows_out_of_sight_and_merged_cells_are_told() -> None:
    cell = "<c><v>1</v></c>"
    rows = [
        row(cell, no=' r="1"'),
        row(cell, no=' r="2" hidden="1"'),
        row("<c/>", '<c r="B3"><v>2</v></c>', no=' r="3" ht="0"'),
    ]
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    (sheet,) = read_workbook(book("".join(rows), merged))
    assert sheet.hidden_rows == {2, 3}
    assert sheet.merged == {2: {0: 2}, 3: {0: 2}}
    assert sheet.rows[2].cells == ("1", "2")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('<c t="s"><v>9</v></c>', "file_broken"),
        ('<c r="?1"><v>1</v></c>', "file_broken"),
        ('<c r="XFD1"><v>1</v></c>', "file_too_many_rows"),
        ('<c r="XFD1"><v>1</v></c><c r="A1"><v>1</v></c>', "file_too_many_rows"),
    ],
)
def test_what_no_program_writes_is_refused(cells: str, code: str) -> None:
    with pytest.raises(FileRefused, match=code):
        read_workbook(book(row(cells)))


def test_a_sheet_in_a_part_that_nobody_checked_is_refused() -> None:
    content = book(row("<c><v>1</v></c>"), part="worksheets/sheet1.bin")
    with pytest.raises(FileRefused, match="file_unsafe"):
        read_workbook(content)
