"""A report made into drafts, in a process of its own: a line each, so that none weighs much."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from quizapp.domain.bank import wording_columns
from quizapp.domain.import_checks import likeness
from quizapp.domain.import_citations import cited_draft
from quizapp.domain.import_desk import desk_from_plain
from quizapp.domain.pace import counted
from quizapp.domain.statutes import Law


def with_drafts(order: Mapping[str, Any], report: Mapping[str, Any]) -> bytes:
    """Return lines of JSON: the report's stamp, then each draft in the order of the file.

    A draft: its place in the file, what it shares with its like, and its columns in the bank.
    `order`: the laws that citations are resolved with, as of today.
    """
    rows = desk_from_plain(report).rows
    laws, today = laws_from_plain(order["laws"]), date.fromisoformat(order["today"])
    drafts = (
        {
            "place": row.question.place,
            "like": likeness(row.question.stem, row.question.options),
            "columns": wording_columns(cited_draft(row.question, laws, today)),
        }
        for row in counted(rows, len(rows))
        if row.is_importable
    )
    lines = (json.dumps(each, ensure_ascii=False) for each in (report["stamp"], *drafts))
    return "\n".join(lines).encode("utf-8", "replace")


def laws_to_plain(laws: Iterable[Law]) -> list[list[Any]]:
    """Return laws as JSON-ready rows: short, full, version, in force from, until, by item."""

    def text(day: date | None) -> str:
        return day.isoformat() if day else ""

    return [
        [law.short, law.full, text(law.version), text(law.effective_on), text(law.repealed_on),
         law.by_item]
        for law in laws
    ]  # fmt: skip


def laws_from_plain(plain: Iterable[Sequence[Any]]) -> list[Law]:
    """Return the laws that `laws_to_plain` wrote."""
    return [
        Law(short, full, date.fromisoformat(version), date.fromisoformat(effective),
            date.fromisoformat(repealed) if repealed else None, by_item)
        for short, full, version, effective, repealed, by_item in plain
    ]  # fmt: skip
