"""What a bank holds, counted: laws by type and difficulty, where the right answers stand."""

from collections import Counter
from dataclasses import dataclass

from quizapp.domain.bank import LETTERS
from quizapp.domain.bank_balance import percent
from quizapp.domain.bank_entries import Bank, asked_in


@dataclass(frozen=True, slots=True)
class LawRow:
    """Questions on one law. Types by key (a case counts by its parts), difficulties by level."""

    law: str
    types: dict[str, int]
    difficulties: dict[int, int]

    @property
    def total(self) -> int:
        """All questions and parts."""
        return sum(self.types.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a bank. Shares in per cent."""

    laws: tuple[LawRow, ...]
    cases: int
    key_positions: dict[str, int]
    true_pct: float
    in_review: int
    traps: int

    @property
    def total(self) -> int:
        """All questions and parts."""
        return sum(row.total for row in self.laws)


def summarize(bank: Bank) -> Summary:
    """Return the counts of a bank; laws in the order of their numbers of questions, most first."""
    asked = [each for entry in bank.entries for each in asked_in(entry)]
    singles = [each.question.key for each in asked if each.question.type == "single"]
    judges = [each.question.key for each in asked if each.question.type == "judge"]
    positions = Counter(LETTERS[key[0]] for key in singles if isinstance(key, tuple) and key)
    return Summary(
        laws=_law_rows(bank),
        cases=sum(1 for entry in bank.entries if entry.question.parts),
        key_positions={letter: positions[letter] for letter in "ABCD"},
        true_pct=percent(judges.count(True), len(judges)),
        in_review=sum(1 for entry in bank.entries if entry.review is None),
        traps=sum(
            1
            for entry in bank.entries
            if entry.question.trap or any(part.trap for part in entry.question.parts)
        ),
    )


def _law_rows(bank: Bank) -> tuple[LawRow, ...]:
    types: dict[str, Counter[str]] = {}
    levels: dict[str, Counter[int]] = {}
    for entry in bank.entries:
        items = entry.question.items
        types.setdefault(entry.law, Counter())[entry.question.type] += len(items)
        levels.setdefault(entry.law, Counter()).update(item.difficulty for item in items)
    rows = [LawRow(law, dict(types[law]), dict(levels[law])) for law in types]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.law)))


def summary_lines(summary: Summary) -> list[str]:
    """Return the counts as lines of a table for a terminal, in plain English words."""
    lines = [f"{'':>6} {'single':>7} {'multi':>6} {'judge':>6} {'case':>5} {'1/2/3':>14}  law"]
    for row in summary.laws:
        count = row.types.get
        levels = "/".join(str(row.difficulties.get(level, 0)) for level in (1, 2, 3))
        lines.append(
            f"{row.total:>6} {count('single', 0):>7} "
            f"{count('multiple', 0) + count('indefinite', 0):>6} "
            f"{count('judge', 0):>6} {count('case', 0):>5} {levels:>14}  {row.law}"
        )
    keys = " ".join(f"{letter} {count}" for letter, count in summary.key_positions.items())
    counts = f"{summary.total:>6} in all, {summary.cases} cases"
    shares = f"keys of single choices: {keys}; true judgements: {summary.true_pct} %"
    return [
        *lines,
        f"{counts}; not yet read twice: {summary.in_review}; on amended rules: {summary.traps}",
        shares,
    ]
