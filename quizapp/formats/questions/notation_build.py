"""A question while its lines are read, and what it says when they are all there."""

from dataclasses import dataclass, field, replace

from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion
from quizapp.formats.questions.notation_brackets import judged_at_end
from quizapp.formats.questions.notation_given import (
    goes_on_with,
    has_reason,
    plain_form,
    said_by,
    without_reason,
)
from quizapp.formats.questions.notation_keys import KeyEntry
from quizapp.formats.questions.notation_labels import labels_in, values_of
from quizapp.formats.questions.notation_marks import Section
from quizapp.formats.questions.notation_options import (
    Body,
    begins_option,
    option_letters,
    read_body,
)

MARKED_HINT = "文中有彩色、加粗或突出显示的文字，请用文字写明答案"
MOST_LINES = 100
LONGEST_ANSWER = 2000
_SINGLE = ("type_text", "points_text", "category", "difficulty_text")
_JUDGEMENTS = ("判断", "是非", "对错", "正误")
_ANY_CHOICE = {"选择题", "选择"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file. `no`: 1-based. `marked`: how many of its signs are coloured or bold.

    `new_page`: somebody put it first on a page.
    """

    no: int
    text: str
    marked: int = 0
    pictures: int = 0
    new_page: bool = False


_NOTHING = Body("")


@dataclass(slots=True)
class Open:
    """A question whose lines are still coming.

    `first`: its first line, whole. `at`: the part that a plain line goes on with.
    """

    no: int
    first: str
    number: int | None
    style: str
    section: Section
    section_no: int
    mark: str = ""
    at: str = "body"
    body: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    coloured: tuple[int, int] = (0, 0)
    pictures: int = 0
    inner_number: int = 0
    has_options: bool = False
    begins: Body = _NOTHING
    looked_at: int = 0
    keys: list[KeyEntry] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        """Say whether an answer has been read, be it in the stem's bracket."""
        return bool(self.mark or any(self.answers) or self._beginning().answer)

    def read(self) -> Body:
        """Return stem, options and answer of its lines; lines beyond any question stay stem."""
        body = self._beginning()
        if len(self.body) <= MOST_LINES:
            return body
        return replace(body, stem="\n".join([body.stem, *self.body[MOST_LINES:]]))

    def _beginning(self) -> Body:
        """Return what the first lines hold; they are read once for as many as there are."""
        count = min(len(self.body), MOST_LINES)
        if self.looked_at != count:
            self.looked_at, self.begins = count, self._read("\n".join(self.body[:count]))
        return self.begins

    def _read(self, text: str) -> Body:
        body = read_body(text)
        if body.answer or not self.section.type.startswith(_JUDGEMENTS):
            return body
        stem, word = judged_at_end(body.stem)
        return replace(body, stem=stem, answer=word)

    @property
    def is_complete(self) -> bool:
        """Say whether it has what makes a question: options or an answer."""
        return self.has_options or self.is_answered

    @property
    def goes_on_below(self) -> bool:
        """Say whether its stem breaks off in the middle of a sentence."""
        return not self.is_complete and not self.body[-1].endswith(tuple("。.?？!！:：)）”_"))

    @property
    def is_bare(self) -> bool:
        """Say whether there is nothing but a sentence."""
        return not (self.is_complete or self.fields or self.keys or self.section.type)


def feed(question: Open, line: Line, text: str) -> bool:
    """Add a line (without its number) to the question; False when it has no place there."""
    question.pictures += line.pictures
    labels = labels_in(text, answered=bool(question.answers))
    if not labels:
        return _go_on(question, line, text)
    question.inner_number = 0
    before = text[: labels[0].start].strip()
    if before and not _go_on(question, line, before):
        return False
    for label, value in values_of(text, labels):
        _put(question, label.field, value)
        if label.value is None:
            question.at = label.field
    rest = text[labels[-1].end :].strip() if labels[-1].value is not None else ""
    return _go_on(question, line, rest) if rest else True


def _put(question: Open, name: str, value: str) -> None:
    if name == "answer":
        question.answers += [value] if value or not question.answers else []
    elif value:
        question.fields.setdefault(name, []).append(value)
    else:
        question.fields.setdefault(name, [])


def _go_on(question: Open, line: Line, text: str) -> bool:
    late_option = not question.has_options and question.at != "body" and begins_option(text)
    if question.at == "body" or late_option:
        _add_to_body(question, line, text)
    elif question.at in ("explanation", "source"):
        question.fields[question.at].append(text)
    elif question.at == "answer" and not question.answers[-1]:
        question.answers[-1] = text
    elif question.at == "answer" and goes_on_with(question.answers[-1], text):
        question.answers[-1] += text
    elif question.at == "answer" and _is_essay(question):
        question.answers[-1] += "\n" + text
    else:
        return False
    return True


def _is_essay(question: Open) -> bool:
    """Say whether the answer is a text that may go on, and not yet longer than any."""
    answer = question.answers[-1]
    return not question.has_options and len(answer) < LONGEST_ANSWER and not plain_form(answer)


def _add_to_body(question: Open, line: Line, text: str) -> None:
    question.at = "body"
    first = begins_option(text) if question.body else False
    if first or len(option_letters(text)) > 1:
        question.has_options = True
    if question.has_options:
        marked, all_signs = question.coloured
        question.coloured = (marked + line.marked, all_signs + len("".join(text.split())))
    question.body.append(text)


def finish(question: Open, place: str, *, sheet: str, no: int) -> RawQuestion:
    """Return the question as read; what contradicts itself carries a finding."""
    body = question.read()
    answer, reason = _answer(question, body)
    keys, fields = question.keys, question.fields
    source = _joined(*fields.get("source", []), *(key.source for key in keys))
    reasons = _joined(reason, *fields.get("explanation", []), *(key.explanation for key in keys))
    kind = _first(question, "type_text") or body.type
    findings = [replace(one, sheet=sheet, no=no) for one in _findings(question, body, place, kind)]
    return RawQuestion(
        place=place,
        stem=body.stem,
        options=body.options,
        answer_text=answer,
        type_text="" if kind in _ANY_CHOICE else kind,
        points_text=_first(question, "points_text") or body.points,
        explanation=reasons or source,
        source=source,
        category=_first(question, "category") or question.section.category,
        difficulty_text=_first(question, "difficulty_text"),
        sheet=sheet,
        no=no,
        section_type="" if question.section.type in _ANY_CHOICE else question.section.type,
        section_points=question.section.points,
        answer_hint=_hint(question),
        findings=tuple(findings),
    )


def _first(question: Open, name: str) -> str:
    return next(iter(question.fields.get(name, [])), "")


def spare_texts(question: Open) -> list[str]:
    """Return what is written twice where a question has room for one, without the first."""
    spare = [text for name in _SINGLE for text in question.fields.get(name, [])[1:]]
    answers = list(filter(None, question.answers))[1:]
    return spare + [one for one in answers if has_reason(one) or not plain_form(one)]


def _joined(*texts: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _answer(question: Open, body: Body) -> tuple[str, str]:
    """Return the answer and the reason written behind it."""
    given = next((text for text in question.answers if text), "")
    if given:
        return without_reason(given, body.options)
    keys = [key.answer for key in question.keys if key.answer]
    return body.answer or question.mark or next(iter(keys), ""), ""


def _findings(question: Open, body: Body, place: str, kind: str) -> list[Finding]:
    found = []
    keys = [key.answer for key in question.keys]
    told = kind or question.section.type or any(question.answers) or keys
    given = (*question.answers, *([body.answer] if told else body.brackets), question.mark, *keys)
    written = set(filter(None, given))
    pure = {said_by(text, body.options) for text in written} - {""} if len(written) > 1 else ()
    if len(pure) > 1:
        detail = f"写了不同的答案：{'、'.join(sorted(pure))}"
        found.append(Finding(place, "answer_unrecognised", field="answer", detail=detail))
    if question.pictures:
        found.append(Finding(place, "picture_left_out", field="stem"))
    return found


def _hint(question: Open) -> str:
    marked, signs = question.coloured
    return MARKED_HINT if 0 < marked < signs else ""
