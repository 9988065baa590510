import json
from typing import Any

import pytest

from quizapp.domain.import_reports import report_to_plain
from quizapp.service.import_preview import preview_questions
from tests.formats import question_files as files


def preview(content: bytes, name: str = "题库") -> dict[str, Any]:
    plain = report_to_plain(preview_questions(name, content))
    assert json.loads(json.dumps(plain)) == plain
    return plain


def sound(plain: dict[str, Any]) -> list[tuple[Any, ...]]:
    """(place, type, answer) of every sound question."""
    return [(q["place"], q["type"], q["answer"]) for q in plain["questions"]]


def faults(plain: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["place"], each["code"]) for each in plain["problems"]]


def skipped(plain: dict[str, Any]) -> list[str]:
    return [each["place"] for each in plain["skipped"]]


def by_stem(plain: dict[str, Any], stem: str) -> dict[str, Any]:
    return next(q for q in plain["questions"] if q["stem"] == stem)


def texts(question: dict[str, Any]) -> list[str]:
    return [option["text"] for option in question["options"]]


def test_a_sheet_of_fifteen_headings_reads_numbers_as_shown() -> None:
    plain = preview(files.kaoshibao())
    assert sound(plain) == [
        ("试题内容 第 2 行", "single", ["A"]),
        ("试题内容 第 3 行", "single", ["B"]),
        ("试题内容 第 4 行", "single", ["A"]),
        ("试题内容 第 5 行", "judge", False),
        ("试题内容 第 6 行", "multiple", ["A", "B", "C"]),
    ]
    assert faults(plain) == [("试题内容 第 7 行", "formula_cell")]
    assert skipped(plain) == []
    first, second, third = plain["questions"][:3]
    assert texts(first) == ["3%", "5%", "10%"]
    assert texts(second) == ["2021年7月15日", "2021/10/1"]
    assert texts(third) == ["1,200元", "1,500.50元"]
    assert (first["explanation"], first["category"], first["difficulty"]) == (
        "见第三条",
        "第一章",
        "易",
    )


def test_headings_may_stand_in_row_four() -> None:
    plain = preview(files.motiban())
    assert sound(plain) == [
        ("Sheet1 第 5 行", "single", ["A"]),
        ("Sheet1 第 6 行", "multiple", ["A", "C"]),
    ]
    assert [q["points"] for q in plain["questions"]] == [2, 3]
    assert faults(plain) == [("Sheet1 第 7 行", "unsupported_type")]
    assert skipped(plain) == [f"Sheet1 第 {no} 行" for no in (1, 2, 3)]


def test_merged_cells_are_carried_and_nothing_hidden_is_read() -> None:
    plain = preview(files.xuexitong())
    assert sound(plain) == [
        ("题库 第 2 行", "single", ["C"]),
        ("题库 第 3 行", "multiple", ["A", "B", "D"]),
        ("题库 第 4 行", "indefinite", ["A", "B"]),
        ("题库 第 5 行", "judge", False),
    ]
    assert [q["category"] for q in plain["questions"]] == [
        "第一章/处罚种类", "第一章", "第一章", "第二章"
    ]  # fmt: skip
    assert faults(plain) == []
    assert skipped(plain) == ["题库 第 6 行", "备份 第 1 行", "备份 第 2 行", "填写说明 第 1 行"]
    assert "戊题" in plain["skipped"][0]["text"]


def test_topics_in_levels_points_and_repeated_letters() -> None:
    plain = preview(files.with_guid())
    question = by_stem(plain, "谁可以委托")
    assert texts(question) == ["个人", "机关", "企业"]
    assert (question["category"], question["points"]) == ("执法/委托", 1.5)
    assert question["source"] == "行政处罚法第二十条"
    assert len(plain["questions"]) == 1
    assert faults(plain) == [
        ("Sheet1 第 3 行", "empty_option"),
        ("Sheet1 第 3 行", "points_invalid"),
        ("Sheet1 第 4 行", "type_unrecognised"),
        ("Sheet1 第 5 行", "unsupported_type"),
    ]


def test_a_sheet_s_title_or_name_tells_the_type() -> None:
    plain = preview(files.single_type_sheets())
    assert sound(plain) == [("一 第 3 行", "single", ["A"]), ("判断题 第 4 行", "judge", False)]
    assert plain["questions"][0]["points"] == 2
    assert faults(plain) == [
        ("一 第 4 行", "single_has_many_answers"),
        ("判断题 第 6 行", "answer_unrecognised"),
    ]
    assert skipped(plain) == ["一 第 1 行", "一 第 5 行", "判断题 第 1 行", "判断题 第 5 行"]


def test_a_csv_of_chinese_windows_with_codes_and_a_broken_line() -> None:
    plain = preview(files.coded_types())
    assert sound(plain) == [
        ("第 2 行", "single", ["B"]),
        ("第 3 行", "multiple", ["A", "B"]),
        ("第 5 行", "judge", True),
        ("第 7 行", "single", ["A"]),
    ]
    assert plain["questions"][1]["stem"] == "执法人员\n应当怎样"
    assert faults(plain) == [
        ("第 6 行", "row_unreadable"),
        ("第 8 行", "column_count_mismatch"),
        ("第 9 行", "column_count_mismatch"),
        ("第 10 行", "type_unrecognised"),
    ]


def test_options_in_one_cell() -> None:
    plain = preview(files.five_columns())
    assert sound(plain) == [
        ("第 2 行", "single", ["A"]),
        ("第 3 行", "multiple", ["A", "B", "C"]),
        ("第 7 行", "judge", False),
    ]
    assert texts(plain["questions"][0]) == ["城管", "公安", "税务"]
    assert plain["questions"][1]["stem"] == "门前三包包括（ ）"
    assert faults(plain) == [
        ("第 4 行", "option_sequence_broken"),
        ("第 5 行", "duplicate_option"),
        ("第 6 行", "too_few_options"),
    ]


def test_without_types_the_answer_decides() -> None:
    plain = preview(files.others())
    assert sound(plain) == [
        ("混合 第 2 行", "single", ["B"]),
        ("混合 第 3 行", "multiple", ["A", "B", "C"]),
        ("混合 第 4 行", "judge", True),
        ("混合 第 5 行", "judge", True),
        ("混合 第 6 行", "single", ["B"]),
    ]
    assert plain["questions"][2]["stem"] == "若 a<b 则 b>a"
    assert faults(plain) == [
        ("混合 第 7 行", "answer_not_in_options"),
        ("混合 第 8 行", "answer_not_in_options"),
        ("混合 第 9 行", "answer_missing"),
        ("混合 第 10 行", "unsupported_type"),
        ("混合 第 11 行", "stem_missing"),
        ("混合 第 12 行", "duplicate_in_file"),
        ("混合 第 13 行", "unsafe_content"),
    ]
    assert plain["problems"][5]["message"] == "与本文件第 2 行重复"
    assert skipped(plain) == ["混合 第 14 行"]


def test_a_heading_of_two_rows_and_a_section_below() -> None:
    plain = preview(files.two_row_heading())
    assert sound(plain) == [
        ("2024 第 3 行", "single", ["B"]),
        ("2024 第 6 行", "multiple", ["A", "C"]),
    ]
    assert [q["points"] for q in plain["questions"]] == [1, 3]
    assert plain["questions"][0]["stem"] == "甲题（ ）"
    assert faults(plain) == [("2024 第 4 行", "points_invalid")]
    assert skipped(plain) == ["2024 第 5 行"]


def test_a_table_without_heading_is_said_to_have_none() -> None:
    plain = preview("甲,乙\n一,二\n".encode(), "x.csv")
    assert faults(plain) == [("第 1 行", "heading_missing")]
    assert skipped(plain) == ["第 1 行", "第 2 行"]


def test_a_corrected_mapping_counts() -> None:
    content = "标题,甲,乙,对的\n谁送达,机关,个人,A\n".encode()
    mapping = {"CSV": {0: "stem", 1: "option_A", 2: "option_B", 3: "answer"}}
    report = preview_questions("x.csv", content, mapping)
    assert [q.stem for q in report.questions] == ["谁送达"]


@pytest.mark.parametrize("name", ["kaoshibao", "motiban", "xuexitong", "with_guid", "others"])
def test_every_row_is_a_question_a_problem_or_skipped(name: str) -> None:
    content = getattr(files, name)()
    report = preview_questions("x", content)
    told = {each.place for each in (*report.questions, *report.problems, *report.skipped)}
    headings = {(table.sheet, table.heading_no) for table in report.tables if table.heading_no}
    for sheet, no in files.written_rows(content) - headings:
        assert f"{sheet} 第 {no} 行" in told


def test_a_stray_cell_far_below_and_endless_merged_cells_do_no_harm() -> None:
    book = files.workbook(["题干", "A", "B", "答案"], ["甲", "一", "二", "A"])
    book.active["A60000"] = "注：完"
    book.active.merge_cells("F1:F2")
    content = files.rewritten(files.saved(book), b'"F1:F2"', b'"F1:F1048576"')
    plain = preview(content)
    assert sound(plain) == [("Sheet1 第 2 行", "single", ["A"])]
    assert skipped(plain) == ["Sheet1 第 60000 行"]


def test_one_merged_stem_over_its_options_is_one_question() -> None:
    book = files.workbook(
        ["题干", "选项", "答案"],
        ["甲题", "A.一", "B"],
        [None, "B.二", None],
        [None, "C.三", None],
        ["乙题", "对|错", "错"],
    )
    for cells in ("A2:A4", "C2:C4"):
        book.active.merge_cells(cells)
    plain = preview(files.saved(book))
    assert sound(plain) == [("Sheet1 第 2 行", "single", ["B"]), ("Sheet1 第 5 行", "judge", False)]
    assert texts(plain["questions"][0]) == ["一", "二", "三"]


def test_a_stem_that_holds_its_options_or_its_answer_is_taken_apart() -> None:
    lines = ["题目,答案", '"甲？\nA.一\nB.二",B', "乙是对的（√）,", "丙应当（ A ）。,"]
    plain = preview("\n".join(lines).encode())
    assert sound(plain) == [("第 2 行", "single", ["B"]), ("第 3 行", "judge", True)]
    assert [q["stem"] for q in plain["questions"]] == ["甲？", "乙是对的"]
    assert faults(plain) == [("第 4 行", "options_missing")]
