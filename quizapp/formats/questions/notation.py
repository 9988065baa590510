"""Lines of text to questions, as papers are written: whatever the file, the same conventions.

One question that cannot be read never swallows the next: a line that begins with a number begins
a question, unless it can be seen to belong to the one before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from quizapp.domain.imports import ReadResult, Skipped
from quizapp.formats.questions.notation_answers import give_keys
from quizapp.formats.questions.notation_build import Line, Open, feed, finish
from quizapp.formats.questions.notation_keys import KeyEntry, key_line, key_with_reason
from quizapp.formats.questions.notation_marks import (
    KEY_HEADING,
    Number,
    Section,
    chapter_of,
    clean,
    is_material,
    is_ornament,
    labels_in,
    number_of,
    section_of,
    shadow,
    values_of,
)
from quizapp.formats.questions.notation_options import begins_option, read_body

LOOK_AHEAD = 15
FAR = 50
"""A number that jumps further is no number of a question, unless options or an answer follow."""
LONGEST_LINE = 8000
"""Four times the longest stem: no question stands in such a line."""
TOPIC_WORDS = ("法", "条例", "规定", "办法", "知识", "章", "编", "执法")


@dataclass(frozen=True, slots=True)
class Places:
    """How a file names its places: a question's (place, sheet, no), and a line's."""

    question: Callable[[Open], tuple[str, str, int]]
    line: Callable[[int], str]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    lines: list[Line]
    open: Open | None = None
    section: Section = field(default_factory=lambda: Section(""))
    section_no: int = 0
    last_number: int = 0
    in_key: bool = False
    key_label: str = ""
    questions: list[Open] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    skipped: list[tuple[Line, str]] = field(default_factory=list)


def read_lines(lines: Iterable[Line], places: Places) -> ReadResult:
    """Return the questions, findings and skipped lines of a text, each in its order."""
    return read_with_lines(lines, places)[0]


def read_with_lines(lines: Iterable[Line], places: Places) -> tuple[ReadResult, list[int]]:
    """Return what `read_lines` returns, and for each question the line on which it begins."""
    cleaned = [replace(line, text=clean(line.text)) for line in lines]
    reading = _Reading([line for line in cleaned if line.text or line.pictures])
    for at, line in enumerate(reading.lines):
        if not line.text:
            _picture(reading, line)
        elif len(line.text) > LONGEST_LINE:
            reading.skipped.append((replace(line, text=line.text[:80] + "……"), "本行过长"))
        elif not _in_key(reading, at) and not _heading(reading, at) and not _content(reading, at):
            reading.skipped.append((line, ""))
    _close(reading)
    return _result(reading, places)


def _picture(reading: _Reading, line: Line) -> None:
    if reading.open is not None:
        reading.open.pictures += line.pictures
    else:
        reading.skipped.append((Line(line.no, "（图片）"), "图片未导入"))


def _close(reading: _Reading) -> None:
    if reading.open is not None:
        reading.questions.append(reading.open)
        reading.open = None


def _enter(reading: _Reading, section: Section) -> None:
    _close(reading)
    reading.section = section
    reading.section_no += 1
    reading.last_number = 0


# --- the key ---------------------------------------------------------------------------------


def _in_key(reading: _Reading, at: int) -> bool:
    """Take the line if it belongs to a key; a line that cannot be one ends the key."""
    line = reading.lines[at]
    found = _key_of(line.text)
    if found is not None and (found[2] or reading.in_key):
        _close(reading)
        reading.key_label = found[0] or (reading.key_label if reading.in_key else "")
        reading.in_key = True
        reading.keys += [_placed(entry, reading.key_label, line.no) for entry in found[1]]
        return True
    if not reading.in_key:
        return _key_begins(reading, at)
    return _key_goes_on(reading, at)


def _key_of(text: str) -> tuple[str, list[KeyEntry], bool] | None:
    """Return a line of the key, also behind 参考答案：."""
    labels = labels_in(text)
    if labels and labels[0].start == 0 and labels[0].field == "answer" and not labels[0].value:
        found = key_line(text[labels[0].end :])
        return (found[0], found[1], True) if found else None
    return key_line(text)


def _placed(entry: KeyEntry, label: str, no: int) -> KeyEntry:
    return replace(entry, label=label, no=no)


def _key_begins(reading: _Reading, at: int) -> bool:
    """Say whether the line is the heading of a key: 参考答案 above lines of a key."""
    if not KEY_HEADING.match(shadow(reading.lines[at].text)):
        return False
    follows = [line.text for line in reading.lines[at + 1 : at + 3]]
    waiting = reading.open is not None and not reading.open.is_answered
    if waiting and not any(_is_of_key(text) for text in follows):
        return False
    _close(reading)
    reading.in_key = True
    reading.key_label = ""
    reading.skipped.append((reading.lines[at], "答案标题"))
    return True


def _is_of_key(text: str) -> bool:
    return _key_of(text) is not None or key_with_reason(text) is not None


def _key_goes_on(reading: _Reading, at: int) -> bool:
    """Take a heading, a reasoned answer or a reason of the key; leave the key for anything else."""
    line = reading.lines[at]
    section = section_of(line.text)
    if section and any(_is_of_key(next_.text) for next_ in reading.lines[at + 1 : at + 3]):
        reading.key_label = line.text
        reading.skipped.append((line, "分节标题"))
        return True
    entry = key_with_reason(line.text)
    if entry is not None:
        reading.keys.append(_placed(entry, reading.key_label, line.no))
        return True
    if not section and _adds_to_last(reading, line.text):
        return True
    if section or number_of(line.text) is not None or _looks_like_question(reading, at):
        reading.in_key = False
        return False
    reading.skipped.append((line, ""))
    return True


def _adds_to_last(reading: _Reading, text: str) -> bool:
    """Add a reason below an answer of the key to it."""
    labels = labels_in(text, answered=True)
    last = reading.keys[-1] if reading.keys else None
    if last is None or number_of(text) or not (labels or last.explanation):
        return False
    if labels and labels[0].field not in ("explanation", "source"):
        return False
    if labels and labels[0].field == "source":
        source = "\n".join(value for _, value in values_of(text, labels))
        reading.keys[-1] = replace(last, source=source)
        return True
    words = [value for _, value in values_of(text, labels)] if labels else [text]
    reason = "\n".join(filter(None, [last.explanation, *words]))
    reading.keys[-1] = replace(last, explanation=reason)
    return True


# --- headings --------------------------------------------------------------------------------


def _heading(reading: _Reading, at: int) -> bool:
    """Take a heading that carries type, points or a topic; page numbers are set aside."""
    line = reading.lines[at]
    if line.new_page and not begins_option(line.text) and not labels_in(line.text):
        _close(reading)
    if is_ornament(line.text):
        reading.skipped.append((line, "页码、分隔线或填写栏"))
        return True
    if is_material(line.text):
        _close(reading)
        reading.skipped.append((line, "案例材料"))
        return True
    section = section_of(line.text)
    if section is not None:
        topic = reading.section.category
        _enter(reading, Section(section.title, section.type, section.points, topic))
        reading.skipped.append((line, "分节标题"))
        return True
    chapter = chapter_of(line.text)
    if chapter is None or _goes_on_with(reading, line.text):
        return False
    if not any(word in chapter.category for word in TOPIC_WORDS):
        _close(reading)
        return False
    before = reading.section
    _enter(reading, Section(chapter.title, before.type, before.points, chapter.category))
    reading.skipped.append((line, "分节标题"))
    return True


def _goes_on_with(reading: _Reading, text: str) -> bool:
    """Say whether what looks like a heading is a line of a question without options so far."""
    open_ = reading.open
    return open_ is not None and not open_.is_complete and not text.startswith("第")


# --- questions -------------------------------------------------------------------------------


def _content(reading: _Reading, at: int) -> bool:
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


def _begin(reading: _Reading, line: Line, number: Number | None) -> None:
    _close(reading)
    value = number.value if number else None
    style = number.style if number else ""
    mark = number.mark if number else ""
    reading.open = Open(line.no, line.text, value, style, reading.section, reading.section_no, mark)
    reading.last_number = value or reading.last_number
    text = number.tag + line.text[number.end :].strip() if number else line.text
    feed(reading.open, line, text)


def _begins(reading: _Reading, number: Number, at: int) -> bool:
    """Say whether a numbered line begins a question, and is no enumeration inside one."""
    expected = number.value == reading.last_number + 1
    if (number.decimal or number.style == "space") and not expected:
        return False
    open_ = reading.open
    if open_ is None or open_.number is None:
        return open_ is None or open_.is_complete or _looks_like_question(reading, at)
    if number.style != open_.style:
        return open_.is_complete and _looks_like_question(reading, at)
    if open_.at == "explanation" and number.value == open_.inner_number + 1:
        return _looks_like_question(reading, at)
    if open_.number < number.value <= open_.number + FAR:
        return True
    bare_reason = open_.at == "explanation" and number.value == 1
    return (open_.is_complete and not bare_reason) or _looks_like_question(reading, at)


def _looks_like_question(reading: _Reading, at: int) -> bool:
    """Say whether options or an answer stand in the line or below it, before the next number."""
    text = reading.lines[at].text
    body = read_body(text)
    if body.answer or len(body.options) > 1:
        return True
    for line in reading.lines[at + 1 : at + LOOK_AHEAD]:
        if number_of(line.text) is not None or section_of(line.text) is not None:
            return False
        if begins_option(line.text) or any(one.field == "answer" for one in labels_in(line.text)):
            return True
    return False


def _begins_unnumbered(reading: _Reading, at: int) -> bool:
    """Say whether a line without a number begins a question: its options or answer follow at once.

    Only after a question that is complete; a line with a tag of its type needs nothing below it.
    """
    text = reading.lines[at].text
    open_ = reading.open
    if open_ is not None and not (open_.is_complete and _is_apart(reading, open_, at)):
        return False
    if begins_option(text) or _is_label_line(text):
        return False
    body = read_body(text)
    if body.type or len(body.options) > 1 or (body.answer and body.stem):
        return True
    if any(label.field == "answer" for label in labels_in(text)):
        return True
    following = reading.lines[at + 1].text if at + 1 < len(reading.lines) else ""
    return begins_option(following) or any(one.field == "answer" for one in labels_in(following))


def _is_apart(reading: _Reading, open_: Open, at: int) -> bool:
    """Say whether a line can stand apart from the open question: after a blank line or its end."""
    before = reading.lines[at - 1].no if at else 0
    return open_.at != "body" or reading.lines[at].no > before + 1


def _is_label_line(text: str) -> bool:
    labels = labels_in(text, answered=True)
    return bool(labels) and not text[: labels[0].start].strip() and labels[0].value is None


# --- the whole -------------------------------------------------------------------------------


def _result(reading: _Reading, places: Places) -> tuple[ReadResult, list[int]]:
    result = ReadResult(findings=give_keys(reading.questions, reading.keys, places.line))
    typed = [one.section_no for one in reading.questions if one.section.type]
    nos: list[int] = []
    for question in reading.questions:
        if question.is_bare and typed and question.section_no < typed[0]:
            text = "\n".join([question.first, *question.body[1:]])
            reading.skipped.append((Line(question.no, text), "试题之前的文字"))
            continue
        place, sheet, no = places.question(question)
        result.questions.append(finish(question, place, sheet=sheet, no=no))
        nos.append(question.no)
    for line, why in sorted(reading.skipped, key=lambda one: one[0].no):
        result.skipped.append(Skipped(places.line(line.no), line.text, why, no=line.no))
    return result, nos
