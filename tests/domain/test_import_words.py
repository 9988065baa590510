"""What readers say of a file, in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.domain.import_words import detail_words, place_words, why_words
from quizapp.domain.type_notation import type_of
from quizapp.formats.questions.notation_build import MARKED_HINT

READERS = Path(__file__).parents[2] / "quizapp/formats/questions"
OTHERS = [READERS.parents[1] / "domain" / f"{name}.py" for name in ("imports", "import_checks")]
WRITERS = ("exported", "moodle_write", "sheet_template", "template_xlsx", "word_paper",
           "word_style", "word_template")  # fmt: skip
HAN = re.compile("[\u4e00-\u9fff]")
OF_FILES = {
    "正确", "错误", "对", "错", "答", "答案", "选项", "题型", "题", "分", "半", "第", "共", "上",
    "上午", "下午", "解析", "依据", "知识点", "难度", "易错点", "选择", "星期1", "依据：1", "1",
    "1.1 解析：1", "答案：1", "选项1", "（图片）", "第题 ", "题干", "参考答案",
    "第部分大题、.．:：,， （(【[", "第（( ", "1 与 1",
}  # fmt: skip
"""Words that files themselves hold; a reader says them to nobody."""


@pytest.mark.parametrize(
    ("place", "english"),
    [
        ("第 3 行", "Row 3"),
        ("单选 第 12 行", "单选, row 12"),
        ("表 1 第 2 题", "Table 1, question 2"),
        ("表 4", "Table 4"),
        ("一、单选题 第 7 题", "一、单选题, question 7"),
        ("quiz/question[3]", "quiz/question[3]"),
    ],
)
def test_a_place_is_said_in_english(place: str, english: str) -> None:
    assert place_words(place).zh == place
    assert place_words(place).en == english


def test_an_unknown_reason_stays_as_it_was_written() -> None:
    assert why_words("分节标题").en == "Heading of a section"
    assert why_words("别的").en == "别的"


def said(tree: ast.AST) -> Iterator[str]:
    """Yield the words of all functions; a value in them is a 1."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in node.values}  # fmt: skip
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in (node for function in functions for node in ast.walk(function)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1"
                          for part in node.values)  # fmt: skip
        elif isinstance(node, ast.Constant) and id(node) not in inner | docs:
            yield str(node.value)


def test_every_word_a_reader_says_has_its_english() -> None:
    files = [file for file in READERS.glob("*.py") if file.stem not in WRITERS]
    trees = [ast.parse(file.read_text("utf-8")) for file in (*files, *OTHERS)]
    words = {text for tree in trees for text in said(tree)}
    for text in sorted(filter(HAN.search, {MARKED_HINT, *words} - OF_FILES)):
        english = why_words(text).en if why_words(text).en != text else detail_words(text).en
        assert type_of(text) or not HAN.search(english), text


@pytest.mark.parametrize(
    ("detail", "english"),
    [
        ("缺少 }", "no closing }"),
        ("A 与 C、B 与 D", "A and C, B and D"),
        ("B、C", "B, C"),
        ("最多 500 字", "at most 500 characters"),
        ("表头 7 列，本行 9 列", "7 headings, 9 cells in this row"),
        ("orderInteraction、textInteraction，共 2 处作答",
         "orderInteraction, textInteraction, 2 places to answer"),
        ("第 12 行有图片", "row 12 holds a picture"),
        ("答案不在选项之中", "The key is not among the options"),
        ("单选 第 12 行", "单选, row 12"),
        ("我也不知道", "我也不知道"),
    ],
)  # fmt: skip
def test_a_detail_is_said_in_english(detail: str, english: str) -> None:
    assert detail_words(detail).zh == detail
    assert detail_words(detail).en == english
