"""The form of a question: all types, and a case with its parts; read into a question."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import DateInput

from quizapp.domain.bank import DIFFICULTIES, LETTERS, USUAL_OPTIONS, Key, Picture, Question
from quizapp.domain.citing import read_citations, write_citations
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.case import LEAST_PARTS, MOST_PARTS
from quizapp.domain.statutes import CitationUnreadable, Law
from quizapp.service.editing import WritingDesk
from quizapp.service.pictures import MOST_BYTES
from quizapp.web.exam_fields import NEEDED, TicksField, TypedField, WordsField
from quizapp.web.messages import MESSAGES, message
from quizapp.web.numbers import whole
from quizapp.web.pages import label

YEARS = (2000, 2099)
IN_ORDER = ("blank", "ordering")
"""Types whose lines are all part of the key, in their order."""


class DayField(TypedField):
    """A civil day."""

    widget = DateInput()

    def read(self, text: str) -> date:
        try:
            typed = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007
        except ValueError:
            raise ValueError(gettext("请按 2026-12-31 的形式填写日期。")) from None
        if not YEARS[0] <= typed.year <= YEARS[1]:
            raise ValueError(gettext("日期须在 2000 年至 2099 年之间。"))
        return typed


class ItemForm(Form):
    """What is answered and marked: a question, or a part of a case; with its citation picker."""

    type = SelectField(_l("题型"), validate_choice=False)
    stem = TextAreaField(_l("题干"), validators=NEEDED, render_kw={"rows": 4, "maxlength": 2000})
    options = FieldList(
        StringField(_l("选项"), render_kw={"maxlength": 500, "autocomplete": "off"}),
        min_entries=USUAL_OPTIONS,
        max_entries=len(LETTERS),
    )
    right = TicksField(_l("正确选项"))
    truth = RadioField(_l("答案"), validate_choice=False)
    explanation = TextAreaField(_l("解析"), render_kw={"rows": 4, "maxlength": 3000})
    citations = TextAreaField(_l("法条依据"), render_kw={"rows": 2, "maxlength": 1000})
    pick_law = StringField(_l("法律名称"), render_kw={"list": "law-list", "maxlength": 60})
    pick_place = StringField(_l("条号"), render_kw={"maxlength": 40})


class PartForm(ItemForm):
    """A part of a case."""

    gone = BooleanField(_l("删去这道小题"))


class QuestionForm(FlaskForm, ItemForm):
    scope = SelectField(_l("题库"), validate_choice=False)
    difficulty = SelectField(_l("难度"), validate_choice=False)
    topics = WordsField(_l("主题"))
    as_of = DayField(_l("法律核对日期"), validators=NEEDED)
    note = StringField(_l("修改说明"), render_kw={"maxlength": 200})
    base_version = HiddenField()
    picture_id = HiddenField()
    picture_file = FileField(
        _l("题干图片"),
        render_kw={"data-most": MOST_BYTES, "data-large": MESSAGES["picture_too_large"]},
    )
    picture_alt = StringField(_l("图片的文字说明"), render_kw={"maxlength": 200})
    picture_gone = BooleanField(_l("去掉图片"))
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS)


def furnish(form: QuestionForm, desk: WritingDesk) -> None:
    """Fill in what may be chosen."""
    form.scope.choices = [(scope, label(name)) for scope, name in desk.scopes]
    form.difficulty.choices = [(str(level), label(words)) for level, words in DIFFICULTIES.items()]
    own = [(kind.key, label(kind.label)) for kind in QUESTION_TYPES]
    form.type.choices = own
    _furnish_item(form)
    for part in form.parts:
        part.form.type.choices = [pair for pair in own if pair[0] != "case"]
        _furnish_item(part.form)


def _furnish_item(form: Any) -> None:
    form.right.choices = [(str(no), letter) for no, letter in enumerate(LETTERS)]
    form.truth.choices = [("T", gettext("正确")), ("F", gettext("错误"))]


def add_parts(form: QuestionForm, *, more: int = 0) -> None:
    """Give a case at least its two parts, and `more` besides."""
    wanted = max(LEAST_PARTS, len(form.parts) + more)
    while form.type.data == "case" and len(form.parts) < min(wanted, MOST_PARTS):
        form.parts.append_entry({"type": "single"})


def values_of(question: Question, laws: Sequence[Law], *, on: date) -> dict[str, Any]:
    """Return what the form shows of a question."""
    picture = question.picture
    return _item_values(question, laws, on) | {
        "difficulty": str(question.difficulty),
        "topics": question.topics,
        "as_of": on,
        "picture_id": str(picture.id) if picture else "",
        "picture_alt": picture.alt if picture else "",
        "parts": [_item_values(part, laws, on) for part in question.parts],
    }


def _item_values(question: Question, laws: Sequence[Law], on: date) -> dict[str, Any]:
    key, options = question.key, list(question.options)
    if question.type in IN_ORDER and isinstance(key, tuple):
        options = [options[no] for no in key if no < len(options)]
    return {
        "type": question.type,
        "stem": question.stem,
        "options": options + [""] * (USUAL_OPTIONS - len(options)),
        "right": [str(no) for no in key] if isinstance(key, tuple) else [],
        "truth": {True: "T", False: "F"}.get(key) if isinstance(key, bool) else None,
        "explanation": question.explanation,
        "citations": write_citations(question.citations, laws, on=on),
    }


def read_question(form: QuestionForm, laws: Sequence[Law], *, on: date, trap: str = "") -> Question:
    """Return the question that was typed; an unreadable citation is an error of its field."""
    whole = _read_item(form, laws, on)
    difficulty = form.difficulty.data or ""
    level = int(difficulty) if difficulty in {str(each) for each in DIFFICULTIES} else 1
    topics = tuple(dict.fromkeys(form.topics.data or ()))
    parts: tuple[Question, ...] = ()
    if whole.type == "case":
        parts = tuple(
            replace(_read_item(part.form, laws, on), difficulty=level)
            for part in form.parts
            if _is_written(part.form)
        )
    return replace(whole, difficulty=level, topics=topics, trap=trap, parts=parts,
                   picture=_picture(form))  # fmt: skip


def _picture(form: QuestionForm) -> Picture | None:
    picture_id = whole(form.picture_id.data or "")
    if form.picture_gone.data or picture_id is None:
        return None
    return Picture(picture_id, " ".join((form.picture_alt.data or "").split()))


def _is_written(form: Any) -> bool:
    return not form.gone.data and bool(_words(form.stem.data) or any(form.options.data))


def _words(text: str | None) -> str:
    """Return typed lines without blanks around them; line ends as one kind."""
    lines = [line.strip() for line in (text or "").replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip()


def _read_item(form: Any, laws: Sequence[Law], on: date) -> Question:
    type_key = form.type.data if form.type.data in QUESTION_TYPES else "single"
    options, key = _options_and_key(form, type_key)
    return Question(
        type=type_key,
        stem=_words(form.stem.data),
        options=options,
        key=key,
        explanation="" if type_key == "case" else _words(form.explanation.data),
        citations=_citations(form, laws, on),
    )


def _options_and_key(form: Any, type_key: str) -> tuple[tuple[str, ...], Key]:
    if type_key == "case":
        return (), ()
    if type_key == "judge":
        return (), form.truth.data == "T" if form.truth.data in ("T", "F") else ()
    rows = [" ".join((text or "").split()) for text in form.options.data]
    kept = [no for no, text in enumerate(rows) if text]
    options = tuple(rows[no] for no in kept)
    if type_key in IN_ORDER:
        return options, tuple(range(len(options)))
    ticked = set(form.right.data or ())
    return options, tuple(place for place, no in enumerate(kept) if str(no) in ticked)


def _citations(form: Any, laws: Sequence[Law], on: date) -> Any:
    try:
        return read_citations(form.citations.data or "", laws, on=on)
    except CitationUnreadable as refusal:
        words = message(refusal.name, **refusal.facts)
        form.citations.errors = [*form.citations.errors, words]
        return ()
