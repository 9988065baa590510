"""What is wrong with a question is named; what is right with it is left alone."""

from datetime import date

import pytest

from quizapp.domain.bank import Question
from quizapp.domain.bank_checks import check_entries, is_negative
from quizapp.domain.bank_entries import Bank, Waiver
from quizapp.domain.bank_waivers import unwaived
from quizapp.formats.bank_yaml import read_laws, read_questions, read_topics
from tests.bank_files import LAWS, QUESTIONS, TOPICS, changed


def bank_of(text: str, waivers: tuple[Waiver, ...] = ()) -> Bank:
    entries, faults = read_questions("xzcf.yaml", text.encode())
    assert faults == []
    laws = read_laws("laws.yaml", LAWS.encode())[0]
    topics = read_topics("topics.yaml", TOPICS.encode())[0]
    return Bank(tuple(entries), tuple(laws), topics, waivers=waivers)


def checks_of(text: str, on: date | None = None) -> list[tuple[str, str]]:
    return [(each.code, each.check) for each in check_entries(bank_of(text), on=on)]


def test_a_sound_bank_has_no_findings() -> None:
    assert checks_of(QUESTIONS, date(2026, 12, 1)) == []


def cite(law: str, version: str, article: int) -> str:
    return f'{{law: {law}, version: "{version}", article: {article}'


CITED = cite("行政处罚法", "2021-01-22", 64)
SINGLE, JUDGE, CASE = "HB-XZCF-051-01", "HB-XZCF-063-01", "HB-XZCF-055-01"


@pytest.mark.parametrize(
    ("old", "new", "code", "check"),
    [
        (SINGLE, "HB-51-1", "HB-51-1", "id_shape"),
        (JUDGE, SINGLE, SINGLE, "id_twice"),
        ("scope: national", "scope: china", SINGLE, "scope_shape"),
        ("type: judge", "type: essay", JUDGE, "type_unknown"),
        ("  difficulty: 2", "  difficulty: 4", JUDGE, "difficulty_range"),
        ("topics: [听证]", "topics: [听讼]", JUDGE, "topic_unknown"),
        ("topics: [听证]", "topics: [听证, 证据, 市容, 当场处罚]", JUDGE, "topic_count"),
        ("应当在行政机关告知后五日内提出。", "五日。", JUDGE, "stem_length"),
        ("罚款数额最高为（　）", "罚款数额不正确的是（　）", SINGLE, "negative_unmarked"),
        ("    D: 五百元", "    D: 二百 元", SINGLE, "options_alike"),
        ("    D: 五百元", "    D: 以上都不对", SINGLE, "all_of_above"),
        ("    D: 五百元\n", "", SINGLE, "option_count"),
        ("  key: C", "  key: [A, C]", SINGLE, "key_count"),
        ("  key: C", "  key: true", SINGLE, "key_not_letters"),
        ("key: [A, C]", "key: [A, F]", f"{CASE}.1", "key_not_an_option"),
        ("key: [A, C]", "key: [A]", f"{CASE}.1", "key_count"),
        ("  key: true", "  key: A", JUDGE, "key_not_true_or_false"),
        ("见《行政处罚法》第五十一条。", "", SINGLE, "explanation_no_article"),
        ("对公民罚款以二百元为限", "所以A项不对，B项也不对", SINGLE, "explanation_letters"),
        ("article: 64, item: 1", "article: 87", JUDGE, "article_beyond_law"),
        ('"2021-01-22", article: 64', '"2017-09-01", article: 64', JUDGE, "law_version_unknown"),
        (CITED, cite("处罚条例", "2021-01-22", 64), JUDGE, "law_unknown"),
        (CITED, cite("噪声法", "2021-12-24", 64), JUDGE, "law_not_in_force"),
        (CITED, cite("三项制度意见", "2018-12-05", 4), JUDGE, "paragraph_in_items"),
        (CITED, cite("三项制度意见", "2018-12-05", 4), JUDGE, "law_first"),
        ("by: 复核组}", "by: 编写组}", SINGLE, "reviewer_is_author"),
        ("outcome: confirmed", "outcome: perhaps", SINGLE, "review_outcome"),
        (
            'date: "2026-11-22", by: 复核',
            'date: "2026-11-21", by: 复核',
            SINGLE,
            "review_before_law",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_named_where_it_is(old: str, new: str, code: str, check: str) -> None:
    assert (code, check) in checks_of(changed(old, new))


def test_a_law_repealed_since_makes_its_questions_findings() -> None:
    laws = LAWS.replace(", articles: 86", ', repealed_on: "2027-03-01", articles: 86')
    bank = bank_of(QUESTIONS)
    bank = Bank(bank.entries, tuple(read_laws("laws.yaml", laws.encode())[0]), bank.topics)
    assert check_entries(bank, on=date(2027, 2, 28)) == []
    assert {each.check for each in check_entries(bank, on=date(2027, 3, 1))} == {"law_not_in_force"}


@pytest.mark.parametrize(
    ("stem", "negative"),
    [
        ("下列做法中，【不】符合规定的是（　）。", True),
        ("下列说法【错误】的是（　）。", True),
        ("下列做法中，不符合规定的有（　）。", True),
        ("申请材料不符合要求的，行政机关应当（　）。", False),
        ("逾期不履行的，应当（　）。", False),
    ],
)
def test_a_negative_stem_asks_for_what_is_not_so(stem: str, negative: bool) -> None:
    assert is_negative(Question("single", stem)) is negative


def test_a_waiver_excuses_one_check_of_one_question_and_must_be_needed() -> None:
    text = changed("    D: 五百元", "    D: 以上都不对")
    waivers = tuple(
        Waiver(code, check, "有意为之", "waivers.yaml", 3)
        for code, check in (
            (SINGLE, "all_of_above"),
            (JUDGE, "stem_length"),
            (JUDGE, "TEXT_CAVEAT"),
            ("HB-XXX-001-01", "TEXT_CAVEAT"),
        )
    )
    bank = bank_of(text, waivers)
    left = unwaived(bank, check_entries(bank))
    assert [(each.code, each.check) for each in left] == [
        (JUDGE, "waiver_unused"),
        ("HB-XXX-001-01", "waiver_unknown"),
    ]
