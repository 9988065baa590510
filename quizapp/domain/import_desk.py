"""What a trainer sees of a file before it is imported: every row, its faults and its warnings."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from quizapp.domain.bank import question_from_plain, question_to_plain
from quizapp.domain.import_checks import likeness
from quizapp.domain.import_citations import cited_draft, draft_warnings
from quizapp.domain.import_findings import FINDING_WORDS, Finding
from quizapp.domain.import_likeness import BankText, near_duplicates
from quizapp.domain.import_words import detail_words
from quizapp.domain.imports import ImportedQuestion, RawQuestion, ReadResult, check_rows
from quizapp.domain.likeness_keys import compare_key
from quizapp.domain.statutes import Law
from quizapp.domain.text import Text

WARNING_WORDS = {
    "duplicate_in_bank": Text("题库中已有此题：{code}", "Already in the bank: {code}"),
    "near_duplicate": Text("与题库中的 {code} 相近（{pct}%）", "Like {code} in the bank ({pct}%)"),
    "citation_missing": Text("缺少依据", "No source is given"),
    "citation_unresolved": Text(
        "依据不是法规库中的条文，请在编辑时核对", "The source is no article of the library"
    ),
    "citation_not_in_force": Text("所引法规现已失效", "The law cited is not in force"),
    "difficulty_missing": Text("缺少难度，按“识记”导入", "No difficulty: taken as recall"),
    "explanation_missing": Text("缺少解析", "No explanation is given"),
    "not_publishable": Text(
        "选项数或答案不合本系统要求，发布前须修改",
        "Options or key must be changed before publication",
    ),
}
"""What does not keep a question out; the first one does: it would be there twice."""
DUPLICATE = "duplicate_in_bank"
STATUSES = {
    "good": Text("可导入", "Can be imported"),
    "warned": Text("有警告", "With warnings"),
    "faulty": Text("有错误", "With errors"),
    "known": Text("重复", "Duplicates"),
}
_PLAIN = tuple(each.name for each in fields(ImportedQuestion) if each.name != "exact")
_OF_FINDING = tuple(each.name for each in fields(Finding))
Stage = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file is compared with: the bank's questions and the laws as of a day."""

    bank: Sequence[BankText] = ()
    laws: Sequence[Law] = ()
    today: date = date.min


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One question of a file. `answer_text`: as written, where it could not be read."""

    question: ImportedQuestion
    answer_text: str = ""
    type_text: str = ""
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def status(self) -> str:
        """One of STATUSES."""
        if self.findings:
            return "faulty"
        if any(each.code == DUPLICATE for each in self.warnings):
            return "known"
        return "warned" if self.warnings else "good"

    @property
    def is_importable(self) -> bool:
        """Say whether confirming takes it into the bank."""
        return self.status in ("good", "warned")


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """A whole file on the desk: its rows in file order, and findings that belong to no row."""

    rows: tuple[DeskRow, ...]
    loose: tuple[Finding, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many rows have each status; a known one is no good one."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in STATUSES}


def wording(finding: Finding) -> Text:
    """Return a finding or warning in both languages, with its detail in brackets."""
    words = FINDING_WORDS.get(finding.code) or WARNING_WORDS[finding.code]
    zh, en = words.zh.format(**finding.facts), words.en.format(**finding.facts)
    detail = detail_words(finding.detail)
    return Text(f"{zh}（{detail.zh}）", f"{en} ({detail.en})") if finding.detail else Text(zh, en)


def lay_out(read: ReadResult, around: Surroundings, stage: Stage = str) -> ImportDesk:
    """Return every question of a file with its faults, and the sound ones with their warnings.

    `stage` is told when checking and comparing begin.
    """
    stage("checking")
    report = check_rows(read)
    by_place: defaultdict[tuple[str, str, int], list[Finding]] = defaultdict(list)
    for problem in report.problems:
        by_place[_spot(problem)].append(problem)
    sound = iter(report.questions)
    following = next(sound, None)
    rows: list[DeskRow] = []
    for raw in read.questions:
        if following and _is_same(raw, following):
            rows.append(DeskRow(following))
            following = next(sound, None)
        else:
            rows.append(_faulty(raw, tuple(by_place.get(_spot(raw), ()))))
    faulty = {_spot(row.question) for row in rows if row.findings}
    loose = tuple(each for each in report.problems if _spot(each) not in faulty)
    stage("comparing")
    return ImportDesk(tuple(_warned(rows, around)), loose)


def _spot(at: Finding | RawQuestion | ImportedQuestion) -> tuple[str, str, int]:
    return at.place, at.sheet, at.no


def _is_same(raw: RawQuestion, question: ImportedQuestion) -> bool:
    return _spot(raw) == _spot(question) and raw.stem.strip() == question.stem


def _faulty(raw: RawQuestion, findings: tuple[Finding, ...]) -> DeskRow:
    shown = ImportedQuestion(
        place=raw.place,
        type="",
        stem=raw.stem.strip(),
        options=raw.options,
        answer=(),
        explanation=raw.explanation.strip(),
        source=raw.source.strip(),
        category=raw.category.strip(),
        difficulty_text=raw.difficulty_text.strip(),
        sheet=raw.sheet,
        no=raw.no,
    )
    type_text = raw.type_text.strip() or raw.section_type.strip()
    return DeskRow(shown, raw.answer_text.strip(), type_text, findings)


def _warned(rows: Sequence[DeskRow], around: Surroundings) -> Iterable[DeskRow]:
    same = {likeness(each.stem, lettered(each.options)): each.code for each in around.bank}
    stems = {stem for stem, *_ in same}  # looked at first: most stems are new
    near = near_duplicates([row.question for row in rows if not row.findings], around.bank)
    at = 0
    for row in rows:
        if row.findings:
            yield row
            continue
        question = row.question
        known = compare_key(question.stem) in stems
        code = same.get(likeness(question.stem, question.options)) if known else None
        warnings = [_warning(question, DUPLICATE, code=code)] if code else []
        if code is None and at in near:
            other, pct = near[at]
            warnings.append(_warning(question, "near_duplicate", code=other, pct=pct))
        at += 1
        codes = [] if code else _draft_warnings(question, around)
        warnings += [_warning(question, each) for each in codes]
        yield DeskRow(question, row.answer_text, row.type_text, (), tuple(warnings))


def _warning(question: ImportedQuestion, warning: str, **facts: object) -> Finding:
    return Finding(question.place, warning, facts, "", "", question.sheet, question.no)


def _draft_warnings(question: ImportedQuestion, around: Surroundings) -> list[str]:
    draft = cited_draft(question, around.laws, around.today)
    return draft_warnings(draft, question, around.laws, around.today)


def lettered(options: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return stored options with the letters that they have in a file."""
    return tuple((chr(ord("A") + at), text) for at, text in enumerate(options))


def desk_to_plain(desk: ImportDesk) -> dict[str, Any]:
    """Return the desk as JSON-ready data."""
    return {
        "rows": [_row_to_plain(row) for row in desk.rows],
        "loose": [_finding_to_plain(each) for each in desk.loose],
    }


def _row_to_plain(row: DeskRow) -> dict[str, Any]:
    exact = row.question.exact
    return {
        "question": {
            name: getattr(row.question, name) for name in _PLAIN
        },
        "exact": exact and {
            "type": exact.type, "difficulty": exact.difficulty, "topics": exact.topics,
            "body": question_to_plain(exact),
        },
        "answer_text": row.answer_text,
        "type_text": row.type_text,
        "findings": [_finding_to_plain(each) for each in row.findings],
        "warnings": [_finding_to_plain(each) for each in row.warnings],
    }  # fmt: skip


def _finding_to_plain(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _OF_FINDING}


def desk_from_plain(plain: Mapping[str, Any]) -> ImportDesk:
    """Return the desk that `desk_to_plain` wrote."""
    return ImportDesk(
        tuple(_row_from_plain(row) for row in plain["rows"]),
        tuple(Finding(**each) for each in plain["loose"]),
    )


def _row_from_plain(plain: Mapping[str, Any]) -> DeskRow:
    question, exact = dict(plain["question"]), plain["exact"]
    answer = question["answer"]
    question["answer"] = answer if isinstance(answer, bool) else tuple(answer)
    question["options"] = tuple((letter, text) for letter, text in question["options"])
    question["exact"] = exact and question_from_plain(
        exact["body"],
        type_key=exact["type"],
        difficulty=exact["difficulty"],
        topics=tuple(exact["topics"]),
    )
    return DeskRow(
        ImportedQuestion(**question),
        plain["answer_text"],
        plain["type_text"],
        tuple(Finding(**each) for each in plain["findings"]),
        tuple(Finding(**each) for each in plain["warnings"]),
    )
