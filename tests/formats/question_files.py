"""Files of questions as trainers have them, made here: one builder per family of headings."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

KAOSHIBAO = [
    "题干（必填）",
    "题型 （必填）",
    *(f"选项 {letter}" for letter in "ABCD"),
    *(f"选项{letter}\n(勿删)" for letter in "EFGH"),
    "正确答案\n（必填）",
    "解析\n（勿删）",
    "章节\n（勿删）",
    "难度",
]
Rows = Sequence[Sequence[Any]]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same archive with `old` replaced in every part: what no library would write."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            written.writestr(name, read.read(name).replace(old, new))
    return out.getvalue()


def workbook(*rows: Sequence[Any], title: str = "Sheet1") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return book


def kaoshibao() -> bytes:
    """Fifteen headings with notes in brackets; percent, date and amount as options."""
    book = workbook(
        KAOSHIBAO,
        [
            "违法所得的比例是",
            "单选题",
            0.03,
            0.05,
            0.1,
            None,
            None,
            None,
            None,
            None,
            "a",
            "见第三条",
            "第一章",
            "易",
        ],
        [
            "本办法自何日起施行",
            "单选",
            date(2021, 7, 15),
            date(2021, 10, 1),
            None,
            None,
            None,
            None,
            None,
            None,
            "Ｂ",
            None,
            None,
            "适中",
        ],
        [
            "押金为",
            "单选题",
            1200,
            1500.5,
            None,
            None,
            None,
            None,
            None,
            None,
            "1,200元",
            None,
            None,
            None,
        ],
        [
            "可以口头作出",
            "判断题",
            "错误",
            "正确",
            None,
            None,
            None,
            None,
            None,
            None,
            "A",
            None,
            None,
            None,
        ],
        [
            "属于行政处罚的有",
            "多选题",
            "警告",
            "罚款",
            "没收",
            "劝说",
            "拘役",
            None,
            None,
            None,
            "ＢＡ，C",
            None,
            None,
            None,
        ],
        [
            "设了公式",
            "单选题",
            "甲",
            "乙",
            None,
            None,
            None,
            None,
            None,
            None,
            '=IF(1,"A","B")',
            None,
            None,
            None,
        ],
        title="试题内容",
    )
    sheet = book.active
    for cell in ("C2", "D2", "E2"):
        sheet[cell].number_format = "0%"
    sheet["C3"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["D3"].number_format = "yyyy/m/d"
    sheet["C4"].number_format = '#,##0"元"'
    sheet["D4"].number_format = '#,##0.00"元"'
    return saved(book)


def motiban() -> bytes:
    """Title, description and time in rows 1 to 3, the headings in row 4."""
    return saved(
        workbook(
            ["标题", "城管执法题库"],
            ["描述", "内部练习"],
            ["用时", 60],
            [
                "题干",
                "题型",
                *(f"选择项{no}" for no in range(1, 6)),
                "解析",
                "答案1",
                "答案2",
                "得分1",
                "得分2",
            ],
            [
                "听证由谁组织",
                "单选题",
                "行政机关",
                "法院",
                None,
                None,
                None,
                "略",
                "A",
                None,
                "2分",
                None,
            ],
            ["下列正确的有", "多选题", "甲", "乙", "丙", None, None, None, "A", "C", 3, None],
            ["处罚的种类有____", "填空题", None, None, None, None, None, None, "六", "七", 1, 1],
        )
    )


def xuexitong() -> bytes:
    """Directory, letters alone as headings, a merged directory cell, hidden rows and sheets."""
    book = workbook(
        [
            "目录",
            "题型",
            "题干",
            "正确答案",
            "答案解析",
            "难易度",
            "知识点",
            "选项数",
            "A",
            "B",
            "C",
            "D",
        ],
        ["第一章", "单选题", "甲题", "C", "", "易", "处罚种类", 3, "一", "二", "三", None],
        [None, "多选题", "乙题", "AABD", "", "难", None, 4, "一", "二", "三", "四"],
        [None, "不定项选择题", "丙题", "全选", "", "中", None, 2, "一", "二", None, None],
        ["第二章", "判断题", "丁题", "×", "", "易", None, 0, None, None, None, None],
        ["第二章", "判断题", "戊题", "对", "", "易", None, 0, None, None, None, None],
        title="题库",
    )
    sheet = book.active
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[6].hidden = True
    spare = book.create_sheet("备份")
    spare.append(["题干", "答案"])
    spare.append(["藏起来的题", "A"])
    spare.sheet_state = "hidden"
    book.create_sheet("填写说明").append(["题型只能填单选题、多选题、判断题"])
    book.create_sheet("空白")
    return saved(book)


def with_guid() -> bytes:
    """Mixed brackets, six levels of topics, a formula where it does no harm."""
    return saved(
        workbook(
            [
                "试题GUID",
                "题型(必填）",
                "题干（必填）",
                "答案",
                *(f"选项{letter}" for letter in "ABCDE"),
                *(f"知识点{no}级" for no in "一二三四五六"),
                "难度",
                "一致性",
                "分数",
                "解析",
                "出处",
            ],
            [
                "=ROW()",
                "单选题",
                "谁可以委托",
                "B",
                "A.个人",
                "B.机关",
                "C.企业",
                None,
                None,
                "执法",
                "委托",
                None,
                None,
                None,
                None,
                3,
                "是",
                "1.5",
                "解析甲",
                "行政处罚法第二十条",
            ],
            [
                "x-2",
                "多选题",
                "缺一项",
                "A,C",
                "甲",
                None,
                "丙",
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                1,
                "是",
                "零",
                None,
                None,
            ],
            [
                "x-3",
                "抢答题",
                "没有这种题型",
                "A",
                "甲",
                "乙",
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                1,
                "是",
                2,
                None,
                None,
            ],
            [
                "x-4",
                "简答题",
                "论执法公示",
                "略",
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                5,
                "是",
                10,
                None,
                None,
            ],
        )
    )


def single_type_sheets() -> bytes:
    """A sheet per type, its name and a title tell the type; headings in row 2 or 3."""
    book = workbook(
        ["单选题（每题2分，共4分）"],
        ["题目（必填）", "选项A（必填）", "选项B（必填）", "选项C", "正确选项（必填）", "解析"],
        ["谁作出决定", "机关", "个人", "法院", "A", ""],
        ["谁送达", "机关", "个人", "法院", "AB", ""],
        ["注：以上题目仅供练习"],
        title="一",
    )
    second = book.create_sheet("判断题")
    second.append(["判断题库"])
    second.append([])
    second.append(["序号", "题目分类", "题目难度", "所属范围", "试题", "答案", "知识点名称"])
    second.append([1, "程序", "难", "全省", "当场处罚可以不出示证件", "N", "当场处罚"])
    second.append([2, None, None, None, None, None, None])
    second.append([3, "程序", "难", "全省", "应当告知权利", "也许", "告知"])
    return saved(book)


def coded_types() -> bytes:
    """A CSV of Chinese Windows: codes for types, quotes with commas and breaks, a broken line."""
    lines = [
        '问题,题型（0单选，1判断，2多选）,选项A,选项B,选项C,选项D,"答案（多选用英文逗号分隔，如：A,B）"',
        "哪个机关受理?,0,公安,城管,法院,,B",
        '"执法人员\n应当怎样",2,亮证,告知,辱骂,,"A,B"',
        "",
        "可以罚款,1,,,,,1",
        '"没有结束的引号,0,甲,乙,丙,,A',
        '"好好的,题",0,甲,乙,,,A',
        "少了两列,0,甲,乙,A",
        "多了一列,0,甲,乙,,,A,多",
        "没有编码3,3,甲,乙,,,A",
    ]
    return "\r\n".join(lines).encode("gb18030")


def five_columns() -> bytes:
    """All options in one cell; a case of options by line; tab-separated UTF-16."""
    lines = [
        "专业\t题型\t题目\t选项\t正确答案",
        '市容\t单选题\t占道经营由谁查处\t"A. 城管,B. 公安,C. 税务"\tA',
        "市容\t多选\t门前三包包括（ ABC ）\tA.卫生B.绿化C.秩序\tA、B、C",
        '市容\t单选\t缺一个字母\t"A、甲\nB、乙\nD、丁"\tD',
        '市容\t单选\t两项相同\t"A、罚款\nB、警告\nC、罚 款"\tB',
        "市容\t单选\t只有一项\tA.甲\tA",
        "市容\t判断\t城管可以拘留\t正确|错误\t错误",
    ]
    return "\n".join(lines).encode("utf-16")


def others() -> bytes:
    """No types at all: the answer decides; notes, safe and unsafe signs, duplicates."""
    book = workbook(
        [
            "科目",
            "章节",
            "知识点",
            "难度",
            "题干",
            "选项 A",
            "选项 B",
            "选项 C",
            "正确答案",
            "答案解析",
            "来源",
            "年份",
        ],
        [
            "法律",
            "第一章",
            "种类",
            "容易",
            "一个答案",
            "甲",
            "乙",
            "丙",
            "答案：B",
            None,
            "自编",
            2023,
        ],
        ["法律", "第一章", None, None, "几个答案", "甲", "乙", "丙", "A B|C", None, None, 2023],
        ["法律", None, None, None, "若 a<b 则 b>a", None, None, None, "正确", None, None, None],
        ["法律", None, None, None, "反着写的判断", "错", "对", None, "B", None, None, None],
        [
            "法律",
            None,
            None,
            None,
            "写出选项的话",
            "当场收缴",
            "事后收缴",
            None,
            "事后收缴",
            None,
            None,
            None,
        ],
        ["法律", None, None, None, "答案不在", "甲", "乙", None, "丙", None, None, None],
        ["法律", None, None, None, "字母不在", "甲", "乙", None, "D", None, None, None],
        ["法律", None, None, None, "没有答案", "甲", "乙", None, None, None, None, None],
        ["法律", None, None, None, "论述一下", None, None, None, "言之成理即可", None, None, None],
        ["法律", None, None, None, None, "甲", "乙", None, "A", None, None, None],
        ["法律", None, None, None, "一个 答案。", "丙", "乙", "甲", "A", None, None, None],
        [
            "法律",
            None,
            None,
            None,
            "<img src=x onerror=alert(1)>",
            "甲",
            "乙",
            None,
            "A",
            None,
            None,
            None,
        ],
        [None, None, None, None, None, None, None, None, None, None, None, "合计 12 题"],
        title="混合",
    )
    return saved(book)


def two_row_heading() -> bytes:
    """“选项” over A to D, the letters in the row below; one merged stem over its options."""
    book = workbook(
        ["题型", "题目", "选项", None, None, "答案", "分值"],
        [None, None, "A", "B", "C", None, None],
        ["单选题", "甲题（ B ）", "一", "二", "三", "B", 1],
        ["单选题", "乙题（ B ）", "一", "二", "三", "B", "-1"],
        ["二、多项选择题（每小题3分，共6分）"],
        [None, "丙题", "一", "二", "三", "AC", None],
        title="2024",
    )
    book.active.merge_cells("C1:E1")
    return saved(book)


def written_rows(content: bytes) -> set[tuple[str, int]]:
    """Every (sheet, row) in which something is written."""
    book = load_workbook(io.BytesIO(content))
    return {
        (sheet.title, row[0].row)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        if any(cell.value is not None for cell in row)
    }
