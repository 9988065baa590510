"""An imported batch is handed over as a whole and still reviewed question by question."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Search
from quizapp.domain.errors import Invalid, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import Decision, QueueSearch
from quizapp.service import editing, import_batches, promotion, review_queue, reviews
from quizapp.service.bank_pages import list_questions
from quizapp.store.db import reading, transaction
from quizapp.store.import_batches import list_items
from quizapp.store.journal import find_break, journal
from tests.factories import NOW, make_viewer
from tests.question_files import row, sheet
from tests.service.test_imports import confirm, upload

SOUND = {
    "题干": "当场作出罚款决定的，对公民罚款的数额最高是多少（ ）？",
    "依据": "《行政处罚法》第五十一条",
    "解析": "依照第五十一条，对公民处二百元以下罚款可以当场作出，其余都不是该条所定。",
}


def trainer(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer", unit)


@pytest.fixture
def author(app: Flask) -> Viewer:
    return trainer()


@pytest.fixture
def batch(author: Viewer, tmp_path: Path) -> int:
    """Three drafts of one file; the last cites nothing."""
    rows = [row(1, **SOUND), row(2, **SOUND | {"题干": SOUND["题干"] + "？"}), row(3, 依据="")]
    return int(confirm(author, upload(author, sheet(rows), tmp_path))["batch"])


def test_the_sound_drafts_of_a_batch_are_handed_over_and_the_others_named(
    author: Viewer, batch: int
) -> None:
    reviewer = trainer()
    assert review_queue.open_batch(author, batch).drafts == 3
    handed = review_queue.hand_over_batch(
        author, batch, reviewer_id=reviewer.officer_id, now=NOW
    )  # fmt: skip
    assert handed.count == 2
    (unsound,) = handed.unsound
    assert "依据" in unsound[1].zh
    stand = review_queue.open_batch(author, batch)
    assert (stand.drafts, stand.waiting) == (1, 2)
    again = review_queue.hand_over_batch(author, batch, reviewer_id=None, now=NOW)
    assert (again.count, len(again.unsound)) == (0, 1)


def test_every_question_of_a_batch_has_its_own_entry_in_the_journal(
    author: Viewer, batch: int
) -> None:
    review_queue.hand_over_batch(author, batch, reviewer_id=None, now=NOW)
    with reading() as tx:
        entries = tx.execute(
            sa.select(journal.c.subject, journal.c.facts)
            .where(journal.c.action == "question.submit")
            .order_by(journal.c.id)
        ).all()
        assert find_break(tx) is None
    facts = {"version": 1, "before": "draft", "after": "in_review", "note": ""}
    assert [each.facts for each in entries] == [facts, facts]
    assert len({each.subject for each in entries}) == 2


def test_who_changed_a_question_of_a_batch_is_not_its_reviewer(author: Viewer, batch: int) -> None:
    other = trainer()
    code = next(
        found.version.code
        for found in list_questions(author, Search(state="draft"), page=1)[0].rows
    )
    mended = replace(editing.get_current(other, code).question, difficulty=2)
    editing.edit(other, code, mended, base_version=1, as_of=NOW.date(), note="", now=NOW)
    with pytest.raises(Invalid, match="unknown_reviewer"):
        review_queue.hand_over_batch(author, batch, reviewer_id=other.officer_id, now=NOW)
    assert review_queue.open_batch(author, batch).drafts == 3


def test_who_imported_a_batch_does_not_review_it(author: Viewer, batch: int) -> None:
    reviewer = trainer()
    with pytest.raises(Invalid, match="unknown_reviewer"):
        review_queue.hand_over_batch(author, batch, reviewer_id=author.officer_id, now=NOW)
    review_queue.hand_over_batch(author, batch, reviewer_id=None, now=NOW)
    search = QueueSearch(batch=batch)
    assert review_queue.lay_out(author, search).laid == []
    sitting = review_queue.lay_out(reviewer, search)
    decisions = [Decision(each.waiting.version.code, 1, "approve") for each in sitting.laid]
    assert sitting.total == len(decisions) == 2
    refused = review_queue.decide(author, decisions, law_checked=True, now=NOW)
    assert {each.name for each in refused.values()} == {"own_work"}
    unread = review_queue.decide(reviewer, decisions, law_checked=False, now=NOW)
    assert {each.name for each in unread.values()} == {"law_not_checked"}
    assert review_queue.decide(reviewer, decisions, law_checked=True, now=NOW) == {}
    assert review_queue.open_batch(author, batch).states == {"published": 2, "draft": 1}


def test_a_batch_belongs_to_its_bank(author: Viewer, batch: int) -> None:
    for viewer in (trainer("130500"), trainer("130502")):
        with pytest.raises(NotAllowed):
            review_queue.open_batch(viewer, batch)
        with pytest.raises(NotAllowed):
            review_queue.hand_over_batch(viewer, batch, reviewer_id=None, now=NOW)
        assert review_queue.lay_out(viewer, QueueSearch(batch=batch)).laid == []


def test_a_question_that_rose_is_not_handed_over_with_its_batch(app: Flask, tmp_path: Path) -> None:
    county, city, second = trainer("130502"), trainer("130500"), trainer("130500")
    upload_id = upload(county, sheet([row(1, **SOUND)]), tmp_path)
    batch = int(confirm(county, upload_id, "county:130502")["batch"])
    review_queue.hand_over_batch(county, batch, reviewer_id=None, now=NOW)
    (waiting,) = review_queue.lay_out(second, QueueSearch()).laid
    version = waiting.waiting.version
    decision = Decision(version.code, version.version, "approve")
    assert review_queue.decide(second, [decision], law_checked=True, now=NOW) == {}
    promotion.nominate(county, version.code, now=NOW)
    promotion.settle_nomination(city, version.code, accept=True, now=NOW)
    shorter = replace(version.question, explanation="依照第五十一条，二百元以下可以当场作出。")
    editing.edit(
        city, version.code, shorter, base_version=1, as_of=version.as_of, note="改短", now=NOW
    )
    assert review_queue.hand_over_batch(county, batch, reviewer_id=None, now=NOW).count == 0


def test_what_is_retired_with_its_batch_waits_no_more(author: Viewer, batch: int) -> None:
    """Once revived and handed over again it stands in the queue once."""
    reviewer = trainer()
    review_queue.hand_over_batch(author, batch, reviewer_id=None, now=NOW)
    assert import_batches.undo(author, batch, now=NOW) == 3
    assert review_queue.lay_out(reviewer, QueueSearch()).total == 0
    with reading() as tx:
        code = list_items(tx, batch)[0][0]
    (request,) = reviews.open_folder(author, code).requests
    assert (request.outcome, request.decided_by_name) == ("retire", author.name)
    for step in ("revive", "submit"):
        reviews.take_step(author, code, step, version=1, now=NOW)
    assert review_queue.lay_out(reviewer, QueueSearch()).total == 1
