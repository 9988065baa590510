"""What stands beside the questions of a sheet in columns that nobody reads is named."""

from quizapp.domain.imports import check_rows
from quizapp.formats.questions.all import find_reader
from tests.formats.question_files import saved, workbook

ROWS = (
    ("序号", "题干", "A", "B", "答案", None, "出题人", "备用"),
    (1, "题一", "甲", "乙", "A", None, None, None),
    (2, "题二", "甲", "丙", "B", "旁注", "张三", None),
    ("注：本表由培训科编制", None, None, None, None, None, None, "此处"),
)


def test_columns_that_nobody_reads_are_named_once() -> None:
    content = saved(workbook(*ROWS, title="题库"))
    found = check_rows(find_reader("题库.xlsx", content).read(content))
    assert len(found.questions) == 2
    assert [(one.place, one.text) for one in found.skipped if one.why == "未用到的列"] == [
        ("题库 第 1 行", "F “旁注”、G “出题人”")
    ]


def test_columns_that_the_trainer_has_mapped_are_not_named() -> None:
    content = saved(workbook(*ROWS, title="题库"))
    columns = {1: "stem", 2: "option_A", 3: "option_B", 4: "answer"}
    found = check_rows(find_reader("题库.xlsx", content).read(content, {"题库": columns}))
    assert not [one for one in found.skipped if one.why == "未用到的列"]
