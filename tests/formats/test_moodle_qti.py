import io
import zipfile
from collections.abc import Mapping

import pytest

from quizapp.domain.imports import ImportedQuestion, ImportReport, check_rows
from quizapp.formats.base import FileRefused
from quizapp.formats.questions.all import find_reader


def read(content: str | bytes, key: str) -> ImportReport:
    content = content if isinstance(content, bytes) else content.encode()
    reader = find_reader("x.xml", content)
    assert reader.key == key
    return check_rows(reader.read(content))


def one(content: str | bytes, key: str) -> ImportedQuestion:
    report = read(content, key)
    assert report.problems == ()
    (question,) = report.questions
    return question


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in report.problems]


def quiz(*questions: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>"


def moodle(kind: str, stem: str, inside: str = "") -> str:
    return (
        f'<question type="{kind}"><name><text>名</text></name>'
        f'<questiontext format="html"><text>{stem}</text></questiontext>{inside}</question>'
    )


def answers(*pairs: tuple[str, str]) -> str:
    return "".join(f'<answer fraction="{f}"><text>{text}</text></answer>' for f, text in pairs)


TRUE = answers(("100", "true"), ("0", "false"))


def test_moodle_single_choice_with_html_grade_and_explanation() -> None:
    question = one(
        quiz(
            moodle(
                "multichoice",
                "<![CDATA[<p>谁可以<b>要求</b>听证？</p><p>选一个。</p>]]>",
                "<generalfeedback><text>&lt;p&gt;见法条&lt;/p&gt;</text></generalfeedback>"
                "<defaultgrade>2.5000000</defaultgrade><single>true</single>"
                + answers(("0", "证人"), ("100", "<![CDATA[<span>当事人&nbsp;</span>]]>")),
            )
        ),
        "moodle_xml",
    )
    assert (question.type, question.answer) == ("single", ("B",))
    assert question.stem == "谁可以要求听证？\n选一个。"
    assert question.options == (("A", "证人"), ("B", "当事人"))
    assert (question.explanation, question.points_cp) == ("见法条", 250)


def test_moodle_multiple_choice_and_judgement() -> None:
    many = answers(("50", "甲"), ("50", "乙"), ("-100", "丙"))
    report = read(
        quiz(
            moodle("multichoice", "哪些？", f"<single>false</single>{many}"),
            moodle("truefalse", "是吗", answers(("0", "true"), ("100", "false"))),
        ),
        "moodle_xml",
    )
    assert [(each.type, each.answer) for each in report.questions] == [
        ("multiple", ("A", "B")),
        ("judge", False),
    ]


def test_moodle_categories_count_in_places_and_hold_for_what_follows() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/{}</text></category></question>'
    )
    report = read(
        quiz(
            moodle("truefalse", "甲", TRUE),
            category.format("程序/听证"),
            moodle("truefalse", "乙", TRUE),
        ),
        "moodle_xml",
    )
    assert [(each.place, each.category) for each in report.questions] == [
        ("quiz/question[1]", ""),
        ("quiz/question[3]", "程序/听证"),
    ]


@pytest.mark.parametrize("kind", ["cloze", "matching", "essay", "numerical", "shortanswer", "odd"])
def test_moodle_kinds_we_do_not_take_are_named(kind: str) -> None:
    report = read(quiz(moodle(kind, "甲"), moodle("truefalse", "乙", TRUE)), "moodle_xml")
    assert codes(report) == [("quiz/question[1]", "unsupported_type")]
    assert len(report.questions) == 1


def test_moodle_descriptions_files_and_programs_are_named() -> None:
    report = read(
        quiz(
            moodle("description", "请先阅读说明"),
            moodle("truefalse", "看图", TRUE + '<file name="a.png" encoding="base64">eA==</file>'),
            moodle("truefalse", "<![CDATA[<script>x()</script>坏]]>", TRUE),
            moodle("multichoice", "没有满分", answers(("50", "甲"), ("50", "乙"))),
        ),
        "moodle_xml",
    )
    assert [each.text for each in report.skipped] == ["请先阅读说明"]
    assert codes(report) == [
        ("quiz/question[2]", "picture_left_out"),
        ("quiz/question[3]", "unsafe_content"),
        ("quiz/question[4]", "answer_missing"),
    ]


def test_xml_in_gb18030_reads_right_whatever_it_declares() -> None:
    text = quiz(moodle("truefalse", "㛃𠮷", TRUE))
    for encoding in ("GB2312", "GBK", "GB18030"):
        content = text.replace("UTF-8", encoding).encode("gb18030")
        assert one(content, "moodle_xml").stem == "㛃𠮷"
    assert one(text.replace("UTF-8", "UTF-16").encode("utf-16"), "moodle_xml").stem == "㛃𠮷"


def label(ident: str, text: str) -> str:
    return (
        f'<response_label ident="{ident}"><material><mattext>{text}</mattext></material>'
        "</response_label>"
    )


def item(
    stem: str, options: Mapping[str, str], processing: str, *, cardinality: str = "Single"
) -> str:
    labels = "".join(label(ident, text) for ident, text in options.items())
    return (
        f"<item><presentation><material><mattext>{stem}</mattext></material>"
        f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{labels}'
        f"</render_choice></response_lid></presentation>"
        f"<resprocessing>{processing}</resprocessing></item>"
    )


def condition(inside: str, *, score: str = "") -> str:
    points = f'<setvar action="Set" varname="SCORE">{score}</setvar>' if score else ""
    shown = '<displayfeedback linkrefid="f"/>'
    return f"<respcondition><conditionvar>{inside}</conditionvar>{points}{shown}</respcondition>"


def chosen(ident: str) -> str:
    return f'<varequal respident="r">{ident}</varequal>'


def package_one(*items: str) -> str:
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        '<assessment title="卷一"><rubric><material><mattext>请认真作答</mattext></material>'
        "</rubric>"
        f"<section>{''.join(items)}</section></assessment></questestinterop>"
    )


WHO = {"x1": "甲", "x2": "乙", "x3": "丙"}


def test_qti_1_takes_what_scores_and_never_what_only_shows_feedback() -> None:
    report = read(
        package_one(
            item(
                "谁？",
                WHO,
                condition(chosen("x1"))
                + condition(chosen("x3"), score="20")
                + condition(chosen("x2"), score="100"),
            ),
            item("无分？", WHO, condition(chosen("x1"))),
        ),
        "qti",
    )
    assert [each.answer for each in report.questions] == [("B",)]
    assert codes(report) == [("item[2]", "answer_missing")]


def test_qti_1_multiple_leaves_out_what_must_not_be_chosen() -> None:
    rule = f"<and>{chosen('x1')}{chosen('x3')}<not>{chosen('x2')}</not></and>"
    question = one(
        package_one(item("哪些？", WHO, condition(rule, score="1"), cardinality="Multiple")), "qti"
    )
    assert (question.type, question.answer) == ("multiple", ("A", "C"))


def test_qti_1_judgement_in_any_order() -> None:
    options = {"a": "False", "b": "True"}
    assert (
        one(package_one(item("是吗", options, condition(chosen("a"), score="1"))), "qti").answer
        is False
    )


def test_qti_1_instructions_are_named_and_other_kinds_too() -> None:
    fill = (
        "<item><presentation><material><mattext>填</mattext></material>"
        '<response_str ident="r"><render_fib/></response_str></presentation></item>'
    )
    report = read(package_one(fill), "qti")
    assert codes(report) == [("item[1]", "unsupported_type")]
    assert [(each.place, each.text) for each in report.skipped] == [
        ("assessment", "卷一"),
        ("rubric", "请认真作答"),
    ]


def item_two(
    right: tuple[str, ...], *, cardinality: str = "single", body: str = "", prompt: str = "谁？"
) -> str:
    values = "".join(f"<value>{value}</value>" for value in right)
    choices = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in WHO.items()
    )
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i">'
        f'<responseDeclaration identifier="R" cardinality="{cardinality}">'
        f"<correctResponse>{values}</correctResponse></responseDeclaration><itemBody>{body}"
        f'<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>{prompt}</prompt>'
        f"{choices}</choiceInteraction></itemBody></assessmentItem>"
    )


@pytest.mark.parametrize("version", ["v2p0", "v2p1", "v2p2"])
def test_qti_2_single_choice(version: str) -> None:
    question = one(item_two(("x2",), body="<p>看下文。</p>").replace("v2p1", version), "qti")
    assert (question.type, question.answer, question.stem) == ("single", ("B",), "看下文。\n谁？")


def test_qti_2_multiple_choice_names_its_rubric() -> None:
    body = "<rubricBlock view='candidate'><p>注意</p></rubricBlock>"
    report = read(item_two(("x1", "x3"), cardinality="multiple", body=body), "qti")
    assert [(each.type, each.answer) for each in report.questions] == [("multiple", ("A", "C"))]
    assert [each.text for each in report.skipped] == ["注意"]


def test_qti_2_faults_are_named() -> None:
    assert codes(read(item_two(()), "qti")) == [("assessmentItem", "answer_missing")]
    assert ("assessmentItem", "answer_not_in_options") in codes(read(item_two(("y",)), "qti"))
    other = item_two(("x1",)).replace("choiceInteraction", "orderInteraction")
    assert codes(read(other, "qti")) == [("assessmentItem", "unsupported_type")]
    two = item_two(("x1",), body="<textEntryInteraction responseIdentifier='S'/>")
    assert codes(read(two, "qti")) == [("assessmentItem", "unsupported_type")]


def test_a_package_gives_every_file_of_it_a_line() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("items/q1.xml", item_two(("x2",)))
        archive.writestr("items/broken.xml", "<assessmentItem><b>")
        archive.writestr("media/a.png", b"x")
        archive.writestr("meta.xml", "<quiz_meta><description>须知</description></quiz_meta>")
        archive.writestr(
            "one.xml", package_one(item("甲？", WHO, condition(chosen("x1"), score="1")))
        )
    report = read(out.getvalue(), "qti")
    assert [each.place for each in report.questions] == ["items/q1.xml", "one.xml item[1]"]
    assert codes(report) == [("items/broken.xml", "row_unreadable")]
    assert [each.text for each in report.skipped] == ["media/a.png", "须知", "卷一", "请认真作答"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<quiz><question>", "file_broken_xml"),
        ("<html><body>1. 甲？</body></html>", "file_format_unknown"),
        ('<!DOCTYPE quiz SYSTEM "http://example.org/x.dtd"><quiz/>', "file_unsafe"),
        ('<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "file_unsafe"),
        ("<quiz>" + "<a>" * 200 + "</a>" * 200 + "</quiz>", "file_unpacks_too_large"),
    ],
)
def test_what_is_no_sound_xml_is_refused_by_its_reason(text: str, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(text, "moodle_xml")
    assert refused.value.name == code
