"""The blueprints of the site; apart from `pages`, which every one of them uses."""

from flask import Flask

from quizapp.web import (
    attempts,
    bank,
    exam_times,
    exams,
    hours_import,
    live,
    officers,
    people,
    places,
    roster,
    standings,
    system,
    tickets,
    training,
)

BLUEPRINTS = (
    system.bp,
    attempts.bp,
    bank.bp,
    people.bp,
    officers.bp,
    exams.bp,
    training.bp,
    standings.bp,
)
SHARED = (exam_times, live, places, roster, tickets, hours_import)
"""Modules whose routes stand on the blueprint of another."""


def init_blueprints(app: Flask) -> None:
    """Register the routes."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
