"""What files of other systems really hold at the edges of their formats."""

import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.bank import Question
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.imports import ImportReport, check_rows
from quizapp.formats.base import FileRefused
from quizapp.formats.questions.all import QUESTION_WRITERS, find_reader
from tests.typed_questions import SINGLE


def read(content: str | bytes) -> ImportReport:
    content = content if isinstance(content, bytes) else content.encode()
    return check_rows(find_reader("题目", content).read(content))


def stems(report: ImportReport) -> list[str]:
    return [question.stem for question in report.questions]


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in report.problems]


def package(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_a_gap_keeps_the_blanks_around_it() -> None:
    assert stems(read("Grant is {~buried =entombed} in a tomb.")) == ["Grant is ____ in a tomb."]


def test_gift_is_known_also_where_comments_stand_before_the_answers() -> None:
    report = read("// 编号 12\n::甲:: 谁？{\n// 第一项\n=当事人\n// 第二项\n~证人\n}")
    assert (stems(report), report.skipped) == (["谁？"], ())


def test_braces_of_full_width_are_braces() -> None:
    report = read("谁？｛＝当事人 ～证人｝\n\n听证公开。｛T｝\n\n用{=｛甲｝ ~乙}吗")
    assert stems(report) == ["谁？", "听证公开。", "用____吗"]
    assert report.questions[2].options[0] == ("A", "｛甲｝")


def test_a_name_opens_a_question_behind_a_brace_left_open() -> None:
    report = read("甲？{\n=a\n~b\n::二:: 乙？{\n=c\n~d\n}")
    assert (stems(report), codes(report)) == (["乙？"], [("第 1 行", "row_unreadable")])


@given(
    st.lists(
        st.sampled_from(
            [
                "甲？{=a ~b}",
                "乙？{",
                "=c",
                "~d",
                "}",
                "",
                "说明",
                "::名::丙？{T}",
                "// 注",
                "｛",
                "{}",
            ]
        ),
        max_size=12,
    )
)
def test_every_line_of_gift_is_a_question_a_problem_or_skipped(lines: list[str]) -> None:
    numbered = [f"{line}{no}" if line == "说明" else line for no, line in enumerate(lines)]
    content = "\n".join(["首？{T}", "", *numbered]).encode()
    reader = find_reader("a.txt", content)
    found = reader.read(content)
    told = [raw.no for raw in found.questions]
    told += [fault.no for fault in found.findings] + [each.no for each in found.skipped]
    begun = [no for no, line in enumerate(numbered, start=3) if line and not line.startswith("//")]
    assert len(told) == len(set(told))
    assert not begun or min(begun) in told
    assert set(told) <= {1, *begun}


def test_cells_of_a_table_stay_apart() -> None:
    assert stems(read("[html]<table><tr><td>甲</td><td>乙</td></tr></table>{T}")) == ["甲 乙"]


def test_the_root_of_a_course_is_no_category() -> None:
    assert read("$CATEGORY: $course$\n\n甲。{T}").questions[0].category == ""


BLACKBOARD = """<questestinterop><assessment title="卷"><section><item><itemmetadata>
<qmd_absolutescore_max>2.0</qmd_absolutescore_max></itemmetadata><presentation><flow class="Block">
<material><mat_extension><mat_formattedtext type="HTML">&lt;p&gt;谁？&lt;/p&gt;</mat_formattedtext>
</mat_extension></material><response_lid ident="response" rcardinality="Single"><render_choice>
<response_label ident="a"><material><mat_extension><mat_formattedtext>甲</mat_formattedtext>
</mat_extension></material></response_label><response_label ident="b"><material><mat_extension>
<mat_formattedtext>乙</mat_formattedtext></mat_extension></material></response_label></render_choice>
</response_lid></flow></presentation><resprocessing><respcondition title="correct"><conditionvar>
<varequal respident="response">b</varequal></conditionvar><setvar action="Set">SCORE.max</setvar>
</respcondition><respcondition title="incorrect"><conditionvar><other/></conditionvar>
<setvar action="Set">0.0</setvar></respcondition></resprocessing></item></section></assessment>
</questestinterop>"""
ITEM = (
    '<assessmentItem identifier="i"><responseDeclaration identifier="R" cardinality="single">'
    "<correctResponse><value>{key}</value></correctResponse></responseDeclaration><itemBody>"
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>{stem}</prompt>'
    '<simpleChoice identifier="A">甲</simpleChoice><simpleChoice identifier="B">乙</simpleChoice>'
    "</choiceInteraction></itemBody></assessmentItem>"
)


def test_a_package_of_dat_files_with_formatted_text_and_the_greatest_score() -> None:
    report = read(package({"imsmanifest.xml": "<manifest/>", "res1.dat": BLACKBOARD,
                           "csfiles/a.dat": b"\0\1picture"}))  # fmt: skip
    (question,) = report.questions
    assert (question.stem, question.answer, question.points_cp) == ("谁？", ("B",), 200)
    assert "csfiles/a.dat" in [each.place for each in report.skipped]


def test_questions_that_a_manifest_names_and_the_package_lacks_are_told() -> None:
    resource = '<resource type="imsqti_item_xmlv2p1" href="{}"/>'.format
    manifest = f"<manifest>{resource('一/i1.xml')}{resource('gone.xml')}</manifest>"
    report = read(
        package({"imsmanifest.xml": manifest, "一/i1.xml": ITEM.format(key="A", stem="甲？")})
    )
    assert stems(report) == ["甲？"]
    assert codes(report) == [("gone.xml", "row_unreadable")]


def test_one_odd_file_does_not_refuse_the_others_of_a_package() -> None:
    odd = {"b.xml": "没有标记", "c.xml": b"<a>\0</a>", "d.xml": "<a><b>"}
    report = read(package({"a.xml": ITEM.format(key="B", stem="甲？"), **odd}))
    assert stems(report) == ["甲？"]
    assert codes(report) == [(name, "row_unreadable") for name in odd]


def test_version_three_has_other_names_for_the_same() -> None:
    three = (
        '<qti-assessment-item identifier="i"><qti-response-declaration identifier="R" '
        'cardinality="multiple"><qti-correct-response><qti-value>A</qti-value><qti-value>C'
        "</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
        '<qti-choice-interaction response-identifier="R" max-choices="0"><qti-prompt>哪些？'
        "</qti-prompt>"
        + "".join(
            f'<qti-simple-choice identifier="{sign}">{text}</qti-simple-choice>'
            for sign, text in ("A甲", "B乙", "C丙")
        )
        + "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    (question,) = read(three).questions
    assert (question.type, question.stem, question.answer) == ("multiple", "哪些？", ("A", "C"))


def own(**over: Any) -> str:
    options = [{"label": sign, "text": text} for sign, text in ("A甲", "B乙", "C丙")]
    entry = {"type": "single", "stem": "谁？", "key": ["A"], "options": options}
    return json.dumps({"questions": [entry | over]})


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_a_choice_of_the_bank_with_any_number_of_options_comes_back(count: int) -> None:
    texts = tuple(f"第{no}项" for no in range(count))
    question = Question("single", "谁？", texts, (count - 1,), explanation=SINGLE.explanation)
    report = read(QUESTION_WRITERS.get("json").write([question]).content)
    assert [draft_of(each) for each in report.questions] == [question]


@pytest.mark.parametrize(
    ("over", "code", "message"),
    [
        ({"key": []}, "answer_missing", "缺少答案"),
        ({"key": None}, "answer_missing", "缺少答案"),
        ({"key": "AB"}, "single_has_many_answers", "单选题有多个答案"),
        ({"type": "multiple"}, "multiple_needs_two", "多选题少于两个答案"),
        ({"key": "D"}, "answer_not_in_options", "答案不在选项中"),
        (
            {"options": [{"text": "甲"}, {"text": " 甲"}]},
            "duplicate_option",
            "选项重复（A 与 B）",
        ),
        ({"options": [{"text": "甲"}, {"text": ""}]}, "empty_option", "选项为空（B）"),
        ({"options": [{"text": "甲"}]}, "too_few_options", "选项少于两个"),
        ({"options": []}, "options_missing", "缺少选项"),
        ({"type": "judge", "options": []}, "answer_unrecognised", "答案无法识别"),
        (
            {"type": "ordering"},
            "row_unreadable",
            "本行无法读取（填空题和排序题的答案应包括每一项）",
        ),
    ],
)
def test_faults_of_our_own_json_have_the_words_of_every_format(
    over: dict[str, Any], code: str, message: str
) -> None:
    assert (code, message) in [(each.code, each.message) for each in read(own(**over)).problems]


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(FileRefused, match="file_broken"):
        read(own().replace('"single"', "9" * 5000))
