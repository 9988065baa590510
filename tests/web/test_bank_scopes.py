"""The banks of the province, its cities and counties: who reads and who changes which page."""

import pytest
from flask import Flask

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
"""Whose trainers read a bank: its own unit, those above, and for a bank above those below."""
WRITERS = {
    "province": {"province"}, "city": {"province", "city"},
    "county": {"province", "city", "county"},
}  # fmt: skip
STEM = "只在本题库的草稿：灯会由谁批准（ ）？"


@pytest.mark.parametrize("bank", BANKS)
def test_every_page_keeps_to_the_bank(app: Flask, bank: str) -> None:
    desks = {name: Desk(app, unit) for name, unit in UNITS.items()}
    code = make_draft(desks[bank].viewer, BANKS[bank], stem=STEM)
    question = f"/bank/questions/{code}"
    for name, desk in desks.items():
        reads, writes = name in READERS[bank], name in WRITERS[bank]
        seen = 200 if reads else 404
        assert desk.client.get(question).status_code == seen, name
        assert desk.client.get(f"{question}/compare?older=1&newer=1").status_code == seen
        changed = 200 if writes else 403 if reads else 404
        assert desk.client.get(f"{question}/edit").status_code == changed, name
        listed = desk.client.get("/bank/?state=draft").text
        assert (code in listed) == reads
        exported = desk.client.get("/bank/selection/json?state=draft").get_data(as_text=True)
        assert (STEM in exported) == reads
        ticked = desk.client.get(f"/bank/selection/json?codes={code}").get_data(as_text=True)
        assert (STEM in ticked) == reads
        alike = desk.post("/bank/preview", SINGLE | {"stem": STEM}).text
        assert (code in alike) == reads
    for name, desk in desks.items():
        if name not in WRITERS[bank]:
            refused = 403 if name in READERS[bank] else 404
            for path in ("steps/submit", "steps/retire", "nominate"):
                reply = desk.post(f"{question}/{path}", {"version": "1", "note": "无"})
                assert reply.status_code == refused, (name, path)
            edited = desk.post(f"{question}/edit", SINGLE | {"base_version": "1"})
            assert edited.status_code == refused
            assert desk.post("/bank/new", SINGLE | {"scope": BANKS[bank]}).status_code == 422
    said = desks["neighbour"].post(f"{question}/comments", {"text": "看不到的题"})
    assert said.status_code == (303 if bank == "province" else 404)


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
