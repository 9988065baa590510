"""What can be wrong with a question in a file, and the words for it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.domain.text import Text

FINDING_WORDS = {
    "answer_missing": Text("缺少答案", "The answer is missing"),
    "answer_not_in_options": Text("答案不在选项中", "The answer is none of the options"),
    "answer_unrecognised": Text("答案无法识别", "The answer cannot be read"),
    "single_has_many_answers": Text("单选题有多个答案", "A single choice has several answers"),
    "multiple_needs_two": Text("多选题少于两个答案", "A multiple choice needs two answers"),
    "stem_missing": Text("缺少题干", "The question is missing"),
    "options_missing": Text("缺少选项", "The options are missing"),
    "too_few_options": Text("选项少于两个", "Fewer than two options"),
    "empty_option": Text("选项为空", "An option is empty"),
    "duplicate_option": Text("选项重复", "Two options are the same"),
    "option_sequence_broken": Text("选项字母不连续", "The letters of the options have a gap"),
    "unsupported_type": Text("题型不支持", "This type of question is not supported"),
    "type_unrecognised": Text("题型无法识别", "The type of question cannot be read"),
    "points_invalid": Text("分值无效", "The points are not valid"),
    "duplicate_in_file": Text("与本文件第 {no} 行重复", "The same as row {no} of this file"),
    "column_count_mismatch": Text("列数不符", "The number of columns differs"),
    "formula_cell": Text("单元格是公式", "The cell is a formula"),
    "answer_key_without_question": Text("参考答案没有对应题目", "A key without its question"),
    "unsafe_content": Text("含不安全内容", "Unsafe content"),
    "stem_too_long": Text("题干过长", "The question is too long"),
    "option_too_long": Text("选项过长", "An option is too long"),
    "too_many_options": Text("选项多于 26 个", "More than 26 options"),
    "row_unreadable": Text("本行无法读取", "The row cannot be read"),
    "heading_missing": Text("没有找到表头", "No heading row was found"),
    "file_refused": Text("文件无法读取", "The file cannot be read"),
    "error_cell": Text("单元格是错误值", "The cell holds an error"),
    "picture_left_out": Text("图片未导入", "A picture was left out"),
}
"""Codes are kept for ever; the Chinese wording of the first nineteen is fixed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at a place. `no`: the row or line there (1-based; 0: none).

    `field`: the part of the question, or empty. `detail`: Chinese words after the fixed wording.
    """

    place: str
    code: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    field: str = ""
    detail: str = ""
    sheet: str = ""
    no: int = 0

    @property
    def message(self) -> str:
        """The Chinese message: the fixed wording, then the detail in brackets."""
        words = FINDING_WORDS[self.code].zh.format(**self.facts)
        return f"{words}（{self.detail}）" if self.detail else words


REFUSAL_WORDS = {
    "file_broken": Text(
        "文件已损坏，或内容与扩展名不符", "the file is damaged, or not what its name says"
    ),
    "file_broken_line": Text("第 {line} 行无法读取", "line {line} cannot be read"),
    "file_broken_xml": Text("第 {line} 行不是有效的 XML", "line {line} is no valid XML"),
    "file_empty": Text("文件里没有内容", "the file is empty"),
    "file_encoding": Text("无法识别文件的文字编码", "text in no known encoding: save it as UTF-8"),
    "file_encrypted": Text("文件有密码保护", "the file has a password: take it off first"),
    "file_format_unknown": Text("无法识别文件的格式", "no known format of questions"),
    "file_nested": Text(
        "文件里还有压缩包或旧版文档", "archives or old documents in the file: take them out"
    ),
    "file_not_text": Text("不是文字或表格文件", "no text and no table"),
    "file_old_excel": Text(
        "不支持旧版 .xls 文件，请另存为 .xlsx", "save the .xls file as .xlsx first"
    ),
    "file_old_word": Text(
        "不支持旧版 .doc 文件，请另存为 .docx", "save the .doc file as .docx first"
    ),
    "file_other_office": Text(
        "不支持 .ods、.odt、.xlsb 文件，请另存为 .xlsx 或 .docx",
        "save the file as .xlsx or .docx first",
    ),
    "file_too_large": Text("文件过大，最多 {mb} MB", "the file is too large: at most {mb} MB"),
    "file_too_many_lines": Text(
        "文件过长，最多 {lines} 行", "too many lines: at most {lines} in a file"
    ),
    "file_too_many_questions": Text(
        "题目过多，最多 {most} 道", "too many questions: at most {most} in a file"
    ),
    "file_too_many_rows": Text(
        "表格过大，最多 {rows} 行、{columns} 列",
        "the table is too large: at most {rows} rows and {columns} columns",
    ),
    "file_unpacks_too_large": Text(
        "文件解压后过大", "the file unpacks to more than any document holds"
    ),
    "file_unsafe": Text(
        "文件含有宏、外部链接等不安全内容", "the file holds macros, links abroad or the like"
    ),
}
"""Why a whole file is not read, where no page says it."""


def refused(name: str, code: str, facts: Mapping[str, Any]) -> Finding:
    """Return the finding of a file that is not read at all; its place is the file's name."""
    words = REFUSAL_WORDS[code].zh.format(**facts)
    return Finding(name, "file_refused", field="file", detail=words)
