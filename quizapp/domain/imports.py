"""Questions as files hold them, and what becomes of them; nothing here is stored."""

from dataclasses import dataclass, field

from quizapp.domain.import_findings import Finding

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
    """How a table was understood: heading row, its cells, column (0-based) → field, first rows."""

    sheet: str
    heading_no: int
    headings: tuple[str, ...]
    columns: dict[int, str]
    samples: tuple[tuple[str, ...], ...] = ()


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
    """A sound question of a file. `points_cp`: centi-points; `difficulty`: 1 to 3, 0 unknown."""

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


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file holds: sound questions, problems, and what was skipped, each in file order."""

    questions: tuple[ImportedQuestion, ...]
    problems: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    tables: tuple[TableFound, ...] = ()


def check_rows(read: ReadResult) -> ImportReport:
    """Return every question of the file as a sound one or with all its problems."""
    return ImportReport((), tuple(read.findings), tuple(read.skipped), tuple(read.tables))
