"""What stands on a paper that is printed: its title, and what a question of each type is worth."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from wtforms import StringField
from wtforms.form import BaseForm
from wtforms.validators import Length, ValidationError

from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.service.selection import PLAIN, Paper
from quizapp.web.exam_fields import HundredthsField
from quizapp.web.pages import type_label

LONGEST_TITLE = 60
MOST_POINTS_CP = 10_000
_POINTS = "points_"


class PaperForm(BaseForm):
    """A title, and points for the types that are there; points left open are not printed."""

    def __init__(self, counts: Mapping[str, int], args: Any) -> None:
        self.total = sum(counts.values())
        title = StringField(
            gettext("试卷标题"),
            [Length(max=LONGEST_TITLE, message=gettext("最多 %(max)d 字。"))],
            default=PLAIN.title,
        )
        points = {
            f"{_POINTS}{key}": HundredthsField(
                gettext("%(type)s每题分值", type=type_label(key)), validators=[_is_positive]
            )
            for key in QUESTION_TYPES.keys()  # noqa: SIM118 — a shelf, not a mapping
            if key in counts
        }
        super().__init__({"title": title, **points})
        self.process(args if "title" in args else None)

    @property
    def paper(self) -> Paper:
        """What was typed, once it is valid."""
        points = {
            name.removeprefix(_POINTS): field.data
            for name, field in self._fields.items()
            if name != "title" and field.data
        }
        return Paper((self.data["title"] or "").strip() or PLAIN.title, points)


def _is_positive(form: Any, field: Any) -> None:  # noqa: ARG001 — called by the form
    if field.data is not None and not 0 < field.data <= MOST_POINTS_CP:
        raise ValidationError(gettext("每题分值请填 0.01 至 100。"))
