"""Who asks: session, access rule of every route, CSRF, headers."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect

from quizapp.config import Settings
from quizapp.domain.errors import NotAllowed
from quizapp.domain.people import Viewer, ticket_sign_in
from quizapp.service import people

PUBLIC, SESSION, OFFICER = "public", "session", "officer"
"""Access rules besides the roles. SESSION: the signed cookie; the route's statement checks it."""

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.session_protection = None  # phones change networks; the device rule is our own


class SignedIn(UserMixin):
    """Flask-Login's user around a Viewer."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer


def access(rule: str) -> Callable[[View], View]:
    """Say who may call a route: PUBLIC, SESSION, OFFICER or a role; without a rule nobody may."""

    def mark(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def viewer() -> Viewer:
    """Return the person behind this request; only in routes that ask for a sign-in."""
    return current_user.viewer  # type: ignore[no-any-return]


def find_viewer() -> Viewer | None:
    """Return the person behind this request, or None on a public page seen by a stranger."""
    return current_user.viewer if current_user.is_authenticated else None


def session_token() -> tuple[int, int, str] | None:
    """Return (officer id, epoch, sign-in) as the signed cookie says, unchecked by the store."""
    text = session.get("_user_id")
    if not isinstance(text, str):
        return None
    officer_id, epoch, sign_in = text.split(".", 2)
    return int(officer_id), int(epoch), sign_in


def open_session(officer_id: int, epoch: int, *, exam_only: int | None = None) -> None:
    """Begin a new session for an officer; nothing of the one before it stays.

    `exam_only` binds it to one exam, as an admission ticket does.
    """
    sign_in = secrets.token_urlsafe(12)
    if exam_only is not None:
        sign_in = ticket_sign_in(exam_only, sign_in)
    session.clear()
    session.permanent = True
    session["_user_id"] = f"{officer_id}.{epoch}.{sign_in}"
    session["_fresh"] = True
    session["since"] = int(time.time())


def wants_json() -> bool:
    """Say whether the caller is a program: it sends or asks for JSON."""
    accept = request.accept_mimetypes
    return request.is_json or accept["application/json"] > accept["text/html"]


def is_inside(target: str) -> bool:
    """Say whether `target` is a path of this site and nothing else (no host, no trick)."""
    if not target.startswith("/") or any(char <= " " or char == "\\" for char in target):
        return False
    return (
        not target.startswith("//")
        and "@" not in target.split("?", 1)[0]
        and ":" not in target.split("?", 1)[0]
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Install session, access check, CSRF and headers."""
    csrf.init_app(app)
    login_manager.init_app(app)
    app.before_request(check_signs)
    app.before_request(check_access)

    standing = standing_headers(production=settings.production)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in standing.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        return response


CSP = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def standing_headers(*, production: bool) -> dict[str, str]:
    """Return the headers of every answer."""
    headers = {
        "Content-Security-Policy": CSP,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
    }
    if production:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def session_ends_at() -> datetime:
    """Return when the session of this request ends by itself: counted from its signature."""
    interface = current_app.session_interface
    signer = SecureCookieSessionInterface.get_signing_serializer(interface, current_app)  # type: ignore[arg-type]
    text = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    if signer is None:
        raise ValueError("no secret, no session")
    _, signed_at = signer.loads(text, return_timestamp=True)
    lifetime: timedelta = current_app.permanent_session_lifetime
    return signed_at + lifetime  # type: ignore[no-any-return]


@login_manager.user_loader
def load_user(text: str) -> SignedIn | None:
    """Return the user of a session, or None when it has ended."""
    life = current_app.permanent_session_lifetime.total_seconds()
    if time.time() - session.get("since", time.time()) > life:
        return None
    officer_id, epoch, sign_in = text.split(".", 2)
    found = people.find_viewer(int(officer_id), int(epoch), sign_in)
    return SignedIn(found) if found else None


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TAKES_JSON = ("attempts",)
"""The only blueprint whose routes read JSON; forms would take its values for text."""


def check_signs() -> None:
    """Refuse NUL anywhere in an address or form: no text holds it, and not every store takes it."""
    texts = [request.path, *(text for many in request.args.listvalues() for text in many)]
    if request.method == "POST" and request.mimetype in FORMS:
        texts += [text for many in request.form.listvalues() for text in many]
    if any("\0" in text for text in texts):
        abort(400)
    if request.is_json and request.blueprint not in (None, *TAKES_JSON):
        abort(415)


HOLD_WHAT_WAS_TYPED = ("bank.new", "bank.edit")
"""Long forms: their blueprint answers 401 with a page that keeps what was typed."""


def check_access() -> ResponseReturnValue | None:
    """Refuse a request whose person does not meet its route's rule."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    rule = getattr(view, "access", None)
    if rule in (PUBLIC, SESSION):
        return None
    if rule is None:
        abort(403)
    if not current_user.is_authenticated:
        if request.method == "POST" and request.endpoint in HOLD_WHAT_WAS_TYPED:
            abort(401)
        return ask_to_sign_in()
    if not viewer().has(rule):
        raise NotAllowed
    if viewer().must_change_password and request.endpoint not in (
        "people.password",
        "people.logout",
    ):
        return redirect(url_for("people.password"), 303)
    check_ticket(viewer())
    return None


TICKET_PAGES = ("people.home", "people.logout", "people.privacy")


def check_ticket(viewer: Viewer) -> None:
    """Let somebody who came with an admission ticket sit that exam and nothing else.

    Addresses under `attempts` hold only the officer's own attempts. Raises NotAllowed("exam_only").
    """
    if viewer.exam_only is None or request.endpoint in TICKET_PAGES:
        return
    asked = (request.view_args or {}).get("exam_id")
    is_own = asked == viewer.exam_only or (asked is None and request.blueprint == "attempts")
    if not is_own:
        raise NotAllowed("exam_only")


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer 401 to a program; send a person to the sign-in page and back afterwards."""
    if wants_json():
        g.refusal = "sign_in_required"
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("people.login", next=target or None), 303)
