"""The files of a bank as one whole: questions, laws, topics, plan, waivers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from quizapp.domain.bank import Entry, Question
from quizapp.domain.bank_findings import Finding
from quizapp.domain.statutes import Law


@dataclass(frozen=True, slots=True)
class Target:
    """How many questions of each type the bank is planned to hold on these laws together.

    The type "case" counts parts.
    """

    laws: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that a named reason excuses. `code`: a question, a part, or WHOLE."""

    code: str
    check: str
    reason: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Bank:
    """All that the files of a bank say."""

    entries: tuple[Entry, ...]
    laws: tuple[Law, ...] = ()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plan: tuple[Target, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def law_versions(self) -> dict[tuple[str, date], Law]:
        """Return the laws by short name and version."""
        return {(law.short, law.version): law for law in self.laws}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or a part of a case at its place in the files."""

    entry: Entry
    question: Question
    code: str
    line: int

    def finding(self, check: str, **facts: object) -> Finding:
        """Return a finding at this place."""
        return Finding(self.entry.file, self.line, self.code, check, facts)


def asked_in(entry: Entry) -> list[Asked]:
    """Return what is answered and marked: the question, or each part of a case."""
    if not entry.question.parts:
        return [Asked(entry, entry.question, entry.code, entry.line)]
    return [
        Asked(entry, part, f"{entry.code}.{no}", line)
        for no, (part, line) in enumerate(
            zip(entry.question.parts, entry.part_lines, strict=True), 1
        )
    ]


def written_in(entry: Entry) -> list[Asked]:
    """Return all that has words of its own: a case also as a whole, before its parts."""
    parts = asked_in(entry) if entry.question.parts else []
    return [Asked(entry, entry.question, entry.code, entry.line), *parts]
