"""What can be wrong with a bank, as facts with a place; their words in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quizapp.domain.text import Text

WHOLE = "bank"
"""Stands where a finding is about the whole bank and not about one question."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong. `line` is 1-based (0: no line); `code` names the question, or WHOLE.

    A part of a case is named by the code of the case, a dot and its number: HB-SRHW-034-02.1.
    """

    file: str
    line: int
    code: str
    check: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def reason(self, language: str = "zh") -> str:
        """Return the sentence that says what is wrong, and with what."""
        facts = {
            name: fact.in_language(language) if isinstance(fact, Text) else fact
            for name, fact in self.facts.items()
        }
        return CHECKS[self.check].in_language(language).format(**facts)


CHECKS = {
    # reading
    "yaml_syntax": Text("不是合格的 YAML：{problem}", "Not valid YAML: {problem}"),
    "not_utf8": Text("不是 UTF-8 编码", "Not UTF-8"),
    "file_missing": Text("缺少文件 {name}", "File {name} is missing"),
    "field_missing": Text("缺少“{name}”", "“{name}” is missing"),
    "field_unknown": Text("不认识“{name}”", "“{name}” is not known here"),
    "field_twice": Text("“{name}”写了两次", "“{name}” is written twice"),
    "not_a_mapping": Text(
        "“{name}”应为“名称: 值”的形式", "“{name}” should be a mapping of names to values"
    ),
    "not_a_list": Text("“{name}”应为列表", "“{name}” should be a list"),
    "not_text": Text("“{name}”应为文字", "“{name}” should be text"),
    "not_a_number": Text(
        "“{name}”应为正整数，而不是“{value}”",
        "“{name}” should be a positive whole number, not “{value}”",
    ),
    "not_a_day": Text(
        "“{name}”应为 2026-11-22 这样的日期，而不是“{value}”",
        "“{name}” should be a day such as 2026-11-22, not “{value}”",
    ),
    "not_true_or_false": Text(
        "“{name}”应为 true 或 false，而不是“{value}”",
        "“{name}” should be true or false, not “{value}”",
    ),
    "option_letters": Text(
        "选项应依次为 A、B、C……，现为 {letters}",
        "Options should be A, B, C… in order, not {letters}",
    ),
    "key_letter": Text("答案“{value}”不是选项字母", "The key “{value}” is no letter of an option"),
    # the shape of a question
    "id_shape": Text(
        "编号应为 HB-<法律代码>-<三或四位条号>-<两位序号>",
        "The id should be HB-<law code>-<3 or 4 digits of the article>-<2 digits>",
    ),
    "id_twice": Text("编号已用于 {other}", "The id is already used at {other}"),
    "type_unknown": Text("没有“{value}”这种题型", "There is no type “{value}”"),
    "scope_shape": Text(
        "适用范围应为 national、province:13 或 city:<单位代码>",
        "The scope should be national, province:13 or city:<unit code>",
    ),
    "difficulty_range": Text("难度应为 1、2 或 3", "The difficulty should be 1, 2 or 3"),
    "topic_count": Text("主题应有一至三个", "There should be one to three topics"),
    "topic_unknown": Text("topics.yaml 中没有主题“{topic}”", "“{topic}” is not in topics.yaml"),
    "stem_length": Text(
        "题干 {length} 字，应为 {least}–{most} 字",
        "The stem has {length} characters; it should have {least} to {most}",
    ),
    "negative_unmarked": Text(
        "反向提问应把否定词写作【不】或【错误】",
        "A negative stem should mark its negation: 【不】, 【错误】",
    ),
    # options and key
    "option_count": Text("选项个数不对", "The number of options is not right for its type"),
    "wording_count": Text(
        "填空题可接受的答案应有一至六个", "A blank has one to six accepted answers"
    ),
    "step_count": Text("排序题应有三至六个步骤", "An ordering has three to six steps"),
    "key_count": Text(
        "正确选项的个数不对", "The number of right options is not right for its type"
    ),
    "key_not_an_option": Text("答案不在选项之中", "The key is not among the options"),
    "key_not_all": Text(
        "填空题和排序题的答案应包括每一项", "The key of a blank or an ordering takes every line"
    ),
    "wording_empty": Text(
        "填空题的答案应有文字或数字，且不超过 200 字",
        "An accepted answer has letters or digits and at most 200 characters",
    ),
    "options_too_few": Text("选择题至少有两个选项", "A choice has at least two options"),
    "key_not_letters": Text("答案应为选项字母", "The key should be letters of options"),
    "key_not_true_or_false": Text(
        "判断题的答案应为正确（true）或错误（false）",
        "The key of a judgement should be true or false",
    ),
    "options_in_judge": Text("判断题不应有选项", "A judgement has no options"),
    "part_count": Text("案例题应有二至五个小题", "A case should have two to five parts"),
    "key_in_case": Text("案例题本身不应有选项和答案", "A case has no options and key of its own"),
    "case_in_case": Text("案例题的小题不能又是案例题", "A part of a case cannot be a case"),
    "options_alike": Text(
        "选项“{first}”与“{second}”相同", "The options “{first}” and “{second}” are the same"
    ),
    "all_of_above": Text(
        "选项“{option}”：不用“以上都对”“以上都不对”", "“{option}”: no “all” or “none of the above”"
    ),
    # explanation and citation
    "explanation_length": Text(
        "解析 {length} 字，应为 {least}–{most} 字",
        "The explanation has {length} characters; it should have {least} to {most}",
    ),
    "explanation_no_article": Text(
        "解析没有写明所依据的法条（如{place}）",
        "The explanation does not name the place it rests on ({place})",
    ),
    "explanation_letters": Text(
        "解析用字母“{letters}”指选项；选项会打乱，应写内容",
        "The explanation names options by letter (“{letters}”), but they are shuffled",
    ),
    "citation_missing": Text("没有法条依据", "There is no citation"),
    "law_first": Text(
        "第一个依据应为本文件的法律《{law}》",
        "The first citation should be of the law of this file, 《{law}》",
    ),
    "law_unknown": Text("法规清单中没有《{law}》", "《{law}》 is not in the list of laws"),
    "law_version_unknown": Text(
        "法规清单中没有《{law}》的 {version} 版本",
        "The list of laws has no version {version} of 《{law}》",
    ),
    "law_not_in_force": Text(
        "《{law}》{version} 版本在 {day} 不是现行有效",
        "《{law}》 {version} was not in force on {day}",
    ),
    "article_beyond_law": Text(
        "《{law}》只有 {last} 条（项），没有第 {article} 条（项）",
        "《{law}》 has {last} articles (items); there is no {article}",
    ),
    "paragraph_in_items": Text(
        "《{law}》按项引用，不写款、项", "《{law}》 is cited by item: no paragraph or item below it"
    ),
    # second reading
    "review_outcome": Text(
        "复核结论应为 confirmed 或 corrected", "The outcome of a review is confirmed or corrected"
    ),
    "reviewer_is_author": Text("复核人不能是命题人", "The reviewer cannot be the author"),
    "review_before_law": Text(
        "复核日期早于核对法律的日期", "It was reviewed before the day its law was verified"
    ),
    # likeness
    "same_as": Text("与 {other} 完全相同", "The same as {other}"),
    "near_duplicate": Text("与 {other} 相似 {share}%", "{share} % like {other}"),
    "many_alike": Text(
        "{share}% 的题目与别的题目相似 60% 以上，最多 {most}%：{codes}",
        "{share} % of the questions are 60 % like another; at most {most} %: {codes}",
    ),
    # the whole
    "key_positions": Text(
        "单选题答案的位置不均匀：{counts}（χ²={chi}，应不超过 11.34，每个字母 20–30%）",
        "Keys of singles are uneven: {counts} (χ²={chi}, at most 11.34, each letter 20–30 %)",
    ),
    "multiple_letters": Text(
        "选项 {letter} 在 {share}% 的多选题中正确，应为 35–75%",
        "Option {letter} is right in {share} % of the multiple choices; it should be 35 to 75 %",
    ),
    "multiple_all_right": Text(
        "只有 {share}% 的多选题有错误选项，应不少于 80%",
        "Only {share} % of the multiple choices have a wrong option; at least 80 % should",
    ),
    "option_lengths": Text(
        "{share}% 的选择题选项长短悬殊，应不超过 3%：{codes}",
        "{share} % of the choices have options of very different lengths; at most 3 %: {codes}",
    ),
    "longest_is_key": Text(
        "{share}% 的单选题最长的选项就是答案，应不超过 35%",
        "In {share} % of the single choices the longest option is right; at most 35 %",
    ),
    "judge_balance": Text(
        "{share}% 的判断题为正确，应为 40–60%",
        "{share} % of the judgements are true; it should be 40 to 60 %",
    ),
    "absolute_words": Text(
        "含“一律、必须、均、任何情况下”的判断题 {share}% 为正确，应为 30–70%",
        "Of the judgements with absolute words {share} % are true; it should be 30 to 70 %",
    ),
    "negative_share": Text(
        "{share}% 的题干是反向提问，应不超过 10%",
        "{share} % of the stems are negative; at most 10 %",
    ),
    "difficulty_balance": Text(
        "难度 {level} 占 {share}%，应为 {least}–{most}%",
        "Difficulty {level} has {share} %; it should have {least} to {most} %",
    ),
    "coverage": Text(
        "{laws}：{type} 有 {count} 道，应不少于 {least} 道（计划 {planned} 道）",
        "{laws}: {count} of {type}; at least {least} (planned: {planned})",
    ),
    "law_share": Text(
        "《{law}》占全库 {share}%，应不超过 20%", "《{law}》 is {share} % of the bank; at most 20 %"
    ),
    "waiver_unused": Text(
        "waivers.yaml 中 {check} 一项已无对应问题，应删除",
        "The waiver of {check} waives nothing; remove it",
    ),
    "waiver_unknown": Text("waivers.yaml 中的编号不存在", "There is no such id in the bank"),
}
