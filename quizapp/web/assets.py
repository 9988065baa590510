"""Our own static files: compressed once, kept by browsers for a year, named by their hash."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, session, url_for
from werkzeug.security import safe_join

YEAR_S = 31_536_000
HASH_CHARS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    raw: bytes
    packed: bytes
    content_hash: str
    mimetype: str


def init_assets(app: Flask) -> None:
    """Serve the static folder; called before what else looks at responses."""

    @app.after_request
    def forget_session(response: Response) -> Response:
        # the same for everybody: if it varied by cookie, each sign-in would fetch it anew
        if request.endpoint == "static":
            session.accessed = False
        return response

    app.view_functions["static"] = serve


def asset(name: str) -> str:
    """Return the address of one of our own static files, with a hash of its content."""
    return url_for("static", filename=name, v=_find(name).content_hash)


def serve(filename: str) -> Response:
    found = _find(filename)
    packs = request.accept_encodings["gzip"] > 0 and len(found.packed) < len(found.raw)
    response = Response(found.packed if packs else found.raw, mimetype=found.mimetype)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.content_hash + ("-gzip" if packs else ""))
    if request.args.get("v") == found.content_hash:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _find(name: str) -> Asset:
    path = safe_join(current_app.static_folder or "", name)
    if path is None or not Path(path).is_file():
        abort(HTTPStatus.NOT_FOUND)
    return _load(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _load(path: str, _changed_ns: int) -> Asset:
    raw = Path(path).read_bytes()
    mimetype = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Asset(raw, gzip.compress(raw, 9), hashlib.sha256(raw).hexdigest()[:HASH_CHARS], mimetype)
