"""An officer at an exam, over HTTP: what the tests of the contract share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.store.db import transaction
from tests.factories import NOW, enter, make_exam, make_officer, make_small_bank, make_viewer


@dataclass
class Sitter:
    """One officer on one phone."""

    client: FlaskClient
    officer_id: OfficerId
    token: str
    attempt_id: int = 0

    def start(self, exam_id: int) -> int:
        done = self.post(f"/exams/{exam_id}/attempts")
        assert done.status_code == 201, done.text
        self.attempt_id = done.json["attempt_id"]
        return self.attempt_id

    def paper(self) -> dict[str, Any]:
        done = self.get("")
        assert done.status_code == 200, done.text
        return dict(done.json)

    def get(self, tail: str) -> TestResponse:
        return self.client.get(
            f"/attempts/{self.attempt_id}{tail}", headers={"Accept": "application/json"}
        )

    def post(self, path: str, body: object = None) -> TestResponse:
        return self.client.post(
            path,
            json=body if body is not None else {},
            headers={"Accept": "application/json", "X-CSRFToken": self.token},
        )

    def submit(self, body: object = None) -> TestResponse:
        return self.post(f"/attempts/{self.attempt_id}/submit", body)

    def save(self, *answers: dict[str, Any], attempt_id: int = 0) -> TestResponse:
        return self.put({"answers": list(answers)}, attempt_id=attempt_id)

    def put(self, body: object, *, attempt_id: int = 0) -> TestResponse:
        return self.client.put(
            f"/attempts/{attempt_id or self.attempt_id}/answers",
            json=body,
            headers={"X-CSRFToken": self.token},
        )


@dataclass
class Hall:
    """An exam with its officers and a clock that only the test moves."""

    app: Flask
    exam: Exam
    officers: list[OfficerId]
    now: datetime = NOW
    sign_ins: int = field(default=0)

    def sitter(self, place: int = 0, *, sign_in: str = "", started: bool = True) -> Sitter:
        client = self.app.test_client()
        self.sign_ins += 1
        token = enter(client, self.officers[place], sign_in=sign_in or f"phone-{self.sign_ins}")
        sitter = Sitter(client, self.officers[place], token)
        if started:
            sitter.start(self.exam.id)
        return sitter

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


def open_hall(app: Flask, officers: int = 1, **over: Any) -> Hall:
    """Publish a small exam for `officers` officers; it opened an hour before NOW."""
    with transaction() as tx:
        make_small_bank(tx)
        ids = [make_officer(tx) for _ in range(officers)]
        organizer = make_viewer(tx, "organizer")
    return Hall(app, make_exam(organizer, **over), ids)


def answer(no: int, *response: str, seq: int = 1, **more: Any) -> dict[str, Any]:
    return {"no": no, "response": list(response), "seq": seq, "flagged": False} | more


Open = Callable[..., Hall]
