"""Refusals and faults as HTTP: a page for people, JSON with a code for programs."""

import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from quizapp.domain.errors import Busy, Conflict, Invalid, NotAllowed, NotFound, Refusal, TooMany
from quizapp.web.messages import message
from quizapp.web.security import HOLD_WHAT_WAS_TYPED, wants_json

STATUS: dict[type[Refusal], int] = {
    NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422, Busy: 503, TooMany: 429,
}  # fmt: skip
HTTP_CODES = {
    400: "bad_request", 401: "sign_in_required", 403: "not_allowed", 404: "not_found",
    405: "method_not_allowed", 406: "not_acceptable", 413: "too_large", 414: "too_large",
    415: "unsupported_media", 422: "invalid", 429: "too_many_tries", 431: "too_large", 503: "busy",
}  # fmt: skip


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of the family a refusal belongs to."""
    return next(status for family, status in STATUS.items() if isinstance(refusal, family))


def init_errors(app: Flask) -> None:
    """Answer every refusal and every fault; never a traceback."""

    @app.errorhandler(Refusal)
    def on_refusal(refusal: Refusal) -> Response:
        return answer(
            status_of(refusal), refusal.name, refusal.facts, getattr(refusal, "problems", [])
        )

    @app.errorhandler(CSRFError)
    def on_csrf(error: CSRFError) -> Response:  # noqa: ARG001
        return answer(400, "csrf_failed", {})

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < HTTPStatus.BAD_REQUEST:
            return make_response(error.get_response())
        response = answer(status, *_told(status))
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def on_fault(error: Exception) -> Response:
        current_app.logger.exception("request %s failed", request_id(), exc_info=error)
        return answer(500, "fault", {})


def _told(status: int) -> tuple[str, dict[str, Any]]:
    """Return the code and the facts of an HTTP error; of an upload, how large it may be."""
    is_upload = request.mimetype == "multipart/form-data"
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and is_upload:
        if request.endpoint in HOLD_WHAT_WAS_TYPED:
            return "picture_too_large", {}
        return "file_too_large", {"mb": current_app.extensions["quizapp_settings"].upload_mb}
    other = "bad_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "fault"
    return HTTP_CODES.get(status, other), {}


def request_id() -> str:
    """Return the id under which this request is found in the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return str(g.request_id)


def answer(
    status: int, code: str, facts: dict[str, Any], problems: list[dict[str, Any]] | None = None
) -> Response:
    """Return the refusal in the form the caller reads."""
    if wants_json():
        body: dict[str, Any] = {
            "code": code,
            "message": message(code, **facts),
            "request_id": request_id(),
        }
        if problems:
            body["problems"] = problems
        body |= {name: facts[name] for name in ("submitted_at", "retry_after_s") if name in facts}
        response = jsonify(body)
    else:
        page = render_template(
            "errors/refusal.html", code=code, message=message(code, **facts), status=status,
            problems=problems or [], request_id=request_id(), path=request.path,
        )  # fmt: skip
        response = make_response(page)
    response.status_code = status
    if "retry_after_s" in facts:
        response.headers["Retry-After"] = str(facts["retry_after_s"])
    elif status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = "2"
    return response
