"""One thing of every kind that the workbench numbers, in the bank or the hands of each unit."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Picture
from quizapp.domain.scopes import ALL_BANKS
from quizapp.domain.statutes import Citation
from quizapp.service import (
    analysis,
    corrections,
    editing,
    import_batches,
    pictures,
)
from quizapp.store import corrections as rulings
from quizapp.store import exams, faults, journal, stale
from quizapp.store import imports as batches
from quizapp.store.bank import question_versions, questions, stale_items
from quizapp.store.db import reading, transaction
from quizapp.store.pictures import pictures as drawings
from quizapp.store.reviews import question_comments, question_reviews
from tests.factories import NOW, make_draft, make_places, publish_question
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.question_files import row, sheet
from tests.sat import OVER, sit_exam
from tests.service.test_amendments import KITES, OLD, bring
from tests.service.test_corrections import by_number, ruling
from tests.service.test_imports import confirm, upload
from tests.web.test_editing import Desk, drawing

SCOPES = {
    "130000": "province:13", "130500": "city:130500", "130502": "county:130502",
    "130200": "city:130200",
}  # fmt: skip
Things = dict[str, Any]


def make_all(app: Flask, folder: Path) -> dict[str, Things]:
    """Return the things of each unit, by its code."""
    bring(OLD_LINES)
    found = {unit: make_things(app, unit, folder) for unit in SCOPES}
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    with reading() as tx:
        items = stale.list_items(tx, amendment_id, reach=ALL_BANKS)
    touched = {item.version.code: item.id for item in items}
    for its in found.values():
        its |= {f"stale_{name}": touched[its[name]] for name in ("issued", "draft")}
        its["amendment"] = amendment_id
    return found


def make_things(app: Flask, unit: str, folder: Path) -> Things:
    author, reviewer, scope = Desk(app, unit).viewer, Desk(app, unit).viewer, SCOPES[unit]
    cited = (Citation(KITES, OLD, 6),)
    issued = make_draft(author, scope, stem=f"{unit}已发布的题（ ）？", citations=cited)
    publish_question(author, reviewer, issued)
    shown = Picture(pictures.keep(author, drawing(), now=NOW), "一块招牌")
    draft = make_draft(author, scope, stem=f"{unit}的草稿（ ）？", citations=cited, picture=shown)
    version = editing.get_current(author, issued)
    made = [upload(author, sheet([row(no)]), folder) for no in (1, 2)]
    confirm(author, made[0], scope)
    sat = sit_exam(by_number, people=2)
    analysis.analyse(sat.organizer, sat.exam.id, now=OVER)
    correction = corrections.draft(sat.organizer, ruling(sat, "void_full"), now=OVER)
    with transaction() as tx:
        own = sa.update(exams.exams).where(exams.exams.c.id == sat.exam.id)
        tx.execute(own.values(unit_id=make_places(tx)[unit]))
        fault = faults.add_fault(
            tx, version.id, attempt_id=sat.attempts[0], no=1,
            officer_id=sat.officers[0], kind="key", text="答案应为警告", now=NOW,
        )  # fmt: skip
    batch = next(
        each for each in import_batches.list_batches(author).batches if each.scope == scope
    )
    return {
        "issued": issued, "draft": draft, "picture": shown.id, "upload": made[1], "fault": fault,
        "exam": sat.exam.id, "sat": sat.versions["single"][0], "correction": correction,
        "batch": batch.id,
    }  # fmt: skip


def written() -> list[list[Any]]:
    """Return all that a change at the workbench could leave."""
    tables = (
        questions, question_versions, question_comments, question_reviews, stale_items, drawings,
        faults.fault_reports, batches.import_batches, rulings.corrections, journal.journal,
    )  # fmt: skip
    with reading() as tx:
        return [
            [tuple(row) for row in tx.execute(sa.select(table).order_by(*table.primary_key))]
            for table in tables
        ]
