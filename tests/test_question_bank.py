"""The bank that comes with the product passes its own checks, and papers drawn from it are fair."""

from collections import Counter

import pytest

from quizapp.domain.assembly import assemble, facts_of, feasibility
from quizapp.domain.bank_entries import Bank
from quizapp.domain.bank_summary import summarize
from quizapp.domain.exams import PRESETS, PoolItem
from quizapp.domain.ids import VersionId
from quizapp.service.bank import FOLDER, check_folder

PAPERS = 300
MOST_EXPOSED = 0.15
"""The share of papers that may show the same question."""


@pytest.fixture(scope="module")
def bank() -> Bank:
    read, findings = check_folder(FOLDER)
    assert [f"{each.file}:{each.line} {each.code} {each.reason()}" for each in findings] == []
    return read


def test_it_is_large_and_every_question_was_read_twice(bank: Bank) -> None:
    summary = summarize(bank)
    assert summary.total >= 1200
    assert summary.in_review == 0
    assert summary.traps >= 60


def pool_of(bank: Bank) -> list[PoolItem]:
    return [
        PoolItem(
            VersionId(no),
            entry.code,
            entry.question.type,
            entry.law,
            entry.question.difficulty,
            entry.question.topics,
            len(entry.question.items),
        )
        for no, entry in enumerate(bank.entries, 1)
    ]


def test_every_preset_can_be_drawn_and_shows_no_question_too_often(bank: Bank) -> None:
    pool = pool_of(bank)
    for preset in PRESETS:
        for row in feasibility(preset.blueprint, pool):
            assert row.slack > 0
            assert row.cell.count / row.available <= MOST_EXPOSED


def test_no_question_is_in_too_many_papers_and_all_papers_are_equally_hard(bank: Bank) -> None:
    pool = pool_of(bank)
    facts = {VersionId(no): facts_of(entry.question) for no, entry in enumerate(bank.entries, 1)}
    level = {item.version_id: item.difficulty for item in pool}
    papers = [assemble(PRESETS[0].blueprint, pool, facts, seed=f"p{no}") for no in range(PAPERS)]
    seen = Counter(item.version_id for paper in papers for item in paper)
    assert max(seen.values()) / PAPERS <= MOST_EXPOSED + 0.06  # chance over so few papers
    assert len({sum(level[item.version_id] for item in paper) for paper in papers}) == 1
