"""Workbooks, and in those of our own template the types that no other table can hold."""

from collections.abc import Mapping
from dataclasses import replace

from quizapp.domain.bank import LETTERS, Key, Question
from quizapp.domain.import_checks import difficulty_of
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import ImportedQuestion, RawQuestion, ReadResult
from quizapp.domain.imports import Mapping as Columns
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.ordering import ORDERING
from quizapp.domain.sheets import Row, Sheet
from quizapp.formats.questions.exact import exact_question
from quizapp.formats.questions.template_xlsx import OTHER_SHEET, PART
from quizapp.formats.questions.workbook import Workbook
from quizapp.formats.xlsx import read_xlsx

_NEEDED = {"序号", PART, "题型", "题干", "答案"}
_TYPE_KEYS = {kind.label.zh: kind.key for kind in QUESTION_TYPES}
_TRUTHS = {"正确": True, "错误": False}


class AnyWorkbook(Workbook):
    """Every workbook; a sheet of our template with blanks, orders and cases is read whole."""

    def read(self, content: bytes, mapping: Columns | None = None) -> ReadResult:
        """Return the questions of all sheets. Raises FileRefused."""
        result = super().read(content, mapping)
        if not any(table.sheet == OTHER_SHEET for table in result.tables):
            return result
        for sheet in read_xlsx(content):
            if sheet.name == OTHER_SHEET and set(sheet.rows[0].cells) >= _NEEDED:
                _take_over(result, sheet)
        return result


def _take_over(result: ReadResult, sheet: Sheet) -> None:
    """Put the sheet's questions in the place of what the common reader made of it."""
    result.questions = [each for each in result.questions if each.sheet != sheet.name]
    result.findings = [each for each in result.findings if each.sheet != sheet.name]
    result.skipped = [each for each in result.skipped if each.sheet != sheet.name]
    header = [cell.strip() for cell in sheet.rows[0].cells]
    groups: list[list[tuple[Row, dict[str, str]]]] = []
    for row in sheet.rows[1:]:
        named = {name: row.cell(at) for at, name in enumerate(header)}
        if row.is_empty:
            continue
        if named[PART] and groups:
            groups[-1].append((row, named))
        else:
            groups.append([(row, named)])
    result.questions += [_question(group, sheet.name) for group in groups]


def _question(group: list[tuple[Row, dict[str, str]]], sheet: str) -> RawQuestion:
    no = group[0][0].no
    place = f"{sheet} 第 {no} 行"
    unread = [row.no for row, named in group if row.formulas or named["题型"] not in _TYPE_KEYS]
    if unread:
        detail = f"第 {unread[0]} 行的题型不在模板中，或单元格是公式"
        fault = Finding(place, "row_unreadable", field="row", detail=detail, sheet=sheet, no=no)
        return RawQuestion(place=place, no=no, sheet=sheet, stem="", findings=(fault,))
    whole, *parts = (_written(named) for _, named in group)
    return exact_question(replace(whole, parts=tuple(parts)), place, no, sheet)


def _written(named: Mapping[str, str]) -> Question:
    """Return what one row says; letters without an option are left for the type to find."""
    type_key = _TYPE_KEYS[named["题型"]]
    texts = [named.get(f"选项{letter}", "") for letter in LETTERS]
    while texts and not texts[-1]:
        texts.pop()
    texts_of = {name: named.get(name, "") for name in ("解析", "依据", "知识点", "易错点")}
    shell = ImportedQuestion(
        place="",
        type=type_key,
        stem=named["题干"],
        options=tuple(zip(LETTERS, texts, strict=False)),
        answer=(),
        explanation=texts_of["解析"],
        source=texts_of["依据"],
        category=texts_of["知识点"],
        difficulty=difficulty_of(named.get("难度", "")),
        trap=texts_of["易错点"],
    )
    return replace(draft_of(shell), key=_key(named["答案"], type_key))


def _key(answer: str, type_key: str) -> Key:
    if answer in _TRUTHS:
        return _TRUTHS[answer]
    options = [LETTERS.find(letter) for letter in answer]
    return tuple(options if type_key == ORDERING.key else sorted(options))


ANY_WORKBOOK = AnyWorkbook()
