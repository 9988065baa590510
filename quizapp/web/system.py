"""Whether the process is up and its database is there."""

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.service import upkeep
from quizapp.web.security import PUBLIC, access, is_inside

bp = Blueprint("system", __name__)


@bp.get("/healthz")
@access(PUBLIC)
def healthz() -> ResponseReturnValue:
    return jsonify(state="up")


@bp.get("/readyz")
@access(PUBLIC)
def readyz() -> ResponseReturnValue:
    ready = upkeep.is_ready()
    return jsonify(state="ready" if ready else "not_ready"), 200 if ready else 503


@bp.post("/preferences")
@access(PUBLIC)
def preferences() -> ResponseReturnValue:
    """Remember language and large type on this device."""
    target = request.form.get("next", "")
    response = make_response(redirect(target if is_inside(target) else url_for("people.home"), 303))
    for name, allowed in (("lang", ("zh", "en")), ("type", ("large", "normal"))):
        value = request.form.get(name)
        if value in allowed:
            response.set_cookie(name, value, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response
