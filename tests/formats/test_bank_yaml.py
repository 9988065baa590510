"""Bank files are read strictly; every fault has its line and none stops the reading."""

from datetime import date

import pytest

from quizapp.domain.bank_findings import CHECKS, Finding
from quizapp.domain.statutes import Citation
from quizapp.formats.bank_yaml import (
    read_laws,
    read_plan,
    read_questions,
    read_topics,
    read_waivers,
)
from tests.bank_files import LAWS, QUESTIONS, TOPICS, changed


def faults_of(text: str) -> list[Finding]:
    return read_questions("xzcf.yaml", text.encode())[1]


def test_a_sound_file_is_read_whole() -> None:
    entries, faults = read_questions("xzcf.yaml", QUESTIONS.encode())
    assert faults == []
    single, judge, case = entries
    assert single.question.options == ("五十元", "一百元", "二百元", "五百元")
    assert single.question.key == (2,)
    assert (single.code, single.line, single.as_of) == ("HB-XZCF-051-01", 6, date(2026, 11, 22))
    assert judge.question.key is True
    assert judge.question.citations == (Citation("行政处罚法", date(2021, 1, 22), 64, item=1),)
    assert [part.key for part in case.question.parts] == [(0, 2), True]
    assert [entry.state for entry in entries] == ["published", "in_review", "published"]
    assert case.review is not None
    assert case.review.note == "改正了条号"


@pytest.mark.parametrize(
    ("old", "new", "check", "line", "code"),
    [
        ("  key: C\n", "", "field_missing", 6, "HB-XZCF-051-01"),
        ("  key: C\n", "  key: c\n", "key_letter", 14, "HB-XZCF-051-01"),
        ("  key: C\n", "  key:\n  - {a: 1}\n", "not_text", 15, "HB-XZCF-051-01"),
        ("    B: 一百元", "    A: 一百元", "field_twice", 11, "HB-XZCF-051-01"),
        ("    B: 一百元", "    E: 一百元", "option_letters", 10, "HB-XZCF-051-01"),
        ("    B: 一百元", "    B:", "option_letters", 10, "HB-XZCF-051-01"),
        ("  difficulty: 1", "  difficulty: leicht", "not_a_number", 18, "HB-XZCF-051-01"),
        ("  difficulty: 1", '  difficulty: "1"', "not_a_number", 18, "HB-XZCF-051-01"),
        ("  difficulty: 1", "  quote: 原文", "field_unknown", 18, "HB-XZCF-051-01"),
        ("  topics: [当场处罚]", "  topics: 当场处罚", "not_a_list", 19, "HB-XZCF-051-01"),
        ('as_of: "2026-11-22"', "as_of: 2026-02-30", "not_a_day", 2, ""),
        ("law: 行政处罚法\n", "law: 行政处罚法\nlaw: 行政处罚法\n", "field_twice", 2, ""),
        ("outcome: confirmed, ", "", "field_missing", 20, "HB-XZCF-051-01"),
        ("article: 42, ", "", "field_missing", 45, "HB-XZCF-055-01.1"),
        ("    key: [A, C]\n", "", "field_missing", 39, "HB-XZCF-055-01.1"),
        ("author: 编写组", "author: [编写组", "yaml_syntax", 5, ""),
    ],
)
def test_a_fault_is_found_at_its_line(old: str, new: str, check: str, line: int, code: str) -> None:
    found = faults_of(changed(old, new))
    assert (check, line, code) in {(each.check, each.line, each.code) for each in found}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", "问题".encode("gb18030"), b"[]", b"- 1", b"a: b: c", b"\x00", b"*a",
        b"questions: 7", b"questions: [7, [], {}]", b"[" * 2000, b"a: &a [*a]",
        b"questions:\n- {id: x, type: case, options: 3, review: 4, citation: {}, key: {}}",
    ],
)  # fmt: skip
def test_nonsense_is_a_finding_and_never_an_exception(content: bytes) -> None:
    faults = read_questions("x.yaml", content)[1]
    assert faults
    for each in faults:
        assert each.reason("zh")
        assert each.reason("en")
    for read in (read_laws, read_plan, read_waivers):
        read("x.yaml", content)


def test_the_files_beside_the_questions() -> None:
    laws, faults = read_laws("laws.yaml", LAWS.encode())
    assert faults == []
    assert [(law.short, law.repealed_on, law.by_item) for law in laws] == [
        ("行政处罚法", None, False),
        ("噪声法", date(2026, 8, 15), False),
        ("三项制度意见", None, True),
    ]
    topics, faults = read_topics("topics.yaml", TOPICS.encode())
    assert topics["procedure"] == ("听证", "证据")
    assert faults == []
    plan, faults = read_plan("p", "plan:\n- {laws: [甲], counts: {single: 3}}".encode())
    assert plan[0].counts == {"single": 3}
    assert faults == []
    waivers, faults = read_waivers("w", b"waivers:\n- {check: c, reason: r, ids: [a, b]}")
    assert [waiver.code for waiver in waivers] == ["a", "b"]
    assert faults == []


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_every_reason_is_worded_in_both_languages_with_the_same_facts(check: object) -> None:
    names = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (check.zh, check.en)]
    assert names[0] == names[1]
