"""The paper as a plain form: all answers of the page at once, for phones without the script."""

from werkzeug.datastructures import MultiDict

from quizapp.domain.attempts import Entry
from quizapp.domain.papers import Sheet, ShownItem
from quizapp.domain.question_types.all import QUESTION_TYPES


def changed(sheet: Sheet, form: MultiDict[str, str]) -> list[Entry]:
    """Return what differs from the stored answers, each under the next sequence number.

    A field that is not there clears a choice of several; a choice of one cannot be taken back by
    a form, so its absence says nothing.
    """
    entries = [_entry(item, form) for item in sheet.items]
    return [entry for entry in entries if entry is not None]


def _entry(item: ShownItem, form: MultiDict[str, str]) -> Entry | None:
    chosen = QUESTION_TYPES.get(item.type).from_form(form.getlist(f"q{item.no}"))
    if not chosen and item.type in ("single", "judge"):
        chosen = item.response
    flagged = f"f{item.no}" in form
    if chosen == item.response and flagged == item.flagged:
        return None
    return Entry(item.no, chosen, item.seq + 1, flagged)
