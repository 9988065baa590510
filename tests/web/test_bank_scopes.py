"""The banks of the province, its cities and counties: who reads and who changes which page."""

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import STATES
from quizapp.domain.scopes import ISSUED
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import transaction
from tests.factories import make_draft
from tests.web.test_editing import SINGLE, Desk

UNITS = {
    "province": "130000", "city": "130500", "county": "130502", "sister": "130503",
    "neighbour": "130200",
}  # fmt: skip
BANKS = {"province": "province:13", "city": "city:130500", "county": "county:130502"}
READERS = {
    "province": {"province", "city", "county", "sister", "neighbour"},
    "city": {"province", "city", "county", "sister"},
    "county": {"province", "city", "county"},
}
"""Whose trainers read what a bank has issued: its own unit, those above, and those below."""
WRITERS = {
    "province": {"province"}, "city": {"province", "city"},
    "county": {"province", "city", "county"},
}  # fmt: skip
"""Whose trainers change a bank, and read what is not issued yet."""
STEM = "只在本题库的草稿：灯会由谁批准（ ）？"


def put_state(code: str, state: str, *, is_approved: bool) -> None:
    own = sa.select(questions.c.id).where(questions.c.code == code).scalar_subquery()
    with transaction() as tx:
        tx.execute(sa.update(questions).where(questions.c.code == code).values(state=state))
        if is_approved:
            mine = question_versions.c.question_id == own
            tx.execute(sa.update(question_versions).where(mine).values(reviewer="王审"))


def readers(bank: str, state: str) -> set[str]:
    return WRITERS[bank] if state in ("draft", "in_review") else READERS[bank]


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("state", STATES)
def test_every_page_keeps_to_the_bank(app: Flask, bank: str, state: str) -> None:
    desks = {name: Desk(app, unit) for name, unit in UNITS.items()}
    code = make_draft(desks[bank].viewer, BANKS[bank], stem=STEM, topics=("灯会",))
    put_state(code, state, is_approved=state in ISSUED)
    question = f"/bank/questions/{code}"
    for name, desk in desks.items():
        reads, writes = name in readers(bank, state), name in WRITERS[bank]
        seen = 200 if reads else 404
        assert desk.client.get(question).status_code == seen, name
        assert desk.client.get(f"{question}/compare?older=1&newer=1").status_code == seen
        changed = 404 if not reads else 403 if not writes else 409 if state == "retired" else 200
        assert desk.client.get(f"{question}/edit").status_code == changed, name
        listed = desk.client.get(f"/bank/?state={state}").text
        assert (code in listed) == reads
        assert (">灯会<" in desk.client.get("/bank/").text) == (reads and state != "retired")
        assert (code in desk.client.get(f"/bank/?state={state}&text=灯会").text) == reads
        for sought in (f"state={state}", f"state={state}&codes={code}"):
            taken = desk.client.get(f"/bank/selection/json?{sought}").get_data(as_text=True)
            assert (STEM in taken) == reads
        alike = desk.post("/bank/preview", SINGLE | {"stem": STEM}).text
        assert (code in alike) == (reads and state != "retired")
    for name, desk in desks.items():
        if name not in WRITERS[bank]:
            refused = 403 if name in readers(bank, state) else 404
            for path in ("steps/submit", "steps/retire", "nominate", "promotion", "comments"):
                reply = desk.post(
                    f"{question}/{path}", {"version": "1", "note": "无", "text": "无"}
                )
                assert reply.status_code == refused, (name, path)
            edited = desk.post(f"{question}/edit", SINGLE | {"base_version": "1"})
            assert edited.status_code == refused
            assert desk.post("/bank/new", SINGLE | {"scope": BANKS[bank]}).status_code == 422


@pytest.mark.parametrize("bank", BANKS)
def test_a_draft_given_up_before_its_review_was_never_issued(app: Flask, bank: str) -> None:
    desks = {name: Desk(app, unit) for name, unit in UNITS.items()}
    code = make_draft(desks[bank].viewer, BANKS[bank], stem=STEM)
    put_state(code, "retired", is_approved=False)
    for name, desk in desks.items():
        seen = 200 if name in WRITERS[bank] else 404
        assert desk.client.get(f"/bank/questions/{code}").status_code == seen, name
        assert (code in desk.client.get("/bank/?state=retired").text) == (seen == 200)


def test_the_queue_keeps_to_the_banks_one_looks_after(app: Flask) -> None:
    desks = {name: Desk(app, unit) for name, unit in UNITS.items()}
    codes = {}
    for bank, scope in BANKS.items():
        codes[bank] = make_draft(desks[bank].viewer, scope)
        step = f"/bank/questions/{codes[bank]}/steps/submit"
        assert desks[bank].post(step, {"version": "1"}).status_code == 303
    for name, desk in desks.items():
        pages = [desk.client.get(f"/bank/reviews?show={tab}").text for tab in ("free", "own")]
        laid = desk.client.get("/bank/reviews/sitting").text
        for bank, code in codes.items():
            assert any(code in page for page in pages) == (name in WRITERS[bank]), (name, bank)
            assert (f'id="{code}"' in laid) == (name in WRITERS[bank] - {bank})


def test_officers_see_none_of_it(app: Flask) -> None:
    trainer, officer = Desk(app), app.test_client()
    code = make_draft(trainer.viewer)
    assert officer.get(f"/bank/questions/{code}").status_code == 303
