"""A page asks the store for what it shows, however many banks, questions and articles there are."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.people import Viewer
from quizapp.domain.reviews import QueueSearch
from quizapp.domain.scopes import scope_of
from quizapp.service import review_queue, reviews, settling, stale
from quizapp.store import touched
from quizapp.store.bank import questions
from quizapp.store.db import reading, transaction
from quizapp.store.places import list_units
from tests.factories import NOW, make_draft, make_questions, make_viewer
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.service.test_amendments import KITES, ask, bring
from tests.statements import statements


@pytest.fixture
def trainer(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def asked(call: Callable[[], object]) -> int:
    with statements() as seen:
        call()
    return len(seen)


def spread(codes: list[str]) -> None:
    """Let each of these questions be in a bank of its own."""
    with transaction() as tx:
        scopes = [scope_of(unit.place) for unit in list_units(tx) if unit.place.level == "county"]
        for code, scope in zip(codes, scopes, strict=False):
            tx.execute(sa.update(questions).where(questions.c.code == code).values(scope=scope))


def test_the_queue_asks_no_more_with_many_banks(app: Flask, trainer: Viewer) -> None:
    with transaction() as tx:
        other = make_viewer(tx, "trainer")
    codes = [make_draft(trainer, stem=f"第{no}种情形由谁决定（ ）？") for no in range(12)]
    for code in codes:
        reviews.take_step(trainer, code, "submit", version=1, now=NOW)
    look = lambda: review_queue.list_queue(other, QueueSearch("", "", None), page=1)  # noqa: E731
    before = asked(look)
    spread(codes)
    assert asked(look) == before
    assert len({row.bank for row in look().rows}) == 12


def test_an_item_loads_neither_the_list_nor_the_law(app: Flask, trainer: Viewer) -> None:
    bring(OLD_LINES)
    for _ in range(15):
        ask((4, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    items = stale.get_sheet(trainer, amendment_id).items
    opened = stale.get_item(trainer, items[3].id)
    assert opened.next_id == items[4].id
    assert [change.old and change.old.number for change in opened.changes] == [4]
    assert stale.get_item(trainer, items[-1].id).next_id is None
    laid = settling.lay_out(trainer, amendment_id)
    assert (len(laid.laid), laid.total) == (settling.SITTING, 15)
    assert {each.changes[0].new and each.changes[0].new.number for each in laid.laid} == {5}
    with statements() as seen:
        settling.lay_out(trainer, amendment_id)
        stale.get_item(trainer, items[3].id)
    articles = [one for one in seen if "FROM law_articles" in one]
    assert len(articles) == 4
    assert all("law_articles.number" in one.split("WHERE")[1] for one in articles)


def test_only_questions_that_name_the_law_are_read(app: Flask, trainer: Viewer) -> None:
    bring(OLD_LINES)
    cited = ask((1, None, None))
    with transaction() as tx:
        make_questions(tx, how_many=3)
        make_questions(tx, how_many=1, explanation=f"见《{KITES}》。")
    with reading() as tx:
        assert [version.id for version in touched.list_citing(tx, KITES)] == [cited]
        assert touched.find_states(tx, KITES) == {cited: "published"}
        assert touched.find_states(tx, "纸%管理_例") == {}
