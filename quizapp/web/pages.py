"""What every page has: the filters and words of the templates, and the moment of the request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, g, url_for
from flask_babel import get_locale, gettext, ngettext
from flask_login import current_user
from markupsafe import Markup

from quizapp.domain.clock import CHINA
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import (
    Citation,
    citation_to_plain,
    cite_in_chinese,
    cite_in_english,
    numeral,
    split_citations,
)
from quizapp.domain.text import Text
from quizapp.service.places import english_names
from quizapp.service.statutes import list_held
from quizapp.web.assets import asset
from quizapp.web.navigation import menu


def init_pages(app: Flask) -> None:
    """Register what the templates may call."""
    app.jinja_env.filters |= {
        "moment": moment, "day": day, "points": points, "percent": percent, "hours": hours,
        "clock": clock, "label": label, "type_label": type_label, "cited": cited,
        "cited_words": cited_words, "linked": linked, "numeral": numeral, "beside": beside,
        "known_as": known_as,
    }  # fmt: skip
    # what macros call must be global: imported without context they see no words of a request
    app.jinja_env.globals |= {"asset": asset, "counted": counted, "menu": menu, "now": now}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(words)


def words() -> dict[str, Any]:
    return {"language": language(), "me": getattr(current_user, "viewer", None)}


def now() -> datetime:
    """Return the one moment of this request: read once, at its first line."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now  # type: ignore[no-any-return]


def language() -> str:
    return str(get_locale() or "zh")[:2]


def moment(at: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    return at.astimezone(CHINA).strftime(form) if at else ""


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def points(cp: int | None) -> str:
    """8250 → 82.5: centi-points without superfluous zeros."""
    return "" if cp is None else f"{cp / 100:.2f}".rstrip("0").rstrip(".")


def percent(bp: int | None, digits: int = 2) -> str:
    """9876 → 98.76%: basis points."""
    return "" if bp is None else f"{bp / 100:.{digits}f}%"


def hours(ch: int | None) -> str:
    """150 → 1.5: hundredths of a training hour."""
    return points(ch)


def clock(seconds: int | None) -> str:
    """2530 → 42:10."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(seconds, 0), 60)
    return f"{minutes}:{rest:02d}"


def label(text: Text | str) -> str:
    return text.in_language(language()) if isinstance(text, Text) else str(text)


def known_as(name: str) -> str:
    """Return the name of a unit in the reader's language; one without an English name stays."""
    if language() != "en":
        return name
    if "english_names" not in g:
        g.english_names = english_names()
    return str(g.english_names.get(name, name))


def counted(words: str, count: int, **facts: object) -> str:
    """Return words with a %(count)s in them; English has one form for one and one for more."""
    return str(ngettext(words, words, count, count=count, **facts))


def type_label(key: str) -> str:
    """Return the label of a question type: 单选题 for single."""
    return label(QUESTION_TYPES.get(key).label)


def cited_words(citation: Citation) -> str:
    """Return a citation in the reader's language."""
    return cite_in_english(citation) if language() == "en" else cite_in_chinese(citation)


def cited(citation: Citation, on: date | None = None) -> str:
    """Return a citation in the reader's language, as a link where the library holds the text.

    on: the day whose law the link opens, that of a finished exam; None: today's.
    """
    return link_to(citation, cited_words(citation), on)


def link_to(citation: Citation, words: str, on: date | None = None) -> str:
    """Return the words, as a link where the library holds the text of the cited law."""
    held = held_laws()
    is_held = (
        (citation.law, citation.version) in held
        if citation.version
        else any(name == citation.law for name, _ in held)
    )
    if not is_held:
        return words
    place = citation_to_plain(citation) | {"by_item": None, "on": on}
    return Markup('<a class="cited" href="{}">{}</a>').format(
        url_for("statutes.cited", **place), words
    )


def linked(text: str, others: Sequence[Citation] = (), on: date | None = None) -> str:
    """Return a text with its citations as links; in the version in which `others` cite the law.

    on: as in `cited`.
    """
    versions = {citation.law: citation.version for citation in reversed(others)}
    pieces = []
    for words, found in split_citations(text):
        version = versions.get(found.law) if found else None
        meant = replace(found, version=version) if found and version else found
        pieces.append(Markup.escape(link_to(meant, words, on) if meant else words))
    return Markup().join(pieces)


def beside(name: str, note: object) -> str:
    """Return a name with a note in brackets after it."""
    return str(gettext("%(name)s（%(note)s）", name=name, note=note))


def held_laws() -> set[tuple[str, date]]:
    """Return name and version of the laws whose text the library holds; read once a request."""
    if "held_laws" not in g:
        g.held_laws = list_held()
    return g.held_laws  # type: ignore[no-any-return]
