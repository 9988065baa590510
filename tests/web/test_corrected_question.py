"""A correction in force leads to the question in the bank, already mended in the form."""

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from quizapp.service import editing
from quizapp.store.db import transaction
from quizapp.web import corrections
from tests.factories import enter, make_viewer
from tests.sat import OVER, sit_exam
from tests.service.test_corrections import by_number
from tests.web.test_corrections import code_of, drafted, second


class Form(HTMLParser):
    """What a browser would send of the page's largest form, as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._list = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        name, value = facts.get("name", ""), facts.get("value", "")
        if tag == "select":
            self._list = name
        elif tag == "option" and "selected" in facts:
            self._put(self._list, value)
        elif tag == "textarea":
            self._text = name
            self._put(name, "")
        elif tag == "input" and name:
            is_choice = facts.get("type") in ("checkbox", "radio")
            if facts.get("type") != "file" and (not is_choice or "checked" in facts):
                self._put(name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] = [data.removeprefix("\r\n").removeprefix("\n")]

    def _put(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def test_the_key_of_a_correction_is_filled_in_and_kept_as_a_new_version(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "now", lambda: OVER)
    sat = sit_exam(by_number, people=2)
    code = code_of(sat)
    path = drafted(client, sat, ruling="new_key", answer="b")
    client.post(f"{path}/approve", data={"csrf_token": second(client), "checked": "1"})
    with transaction() as tx:
        trainer = make_viewer(tx, "trainer")
    token = enter(client, trainer.officer_id)
    asked = f"/bank/questions/{code}/edit?correction={path.rsplit('/', 1)[1]}"
    assert asked in client.get(path).text
    before = editing.get_current(trainer, code)
    form = Form(client.get(asked).text).fields
    assert form["right"] == ["1"]
    assert form["note"] == ["勘误：更正答案，按新答案判分（B）。依据第五十一条，B 项也正确。"]
    assert editing.get_current(trainer, code) == before, "looking changes nothing"
    form |= {"explanation": ["依照第五十一条，B 项正确，其余各项都不是该条所定。"]}
    reply = client.post(asked, data=form | {"csrf_token": token, "go": ""})
    assert reply.status_code == 303, reply.text
    mended = editing.get_current(trainer, code)
    assert (mended.version, mended.question.key) == (before.version + 1, (1,))
    assert "草稿" in client.get(f"/bank/questions/{code}").text
    assert "勘误" in client.get(f"/bank/questions/{code}").text
