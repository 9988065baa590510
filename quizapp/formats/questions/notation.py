"""Lines of text to questions, as papers are written: whatever the file, the same conventions.

One question that cannot be read never swallows the next: a line that begins with a number begins
a question, unless it can be seen to belong to the one before.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from quizapp.domain.imports import ReadResult, Skipped
from quizapp.domain.pace import counted
from quizapp.formats.questions.notation_answers import give_keys
from quizapp.formats.questions.notation_build import Line, Open, feed, finish, spare_texts
from quizapp.formats.questions.notation_key_block import in_key
from quizapp.formats.questions.notation_labels import labels_in
from quizapp.formats.questions.notation_lines import LONGEST_LINE, prepared
from quizapp.formats.questions.notation_marks import (
    Number,
    Section,
    chapter_of,
    is_material,
    is_ornament,
    is_plain,
    number_of,
    section_of,
    shadow,
)
from quizapp.formats.questions.notation_options import begins_option, first_letter, read_body
from quizapp.formats.questions.notation_reading import Reading, close, enter, looks_like_question

LOOK_AHEAD = 15
FAR = 50
"""A number that jumps further is no number of a question, unless options or an answer follow."""
YEARS = range(1900, 2100)
_AMOUNT = re.compile(r"\s*\d+\.\d+\s*(?:[%‰倍万亿m]|[平立]方|[公千厘毫]?[米克里]|公斤|吨|升)")
TOPIC_WORDS = ("法", "条例", "规定", "办法", "知识", "章", "编", "执法")


@dataclass(frozen=True, slots=True)
class Places:
    """How a file names its places: a question's (place, sheet, no), and a line's."""

    question: Callable[[Open], tuple[str, str, int]]
    line: Callable[[int], str]


def read_lines(lines: Iterable[Line], places: Places) -> ReadResult:
    """Return the questions, findings and skipped lines of a text, each in its order."""
    return read_with_lines(lines, places)[0]


def read_with_lines(lines: Iterable[Line], places: Places) -> tuple[ReadResult, list[int]]:
    """Return what `read_lines` returns, and for each question the line on which it begins."""
    reading = Reading(prepared(lines))
    for at, line in enumerate(counted(reading.lines, len(reading.lines))):
        if not line.text:
            _picture(reading, line)
        elif len(line.text) > LONGEST_LINE:
            reading.skipped.append((replace(line, text=line.text[:80] + "……"), "本行过长"))
        elif not in_key(reading, at) and not _heading(reading, at) and not _content(reading, at):
            reading.skipped.append((line, ""))
    close(reading)
    return _result(reading, places)


def _picture(reading: Reading, line: Line) -> None:
    if reading.open is not None:
        reading.open.pictures += line.pictures
    else:
        reading.skipped.append((Line(line.no, "（图片）"), "图片未导入"))


# --- headings --------------------------------------------------------------------------------


def _heading(reading: Reading, at: int) -> bool:
    """Take a heading that carries type, points or a topic; page numbers are set aside."""
    line = reading.lines[at]
    if line.new_page and not begins_option(line.text) and not labels_in(line.text):
        close(reading)
    return not is_plain(line.text) and _no_content(reading, line)


def _no_content(reading: Reading, line: Line) -> bool:
    """Take a line that is a heading or an ornament by its words; False for any other."""
    if is_ornament(line.text):
        reading.skipped.append((line, "页码、分隔线或填写栏"))
        return True
    if is_material(line.text):
        close(reading)
        reading.skipped.append((line, "案例材料"))
        return True
    section = section_of(line.text)
    if section is not None:
        topic = reading.section.category
        enter(reading, Section(section.title, section.type, section.points, topic))
        reading.skipped.append((line, "分节标题"))
        return True
    chapter = chapter_of(line.text)
    if chapter is None or _goes_on_with(reading, line.text):
        return False
    if not any(word in chapter.category for word in TOPIC_WORDS):
        close(reading)
        return False
    before = reading.section
    enter(reading, Section(chapter.title, before.type, before.points, chapter.category))
    reading.skipped.append((line, "分节标题"))
    return True


def _goes_on_with(reading: Reading, text: str) -> bool:
    """Say whether what looks like a heading is a line of a question without options so far."""
    open_ = reading.open
    return open_ is not None and not open_.is_complete and not text.startswith("第")


# --- questions -------------------------------------------------------------------------------


def _content(reading: Reading, at: int) -> bool:
    """Begin a question with the line, or add it to the open one; False when it is neither."""
    line = reading.lines[at]
    number = number_of(line.text)
    if number is not None and _begins(reading, number, at):
        _begin(reading, line, number)
        return True
    if number is None and _begins_unnumbered(reading, at):
        _begin(reading, line, None)
        return True
    if reading.open is None:
        return False
    if number is not None and number.value == reading.open.inner_number + 1:
        reading.open.inner_number = number.value
    return feed(reading.open, line, line.text)


def _begin(reading: Reading, line: Line, number: Number | None) -> None:
    close(reading)
    value = number.value if number else None
    style = number.style if number else ""
    mark = number.mark if number else ""
    reading.open = Open(line.no, line.text, value, style, reading.section, reading.section_no, mark)
    reading.last_number = value or reading.last_number
    text = number.tag + line.text[number.end :].strip() if number else line.text
    feed(reading.open, line, text)


def _begins(reading: Reading, number: Number, at: int) -> bool:
    """Say whether a numbered line begins a question, and is no enumeration inside one."""
    open_ = reading.open
    if _is_amount(reading, number, at):
        return False
    if open_ is None or open_.number is None:
        return open_ is None or open_.is_complete or looks_like_question(reading, at)
    if number.style != open_.style:
        return open_.is_complete and looks_like_question(reading, at)
    if open_.at == "explanation" and number.value == open_.inner_number + 1:
        return looks_like_question(reading, at)
    return _goes_forward(open_, number) or _starts_over(reading, open_, number, at)


def _goes_forward(open_: Open, number: Number) -> bool:
    return open_.number is not None and open_.number < number.value <= open_.number + FAR


def _starts_over(reading: Reading, open_: Open, number: Number, at: int) -> bool:
    """Say whether a number that does not follow the open question's begins one all the same."""
    if not open_.is_complete and number.value == open_.inner_number + 1 > 1:
        return False
    bare_reason = open_.at == "explanation" and number.value == 1
    return (open_.is_complete and not bare_reason) or looks_like_question(reading, at)


def _is_amount(reading: Reading, number: Number, at: int) -> bool:
    """Say whether a number is part of a wrapped line: 1.5 metres, a year, a count of things."""
    open_, text = reading.open, reading.lines[at].text
    if number.value == reading.last_number + 1:
        halved = number.decimal and bool(_AMOUNT.match(shadow(text)))
        return halved and open_ is not None and open_.goes_on_below
    if number.decimal or number.style == "space":
        answered = open_ is not None and open_.at == "answer"
        return not (answered and looks_like_question(reading, at))
    return number.value in YEARS and open_ is not None and not open_.is_complete


def _begins_unnumbered(reading: Reading, at: int) -> bool:
    """Say whether a line without a number begins a question: its options or answer follow at once.

    Only after a question that is complete; a line with a tag of its type needs nothing below it.
    """
    text = reading.lines[at].text
    open_ = reading.open
    if open_ is not None and not _is_apart(reading, open_, at):
        return False
    if begins_option(text) or _is_label_line(text) or not (open_ is None or open_.is_complete):
        return False
    body = read_body(text)
    if body.type or len(body.options) > 1 or (body.answer and body.stem):
        return True
    if _has_answer(text):
        return True
    following = reading.lines[at + 1].text if at + 1 < len(reading.lines) else ""
    if number_of(following) is not None:
        return False
    return first_letter(following) == "A" or _has_answer(following)


def _is_apart(reading: Reading, open_: Open, at: int) -> bool:
    """Say whether a line can stand apart from the open question: after a blank line or its end."""
    before = reading.lines[at - 1].no if at else 0
    return open_.at != "body" or reading.lines[at].no > before + 1


def _has_answer(text: str) -> bool:
    return any(label.field == "answer" for label in labels_in(text))


def _is_label_line(text: str) -> bool:
    labels = labels_in(text, answered=True)
    return bool(labels) and not text[: labels[0].start].strip() and labels[0].value is None


# --- the whole -------------------------------------------------------------------------------


def _result(reading: Reading, places: Places) -> tuple[ReadResult, list[int]]:
    findings, orphans = give_keys(reading.questions, reading.keys, places.line)
    result = ReadResult(findings=findings)
    for entry in orphans:
        words = "\n".join(filter(None, (entry.explanation, entry.source)))
        reading.skipped += [(Line(entry.no, words), "解析没有对应题目")] if words else []
    typed = [one.section_no for one in reading.questions if one.section.type]
    nos: list[int] = []
    for question in reading.questions:
        if question.is_bare and typed and question.section_no < typed[0]:
            text = "\n".join([question.first, *question.body[1:]])
            reading.skipped.append((Line(question.no, text), "试题之前的文字"))
            continue
        place, sheet, no = places.question(question)
        result.questions.append(finish(question, place, sheet=sheet, no=no))
        spare = spare_texts(question)
        reading.skipped += [(Line(question.no, text), "重复的内容") for text in spare]
        nos.append(question.no)
    for line, why in sorted(reading.skipped, key=lambda one: one[0].no):
        result.skipped.append(Skipped(places.line(line.no), line.text, why, no=line.no))
    return result, nos
