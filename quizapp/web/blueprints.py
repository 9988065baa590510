"""The blueprints of the site; apart from `pages`, which every one of them uses."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from quizapp.web import (
    amendments,
    analysis,
    attempts,
    awards,
    bank,
    corrections,
    editing,
    exam_times,
    exams,
    faults,
    hours_import,
    imports,
    live,
    officers,
    people,
    places,
    review_queue,
    reviews,
    roster,
    settling,
    standings,
    statutes,
    system,
    tickets,
    training,
)

BLUEPRINTS = (
    system.bp,
    attempts.bp,
    bank.bp,
    imports.bp,
    people.bp,
    officers.bp,
    exams.bp,
    training.bp,
    standings.bp,
    analysis.bp,
    corrections.bp,
    statutes.bp,
)
SHARED = (
    editing,
    review_queue,
    reviews,
    faults,
    amendments,
    settling,
    exam_times,
    live,
    awards,
    places,
    roster,
    tickets,
    hours_import,
)
"""Modules whose routes stand on the blueprint of another."""


class IdConverter(IntegerConverter):
    """A number in an address; one that no column can hold is simply not found."""

    def __init__(self, url_map: Map, *args: Any, **more: Any) -> None:
        super().__init__(url_map, *args, **({"max": 2**31 - 1} | more))


def init_blueprints(app: Flask) -> None:
    """Register the routes."""
    app.url_map.converters["int"] = IdConverter
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
