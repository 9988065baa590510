"""The bank as its trainers see it: list, counts, one question, the whole as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.bank import DIFFICULTIES, LETTERS, STATES, USUAL_OPTIONS, Search
from quizapp.domain.differences import key_in_words
from quizapp.domain.people import Viewer
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import cite_in_chinese
from quizapp.formats.base import Cell
from quizapp.service.board_files import write_file
from quizapp.service.desk import reach_in
from quizapp.store import bank_search, journal
from quizapp.store.bank_search import Found
from quizapp.store.db import reading, transaction

PAGE_SIZE = 50
BEFORE = ("编号", "状态", "版本", "法律", "题型", "难度", "主题", "材料", "题干")
AFTER = ("答案", "解析", "依据", "核对日期", "命题", "复核")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what a search finds; pages count from 1."""

    rows: list[Found]
    total: int
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search may name, as the trainer reads the bank: laws, topics, counts."""

    laws: list[str]
    topics: list[str]
    counts: Mapping[str, Mapping[str, int]]

    def total(self, type_key: str) -> int:
        """Return how many questions of a type are published."""
        return sum(types.get(type_key, 0) for types in self.counts.values())


def list_questions(viewer: Viewer, search: Search, *, page: int) -> tuple[Listing, Choices]:
    """Return one page of what the trainer may read of the questions found, by code.

    A page beyond the last is the last.
    """
    with reading() as tx:
        reach = reach_in(tx, viewer)
        total = bank_search.count_found(tx, search, reach)
        page_count = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), page_count)
        rows = bank_search.list_found(
            tx, search, reach, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
        counts = bank_search.count_by_law(tx, reach)
        topics = bank_search.list_topics(tx, reach)
    by_size = sorted(counts, key=lambda law: (-sum(counts[law].values()), law))
    choices = Choices(by_size, topics, {law: counts[law] for law in by_size})
    return Listing(rows, total, page, page_count), choices


def export(viewer: Viewer, kind: str, search: Search, *, now: datetime) -> bytes:
    """Return what a search finds, keys included, as a file.

    One row per question, and per part of a case. The journal says who took it.
    Raises Invalid("unknown_table_format").
    """
    with reading() as tx:
        found = bank_search.list_found(tx, search, reach_in(tx, viewer))
    items = [item for each in found for item in each.version.question.items]
    width = max([USUAL_OPTIONS, *(len(item.options) for item in items)])
    header = (*BEFORE, *(f"选项{letter}" for letter in LETTERS[:width]), *AFTER)
    rows = [row for each in found for row in _rows(each, width)]
    content = write_file(kind, "题库", header, rows)
    with transaction() as tx:
        facts = {"kind": kind, "questions": len(found)}
        journal.add_entry(tx, "bank.exported", "bank", facts, actor_id=viewer.officer_id, now=now)
    return content


def _rows(found: Found, width: int) -> list[list[Cell]]:
    version = found.version
    whole = version.question
    rows: list[list[Cell]] = []
    for no, item in enumerate(whole.items, 1):
        code = f"{version.code}.{no}" if whole.parts else version.code
        options = [*item.options, *[""] * (width - len(item.options))]
        rows.append(
            [
                code,
                STATES[found.state].zh,
                version.version,
                whole.law,
                QUESTION_TYPES.get(item.type).label.zh,
                DIFFICULTIES[item.difficulty].zh,
                "、".join(whole.topics),
                whole.stem if whole.parts else "",
                item.stem,
                *options,
                key_in_words(item),
                item.explanation,
                "；".join(cite_in_chinese(citation) for citation in item.citations),
                version.as_of.isoformat(),
                version.author,
                version.reviewer,
            ]
        )
    return rows
