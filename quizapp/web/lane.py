"""A short way for the one request that every officer makes once per question.

A save is taken in front of Flask's routing: cookie, token and origin are checked in full by the
same libraries the first time they are seen, and remembered; then come the same parsing, the same
service function, the same answer. Whatever is not plain success goes the ordinary way, which finds
the words (docs/adr/0006-save-lane.md).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from quizapp.domain.attempts import Caller
from quizapp.domain.errors import Refusal
from quizapp.service import saving
from quizapp.web import attempt_json
from quizapp.web.security import csrf, session_ends_at, session_token, standing_headers

Environ = dict[str, Any]
ADDRESS = re.compile(r"/attempts/([1-9][0-9]{0,8})/answers")
PASSES_KEPT = 30_000
REFUSED = "quizapp.refused"


@dataclass(frozen=True, slots=True)
class Pass:
    """A session that was checked in full: whose it is and when it ends by itself."""

    caller: Caller
    ends_at: datetime


class SaveLane:
    """WSGI in front of the application's own."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        settings = app.extensions["quizapp_settings"]
        self._app = app
        self._inner = inner
        self._allowance_s = int(settings.network_allowance_s)
        self._headers = [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            *standing_headers(production=settings.production).items(),
        ]
        self._passes: dict[tuple[str, ...], Pass] = {}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT":
            body = self._save(environ)
            if body is not None:
                length = ("Content-Length", str(len(body)))
                start_response("200 OK", [*self._headers, length])
                return [body]
        return self._inner(environ, start_response)

    def _find_pass(self, environ: Environ) -> Pass | None:
        """Return whose credentials these are, checked in full once; None: they are not good."""
        shown = credentials(environ)
        known = self._passes.get(shown)
        if known is None:
            known = self._check(environ)
            if known is not None:
                while len(self._passes) >= PASSES_KEPT:
                    del self._passes[next(iter(self._passes))]
                self._passes[shown] = known
        return known

    def _check(self, environ: Environ) -> Pass | None:
        with self._app.request_context(environ):
            token = session_token()
            if token is None:
                return None
            try:
                csrf.protect()
            except CSRFError:
                return None
            return Pass(Caller(*token), session_ends_at())

    def forget(self) -> None:
        """Let nobody use the lane before the ordinary route has checked them again."""
        self._passes.clear()

    def _save(self, environ: Environ) -> bytes | None:
        """Return the acknowledgement, or None when this request must go the ordinary way."""
        now = moment()
        address = ADDRESS.fullmatch(environ["PATH_INFO"])
        raw = read_body(environ) if address else None
        known = self._find_pass(environ) if raw is not None else None
        if address is None or raw is None or known is None or now >= known.ends_at:
            return None
        try:
            with self._app.app_context():
                saved = saving.save_answers(
                    known.caller,
                    int(address[1]),
                    attempt_json.parse_entries(raw),
                    now=now,
                    allowance_s=self._allowance_s,
                    browser=environ.get("HTTP_USER_AGENT", ""),
                )
        except HTTPException:
            return None
        except Refusal as refusal:
            environ[REFUSED] = refusal  # the ordinary way words it, without a second try
            return None
        return attempt_json.dump(attempt_json.saved(saved))


def moment() -> datetime:
    """Return the moment of this request; tests put their own clock here."""
    return datetime.now(UTC)


def credentials(environ: Environ) -> tuple[str, ...]:
    """Return all of a request that decides whether it is let in."""
    return (
        environ.get("HTTP_COOKIE", ""),
        environ.get("HTTP_X_CSRFTOKEN", ""),
        environ.get("HTTP_REFERER", ""),
        environ.get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
    )


def read_body(environ: Environ) -> bytes | None:
    """Return a JSON body of the right size and leave it readable for the ordinary way."""
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or int(length) > attempt_json.MAX_BODY:
        return None
    if environ.get("CONTENT_TYPE") != "application/json":
        return None
    raw: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(raw)
    return raw
