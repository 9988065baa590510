"""The statute library: laws, articles, search, and where a citation leads."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.domain.amendments import KINDS
from quizapp.domain.clock import civil_date
from quizapp.domain.errors import NotFound
from quizapp.domain.law_search import excerpt
from quizapp.domain.law_text import Article
from quizapp.domain.statutes import (
    MAX_NUMERAL,
    Citation,
    place_of,
)
from quizapp.service import law_search, statutes
from quizapp.web.pages import label, now
from quizapp.web.security import OFFICER, access, viewer

bp = Blueprint("statutes", __name__, url_prefix="/laws")
PAGE_SIZE = 100
LONGEST = 60


@bp.get("/")
@access(OFFICER)
def library() -> ResponseReturnValue:
    today = civil_date(now())
    text, short = (request.args.get(name, "").strip()[:LONGEST] for name in ("text", "law"))
    day = typed_day("on") or today
    every = request.args.get("all") == "1"
    page = request.args.get("page", 1, type=int)
    found = law_search.search(text, short=short, on=day, is_any_day=every, page=page)
    if len(found.places) == 1 and not found.hits:
        return redirect(address_of(found.places[0]), 302)
    shelved = statutes.list_library()
    query: dict[str, Any] = {
        "text": text,
        "law": short,
        "on": day if day != today else None,
        "all": "1" if every else None,
    }
    return render_template(
        "statutes/library.html",
        shelved=shelved,
        found=found,
        names=sorted({each.law.short for each in shelved if each.held}),
        text=text,
        short=short,
        day=day,
        every=every,
        today=today,
        may_keep=statutes.may_keep(viewer()),
        article_name=article_name,
        address_of=address_of,
        excerpt=excerpt,
        href=lambda number: url_for("statutes.library", page=number, **query),
    )


def typed_day(name: str) -> date | None:
    """Return a day of the address, None where there is none."""
    return day_in(request.args.get(name, ""))


def day_in(text: str) -> date | None:
    """Return the day that was typed, None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def article_name(article: Article, *, by_item: bool = False) -> str:
    """Return 第五十一条之一, or 第（三）项 of a document without articles; Art. 51-1 in English."""
    return label(place_of(Citation("", None, article.number, article.sub, by_item=by_item)))


@bp.get("/<int:law_id>")
@access(OFFICER)
def law(law_id: int) -> ResponseReturnValue:
    shelved, articles, versions = statutes.get_law(law_id)
    head, annex = statutes.get_surroundings(law_id)
    page_count = max(1, -(-len(articles) // PAGE_SIZE))
    page = min(max(1, request.args.get("page", 1, type=int)), page_count)
    return render_template(
        "statutes/law.html",
        shelved=shelved,
        articles=articles[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        contents=contents(articles),
        preamble=head[1:] if page == 1 else [],
        annex=annex if page == page_count else [],
        versions=versions,
        page=page,
        page_count=page_count,
        today=civil_date(now()),
        may_keep=statutes.may_keep(viewer()),
        article_name=article_name,
        href=lambda number: url_for("statutes.law", law_id=law_id, page=number),
    )


def contents(articles: Sequence[Article]) -> list[tuple[str, int, Article]]:
    """Return each lowest heading with the page on which its first article stands."""
    found: list[tuple[str, int, Article]] = []
    for at, each in enumerate(articles):
        if each.path and (at == 0 or each.path != articles[at - 1].path):
            found.append((" ".join(each.path[-1:]), at // PAGE_SIZE + 1, each))
    return found


@bp.get("/<int:law_id>/<int:number>")
@access(OFFICER)
def article(law_id: int, number: int) -> ResponseReturnValue:
    shelved, found = statutes.get_article(law_id, number, number_in(request.args, "sub") or 0)
    citation = Citation(
        shelved.law.short,
        shelved.law.version,
        number,
        found.sub,
        number_in(request.args, "paragraph"),
        number_in(request.args, "item"),
        shelved.law.by_item,
    )
    _, articles, versions = statutes.get_law(law_id)
    came, goes = statutes.get_fate(law_id, found)
    at = next(no for no, each in enumerate(articles) if each.key == found.key)
    return render_template(
        "statutes/article.html",
        shelved=shelved,
        article=found,
        citation=citation,
        words=found.part(citation),
        versions=versions,
        came=came,
        goes=goes,
        kinds=KINDS,
        before=articles[at - 1] if at else None,
        after=articles[at + 1] if at + 1 < len(articles) else None,
        today=civil_date(now()),
        asked_day=typed_day("on"),
        article_name=article_name,
    )


def number_in(args: MultiDict[str, str], name: str) -> int | None:
    """Return a number of the address, None where there is none."""
    found = args.get(name, None, type=int)
    return found if found is not None and 0 < found <= MAX_NUMERAL else None


@bp.get("/cited")
@access(OFFICER)
def cited() -> ResponseReturnValue:
    """Lead from a citation to its article, or say that the text is not in the library."""
    args = request.args
    citation = Citation(
        args.get("law", "")[:LONGEST],
        typed_day("version"),
        number_in(args, "article") or 0,
        number_in(args, "sub") or 0,
        number_in(args, "paragraph"),
        number_in(args, "item"),
    )
    day = typed_day("on")
    place = statutes.look_up(citation, on=day or civil_date(now()))
    if place.article is None:
        raise NotFound("article_not_found" if place.shelved.held else "law_text_missing")
    return redirect(address_of(place, day), 302)


def address_of(place: statutes.Place | law_search.Place, day: date | None = None) -> str:
    """Return the address of a cited article; `day`: whose law was asked for, where not today's."""
    cited = place.citation
    return url_for(
        "statutes.article",
        law_id=place.shelved.id,
        number=cited.article,
        sub=cited.sub or None,
        paragraph=cited.paragraph,
        item=cited.item,
        on=day,
    )
