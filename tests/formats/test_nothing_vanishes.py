"""Every line with words is part of a question, of a problem, or listed as skipped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.imports import ReadResult
from quizapp.formats.questions.notation_text import NOTATION_TEXT
from tests.formats.test_notation_text import brief, faults, read

SHAPES = (
    "{n}.题干{t}为何？", "{n}、判断{t}。（√）", "（{n}）题干{t}", "第{n}题：题干{t}（ ）",
    "题干{t}无号", "A.选项{t}", "B.选项{t}", "D.选项{t}", "A.甲{t} B.乙 C.丙", "A{t}", "B{t}",
    "答案：B", "答案：B 解析：理由{t}", "解析：理由{t}", "【答案】AC", "续行{t}", "依据：《法{t}》",
    "一、单选题（每题2分）{t}", "一、单选题", "二、判断题", "第一章 法{t}", "参考答案", "1-3 ABC",
    "1.A 解析：{t}", "2.√ 因为{t}", "姓名：____", "第1页 共2页", "案例一：{t}", "①小点{t}",
    "1）小点{t}", "1.小点{t}", "2021年{t}", "1.5米{t}", "三、简答题", "答：答案文字{t}",
    "难度：易{t}", "知识点：{t}", "[多选题] {n}.题{t}", "选{t}（ A ）项", "四、参考答案{t}",
    "答案：{t}", "参考答案：1.A 2.B", "A. ", "{n}.", "【解析】{t}", "二、多选题：1.AB 2.CD",
    "A.甲{t} B.乙 2.题{t} 答案：A 3.题{t}", "单选题答案：1.A", "分值：{t}", "题型：{t}",
)  # fmt: skip


def words_of(found: ReadResult) -> str:
    texts = [one.text for one in found.skipped]
    for raw in found.questions:
        texts += [raw.stem, raw.answer_text, raw.explanation, raw.source, raw.category]
        texts += [raw.type_text, raw.points_text, raw.difficulty_text]
        texts += [text for _, text in raw.options]
    return "\n".join(texts)


@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=25))
def test_no_line_of_a_text_is_lost(shapes: list[str]) -> None:
    lines = [
        shape.replace("{n}", str(no)).replace("{t}", f"记{no:03d}号")
        for no, shape in enumerate(shapes, start=1)
    ]
    words = words_of(NOTATION_TEXT.read("\n".join(lines).encode()))
    marks = [f"记{no:03d}号" for no, shape in enumerate(shapes, start=1) if "{t}" in shape]
    assert [mark for mark in marks if mark not in words] == []


def test_what_is_written_twice_is_named() -> None:
    found = read("1.题目？\nA.甲\nB.乙\n答案：B\n难度：易\n难度：难\n章节：甲章\n章节：乙章\n")
    assert [(one.text, one.why) for one in found.skipped] == [
        ("乙章", "重复的内容"),
        ("难", "重复的内容"),
    ]


def test_a_key_given_twice_joins_its_reasons() -> None:
    questions = "1.题目一？\nA.甲\nB.乙\n2.题目二？\nA.甲\nB.乙\n参考答案\n1-2 AB\n答案解析\n"
    found = read(questions + "1.A 解析：因为甲\n2.【答案】B【解析】因为乙\n")
    assert [one[-1] for one in brief(found)] == ["A", "B"]
    assert [one.explanation for one in found.questions] == ["因为甲", "因为乙"]
    contradicting = read(questions + "1.B 解析：因为甲\n2.B\n")
    assert faults(contradicting) == [("第 1 行", "answer_unrecognised")]


def test_the_words_of_an_option_behind_its_letter_are_no_reason() -> None:
    found = read("1.题目？\nA.甲\nB.乙\n答案：B.乙\n解析：因为如此\n")
    assert [one.explanation for one in found.questions] == ["因为如此"]


def test_the_reason_of_a_key_without_question_is_named() -> None:
    found = read("1.题目？\nA.甲\nB.乙\n参考答案\n1.A\n7.B 解析：无此题\n")
    assert faults(found) == [("第 6 行", "answer_key_without_question")]
    assert found.skipped[-1].text == "无此题"


@pytest.mark.parametrize(
    "line",
    ["_" * 7000 + "A", "甲" + " " * 7000 + "A", "（ " * 3500, "A." * 3500, "标题" + "1" * 7000],
)
def test_endless_signs_cost_one_pass_and_are_listed(line: str) -> None:
    found = read("\n".join([line] * 20))
    assert not found.questions
    assert len(found.skipped) == 20


def test_a_heading_of_endless_figures_is_none() -> None:
    found = read("一、单选题（" + "1" * 7000 + "\n1.题目？\nA.甲\nB.乙\n答案：A\n")
    assert [one.type for one in found.questions] == ["single"]
    assert len(found.skipped) == 1
