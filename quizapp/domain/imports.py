"""Questions as files hold them, and what becomes of them; nothing here is stored."""

from dataclasses import dataclass, field, replace

from quizapp.domain.answer_notation import AnswerRead, read_answer
from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.import_checks import (
    STEM_MAX,
    answer_fault,
    difficulty_of,
    finding,
    is_unsafe,
    likeness,
    option_faults,
    trimmed,
    type_in,
)
from quizapp.domain.import_findings import Finding
from quizapp.domain.option_notation import Options
from quizapp.domain.pace import counted
from quizapp.domain.type_notation import points_of

WHOLE_ROW = "row"
"""The field of a finding that concerns everything a row holds."""
Answer = tuple[str, ...] | bool
"""The letters that are right, ascending; or whether a judgement is true."""


@dataclass(frozen=True, slots=True)
class RawQuestion:
    """What a reader found for one question, as text; nothing is checked yet.

    `place`: for people, its last number is the row, record, line or printed number. `sheet`, `no`:
    the same for programs (`no` 1-based; what “第 N 行” names). `options`: (letter, text), empty
    texts included. `section_type`, `section_points`: what a heading above says; they count where
    `type_text`, `points_text` are empty. `answer_hint`: Chinese words added when the answer is
    missing. `findings`: what the reader itself found wrong here; the question is then no good one.
    `exact`: the question itself where the format holds all of it, already checked by its reader.
    """

    place: str
    stem: str
    options: tuple[tuple[str, str], ...] = ()
    answer_text: str = ""
    type_text: str = ""
    points_text: str = ""
    explanation: str = ""
    source: str = ""
    category: str = ""
    difficulty_text: str = ""
    sheet: str = ""
    no: int = 0
    section_type: str = ""
    section_points: str = ""
    answer_hint: str = ""
    findings: tuple[Finding, ...] = ()
    trap: str = ""
    exact: Question | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Content that is no question: titles, notes, hidden rows. `why`: Chinese, may be empty."""

    place: str
    text: str
    why: str = ""
    sheet: str = ""
    no: int = 0


@dataclass(frozen=True, slots=True)
class TableFound:
    """How a table was understood: heading row, its cells, column (0-based) → field, first rows.

    `codes`: what stands for a type of question in it → the type's key.
    """

    sheet: str
    heading_no: int
    headings: tuple[str, ...]
    columns: dict[int, str]
    samples: tuple[tuple[str, ...], ...] = ()
    codes: dict[str, str] = field(default_factory=dict)


Mapping = dict[str, dict[int, str]]
"""A corrected understanding: sheet → column (0-based) → field."""


@dataclass(slots=True)
class ReadResult:
    """All that a reader found, in the order of the file. `findings`: those of no question."""

    questions: list[RawQuestion] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    tables: list[TableFound] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportedQuestion:
    """A sound question of a file. `points_cp`: centi-points; `difficulty`: 1 to 3, 0 unknown.

    `exact`: the whole question where the file held it so; types beyond choices and judgements only
    come this way.
    """

    place: str
    type: str
    stem: str
    options: tuple[tuple[str, str], ...]
    answer: Answer
    points_cp: int | None = None
    explanation: str = ""
    source: str = ""
    category: str = ""
    difficulty_text: str = ""
    difficulty: int = 0
    sheet: str = ""
    no: int = 0
    trap: str = ""
    exact: Question | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file holds: sound questions, problems, and what was skipped, each in file order."""

    questions: tuple[ImportedQuestion, ...]
    problems: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    tables: tuple[TableFound, ...] = ()


def check_rows(read: ReadResult) -> ImportReport:
    """Return every question of the file as a sound one or with all its problems, in file order.

    A question like an earlier one, sound or not, is a problem: “与本文件第 N 行重复”. A row that
    its reader could not make out at all (a finding of field "row") is judged no further.
    """
    sound: list[ImportedQuestion] = []
    problems = list(read.findings)
    seen: dict[tuple[str, ...], RawQuestion] = {}
    for raw in counted(read.questions, len(read.questions)):
        if any(each.field == WHOLE_ROW for each in raw.findings):
            problems += raw.findings
            continue
        checked, found = check_row(raw)
        stem = raw.stem.strip()
        is_known = 0 < len(stem) <= STEM_MAX  # an endless one is compared with nothing
        first = seen.setdefault(likeness(stem, checked.options), raw) if is_known else raw
        if first is not raw:
            found.append(_duplicate(raw, first))
        problems += found
        if not found:
            sound.append(checked)
    sheets = list(dict.fromkeys([raw.sheet for raw in read.questions]
                                + [each.sheet for each in problems]))  # fmt: skip
    problems.sort(key=lambda each: (sheets.index(each.sheet), each.no))
    return ImportReport(tuple(sound), tuple(problems), tuple(read.skipped), tuple(read.tables))


def check_row(raw: RawQuestion) -> tuple[ImportedQuestion, list[Finding]]:
    """Return one question as read, with everything that is wrong with it; sound without findings.

    A field that holds a formula is not judged further: its text is not its value.
    """
    if raw.exact is not None:
        return _exact(raw, raw.exact), [*raw.findings, *_text_findings(raw)]
    at = _at(raw)
    unread = {found.field for found in raw.findings}
    type_key, type_fault = type_in(raw.type_text, raw.section_type)
    options = trimmed(raw.options)
    answer = read_answer(type_key, options, raw.answer_text)
    points_text = raw.points_text.strip() or raw.section_points.strip()
    points_cp = points_of(points_text)
    found = list(raw.findings)
    if not raw.stem.strip() and "stem" not in unread:
        found.append(finding(at, "stem_missing", "stem"))
    if type_fault and "type" not in unread:
        found.append(finding(at, type_fault, "type", raw.type_text.strip() or raw.section_type))
    elif "type" not in unread:
        found += _body_findings(raw, type_key, options, answer)
    if points_text and points_cp is None and "points" not in unread:
        found.append(finding(at, "points_invalid", "points", points_text[:40]))
    found += _text_findings(raw)
    return _checked(raw, answer, options, points_cp), found


def _at(raw: RawQuestion) -> tuple[str, str, int]:
    return raw.place, raw.sheet, raw.no


def _body_findings(
    raw: RawQuestion, type_key: str, options: Options, answer: AnswerRead
) -> list[Finding]:
    """Return what is wrong with options and answer of a type that is taken or left open."""
    at, unread = _at(raw), {found.field for found in raw.findings}
    found: list[Finding] = []
    is_judge = answer.type == "judge"
    open_ended = not type_key and not options
    if "options" not in unread and not open_ended and not (is_judge and not options):
        faults = option_faults(options)
        found += [finding(at, code, "options", detail) for code, detail in faults
                  if not (is_judge and code == "too_few_options")]  # fmt: skip
    fault = answer_fault(answer, type_key)
    missing = fault == "answer_missing"
    told = {fault, "options_missing"} & {each.code for each in found}
    if fault and "answer" not in unread and (missing or not told):
        detail = raw.answer_hint if missing else raw.answer_text.strip()[:40]
        found.append(finding(at, fault, "answer", detail))
    return found


def _text_findings(raw: RawQuestion) -> list[Finding]:
    found, at = [], _at(raw)
    options = "\n".join(text for _, text in raw.options)
    texts = {"stem": raw.stem[: 2 * STEM_MAX], "options": options,
             "answer": raw.answer_text, "explanation": raw.explanation, "source": raw.source,
             "category": raw.category, "difficulty": raw.difficulty_text,
             "type": raw.type_text, "points": raw.points_text, "trap": raw.trap}  # fmt: skip
    unsafe = [field for field, text in texts.items() if is_unsafe(text)]
    if unsafe:
        found.append(finding(at, "unsafe_content", unsafe[0]))
    if len(raw.stem.strip()) > STEM_MAX:
        found.append(finding(at, "stem_too_long", "stem", f"最多 {STEM_MAX} 字"))
    return found


def _checked(
    raw: RawQuestion, answer: AnswerRead, options: Options, points_cp: int | None
) -> ImportedQuestion:
    return ImportedQuestion(
        place=raw.place,
        type=answer.type,
        stem=raw.stem.strip(),
        options=options,
        answer=answer.letters if answer.truth is None else answer.truth,
        points_cp=points_cp,
        explanation=raw.explanation.strip(),
        source=raw.source.strip(),
        category=raw.category.strip(),
        difficulty_text=raw.difficulty_text.strip(),
        difficulty=difficulty_of(raw.difficulty_text),
        sheet=raw.sheet,
        no=raw.no,
        trap=raw.trap.strip(),
    )


def _exact(raw: RawQuestion, question: Question) -> ImportedQuestion:
    key = question.key
    letters = key if isinstance(key, bool) else tuple(LETTERS[option] for option in key)
    read = AnswerRead(question.type, () if isinstance(letters, bool) else letters)
    checked = _checked(raw, read, raw.options, points_of(raw.points_text))
    return replace(checked, answer=letters, difficulty=question.difficulty, exact=question)


def _duplicate(raw: RawQuestion, first: RawQuestion) -> Finding:
    detail = first.place if first.sheet != raw.sheet else ""
    return finding(_at(raw), "duplicate_in_file", "stem", detail, no=first.no)
