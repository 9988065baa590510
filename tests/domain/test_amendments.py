"""Two versions of a law aligned, and the citations that this touches, exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.amendments import KINDS, align, count_kinds
from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict
from quizapp.domain.law_reading import read_law
from quizapp.domain.law_text import Article, Paragraph
from quizapp.domain.staleness import Moves, Touch, gravest, touch, touches, with_new_citations
from quizapp.domain.statutes import Citation, Law
from tests.law_of_kites import NEW_LINES, OLD_LINES

KITES = "纸鸢场管理条例"
OLD = Law(KITES, KITES, date(2020, 3, 1), date(2020, 5, 1))
NEW = Law(KITES, KITES, date(2026, 9, 1), date(2026, 12, 1))
CHANGES = align(
    read_law(OLD_LINES.splitlines()).articles, read_law(NEW_LINES.splitlines()).articles
)
MOVES = Moves.of(OLD, NEW, CHANGES)


def cite(article: int, version: date | None = OLD.version, **place: int) -> Citation:
    return Citation(KITES, version, article, **place)


def test_what_became_of_every_article() -> None:
    became = [(c.kind, c.old.key if c.old else None, c.new.key if c.new else None) for c in CHANGES]
    assert became == [
        ("same", (1, 0), (1, 0)),
        ("changed", (2, 0), (2, 0)),
        ("added", None, (3, 0)),
        ("moved_changed", (3, 0), (4, 0)),
        ("moved", (4, 0), (5, 0)),
        ("repealed", (5, 0), None),
        ("changed", (6, 0), (6, 0)),
        ("same", (6, 1), (6, 1)),
        ("changed", (7, 0), (7, 0)),
    ]
    assert count_kinds(CHANGES) == {
        "same": 2, "changed": 3, "moved": 1, "moved_changed": 1, "split": 0, "merged": 0,
        "added": 1, "repealed": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("citation", "effect", "now_at"),
    [
        (cite(1), None, None),
        (cite(6, sub=1), None, None),
        (cite(2), "changed", (2, None, None)),
        (cite(2, paragraph=1), None, None),  # the other paragraph changed
        (cite(2, paragraph=2), "changed", (2, 2, None)),
        (cite(3, paragraph=1, item=1), "moved", (4, 1, 1)),
        (cite(3, paragraph=1, item=2), "changed", (4, 1, 2)),
        (cite(3, paragraph=2), "moved", (4, 2, None)),
        (cite(4), "moved", (5, None, None)),
        (cite(5), "repealed", None),
        (cite(99), "unknown", None),
    ],
)
def test_a_citation_is_touched_by_the_part_it_names(
    citation: Citation, effect: str | None, now_at: tuple[int, int | None, int | None] | None
) -> None:
    found = touch(citation, MOVES)
    assert (found.effect if found else None) == effect
    there = found.now_at if found else None
    assert ((there.article, there.paragraph, there.item) if there else None) == now_at
    assert there is None or there.version == NEW.version


def test_a_paragraph_that_got_a_new_number_is_found_again() -> None:
    old = read_law(["第一条 甲甲甲甲甲。", "乙乙乙乙乙乙。"]).articles
    new = read_law(["第一条 甲甲甲甲甲。", "丙丙丙丙。", "乙乙乙乙乙乙。"]).articles
    found = touch(cite(1, paragraph=2), Moves.of(OLD, NEW, align(old, new)))
    assert found == Touch(cite(1, paragraph=2), "moved", cite(1, NEW.version, paragraph=3))


def test_all_that_cites_the_old_version_and_nothing_else() -> None:
    part = Question("single", "小题", citations=(cite(5), cite(1)))
    case = Question("case", "材料", citations=(cite(4),), parts=(part,))
    found = touches(case, MOVES)
    assert [each.citation for each in found] == [cite(4), cite(5)]
    assert gravest(found) == "repealed"
    other = Question("judge", "别的", citations=(cite(5, NEW.version), Citation("别法", None, 5)))
    assert touches(other, MOVES) == []
    open_version = Question("judge", "未写版本", citations=(cite(5, None),))
    assert len(touches(open_version, MOVES)) == 1


def test_without_the_old_text_all_that_cites_it_is_to_be_looked_at() -> None:
    found = touches(Question("judge", "问", citations=(cite(1),)), Moves.of(OLD, NEW, []))
    assert [each.effect for each in found] == ["unknown"]


def test_a_repealed_law_takes_all_its_articles_with_it() -> None:
    found = touches(Question("judge", "问", citations=(cite(1),)), Moves.of(OLD, None, []))
    assert [each.effect for each in found] == ["repealed"]


def test_citations_move_to_the_new_version() -> None:
    question = Question("judge", "问", citations=(cite(1), cite(4), Citation("别法", None, 5)))
    moved = with_new_citations(question, MOVES)
    assert moved.citations == (
        cite(1, NEW.version),
        cite(5, NEW.version),
        Citation("别法", None, 5),
    )
    with pytest.raises(Conflict, match="citation_repealed"):
        with_new_citations(Question("judge", "问", citations=(cite(5),)), MOVES)


texts = st.lists(st.text(alphabet="甲乙丙丁戊己庚辛，。", min_size=0, max_size=12), max_size=8)


def law(lines: list[str]) -> list[Article]:
    return [Article(no, 0, (Paragraph(line),)) for no, line in enumerate(lines, 1)]


@given(texts, texts)
def test_every_article_stands_in_exactly_one_change(before: list[str], after: list[str]) -> None:
    changes = align(law(before), law(after))
    assert sorted(c.old.number for c in changes if c.old and c.kind != "split") == list(
        range(1, len(before) + 1)
    )
    assert [c.new.number for c in changes if c.new and c.kind != "merged"] == list(
        range(1, len(after) + 1)
    )
    assert all(c.kind in KINDS for c in changes)


@given(texts)
def test_a_law_compared_with_itself_is_the_same(lines: list[str]) -> None:
    assert {c.kind for c in align(law(lines), law(lines))} <= {"same"}
