"""The question bank for trainers."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from quizapp.domain.bank import DIFFICULTIES, LETTERS, STATES, Search
from quizapp.domain.errors import NotFound, Refusal
from quizapp.domain.faults import OUTCOMES as FAULT_OUTCOMES
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.reviews import OUTCOMES
from quizapp.service import bank_pages, board_files, item_history, reviews
from quizapp.service import selection as selections
from quizapp.service.reviews import Folder
from quizapp.web import item_history as figures
from quizapp.web.downloads import attachment, file_of
from quizapp.web.messages import message
from quizapp.web.pages import now
from quizapp.web.paper_form import PaperForm
from quizapp.web.security import access, viewer

bp = Blueprint("bank", __name__, url_prefix="/bank")

LONGEST = 60
MOST_TICKED = 200


@bp.get("/")
@access("trainer")
def questions() -> ResponseReturnValue:
    search = read_search(request.args)
    page = request.args.get("page", 1, type=int)
    listing, choices = bank_pages.list_questions(viewer(), search, page=page)
    return render_template(
        "bank/questions.html",
        search=search,
        listing=listing,
        choices=choices,
        types=[
            kind for kind in QUESTION_TYPES if choices.total(kind.key) or kind.key == search.type
        ],
        states=STATES,
        difficulties=DIFFICULTIES,
        href=lambda number: url_for("bank.questions", page=number, **fields_of(search)),
        selected=fields_of(search),
        files=[
            (url_for("bank.export", kind=kind, **fields_of(search)), kind.upper())
            for kind in ("xlsx", "csv")
        ],
    )


@dataclass(frozen=True, slots=True)
class Undone:
    """What was refused on the page of a question, and what was typed.

    `at`: the step, or "comment"; empty where nothing is typed.
    """

    at: str
    refusal: Refusal
    text: str = ""

    @property
    def words(self) -> str:
        """Say why."""
        return message(self.refusal.name, **self.refusal.facts)

    @property
    def is_of_text(self) -> bool:
        """Say whether it is the text that must be another one."""
        return self.refusal.name in ("note_missing", "comment_missing", "too_long")

    def is_on(self, folder: Folder) -> bool:
        """Say whether the form still stands on the page; its question may be in another state."""
        is_comment = self.at == "comment" and folder.may_write
        return is_comment or self.at in {step.key for step in folder.steps}


@bp.get("/questions/<code>")
@access("trainer")
def question(code: str) -> ResponseReturnValue:
    return question_page(code)


def question_page(code: str, undone: Undone | None = None) -> str:
    """Return the page of a question, with what was just refused on it."""
    folder = reviews.open_folder(viewer(), code)
    history = folder.history
    wanted = request.args.get("version", history.versions[0].version, type=int)
    shown = next((each for each in history.versions if each.version == wanted), None)
    if shown is None:
        raise NotFound("question_version_not_found")
    return render_template(
        "bank/question.html",
        folder=folder,
        history=history,
        shown=shown,
        letters=LETTERS,
        states=STATES,
        difficulties=DIFFICULTIES,
        outcomes=OUTCOMES,
        fault_outcomes=FAULT_OUTCOMES,
        done=figures.facts_of(item_history.list_records(viewer(), code, now=now())),
        undone=undone,
        typed=request.form,
    )


@bp.get("/questions/<code>/figures.<any(xlsx,csv):form>")
@access("trainer")
def export_figures(code: str, form: str) -> ResponseReturnValue:
    header, rows = figures.table_of(item_history.list_records(viewer(), code, now=now()))
    title = gettext("%(code)s 历次竞赛表现", code=code)
    return attachment(form, title, board_files.write_file(form, title, header, rows))


@bp.get("/export.<kind>")
@access("trainer")
def export(kind: str) -> ResponseReturnValue:
    content = bank_pages.export(viewer(), kind, read_search(request.args), now=now())
    return attachment(kind, gettext("题库"), content)


@bp.get("/selection")
@access("trainer")
def selection() -> ResponseReturnValue:
    """Offer the formats in which what was found or ticked can be taken along."""
    search = read_search(request.args)
    return selection_page(search, _paper_form(search))


@bp.get("/selection/<key>")
@access("trainer")
def take_selection(key: str) -> ResponseReturnValue:
    """Answer with the file; when it cannot hold everything, first with the list of what is not."""
    search = read_search(request.args)
    form = _paper_form(search)
    if key in selections.PAPERS and not form.validate():
        return selection_page(search, form), HTTPStatus.UNPROCESSABLE_ENTITY
    file = selections.write(viewer(), key, search, form.paper, now=now())
    if file.written.left_out and request.args.get("anyway") != "1":
        return selection_page(search, form, file)
    title = form.paper.title if key in selections.PAPERS else gettext("题库")
    name = f"{title}.{file.writer.suffix.lstrip('.')}"
    return file_of(name, file.writer.mimetype, file.written.content)


def _paper_form(search: Search) -> PaperForm:
    counts = selections.count(viewer(), search)
    return PaperForm(counts, request.args)


def selection_page(search: Search, form: PaperForm, file: selections.File | None = None) -> str:
    """Return the formats to choose from, and what the chosen one cannot hold."""
    return render_template(
        "bank/selection.html",
        search=fields_of(search),
        back=url_for("bank.questions", **fields_of(replace(search, codes=()))),
        none_ticked="ticked" in request.args and not search.codes,
        total=form.total,
        form=form,
        exchange=[one for one in selections.WRITERS if one.key not in selections.PAPERS],
        papers=[one for one in selections.WRITERS if one.key in selections.PAPERS],
        file=file,
    )


def read_search(args: MultiDict[str, str]) -> Search:
    """Return what the address asks for; a value that cannot be is an empty one."""

    def text(name: str) -> str:
        return args.get(name, "").strip()[:LONGEST]

    difficulty = args.get("difficulty", 0, type=int)
    return Search(
        law=text("law"),
        type=text("type") if text("type") in QUESTION_TYPES else "",
        difficulty=difficulty if difficulty in DIFFICULTIES else 0,
        topic=text("topic"),
        state=text("state") if text("state") in STATES else "",
        text=text("text"),
        codes=tuple(code[:LONGEST] for code in args.getlist("codes"))[:MOST_TICKED],
    )


def fields_of(search: Search) -> dict[str, Any]:
    """Return the fields that are set, for an address."""
    return {name: getattr(search, name) for name in search.__slots__ if getattr(search, name)}
