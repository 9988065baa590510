"""Citations are written as statutes write them, and read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.statutes import (
    Citation,
    CitationUnreadable,
    Law,
    citation_from_plain,
    citation_to_plain,
    cite_in_chinese,
    cite_in_english,
    from_numeral,
    numeral,
    parse_citation,
    parse_citations,
)

PENALTY = Law("行政处罚法", "中华人民共和国行政处罚法", date(2021, 1, 22), date(2021, 7, 15))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"), (8, "八"), (10, "十"), (11, "十一"), (20, "二十"), (51, "五十一"),
        (100, "一百"), (105, "一百零五"), (110, "一百一十"), (133, "一百三十三"),
        (1000, "一千"), (1005, "一千零五"), (1010, "一千零一十"), (1242, "一千二百四十二"),
        (10_000, "一万"), (10_010, "一万零一十"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_statutes(number: int, text: str) -> None:
    assert numeral(number) == text
    assert from_numeral(text) == number


@given(st.integers(0, 99_999))
def test_every_numeral_is_read_back(number: int) -> None:
    assert from_numeral(numeral(number)) == from_numeral(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "五五", "一二", "十百", "甲", "二十十", "五零", "100000", "9" * 5000]
)
def test_what_is_no_numeral_is_refused(text: str) -> None:
    with pytest.raises(CitationUnreadable):
        from_numeral(text)


def test_a_citation_in_both_languages() -> None:
    place = Citation("行政处罚法", PENALTY.version, 51, paragraph=1, item=2)
    assert cite_in_chinese(place) == "《行政处罚法》第五十一条第一款第（二）项"
    assert (
        cite_in_chinese(place, PENALTY) == "《中华人民共和国行政处罚法》第五十一条第一款第（二）项"
    )
    assert (
        cite_in_english(place, PENALTY) == "Art. 51 para. 1 item (2), 《中华人民共和国行政处罚法》"
    )


def test_an_inserted_article_and_a_document_without_articles() -> None:
    assert cite_in_chinese(Citation("刑法", None, 133, sub=1)) == "《刑法》第一百三十三条之一"
    paper = Law("三项制度意见", "指导意见", date(2018, 12, 5), date(2018, 12, 5), by_item=True)
    cited = Citation("三项制度意见", paper.version, 15, by_item=True)
    assert cite_in_chinese(cited, paper) == "《指导意见》第（十五）项"
    assert cite_in_english(cited, paper) == "Item (15), 《指导意见》"


places = st.builds(
    Citation,
    law=st.just("行政处罚法"),
    version=st.none(),
    article=st.integers(1, 1300),
    sub=st.integers(0, 3),
    paragraph=st.none() | st.integers(1, 9),
    item=st.none() | st.integers(1, 20),
)


@given(
    places
    | st.builds(Citation, st.just("意见"), st.none(), st.integers(1, 40), by_item=st.just(True))
)
def test_what_was_written_is_read_back(citation: Citation) -> None:
    assert parse_citation(cite_in_chinese(citation)) == citation
    assert citation_from_plain(citation_to_plain(citation)) == citation


def test_citations_are_found_in_running_text() -> None:
    text = "见《行政强制法》第18条、《刑法》第一百三十三条之一第1款第(三)项；另见《信访工作条例》。"
    assert parse_citations(text) == [
        Citation("行政强制法", None, 18),
        Citation("刑法", None, 133, sub=1, paragraph=1, item=3),
    ]
    with pytest.raises(CitationUnreadable):
        parse_citation("行政处罚法某条")


def test_citations_are_ordered_by_number_not_by_sign() -> None:
    articles = [Citation("刑法", None, a, sub=s) for a, s in ((133, 1), (9, 0), (133, 0), (134, 0))]
    ordered = sorted(articles, key=lambda citation: citation.place)
    assert [(c.article, c.sub) for c in ordered] == [(9, 0), (133, 0), (133, 1), (134, 0)]


def test_a_law_is_in_force_from_its_day_until_the_day_it_is_repealed() -> None:
    law = Law("噪声法", "噪声法", date(2021, 12, 24), date(2022, 6, 5), date(2026, 8, 15))
    days = (date(2022, 6, 4), date(2022, 6, 5), date(2026, 8, 14), date(2026, 8, 15))
    assert [law.is_in_force(day) for day in days] == [False, True, True, False]
