"""Which column of a table holds which part of a question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from quizapp.domain.likeness_keys import folded
from quizapp.domain.option_notation import letter_at, split_options
from quizapp.domain.sheets import HEADING_ROWS, Row
from quizapp.domain.text import Text

FIELDS = {
    "stem": Text("题干", "Question"),
    "type": Text("题型", "Type"),
    "answer": Text("答案", "Answer"),
    "options": Text("选项（一格）", "Options in one cell"),
    "explanation": Text("解析", "Explanation"),
    "source": Text("依据", "Source"),
    "points": Text("分值", "Points"),
    "difficulty": Text("难度", "Difficulty"),
    "category": Text("分类", "Category"),
    "trap": Text("易错点", "Trap"),
    **{f"option_{letter}": Text(f"选项{letter}", f"Option {letter}") for letter in "ABCDEFGHIJ"},
    "ignored": Text("不导入", "Not read"),
}
"""What a column can be taken for; option_K and further are understood too."""
_SYNONYMS = {
    "stem": ("题干", "大题题干", "试题题干", "题目内容", "试题内容", "题目题干", "题干内容", "题目",
             "试题", "问题", "问题描述", "题目描述", "小题题干", "题面", "试题题目", "QUESTION",
             "STEM"),
    "type": ("题型", "题目类型", "试题类型", "类型", "题目题型", "试题题型", "TYPE",
             "QUESTIONTYPE"),
    "answer": ("正确答案", "标准答案", "参考答案", "答案", "正确选项", "答案选项", "试题答案",
               "题目答案", "ANSWER", "CORRECTANSWER", "KEY"),
    "options": ("选项", "备选项", "选项内容", "备选答案", "候选项", "答案列表", "OPTIONS"),
    "explanation": ("解析", "答案解析", "试题解析", "题目解析", "解题思路", "答案说明", "说明",
                    "EXPLANATION", "ANALYSIS"),
    "source": ("依据", "法条依据", "法律依据", "法规依据", "法规名称", "法律名称", "条款", "法条",
               "出处", "题目依据", "试题出处", "来源", "题目来源", "试题来源", "SOURCE"),
    "points": ("分值", "分数", "得分", "得分1", "题目分值", "试题分值", "题目分数", "试题分数",
               "POINTS", "SCORE"),
    "difficulty": ("难度", "难易度", "难易程度", "题目难度", "试题难度", "难度系数", "难度等级",
                   "DIFFICULTY"),
    "category": ("章节", "目录", "分类", "知识点", "学科", "题目分类", "试题分类", "类别", "科目",
                 "专业", "知识点名称", "所属章节", "章", "节", "考点", "题库分类", "CATEGORY"),
    "trap": ("易错点", "易错提示", "TRAP"),
}  # fmt: skip
_RANK = {name: (field, at) for field, names in _SYNONYMS.items() for at, name in enumerate(names)}
_STEM_SIGNS = re.compile("题|问|QUESTION|STEM", re.IGNORECASE)
_MANY = ("source", "category")
"""Fields that several columns make up together, in the order of the columns."""
_OPTION = re.compile(
    r"(?:选项|选择项|备选项|备选答案|候选项|答案|OPTION)?([A-Z])(?:选项|项)?|(?:选项|选择项|备选项|备选答案|候选项|OPTION)([1-9]\d?|[一二三四五六七八九十])"
)
_NUMBERED = re.compile(r"答案[\d一二三四五六七八]")
_PATTERNS = (
    (re.compile(r"正确答案[A-Z]"), "answer"),
    (_NUMBERED, "answer"),
    (
        re.compile(
            r"知识点[一二三四五六七八九十\d]级?|[一二三四五六七八九十]级(?:知识点|目录|分类)"
        ),
        "category",
    ),
)
_HAN = "一二三四五六七八九十"
_LEAST_COLUMNS = 2
_SURE_COLUMNS = 5
"""So many names make a heading even where most are single letters."""


def plain_heading(text: str) -> str:
    """Return a heading in half width without blanks, stars and whatever stands in brackets."""
    plain = "".join(folded(text).split())
    bare = re.sub(r"[\[(【][^\[(【\])】]*[\])】]", "", plain) or plain.strip("[](【】)")
    bare = re.sub(r"[(\[【].*$", "", bare) or bare
    return bare.strip("*:#-_ ").upper()


def may_name_stem(text: str) -> bool:
    """Say whether a text could be the heading of the question itself; only then is it looked up."""
    return _STEM_SIGNS.search(text) is not None


@lru_cache(4096)
def field_of(heading: str) -> tuple[str, int] | None:
    """Return the field that a heading names and how well (0 is best), or None.

    Further lines of a heading may explain it.
    """
    whole = _field_of(plain_heading(heading))
    return whole or _field_of(plain_heading(heading.strip().partition("\n")[0]))


def _field_of(plain: str) -> tuple[str, int] | None:
    if plain in _RANK:
        return _RANK[plain]
    if option := _OPTION.fullmatch(plain):
        return f"option_{_letter(option)}", 0
    for pattern, field in _PATTERNS:
        if pattern.fullmatch(plain):
            return field, 0
    return None


def _letter(option: re.Match[str]) -> str:
    if option.group(1):
        return option.group(1)
    no = int(option.group(2)) if option.group(2).isdigit() else _HAN.index(option.group(2)) + 1
    return letter_at(no - 1)


def columns_of(cells: Sequence[str]) -> dict[int, str]:
    """Return position → field for the headings of a row.

    Where several columns name one field the best name has it; sources, categories and answers
    1, 2, … are made up of all their columns.
    """
    named = {
        at: found for at, cell in enumerate(cells) if cell.strip() and (found := field_of(cell))
    }
    columns = {}
    for at, (field, rank) in named.items():
        rivals = [other for other, (name, _) in named.items() if name == field and other != at]
        best = all((rank, at) < (named[other][1], other) for other in rivals)
        if best or field in _MANY or _is_numbered(cells[at]):
            columns[at] = field
    answers = [at for at, (field, _) in named.items() if field == "answer"]
    return columns | _offered(cells, answers, columns)


def _is_numbered(heading: str) -> bool:
    return _NUMBERED.fullmatch(plain_heading(heading)) is not None


def _offered(
    cells: Sequence[str], answers: Sequence[int], columns: Mapping[int, str]
) -> dict[int, str]:
    """Return “答案1”, “答案2”, … as options where another column says which of them is right."""
    offered = [at for at in answers if _is_numbered(cells[at])]
    right = [at for at in answers if at not in offered]
    has_options = any(field.startswith("option") for field in columns.values())
    if len(offered) < _LEAST_COLUMNS or not right or has_options:
        return {}
    letters = {at: f"option_{letter_at(no)}" for no, at in enumerate(offered)}
    return letters | {right[0]: "answer"}


def is_heading(columns: Mapping[int, str]) -> bool:
    """Say whether columns can carry questions: the question itself, and answer, options or type."""
    fields = set(columns.values())
    others = fields & {"answer", "options", "type", "option_A"}
    return "stem" in fields and bool(others) and len(columns) >= _LEAST_COLUMNS


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The row that names the columns, and what they hold."""

    row: Row
    columns: dict[int, str]
    last: int = 0
    """The number of the last row of the heading: letters of options may stand below it."""


def find_heading_row(rows: Iterable[Row]) -> HeadingRow | None:
    """Return the row among the first ten that names the most parts of a question, if any can.

    Without such a row it is the first that names answer and options: only the name of the question
    itself is unknown there.
    """
    best: HeadingRow | None = None
    without_stem: HeadingRow | None = None
    for row in rows:
        if row.no > HEADING_ROWS:
            break
        columns = columns_of(row.cells)
        below = best is not None and row.no == best.row.no + 1
        if is_heading(columns) and (best is None or len(columns) > len(best.columns)):
            best = HeadingRow(row, columns, row.no)
        elif best is not None and below and _is_letters_only(row, columns):
            kept = {at: field for at, field in best.columns.items() if field != "options"}
            best = HeadingRow(best.row, kept | columns, row.no)
        elif without_stem is None and _lacks_only_stem(row, columns):
            without_stem = HeadingRow(row, columns, row.no)
    return best or without_stem


def with_options_spread(heading: HeadingRow, rows: Sequence[Row]) -> HeadingRow:
    """Return the heading with “选项” over several columns read as options A, B, and so on.

    That is so where the columns beside it have no name of their own and hold something below, and
    no cell under it holds several options.
    """
    begin = next((at for at, field in heading.columns.items() if field == "options"), None)
    if begin is None:
        return heading
    below = [row for row in rows if row.no > heading.last]
    end = begin + 1
    while _is_nameless(heading.row.cell(end)) and any(row.cell(end) for row in below):
        end += 1
    if end == begin + 1 or any(len(split_options(row.cell(begin))) > 1 for row in below):
        return heading
    spread = {at: f"option_{letter_at(at - begin)}" for at in range(begin, end)}
    return replace(heading, columns=heading.columns | spread)


def _lacks_only_stem(row: Row, columns: Mapping[int, str]) -> bool:
    fields = set(columns.values())
    words = [at for at in columns if len(row.cell(at)) > 1]
    is_sure = len(words) >= _LEAST_COLUMNS or len(columns) >= _SURE_COLUMNS
    return is_sure and "answer" in fields and bool(fields & {"options", "option_A"})


def _is_nameless(heading: str) -> bool:
    return not heading or (field_of(heading) or ("", 0))[0] == "options"


def _is_letters_only(row: Row, columns: Mapping[int, str]) -> bool:
    """Say whether a row names nothing but options, as the second row of a heading does."""
    written = [at for at, cell in enumerate(row.cells) if cell.strip()]
    return len(written) >= _LEAST_COLUMNS and all(
        columns.get(at, "").startswith("option_") for at in written
    )
