"""What somebody types to find a law is understood, whatever it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.law_search import Query, excerpt, find_laws, read_query
from quizapp.domain.statutes import Law

TODAY = date(2026, 11, 22)


def law(short: str, *, full: str = "", by_item: bool = False) -> Law:
    full = full or f"中华人民共和国{short}"
    return Law(short, full, date(2020, 1, 1), date(2020, 3, 1), by_item=by_item)


OLD = Law("甲法", "甲法", date(2010, 1, 1), date(2010, 3, 1), date(2020, 3, 1))
LAWS = [OLD, law("甲法", full="甲法"), law("乙甲法"), law("甲法实施条例"), law("丙条例")]


@pytest.mark.parametrize(
    ("text", "law", "place"),
    [
        ("行政处罚法 33", "行政处罚法", (33, 0, None, None)),
        ("处罚法第三十三条", "处罚法", (33, 0, None, None)),
        ("《行政处罚法》第三十三条第一款", "行政处罚法", (33, 0, 1, None)),
        ("行政处罚法33条", "行政处罚法", (33, 0, None, None)),
        ("刑法第一百三十三条之一第1款第（三）项", "刑法", (133, 1, 1, 3)),
        ("  刑法　 ２７７ ", "刑法", (277, 0, None, None)),
        ("第五条", "", (5, 0, None, None)),
    ],
)
def test_a_place_is_read_however_it_is_written(
    text: str, law: str, place: tuple[int, int, int | None, int | None]
) -> None:
    query = read_query(text)
    assert query.law == law
    assert (query.article, query.sub, query.paragraph, query.item) == place


@pytest.mark.parametrize("text", ["当场 处罚", "三十日", "五百元以下罚款", "听证", "第十百条", "%"])
def test_other_words_are_words(text: str) -> None:
    assert read_query(text) == Query(tuple(text.split()))


@given(st.text(alphabet="第条款项之（）()一二十百0９ 《》%_'\"\\甲法\0", max_size=40))
def test_nothing_typed_is_refused(text: str) -> None:
    assert len(read_query(text).words) <= 6


def test_the_whole_name_goes_before_its_end_and_its_beginning() -> None:
    found = find_laws("甲法", LAWS, on=TODAY)
    assert [each.short for each in found] == ["甲法", "乙甲法", "甲法实施条例"]
    assert found[0].version == date(2020, 1, 1)
    assert find_laws("甲法", LAWS, on=date(2015, 1, 1))[0] == OLD
    assert find_laws("《中华人民共和国丙条例》", LAWS, on=TODAY) == [LAWS[-1]]
    assert find_laws(" ", LAWS, on=TODAY) == find_laws("丁", LAWS, on=TODAY) == []


def test_an_excerpt_shows_the_words_and_nothing_is_lost_around_them() -> None:
    text = "一" * 200 + "当场处罚" + "二" * 200
    marks = excerpt(text, ("处罚", "当场"), 100)
    assert [mark.text for mark in marks if mark.is_hit] == ["当场", "处罚"]
    assert "".join(mark.text for mark in marks).strip("…") in text
    assert [(mark.text, mark.is_hit) for mark in excerpt("<b>甲", ("乙",))] == [("<b>甲", False)]
