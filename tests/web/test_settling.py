"""Renumbered articles: the filter of the work list, and settling many in one sitting."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.bank import Question
from quizapp.domain.statutes import Citation
from quizapp.service import stale
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from tests.factories import enter, make_question
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.service.test_amendments import KITES, NEW, OLD, ask, bring
from tests.web.test_editing import Desk


class WorkList:
    """The work list of an amendment on a trainer's desk."""

    def __init__(self, desk: Desk, amendment_id: int) -> None:
        self.desk, self.client = desk, desk.client
        self.path = f"/laws/amendments/{amendment_id}"
        self.sitting = f"{self.path}/sitting"
        self.amendment_id = amendment_id

    def items(self, **choice: str) -> list[Any]:
        return stale.get_sheet(self.desk.viewer, self.amendment_id, **choice).items


@pytest.fixture
def listed(app: Flask) -> WorkList:
    """Twelve questions on an article that only moved, one on a reworded one."""
    desk = Desk(app)
    bring(OLD_LINES)
    for _ in range(12):
        ask((4, None, None))
    ask((2, 2, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    return WorkList(desk, amendment_id)


def laid(client: FlaskClient, path: str) -> int:
    page = client.get(path)
    assert page.status_code == 200
    return page.text.count('class="laid"')


def test_the_list_shows_what_only_moved(listed: WorkList) -> None:
    page = listed.client.get(f"{listed.path}?effect=moved&outcome=open").text
    assert "条号变动 12" in page
    assert page.count('href="/laws/stale/') == 12
    assert listed.client.get(f"{listed.path}?effect=changed").text.count('href="/laws/stale/') == 1
    assert listed.client.get(f"{listed.path}?effect=nothing").text.count('href="/laws/stale/') == 13


def test_many_are_settled_with_one_submit_each_on_its_own(listed: WorkList) -> None:
    page = listed.client.get(listed.sitting).text
    assert laid(listed.client, listed.sitting) == 10
    assert "共 12 题只是条号变动" in page
    assert page.count("竹骨开裂的不得放飞") == 20, "the old article and the new side by side"
    first, second, third, *_ = listed.items(effect="moved")
    fields = {
        f"outcome-{first.id}": "kept", f"note-{first.id}": "只是条号", f"outcome-{third.id}": "",
        f"outcome-{second.id}": "withdrawn", f"outcome-{10**6}": "kept", "outcome-x": "kept",
        "sure": "1",
    }  # fmt: skip
    reply = listed.desk.post(listed.sitting, fields)
    assert (reply.status_code, 'role="alert"' in reply.text) == (422, True)
    assert [item.outcome for item in listed.items(effect="moved")][:3] == [
        "kept", "withdrawn", "open",
    ]  # fmt: skip
    assert laid(listed.client, listed.sitting) == 10
    with reading() as tx:
        facts = tx.execute(
            sa.select(journal.c.facts).where(journal.c.action == "question.settled")
        ).scalars()
        assert [(each["outcome"], each["note"]) for each in facts] == [
            ("kept", "只是条号"), ("withdrawn", ""),
        ]  # fmt: skip
        newest = tx.execute(
            sa.select(question_versions.c.body)
            .join(questions, questions.c.current_version_id == question_versions.c.id)
            .where(questions.c.id == first.version.question_id)
        ).scalar_one()
    assert newest["citations"] == [{"law": KITES, "version": NEW.isoformat(), "article": 5}]


def test_a_withdrawal_asks_before_it_is_done(listed: WorkList) -> None:
    first, second = listed.items(effect="moved")[:2]
    fields = {f"outcome-{first.id}": "kept", f"outcome-{second.id}": "withdrawn"}
    one = f"/laws/stale/{second.id}"
    for path, form in (
        (listed.sitting, fields | {f"note-{second.id}": "竹骨另有规定"}),
        (one, {"outcome": "withdrawn", "note": "竹骨另有规定"}),
    ):
        reply = listed.desk.post(path, form)
        assert reply.status_code == 422
        assert "请先勾选“我已核对，确认撤下”" in reply.text
        assert "竹骨另有规定" in reply.text, "what was written stays"
    assert len(listed.items(outcome="open")) == 13, "nothing is done by halves"
    reply = listed.desk.post(one, {"outcome": "withdrawn", "note": "竹骨另有规定", "sure": "1"})
    assert reply.status_code == 303
    (item,) = listed.items(outcome="withdrawn")
    assert (item.id, item.note) == (second.id, "竹骨另有规定")


def test_after_the_last_one_there_is_nothing_left(listed: WorkList) -> None:
    for _ in range(2):
        wanted = listed.items(effect="moved", outcome="open")[:10]
        fields = {f"outcome-{item.id}": "kept" for item in wanted}
        assert listed.desk.post(listed.sitting, fields).status_code == 303
    assert "没有可以集中处理的题目" in listed.client.get(listed.sitting).text
    for page in (listed.path, f"{listed.path}?outcome=open"):
        assert listed.sitting not in listed.client.get(page).text


def test_nothing_is_done_without_a_decision_or_with_another(listed: WorkList) -> None:
    assert "还没有选择任何一题的结论" in listed.desk.post(listed.sitting, {}).text
    item = listed.items(effect="moved")[0]
    for outcome in ("edited", "open", "x"):
        reply = listed.desk.post(listed.sitting, {f"outcome-{item.id}": outcome})
        assert reply.status_code == 422
    assert len(listed.items(outcome="open")) == 13


def test_own_questions_and_those_of_other_banks_are_left_out(app: Flask) -> None:
    bring(OLD_LINES)
    desk, city = Desk(app), Desk(app, "130500")
    with transaction() as tx:
        cited = (Citation(KITES, OLD, 4),)
        question = Question("judge", "放飞前不必检查竹骨。", key=False, citations=cited)
        make_question(tx, question, author=desk.viewer.name)
    amendment_id = bring(NEW_LINES)
    for each in (desk, city):
        assert laid(each.client, f"/laws/amendments/{amendment_id}/sitting") == 0
    other = Desk(app)
    assert laid(other.client, f"/laws/amendments/{amendment_id}/sitting") == 1
    assert enter(other.client, city.viewer.officer_id)
    assert other.client.get("/laws/amendments/999/sitting").status_code == 404
