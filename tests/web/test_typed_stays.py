"""What was typed at the workbench is never lost: refused, it stands at its field, else beside."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.service import reviews, stale
from tests.factories import NOW, make_draft
from tests.web.test_editing import Desk
from tests.web.test_settling import WorkList, listed

__all__ = ["listed"]
WORDS = "第二项与第五十一条不符，请改。"
UNSAVED = re.compile(r'<textarea id="unsaved"[^>]*readonly>([^<]*)<')
LONG = WORDS + "很长" * 600


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def field(reply: TestResponse, name: str) -> str:
    """Return what stands in a text of the page."""
    found = re.search(rf'<textarea id="{name}"[^>]*>([^<]*)<', reply.text)
    assert found, name
    return found[1]


def unsaved(text: str) -> list[str]:
    return UNSAVED.findall(text)


def in_review(desk: Desk) -> str:
    code = make_draft(desk.viewer)
    reviews.take_step(desk.viewer, code, "submit", version=1, now=NOW)
    return code


def step(desk: Desk, code: str, key: str, **fields: str) -> TestResponse:
    values: dict[str, object] = {"version": "1"} | fields
    return desk.post(f"/bank/questions/{code}/steps/{key}", values)


def test_a_step_without_its_note_is_refused_at_the_note(app: Flask, desk: Desk) -> None:
    code, reviewer = in_review(desk), Desk(app)
    reply = step(reviewer, code, "return", note="  ")
    assert reply.status_code == 422
    assert 'href="#step-return"' in reply.text
    assert 'aria-describedby="note-return-bad"' in reply.text
    assert reply.text.count("请填写原因或意见") == 2
    long = step(reviewer, code, "return", note=LONG)
    assert (long.status_code, field(long, "note-return")) == (422, LONG)


def test_an_approval_without_the_tick_keeps_the_note(app: Flask, desk: Desk) -> None:
    code, reviewer = in_review(desk), Desk(app)
    reply = step(reviewer, code, "approve", note=WORDS)
    assert (reply.status_code, field(reply, "note-approve")) == (422, WORDS)
    assert "aria-invalid" not in reply.text


def test_a_question_changed_meanwhile_keeps_the_note_and_the_tick(app: Flask, desk: Desk) -> None:
    code, reviewer = in_review(desk), Desk(app)
    reply = step(reviewer, code, "approve", version="7", note=WORDS, law_checked="1")
    assert (reply.status_code, field(reply, "note-approve")) == (409, WORDS)
    assert re.search(r'name="law_checked"[^>]* checked', reply.text)
    assert 'name="version" value="1"' in reply.text


def test_a_state_changed_meanwhile_leaves_the_note_to_be_copied(app: Flask, desk: Desk) -> None:
    code, reviewer = in_review(desk), Desk(app)
    step(desk, code, "withdraw")
    reply = step(reviewer, code, "return", note=WORDS)
    assert reply.status_code == 409
    assert unsaved(reply.text) == [WORDS]
    assert 'href="#step-return"' not in reply.text


def test_an_author_is_told_on_the_page(desk: Desk) -> None:
    code = in_review(desk)
    reply = step(desk, code, "approve", note=WORDS, law_checked="1")
    assert reply.status_code == 403
    assert unsaved(reply.text) == [WORDS]
    assert desk.post(f"/bank/questions/{code}/nominate", {}).status_code == 409
    refused = desk.post(f"/bank/questions/{code}/promotion", {"accept": "1"})
    assert refused.status_code == 409
    assert code in refused.text


def test_an_unsound_question_says_what_is_missing(desk: Desk) -> None:
    code = make_draft(desk.viewer, key=())
    reply = step(desk, code, "submit")
    assert reply.status_code == 422
    assert code in reply.text
    assert '<a href="#step-submit">' in reply.text
    assert re.search(r'class="summary"[\s\S]*?<ul><li>[^<]+</li>', reply.text)


@pytest.mark.parametrize("text", ["", LONG])
def test_a_comment_stays_in_its_field(desk: Desk, text: str) -> None:
    code = make_draft(desk.viewer)
    reply = desk.post(f"/bank/questions/{code}/comments", {"text": text})
    assert (reply.status_code, field(reply, "comment")) == (422, text)
    assert 'aria-describedby="comment-bad"' in reply.text


def test_a_question_that_is_not_read_has_no_page(app: Flask, desk: Desk) -> None:
    code, stranger = make_draft(desk.viewer), Desk(app, "130500")
    reply = stranger.post(f"/bank/questions/{code}/comments", {"text": WORDS})
    assert reply.status_code == 404
    assert code not in reply.text.replace(f"/bank/questions/{code}/comments", "")


def test_what_was_settled_meanwhile_leaves_the_note_to_be_copied(listed: WorkList) -> None:
    first, second = listed.items()[:2]
    viewer = listed.desk.viewer
    stale.close_item(viewer, first.id, "kept", "", on=NOW.date(), now=NOW)
    reply = listed.desk.post(f"/laws/stale/{first.id}", {"outcome": "kept", "note": WORDS})
    assert (reply.status_code, unsaved(reply.text)) == (422, [WORDS])
    again = listed.desk.post(
        listed.sitting, {f"outcome-{first.id}": "kept", f"note-{first.id}": WORDS}
    )
    assert again.status_code == 422
    assert WORDS in again.text
    assert f'href="/laws/stale/{first.id}"' in again.text
    assert f'id="item-{second.id}"' in again.text


def test_what_was_reviewed_meanwhile_leaves_the_note_to_be_read(app: Flask, desk: Desk) -> None:
    code, reviewer = in_review(desk), Desk(app)
    step(desk, code, "withdraw")
    fields: dict[str, object] = {
        f"step-{code}": "return", f"version-{code}": "1", f"note-{code}": WORDS,
    }  # fmt: skip
    reply = reviewer.post("/bank/reviews/sitting", fields)
    assert reply.status_code == 422
    assert WORDS in reply.text
