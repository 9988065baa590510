"""The statute library: laws, articles, search, and where a citation leads."""

from datetime import date
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import NotFound
from quizapp.domain.law_text import Article
from quizapp.domain.statutes import (
    MAX_NUMERAL,
    Citation,
    citation_to_plain,
    cite_in_chinese,
    place_in_chinese,
)
from quizapp.service import statutes
from quizapp.service.statutes import Place
from quizapp.web.pages import now
from quizapp.web.security import OFFICER, access, viewer

bp = Blueprint("statutes", __name__, url_prefix="/laws")
PAGE_SIZE = 100
LONGEST = 60


@bp.get("/")
@access(OFFICER)
def library() -> ResponseReturnValue:
    today = civil_date(now())
    text, short = (request.args.get(name, "").strip()[:LONGEST] for name in ("text", "law"))
    every = request.args.get("all") == "1"
    shelved = statutes.list_library()
    found = statutes.search(
        text, short=short, on=None if every else today, page=request.args.get("page", 1, type=int)
    )
    query: dict[str, Any] = {"text": text, "law": short, "all": "1" if every else None}
    return render_template(
        "statutes/library.html",
        shelved=shelved,
        found=found,
        ids={(each.law.short, each.law.version): each.id for each in shelved},
        names=sorted({each.law.short for each in shelved if each.held}),
        text=text,
        short=short,
        every=every,
        today=today,
        may_keep=statutes.may_keep(viewer()),
        article_name=article_name,
        href=lambda page: url_for("statutes.library", page=page, **query),
    )


def article_name(article: Article, *, by_item: bool = False) -> str:
    """Return 第五十一条之一, or 第（三）项 of a document without articles."""
    return place_in_chinese(Citation("", None, article.number, article.sub, by_item=by_item))


@bp.get("/<int:law_id>")
@access(OFFICER)
def law(law_id: int) -> ResponseReturnValue:
    shelved, articles, versions = statutes.get_law(law_id)
    page_count = max(1, -(-len(articles) // PAGE_SIZE))
    page = min(max(1, request.args.get("page", 1, type=int)), page_count)
    return render_template(
        "statutes/law.html",
        shelved=shelved,
        articles=articles[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        versions=versions,
        page=page,
        page_count=page_count,
        today=civil_date(now()),
        may_keep=statutes.may_keep(viewer()),
        article_name=article_name,
        href=lambda number: url_for("statutes.law", law_id=law_id, page=number),
    )


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
    at = next(no for no, each in enumerate(articles) if each.key == found.key)
    return render_template(
        "statutes/article.html",
        shelved=shelved,
        article=found,
        citation=citation,
        words=found.part(citation),
        versions=versions,
        before=articles[at - 1] if at else None,
        after=articles[at + 1] if at + 1 < len(articles) else None,
        today=civil_date(now()),
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
    try:
        version = date.fromisoformat(args.get("version", ""))
    except ValueError:
        version = None
    citation = Citation(
        args.get("law", "")[:LONGEST],
        version,
        number_in(args, "article") or 0,
        number_in(args, "sub") or 0,
        number_in(args, "paragraph"),
        number_in(args, "item"),
    )
    place = statutes.look_up(citation, on=civil_date(now()))
    if place.article is None:
        raise NotFound("article_not_found" if place.shelved.held else "law_text_missing")
    return redirect(address_of(place), 302)


def address_of(place: Place) -> str:
    """Return the address of a cited article."""
    cited = place.citation
    return url_for(
        "statutes.article",
        law_id=place.shelved.id,
        number=cited.article,
        sub=cited.sub or None,
        paragraph=cited.paragraph,
        item=cited.item,
    )


@bp.get("/lookup")
@access("trainer")
def lookup() -> ResponseReturnValue:
    """Say what a citation being typed means, for the editor of questions."""
    place = statutes.resolve(request.args.get("text", "")[:200], on=civil_date(now()))
    found = place.shelved
    return jsonify(
        citation=citation_to_plain(place.citation),
        written=cite_in_chinese(place.citation),
        law={
            "short": found.law.short,
            "full": found.law.full,
            "version": found.law.version.isoformat(),
            "effective_on": found.law.effective_on.isoformat(),
            "in_force": found.law.is_in_force(civil_date(now())),
        },
        in_library=found.held > 0,
        article=place.article.text if place.article else None,
        cited=place.words,
        href=address_of(place) if place.article else None,
    )
