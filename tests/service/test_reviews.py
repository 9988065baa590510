"""法制审核: a second person, every step in the journal, a queue for each reviewer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.drafts import QuestionUnsound
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import STEPS, TABS, Decision, OwnWork, QueueSearch
from quizapp.domain.statutes import Citation
from quizapp.service import editing, promotion, review_queue, reviews
from quizapp.service.editing import QuestionChanged
from quizapp.store.bank import list_pool
from quizapp.store.db import reading, transaction
from quizapp.store.editing import get_kept
from quizapp.store.journal import journal
from tests.factories import NOW, make_draft, make_viewer, publish_question


@pytest.fixture
def author(app: Flask) -> Viewer:
    return trainer()


@pytest.fixture
def other(app: Flask) -> Viewer:
    return trainer()


def trainer(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer", unit)


def take(viewer: Viewer, code: str, key: str, **over: object) -> str:
    values = {"version": 1, "note": "理由", "law_checked": True, "now": NOW} | over
    return reviews.take_step(viewer, code, key, **values)  # type: ignore[arg-type]


def actions(code: str) -> list[str]:
    with reading() as tx:
        query = sa.select(journal.c.action).where(journal.c.subject == f"question:{code}")
        return list(tx.execute(query.order_by(journal.c.id)).scalars())


def waiting(viewer: Viewer, tab: str, **over: Any) -> list[str]:
    found = review_queue.list_queue(viewer, QueueSearch(tab, **over), page=1)
    assert found.counts[tab] == len(found.rows)
    return [row.version.code for row in found.rows]


def pool() -> list[str]:
    with reading() as tx:
        return [item.code for item in list_pool(tx, on=NOW.date())]


def test_from_draft_to_paper_and_out_of_it(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    ways = [
        (author, "submit", "in_review"), (other, "return", "draft"),
        (author, "submit", "in_review"), (author, "withdraw", "draft"),
        (author, "submit", "in_review"), (other, "approve", "published"),
        (author, "suspend", "suspended"), (author, "resume", "in_review"),
        (other, "approve", "published"), (other, "retire", "retired"),
        (author, "revive", "draft"),
    ]  # fmt: skip
    for viewer, key, state in ways:
        assert take(viewer, code, key) == state
        assert pool() == ([code] if state == "published" else [])
    assert actions(code) == ["question.written", *(f"question.{key}" for _, key, _ in ways)]
    assert [row.outcome for row in reviews.open_folder(other, code).requests] == [
        "approve", "approve", "withdraw", "return",
    ]  # fmt: skip


def test_the_approval_names_its_reviewer_and_the_legal_review(
    author: Viewer, other: Viewer
) -> None:
    code = make_draft(author)
    publish_question(author, other, code)
    with reading() as tx:
        assert get_kept(tx, code).version.reviewer == other.name
        facts = tx.execute(
            sa.select(journal.c.facts, journal.c.actor_id).where(
                journal.c.action == "question.approve"
            )
        ).one()
    assert facts.actor_id == other.officer_id
    assert facts.facts["legal_review"] is True
    assert facts.facts["version"] == 1


@pytest.mark.parametrize("key", ["approve", "return"])
def test_nobody_reviews_own_work(author: Viewer, other: Viewer, key: str) -> None:
    code = make_draft(author)
    take(author, code, "submit")
    with pytest.raises(OwnWork):
        take(author, code, key)
    current = editing.get_current(other, code)
    editing.edit(
        other, code, current.question, base_version=1, as_of=current.as_of, note="", now=NOW
    )
    assert take(other, code, key) in ("published", "draft")


def test_whoever_edited_since_the_last_review_is_an_author_too(
    author: Viewer, other: Viewer
) -> None:
    code = make_draft(author)
    take(author, code, "submit")
    current = editing.get_current(other, code)
    text = current.question.stem.replace("最高", "至多")
    wording = replace(current.question, stem=text)
    editing.edit(other, code, wording, base_version=1, as_of=current.as_of, note="", now=NOW)
    take(author, code, "submit", version=2)
    for viewer in (author, other):
        with pytest.raises(OwnWork):
            take(viewer, code, "approve", version=2)
    assert take(trainer(), code, "approve", version=2) == "published"


def test_every_step_has_its_states(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    for step in STEPS.values():
        if "draft" not in step.begins:
            with pytest.raises(Conflict):
                take(other, code, step.key)
    with pytest.raises(Invalid, match="unknown_step"):
        take(other, code, "promote")


def test_a_note_a_statement_and_the_version_seen_are_needed(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    take(author, code, "submit")
    with pytest.raises(Invalid, match="law_not_checked"):
        take(other, code, "approve", law_checked=False)
    with pytest.raises(Invalid, match="note_missing"):
        take(other, code, "return", note=" ")
    with pytest.raises(Invalid, match="too_long"):
        take(other, code, "return", note="长" * 1001)
    with pytest.raises(QuestionChanged):
        take(other, code, "approve", version=2)


@pytest.mark.parametrize(
    "over", [{"key": ()}, {"citations": ()}, {"options": ("甲", "甲", "乙", "丙")}]
)
def test_what_is_unsound_is_not_handed_over(author: Viewer, over: dict[str, object]) -> None:
    code = make_draft(author, **over)
    with pytest.raises(QuestionUnsound) as refusal:
        take(author, code, "submit")
    assert refusal.value.facts["reasons"]


def test_the_queue_of_a_reviewer(author: Viewer, other: Viewer) -> None:
    third = trainer()
    anybody, named, city_own = make_draft(author), make_draft(author), trainer("130500")
    take(author, anybody, "submit")
    take(author, named, "submit", reviewer_id=other.officer_id)
    local = make_draft(city_own, "city:130500")
    take(city_own, local, "submit")
    assert waiting(other, "mine") == [named]
    assert waiting(other, "free") == [anybody, local]
    assert waiting(third, "free") == [anybody, local]
    assert waiting(third, "others") == [named]
    assert waiting(author, "own") == [anybody, named]
    assert waiting(author, "free") == [local]
    assert [waiting(trainer("130200"), tab) for tab in TABS] == [[], [], [], []]
    laid = review_queue.lay_out(other, QueueSearch())
    assert [each.waiting.version.code for each in laid.laid] == [named, anybody, local]
    with pytest.raises(Invalid, match="unknown_reviewer"):
        take(author, make_draft(author), "submit", reviewer_id=author.officer_id)


def test_comments_stay_with_their_version(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    reviews.say(other, code, " 请写明款。 ", now=NOW)
    (comment,) = reviews.open_folder(author, code).comments
    assert (comment.version, comment.author, comment.text) == (1, other.name, "请写明款。")
    with pytest.raises(Invalid):
        reviews.say(other, code, "  ", now=NOW)


def test_a_question_rises_to_the_bank_above_and_keeps_its_author(app: Flask) -> None:
    county, second = trainer("130502"), trainer("130502")
    city, province = trainer("130500"), trainer()
    code = make_draft(county, "county:130502")
    with pytest.raises(Conflict):
        promotion.nominate(county, code, now=NOW)
    publish_question(county, second, code)
    assert promotion.nominate(county, code, now=NOW) == "city:130500"
    with pytest.raises(NotAllowed):
        promotion.settle_nomination(second, code, accept=True, now=NOW)
    assert [row[0] for row in promotion.list_nominated(city)] == [code]
    promotion.settle_nomination(city, code, accept=True, now=NOW)
    assert promotion.nominate(city, code, now=NOW) == "province:13"
    promotion.settle_nomination(province, code, accept=False, now=NOW)
    with reading() as tx:
        kept = get_kept(tx, code)
    assert (kept.scope, kept.state, kept.nominated_to) == ("city:130500", "published", None)
    assert kept.version.author == county.name
    with pytest.raises(NotAllowed):
        take(county, code, "retire")
    assert actions(code)[-4:] == [
        "question.nominated", "question.promoted", "question.nominated", "question.not_promoted",
    ]  # fmt: skip


def test_a_second_version_of_one_question_leaves_all_others_in_the_pool(
    author: Viewer, other: Viewer
) -> None:
    codes = [make_draft(author) for _ in range(3)]
    for code in codes:
        publish_question(author, other, code)
    current = editing.get_current(author, codes[1])
    wording = replace(current.question, key=(1,))
    editing.edit(author, codes[1], wording, base_version=1, as_of=current.as_of, note="", now=NOW)
    with reading() as tx:
        day = NOW.date()
        assert [item.code for item in list_pool(tx, on=day)] == [codes[0], codes[2]]
    publish_question(author, other, codes[1])
    with reading() as tx:
        assert [item.code for item in list_pool(tx, on=day)] == codes
        newest = max(item.version_id for item in list_pool(tx, on=day))
    assert editing.get_current(author, codes[1]).id == newest


def test_the_queue_of_one_law(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    far = make_draft(author, citations=(Citation("行政强制法", date(2011, 6, 30), 9),))
    for each in (code, far):
        take(author, each, "submit")
    assert waiting(other, "free", law="行政强制法") == [far]
    assert review_queue.list_queue(other, QueueSearch(), page=1).laws == [
        "行政处罚法",
        "行政强制法",
    ]


def test_many_are_reviewed_in_one_sitting_each_for_itself(author: Viewer, other: Viewer) -> None:
    codes = [make_draft(author) for _ in range(3)]
    for code in codes:
        take(author, code, "submit")
    own = make_draft(other)
    take(other, own, "submit")
    decisions = [
        Decision(codes[0], 1, "approve"), Decision(codes[1], 1, "return"),
        Decision(codes[2], 1, "return", "款写错了"), Decision(own, 1, "approve"),
    ]  # fmt: skip
    refused = review_queue.decide(other, decisions, law_checked=True, now=NOW)
    assert {code: each.name for code, each in refused.items()} == {
        codes[1]: "note_missing", own: "own_work",
    }  # fmt: skip
    states = [reviews.open_folder(other, code).history.state for code in codes]
    assert states == ["published", "in_review", "draft"]
    assert actions(codes[0])[-1] == "question.approve"
    with pytest.raises(Invalid, match="unknown_step"):
        review_queue.decide(other, [Decision(own, 1, "retire")], law_checked=True, now=NOW)


def test_the_folder_tells_who_did_what_and_why(author: Viewer, other: Viewer) -> None:
    code = make_draft(author)
    publish_question(author, other, code)
    take(author, code, "suspend", note="法条有疑问")
    first, second, *_ = reviews.open_folder(other, code).deeds
    assert (first.who, first.what.zh, first.note) == (author.name, "暂停使用", "法条有疑问")
    assert (second.who, second.law_checked, second.version) == (other.name, True, 1)
    assert reviews.open_folder(trainer("130500"), code).deeds == []


def test_only_what_is_published_rises(app: Flask) -> None:
    city, second, province = trainer("130500"), trainer("130500"), trainer()
    code = make_draft(city, "city:130500")
    publish_question(city, second, code)
    promotion.nominate(city, code, now=NOW)
    take(city, code, "suspend")
    with pytest.raises(Conflict):
        promotion.settle_nomination(province, code, accept=True, now=NOW)
    promotion.settle_nomination(province, code, accept=False, now=NOW)
