"""The navigation of the staff pages: what somebody's roles open, in the order of the work."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from quizapp.web.security import find_viewer

STAFF = ("trainer", "organizer", "administrator")


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    href: str
    is_here: bool


# (blueprint, its first page, label, roles); a blueprint stands once
SECTIONS = (
    ("exams", "exams.listing", _l("竞赛考试"), ("organizer",)),
    ("standings", "standings.index", _l("排行榜"), ("organizer",)),
    ("bank", "bank.questions", _l("题库"), ("trainer",)),
    ("imports", "imports.upload", _l("导入题目"), ("trainer",)),
    ("statutes", "statutes.library", _l("法规库"), ("trainer",)),
    ("analysis", "analysis.listing", _l("试题分析"), ("trainer", "organizer")),
    ("training", "training.hours", _l("学时"), ("organizer", "trainer")),
    ("roster", "roster.officers", _l("人员"), ("organizer", "administrator")),
)
PARTS = {"corrections": "analysis"}
"""Blueprints that stand in no menu, and the one they belong to."""


def menu() -> list[Entry]:
    """Return the entries this person may open; the one they are in is marked."""
    viewer = find_viewer()
    if viewer is None:
        return []
    here = (request.endpoint or "").split(".")[0]
    here = PARTS.get(here, here)
    entries = [
        Entry(str(label), url_for(endpoint), bp == here)
        for bp, endpoint, label, roles in SECTIONS
        if endpoint in current_app.view_functions and any(viewer.has(role) for role in roles)
    ]
    return [Entry(gettext("首页"), "/", is_here=False), *entries]
