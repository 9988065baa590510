"""Workbooks, and in those of our own template the types that no other table can hold."""

import re
from dataclasses import replace

from quizapp.domain.answer_notation import plain_answer, truth_of
from quizapp.domain.bank import LETTERS, Key, Question
from quizapp.domain.import_checks import difficulty_of
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import ImportedQuestion, RawQuestion, ReadResult
from quizapp.domain.imports import Mapping as Columns
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.blank import BLANK
from quizapp.domain.question_types.judge import JUDGE
from quizapp.domain.question_types.ordering import ORDERING
from quizapp.domain.sheets import Row
from quizapp.formats.questions.exact import exact_question
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.table import read_grids
from quizapp.formats.questions.template_xlsx import OTHER_SHEET, PART
from quizapp.formats.questions.workbook import Workbook, read_workbook

_NEEDED = {"序号", PART, "题型", "题干", "答案"}
_TYPE_KEYS = {kind.label.zh.removesuffix("题"): kind.key for kind in QUESTION_TYPES}
_OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
Named = dict[str, str]
"""What a row says, by the headings of the template."""


class AnyWorkbook(Workbook):
    """Every workbook; a sheet of our template with blanks, orders and cases is read whole."""

    def read(self, content: bytes, mapping: Columns | None = None) -> ReadResult:
        """Return the questions of all sheets. Raises FileRefused."""
        grids = read_workbook(content)
        result = read_grids(grids, mapping)
        for grid in grids:
            if grid.name == OTHER_SHEET and not grid.is_hidden and grid.rows:
                header = [cell.strip() for cell in grid.rows[0].cells]
                if set(header) >= _NEEDED:
                    _take_over(result, grid, header)
        return result


def _take_over(result: ReadResult, grid: Grid, header: list[str]) -> None:
    """Put the sheet's questions in the place of what the common reader made of it."""
    result.questions = [each for each in result.questions if each.sheet != grid.name]
    result.findings = [each for each in result.findings if each.sheet != grid.name]
    result.skipped = [each for each in result.skipped
                      if each.sheet != grid.name or each.no in grid.hidden_rows]  # fmt: skip
    groups: list[list[tuple[Row, Named]]] = []
    for row in grid.rows[1:]:
        if row.is_empty or row.no in grid.hidden_rows:
            continue
        named = {name: row.cell(at) for at, name in enumerate(header)}
        if named[PART] and groups:
            groups[-1].append((row, named))
        else:
            groups.append([(row, named)])
    result.questions += [_question(group, grid) for group in groups]


def _question(group: list[tuple[Row, Named]], grid: Grid) -> RawQuestion:
    no = group[0][0].no
    place = grid.place(no)
    faults = [fault for row, named in group if (fault := _fault(row, named, grid))]
    if faults:
        found = Finding(place, "row_unreadable", {}, "row", faults[0], grid.name, no)
        return RawQuestion(place=place, no=no, sheet=grid.name, stem="", findings=(found,))
    whole, *parts = (_written(named) for _, named in group)
    return exact_question(replace(whole, parts=tuple(parts)), place, no, grid.name)


def _fault(row: Row, named: Named, grid: Grid) -> str:
    """Return why a row of the template cannot be read, "" when it can."""
    if row.formulas or row.errors:
        return f"第 {row.no} 行的单元格是公式或错误值"
    if row.no in grid.pictured:
        return f"第 {row.no} 行有图片"
    if not _type_key(named):
        return f"第 {row.no} 行的题型不在模板中"
    return ""


def _type_key(named: Named) -> str:
    return _TYPE_KEYS.get("".join(named["题型"].split()).removesuffix("题"), "")


def _written(named: Named) -> Question:
    """Return what one row says; letters without an option are left for the type to find."""
    type_key = _type_key(named)
    texts = [named.get(option, "") for option in _OPTIONS]
    while texts and not texts[-1]:
        texts.pop()
    shell = ImportedQuestion(
        place="",
        type=type_key,
        stem=named["题干"],
        options=tuple(zip(LETTERS, texts, strict=False)),
        answer=(),
        explanation=named.get("解析", ""),
        source=named.get("依据", ""),
        category=named.get("知识点", ""),
        difficulty=difficulty_of(named.get("难度", "")),
        trap=named.get("易错点", ""),
    )
    return replace(draft_of(shell), key=_key(named["答案"], type_key, len(texts)))


def _key(answer: str, type_key: str, options: int) -> Key:
    """Return the key that an answer writes; every wording of a blank is right."""
    truth = truth_of(answer) if type_key == JUDGE.key else None
    if truth is not None:
        return truth
    if type_key == BLANK.key and not answer:
        return tuple(range(options))
    letters = [LETTERS.find(sign) for sign in re.sub(r"[\s,、;>→\-]", "", plain_answer(answer))]
    return tuple(letters if type_key == ORDERING.key else sorted(letters))


ANY_WORKBOOK = AnyWorkbook()
