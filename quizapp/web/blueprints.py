"""The blueprints of the site; apart from `pages`, which every one of them uses."""

from flask import Flask

from quizapp.web import attempts, people, system

BLUEPRINTS = (system.bp, attempts.bp, people.bp)


def init_blueprints(app: Flask) -> None:
    """Register the routes."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
