"""The blueprints of the site; apart from `pages`, which every one of them uses."""

from flask import Flask

from quizapp.web import attempts, bank, officers, people, places, roster, system, tickets

BLUEPRINTS = (system.bp, attempts.bp, bank.bp, people.bp, officers.bp)
SHARED = (places, roster, tickets)
"""Modules whose routes stand on the blueprint of another."""


def init_blueprints(app: Flask) -> None:
    """Register the routes."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
