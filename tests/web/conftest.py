"""Fixtures of the tests over HTTP."""

from typing import Any

import pytest
from flask import Flask

from quizapp.web import attempts as web_attempts
from quizapp.web import lane
from tests.web.sitting import Hall, Open, open_hall


@pytest.fixture
def hall_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open an exam whose clock stands at the hall's `now` for every request."""

    def open_one(officers: int = 1, **over: Any) -> Hall:
        app.extensions["quizapp_lane"].forget()
        hall = open_hall(app, officers, **over)
        monkeypatch.setattr(web_attempts, "now", lambda: hall.now)
        monkeypatch.setattr(lane, "moment", lambda: hall.now)
        return hall

    return open_one


@pytest.fixture
def hall(hall_of: Open) -> Hall:
    return hall_of()
