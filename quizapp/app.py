"""Joins the rooms: the only file that sees every floor."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask_babel import Babel
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp import cli
from quizapp.config import ROOT, Settings
from quizapp.store.db import db, prepare_engine, set_waiting
from quizapp.web import assets, blueprints, errors, pages, security
from quizapp.web.lane import SaveLane

LANGUAGES = ("zh", "en")
FORM_AROUND = 64 * 1024
"""What a form may add to the file that it brings (bytes)."""


def create_app(settings: Settings) -> Flask:
    """Return the application of these settings; nothing happens at import time."""
    app = Flask("quizapp", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(_flask_config(settings))
    app.extensions["quizapp_settings"] = settings
    app.extensions["quizapp_lane"] = lane = SaveLane(app, app.wsgi_app)
    app.wsgi_app = lane  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    set_waiting(settings.lock_wait_s)
    with app.app_context():
        prepare_engine(db.engine)
    assets.init_assets(app)
    Babel(app, locale_selector=lambda: _language(settings))
    Compress(app)
    security.init_security(app, settings)
    errors.init_errors(app)
    pages.init_pages(app)
    blueprints.init_blueprints(app)
    cli.init_cli(app)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    pool: dict[str, Any] = {}
    if sa.engine.make_url(settings.database_url).get_backend_name() == "postgresql":
        pool = {"pool_size": 16, "max_overflow": 16, "pool_timeout": settings.lock_wait_s}
    else:
        pool = {"pool_size": 16, "max_overflow": 64}
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": pool,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.production else "session",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_h),
        # the token lives as long as the session, never shorter than an exam
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": settings.upload_mb * 1024 * 1024 + FORM_AROUND,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_MIN_SIZE": 600,
        "COMPRESS_LEVEL": 5,
    }


def _language(settings: Settings) -> str:
    chosen = request.cookies.get("lang", "") if request else ""
    return chosen if chosen in LANGUAGES else settings.language
