"""Citations as trainers type them find the version of the law that is meant."""

from datetime import date

import pytest

from quizapp.domain.citing import read_citations, write_citations
from quizapp.domain.statutes import CitationUnreadable, Law

OLD = Law("甲法", "中华人民共和国甲法", date(2010, 1, 1), date(2010, 6, 1), date(2024, 1, 1))
NEW = Law("甲法", "中华人民共和国甲法", date(2023, 9, 1), date(2024, 1, 1))
LAWS = [OLD, NEW]
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "on", "version"),
    [
        ("《甲法》第五条", TODAY, NEW.version),
        ("《中华人民共和国甲法》第5条第二款", TODAY, NEW.version),
        ("《甲法》第五条", date(2020, 1, 1), OLD.version),
        ("《甲法》第五条（2010-01-01）", TODAY, OLD.version),
        ("《甲法》第五条（2010-01-01 版）", TODAY, OLD.version),
        ("《甲法》第五条（2011-02-30）", TODAY, NEW.version),
        ("《乙法》第五条", TODAY, None),
    ],
)
def test_the_version_in_force_is_meant_unless_one_is_named(
    text: str, on: date, version: date | None
) -> None:
    (citation,) = read_citations(text, LAWS, on=on)
    assert citation.version == version
    assert citation.law in ("甲法", "乙法")
    assert citation.article == 5


def test_lines_and_semicolons_divide() -> None:
    assert (
        len(read_citations("《甲法》第一条；《甲法》第二条\n\n《乙法》第三条", LAWS, on=TODAY)) == 3
    )


def test_what_is_no_citation_is_refused() -> None:
    with pytest.raises(CitationUnreadable):
        read_citations("甲法五", LAWS, on=TODAY)


def test_what_is_written_reads_back() -> None:
    text = "《甲法》第五条第二款\n《甲法》第六条（2010-01-01）"
    citations = read_citations(text, LAWS, on=TODAY)
    assert write_citations(citations, LAWS, on=TODAY) == text
    assert read_citations(write_citations(citations, LAWS, on=TODAY), LAWS, on=TODAY) == citations
