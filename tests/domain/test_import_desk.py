from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from quizapp.domain.import_citations import cited_draft, draft_warnings
from quizapp.domain.import_desk import (
    Surroundings,
    desk_from_plain,
    desk_to_plain,
    lay_out,
    wording,
)
from quizapp.domain.import_likeness import BankText, near_duplicates
from quizapp.domain.imports import ImportedQuestion, RawQuestion, ReadResult
from quizapp.domain.statutes import Law

TODAY = date(2026, 11, 22)
OLD = Law("处罚法", "中华人民共和国处罚法", date(2017, 9, 1), date(2018, 1, 1), date(2021, 7, 15))
NEW = Law("处罚法", "中华人民共和国处罚法", date(2021, 1, 22), date(2021, 7, 15))
LAWS = (OLD, NEW)
OPTIONS = (("A", "警告"), ("B", "罚款"), ("C", "没收"), ("D", "拘留"))
SOUND = ImportedQuestion(
    "第 2 行", "single", "最轻的处罚是哪一种？", OPTIONS, ("A",), explanation="见条文。",
    source="《处罚法》第九条", difficulty=1, no=2,
)  # fmt: skip


def raw(no: int, **over: str) -> RawQuestion:
    values: dict[str, Any] = {
        "stem": f"第{no}问？",
        "answer_text": "A",
        "type_text": "单选题",
    } | over
    return RawQuestion(f"第 {no} 行", options=OPTIONS, no=no, **values)


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ("《处罚法》第九条", [("处罚法", 9, NEW.version)]),
        ("《中华人民共和国处罚法》第九条；《处罚法》第十条第一款",
         [("处罚法", 9, NEW.version), ("处罚法", 10, NEW.version)]),
        ("处罚法 第九条", [("处罚法", 9, NEW.version)]),
        ("《别的法》第三条", [("别的法", 3, None)]),
        ("单位内部规定", []),
    ],
)  # fmt: skip
def test_a_source_is_put_to_the_law_in_force(
    source: str, cited: list[tuple[str, int, date | None]]
) -> None:
    draft = cited_draft(replace(SOUND, source=source), LAWS, TODAY)
    assert [(each.law, each.article, each.version) for each in draft.citations] == cited


@pytest.mark.parametrize("source", ["单位内部规定", "《处罚法》第九条及讲义第三页"])
def test_what_is_no_citation_stays_readable(source: str) -> None:
    draft = cited_draft(replace(SOUND, source=source), LAWS, TODAY)
    assert source in draft.explanation


def test_a_sound_draft_lacks_nothing() -> None:
    draft = cited_draft(SOUND, LAWS, TODAY)
    assert draft_warnings(draft, SOUND, LAWS, TODAY) == []
    assert draft.key == (0,)


def test_what_a_draft_lacks_is_named() -> None:
    poor = replace(SOUND, source="", difficulty=0, explanation="", options=OPTIONS[:2])
    draft = cited_draft(poor, LAWS, TODAY)
    found = ["citation_missing", "difficulty_missing", "explanation_missing"]
    assert draft_warnings(draft, poor, LAWS, TODAY) == found
    keyless = replace(draft, key=())
    assert draft_warnings(keyless, poor, LAWS, TODAY) == [*found, "not_publishable"]
    gone = [replace(NEW, repealed_on=date(2026, 1, 1))]
    expired = draft_warnings(cited_draft(SOUND, gone, TODAY), SOUND, gone, TODAY)
    assert expired == ["citation_not_in_force"]


def test_every_row_is_on_the_desk_in_the_order_of_the_file() -> None:
    read = ReadResult([raw(2), raw(3, answer_text=""), raw(4, stem="第2问？"), raw(5)])
    desk = lay_out(read, Surroundings([BankText("HB-1", "第5问？", tuple(t for _, t in OPTIONS))]))
    assert [(row.question.no, row.status) for row in desk.rows] == [
        (2, "warned"), (3, "faulty"), (4, "faulty"), (5, "known"),
    ]  # fmt: skip
    assert not desk.loose
    assert wording(desk.rows[3].warnings[0]).zh == "题库中已有此题：HB-1"


def test_a_desk_reads_back_as_it_was_packed() -> None:
    desk = lay_out(ReadResult([raw(2), raw(3, answer_text="")]), Surroundings())
    assert desk_from_plain(desk_to_plain(desk)) == desk


def test_near_duplicates_are_found_from_eighty_per_cent() -> None:
    words = "城市管理行政处罚案件立案以后应当及时收集调查有关证据并制作笔录由当事人签名"
    bank = [BankText("HB-1", words, ()), BankText("HB-2", "完全不同的一道题目的内容", ())]
    alike = ImportedQuestion("", "judge", words + "确认", (), answer=True)
    other = ImportedQuestion("", "judge", words[:15], (), answer=True)
    assert near_duplicates([other, alike], bank) == {1: ("HB-1", 94)}
    assert near_duplicates([alike], []) == {}
