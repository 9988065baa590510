"""Versions come in any order, with wrong days, and twice; what hangs on them stays right."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Question, question_to_plain
from quizapp.domain.errors import Conflict, NotAllowed
from quizapp.domain.law_header import Facts
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Citation
from quizapp.service import amendments, law_outlook, law_versions, stale, statutes, touched
from quizapp.store import bank
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from tests.factories import NOW, make_question, make_viewer
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.service.test_amendments import (
    EVE,
    FORCE,
    KITES,
    NEW,
    OLD,
    TODAY,
    ask,
    bring,
    drawn,
    state_of,
)

THIRD = (
    NEW_LINES.replace("2026年9月1日", "2027年1月1日")
    .replace("2026年12月1日", "2027年2月1日")
    .replace("有地方飞", "有天空飞")
)
THIRD_DAY = date(2027, 2, 1)


@pytest.fixture
def keeper(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def spans() -> dict[date, tuple[date, date | None]]:
    return {
        each.law.version: (each.law.effective_on, each.law.repealed_on)
        for each in statutes.list_library()
    }


def reword(version_id: int, citation: Citation, *, reviewer: str = "复核组") -> int:
    """Give the question of that version a newer current one with another citation; publish it."""
    with transaction() as tx:
        old = bank.get_versions(tx, [version_id])[version_id]
        newer = replace(old.question, citations=(citation,))
        query = sa.select(question_versions).where(question_versions.c.id == version_id)
        row = dict(tx.execute(query).mappings().one())
        values = {name: row[name] for name in row if name != "id"} | {
            "version": old.version + 1,
            "body": question_to_plain(newer),
            "reviewer": reviewer,
        }
        added = sa.insert(question_versions).values(values).returning(question_versions.c.id)
        newer_id = int(tx.execute(added).scalar_one())
        tx.execute(
            sa.update(questions)
            .where(questions.c.id == old.question_id)
            .values(current_version_id=newer_id)
        )
        touched.follow(tx, [old.code], on=TODAY)
    return newer_id


def test_the_older_text_may_come_after_the_newer_one(keeper: Viewer) -> None:
    moved = ask((4, None, None))
    assert bring(NEW_LINES) is None
    read = statutes.read_file("old.md", OLD_LINES.encode())
    (step,) = law_outlook.preview(read).steps
    assert (step.old.version, step.new.version) == (OLD, NEW)
    amendment_id = bring(OLD_LINES)
    assert amendment_id is not None
    (item,) = stale.get_sheet(keeper, amendment_id).items
    assert (item.version.id, item.effect, item.effective_on) == (moved, "moved", FORCE)
    assert (drawn(EVE), drawn(FORCE)) == ({moved}, set())
    assert spans() == {OLD: (date(2020, 5, 1), FORCE), NEW: (FORCE, None)}


def test_a_version_may_come_in_between(keeper: Viewer) -> None:
    bring(OLD_LINES)
    bring(THIRD)
    assert bring(NEW_LINES) is not None
    assert [
        (each.amendment.old.version, each.amendment.new and each.amendment.new.version)
        for each in stale.list_progress(keeper)
    ] == [(NEW, date(2027, 1, 1)), (OLD, date(2027, 1, 1))]
    assert spans()[OLD][1] == FORCE
    assert spans()[NEW][1] == THIRD_DAY


def test_what_nothing_touched_is_touched_by_the_second_amendment(keeper: Viewer) -> None:
    bring(OLD_LINES)
    unchanged, changed = ask((1, None, None)), ask((6, None, None))
    first, second = bring(NEW_LINES), bring(THIRD)
    assert first is not None
    assert second is not None
    assert [item.version.id for item in stale.get_sheet(keeper, first).items] == [changed]
    (item,) = stale.get_sheet(keeper, second).items
    assert (item.version.id, item.effect) == (unchanged, "changed")
    assert drawn(FORCE) == {unchanged}
    assert drawn(THIRD_DAY) == set()
    stale.close_item(keeper, item.id, "kept", "", on=TODAY, now=NOW)
    (newer,) = drawn(THIRD_DAY)
    with reading() as tx:
        cited = bank.get_versions(tx, [newer])[newer].question.citations
    assert cited == (Citation(KITES, date(2027, 1, 1), 1),)


def test_a_new_wording_that_still_cites_the_old_law_stays_blocked(keeper: Viewer) -> None:
    bring(OLD_LINES)
    version_id = ask((4, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    newer = reword(version_id, Citation(KITES, OLD, 5))
    (item,) = stale.get_sheet(keeper, amendment_id).items
    assert (item.version.id, item.effect, item.outcome) == (newer, "repealed", "open")
    assert (drawn(EVE), drawn(FORCE)) == ({newer}, set())


def test_a_wording_of_the_coming_law_serves_from_its_day_on(keeper: Viewer) -> None:
    bring(OLD_LINES)
    version_id = ask((4, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    newer = reword(version_id, Citation(KITES, NEW, 5))
    assert drawn(EVE) == {version_id}
    (item,) = stale.get_sheet(keeper, amendment_id).items
    stale.close_item(keeper, item.id, "edited", "", on=TODAY, now=NOW)
    assert (drawn(EVE), drawn(FORCE)) == ({version_id}, {newer})


def test_a_wording_that_nobody_reviewed_never_serves(keeper: Viewer) -> None:
    bring(OLD_LINES)
    version_id = ask((4, None, None))
    bring(NEW_LINES)
    reword(version_id, Citation(KITES, OLD, 1), reviewer="")
    newest = reword(version_id + 1, Citation(KITES, NEW, 5))
    assert drawn(EVE) == {version_id}
    assert drawn(FORCE) == {newest}


def test_a_question_that_comes_later_is_checked_against_what_has_changed(keeper: Viewer) -> None:
    bring(OLD_LINES)
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    late = ask((5, None, None))
    with transaction() as tx:
        code = bank.get_versions(tx, [late])[late].code
        assert touched.follow(tx, [code], on=TODAY) == 1
        assert touched.follow(tx, [code], on=TODAY) == 1
    assert [item.version.id for item in stale.get_sheet(keeper, amendment_id).items] == [late]
    assert drawn(FORCE) == set()


def test_a_wrong_day_of_force_is_corrected_with_all_that_hangs_on_it(keeper: Viewer) -> None:
    bring(OLD_LINES)
    moved, part = ask((4, None, None)), ask((2, 2, None))
    wrong = date(2026, 10, 1)
    told = Facts(effective_on=wrong)
    read = statutes.read_file("new.md", NEW_LINES.encode(), told)
    amendment_id = amendments.import_law(read, on=TODAY, actor_id=None, now=NOW)[1]
    assert amendment_id is not None
    assert state_of(part) == "suspended"
    items = {item.version.id: item.id for item in stale.get_sheet(keeper, amendment_id).items}
    stale.close_item(keeper, items[moved], "kept", "", on=TODAY, now=NOW)
    right = statutes.read_file("new.md", NEW_LINES.encode())
    assert law_outlook.preview(right).is_corrected
    amendments.import_law(right, on=TODAY, actor_id=None, now=NOW)
    assert state_of(part) == "published"
    assert spans() == {OLD: (date(2020, 5, 1), FORCE), NEW: (FORCE, None)}
    assert drawn(EVE) == {moved, part}
    assert len(drawn(FORCE)) == 1
    with pytest.raises(Conflict, match="law_known"):
        amendments.import_law(right, on=TODAY, actor_id=None, now=NOW)
    too_soon = statutes.read_file(
        "old.md", OLD_LINES.encode(), Facts(effective_on=date(2026, 12, 1))
    )
    with pytest.raises(Conflict, match="law_dates_wrong"):
        amendments.import_law(too_soon, on=TODAY, actor_id=None, now=NOW)


def test_an_import_is_taken_back_while_nothing_was_done_with_it(keeper: Viewer) -> None:
    bring(OLD_LINES)
    moved = ask((4, None, None))
    amendment_id = bring(NEW_LINES, on=FORCE)
    assert amendment_id is not None
    assert state_of(moved) == "suspended"
    new = next(each for each in statutes.list_library() if each.law.version == NEW)
    with transaction() as tx:
        city = make_viewer(tx, "trainer", "130500")
    with pytest.raises(NotAllowed):
        law_versions.withdraw_import(city, new.id, on=FORCE, now=NOW)
    law_versions.withdraw_import(keeper, new.id, on=FORCE, now=NOW)
    assert state_of(moved) == "published"
    assert spans() == {OLD: (date(2020, 5, 1), None)}
    assert stale.list_progress(keeper) == []
    assert drawn(FORCE) == {moved}
    assert bring(NEW_LINES) is not None


def test_an_import_that_was_worked_with_stays(keeper: Viewer) -> None:
    bring(OLD_LINES)
    moved = ask((4, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    old, new = sorted(statutes.list_library(), key=lambda each: each.law.version)
    with pytest.raises(Conflict, match="law_compared_already"):
        law_versions.withdraw_import(keeper, old.id, on=TODAY, now=NOW)
    (item,) = stale.get_sheet(keeper, amendment_id).items
    assert item.version.id == moved
    stale.close_item(keeper, item.id, "withdrawn", "", on=TODAY, now=NOW)
    with pytest.raises(Conflict, match="law_settled"):
        law_versions.withdraw_import(keeper, new.id, on=TODAY, now=NOW)


def test_an_import_that_questions_cite_stays(keeper: Viewer) -> None:
    bring(NEW_LINES)
    with transaction() as tx:
        cited = (Citation(KITES, NEW, 1),)
        make_question(tx, Question("judge", "新法题", key=True, citations=cited))
    (new,) = statutes.list_library()
    with pytest.raises(Conflict, match="law_cited"):
        law_versions.withdraw_import(keeper, new.id, on=TODAY, now=NOW)


def test_a_version_not_yet_in_force_is_found_on_its_day_only(keeper: Viewer) -> None:
    bring(OLD_LINES)
    bring(NEW_LINES)
    assert [each.law.is_in_force(EVE) for each in statutes.list_library()] == [False, True]
    assert [each.law.is_in_force(FORCE) for each in statutes.list_library()] == [True, False]


def test_a_law_is_filed_under_the_short_name_that_questions_cite(keeper: Viewer) -> None:
    read = statutes.read_file("old.md", OLD_LINES.encode(), Facts(short="纸鸢条例"))
    amendments.import_law(read, on=TODAY, actor_id=None, now=NOW)
    newer = statutes.read_file("new.md", NEW_LINES.encode())
    assert newer.law.short == "纸鸢条例"
    (step,) = law_outlook.preview(newer).steps
    assert step.old.version == OLD


def test_gone_words_are_found_in_the_article_they_were_merged_into(keeper: Viewer) -> None:
    bring(OLD_LINES)
    version_id = ask((3, 2, None))
    text = NEW_LINES.replace("违反前款规定的，由场长劝离。\n", "").replace(
        "孩子优先使用中央草地，成年人应当让出上风位置。",
        "孩子优先使用中央草地，成年人应当让出上风位置。\n违反前款规定的，由场长劝离。",
    )
    amendment_id = bring(text)
    assert amendment_id is not None
    sheet = stale.get_sheet(keeper, amendment_id)
    (split,) = [each for each in stale.compare(amendment_id)[1] if each.kind == "split"]
    assert split.new is not None
    assert split.new.number == 3
    (item,) = sheet.items
    assert (item.version.id, item.effect) == (version_id, "moved")
    now_at = item.touches[0].now_at
    assert now_at == Citation(KITES, NEW, 3, paragraph=2)
