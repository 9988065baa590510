"""The citation picker of the question form: each button is a step, with and without the script."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from quizapp.domain.errors import Refusal
from quizapp.service import citation_desk
from quizapp.service.citation_desk import Picked
from quizapp.web.messages import message
from quizapp.web.numbers import whole
from quizapp.web.question_forms import QuestionForm

STEPS = ("find", "name", "cite")
"""Look for a place, take one of the names offered, cite one of the places found."""


@dataclass(frozen=True, slots=True)
class Picking:
    """What the picker of an item shows; `no` counts parts from 1, 0 is the question itself."""

    no: int
    picked: Picked | None
    problem: str = ""


def is_step(go: str) -> bool:
    """Say whether a button of the form is one of a picker, such as find:0 or name:2:行政处罚法."""
    return go.partition(":")[0] in STEPS


def take_step(form: QuestionForm, go: str, *, on: date) -> Picking | None:
    """Do what a button of a picker says; return what the picker shows then, if that item is there.

    Citing adds a line to the item's citations; nothing is stored.
    """
    step, written, *rest = (*go.split(":", 2), "", "")[:3]
    no = whole(written) or 0
    if no > len(form.parts):
        return None
    item: Any = form.parts[no - 1].form if no else form
    if step == "cite":
        lines = (item.citations.data or "").rstrip()
        item.citations.data = "\n".join(filter(None, [lines, *rest]))
        return Picking(no, None)
    if step == "name":
        item.pick_law.data = rest[0]
    name, place = item.pick_law.data or "", item.pick_place.data or ""
    if not name.strip() or not place.strip():
        return Picking(no, None, gettext("请填写法律名称和条号。"))
    try:
        return Picking(no, citation_desk.pick(name, place, on=on))
    except Refusal as refusal:
        return Picking(no, None, message(refusal.name, **refusal.facts))
