"""A law changes on a day: what is drawn before and after, and the work list in between."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.ids import VersionId
from quizapp.domain.people import Viewer
from quizapp.domain.scopes import ALL_BANKS
from quizapp.domain.staleness import ItemClosed
from quizapp.domain.statutes import Citation, parse_citation
from quizapp.service import amendments, law_desk, law_search, stale, statutes
from quizapp.service.exams import BlueprintUnsatisfiable
from quizapp.store import bank, reviews
from quizapp.store import stale as listed
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from tests.factories import NOW, make_exam, make_officer, make_question, make_viewer
from tests.law_of_kites import NEW_LINES, OLD_LINES

KITES = "纸鸢场管理条例"
OLD, NEW = date(2020, 3, 1), date(2026, 9, 1)
TODAY, FORCE = NOW.date(), date(2026, 12, 1)
EVE = FORCE - timedelta(days=1)


def ask(*places: tuple[int, int | None, int | None], **over: Any) -> VersionId:
    """Publish a question that cites these places of the old version; return its version."""
    cited = tuple(Citation(KITES, OLD, no, 0, paragraph, item) for no, paragraph, item in places)
    with transaction() as tx:
        question = Question("judge", f"问{places}", key=True, citations=cited)
        return VersionId(make_question(tx, question, **over))


def bring(lines: str, *, on: date = TODAY) -> int | None:
    read = statutes.read_file("law.md", lines.encode())
    return amendments.import_law(read, on=on, actor_id=None, now=NOW)[1]


def drawn(on: date | None) -> set[int]:
    with reading() as tx:
        return {item.version_id for item in bank.list_pool(tx, on=on)}


def state_of(version_id: int) -> str:
    with reading() as tx:
        query = sa.select(questions.c.state).join(
            question_versions, question_versions.c.question_id == questions.c.id
        )
        return str(tx.execute(query.where(question_versions.c.id == version_id)).scalar_one())


def item_of(amendment_id: int, version_id: int) -> int:
    with reading() as tx:
        items = listed.list_items(tx, amendment_id, reach=ALL_BANKS)
    return next(item.id for item in items if item.version.id == version_id)


@pytest.fixture
def keeper(app: Flask) -> Viewer:
    bring(OLD_LINES)
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def test_the_same_question_is_fit_on_the_eve_and_flagged_on_the_day(keeper: Viewer) -> None:
    same, part, other_part, moved, repealed = (
        ask((1, None, None)),
        ask((2, 2, None)),
        ask((2, 1, None)),
        ask((4, None, None)),
        ask((5, None, None)),
    )
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    sheet = stale.get_sheet(keeper, amendment_id)
    assert {item.version.id: item.effect for item in sheet.items} == {
        part: "changed",
        moved: "moved",
        repealed: "repealed",
    }
    assert drawn(EVE) == {same, part, other_part, moved, repealed}
    assert drawn(FORCE) == {same, other_part}
    assert state_of(part) == "published"
    assert amendments.suspend_due(on=EVE, now=NOW) == 0
    assert amendments.suspend_due(on=FORCE, now=NOW) == 3
    assert state_of(part) == "suspended"


def test_a_competition_is_drawn_from_the_law_of_its_last_day(keeper: Viewer) -> None:
    with transaction() as tx:
        organizer = make_viewer(tx, "organizer")
        make_officer(tx)
    for _ in range(4):
        ask((4, None, None))
    bring(NEW_LINES)
    paper = Blueprint((Cell("judge", 2, 100),))
    before = make_exam(organizer, blueprint=paper)
    assert before.state == "published"
    after = NOW.replace(month=12, day=1)
    with pytest.raises(BlueprintUnsatisfiable):
        make_exam(organizer, blueprint=paper, closes_at=after)


def test_still_right_moves_the_citation_from_the_day_of_force_on(keeper: Viewer) -> None:
    version_id = ask((4, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    item_id = item_of(amendment_id, version_id)
    stale.close_item(keeper, item_id, "kept", " 看过 ", on=TODAY, now=NOW)
    assert drawn(EVE) == {version_id}
    (newer,) = drawn(FORCE)
    assert newer != version_id
    with reading() as tx:
        new = bank.get_versions(tx, [newer])[newer]
    assert new.question.citations == (Citation(KITES, NEW, 5),)
    assert (new.version, new.reviewer) == (2, keeper.name)
    assert stale.get_sheet(keeper, amendment_id).progress.done == 1
    with pytest.raises(ItemClosed):
        stale.close_item(keeper, item_id, "withdrawn", "", on=TODAY, now=NOW)


def test_two_amendments_in_a_row_are_settled_one_after_the_other(keeper: Viewer) -> None:
    version_id = ask((4, None, None))
    first = bring(NEW_LINES)
    newest = NEW_LINES.replace("2026年9月1日", "2027年1月1日").replace(
        "2026年12月1日", "2027年2月1日"
    )
    second = bring(newest.replace("竹骨开裂的", "竹骨开裂或者断线的"))
    assert first is not None
    assert second is not None
    assert stale.get_sheet(keeper, second).items == []
    stale.close_item(keeper, item_of(first, version_id), "kept", "", on=TODAY, now=NOW)
    (later,) = stale.get_sheet(keeper, second).items
    assert (later.effect, later.version.version) == ("changed", 2)
    assert drawn(EVE) == {version_id}
    assert drawn(FORCE) == {later.version.id}
    assert drawn(date(2027, 2, 1)) == set()


def test_after_the_day_of_force_the_question_is_published_again(keeper: Viewer) -> None:
    version_id = ask((4, None, None))
    amendment_id = bring(NEW_LINES, on=FORCE)
    assert amendment_id is not None
    assert state_of(version_id) == "suspended"
    stale.close_item(keeper, item_of(amendment_id, version_id), "kept", "", on=FORCE, now=NOW)
    assert state_of(version_id) == "published"
    assert len(drawn(FORCE)) == 1


def test_withdrawn_serves_until_the_day_and_then_retires(keeper: Viewer) -> None:
    version_id = ask((5, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    item_id = item_of(amendment_id, version_id)
    with pytest.raises(Conflict, match="citation_repealed"):
        stale.close_item(keeper, item_id, "kept", "", on=TODAY, now=NOW)
    with pytest.raises(Invalid, match="outcome_unknown"):
        stale.close_item(keeper, item_id, "open", "", on=TODAY, now=NOW)
    stale.close_item(keeper, item_id, "withdrawn", "", on=TODAY, now=NOW)
    assert drawn(EVE) == {version_id}
    assert drawn(FORCE) == set()
    amendments.suspend_due(on=FORCE, now=NOW)
    assert state_of(version_id) == "retired"


def test_withdrawn_from_a_review_it_waits_for_nobody(keeper: Viewer) -> None:
    version_id = ask((5, None, None), state="in_review")
    with transaction() as tx:
        question_id = bank.get_versions(tx, [version_id])[version_id].question_id
        reviews.add_request(
            tx, question_id, version_id, asked_by=keeper.officer_id, reviewer_id=None, now=NOW
        )
    amendment_id = bring(NEW_LINES, on=FORCE)
    assert amendment_id is not None
    item_id = item_of(amendment_id, version_id)
    stale.close_item(keeper, item_id, "withdrawn", "", on=FORCE, now=NOW)
    assert state_of(version_id) == "retired"
    with reading() as tx:
        assert [each.outcome for each in reviews.list_requests(tx, question_id)] == ["retire"]


def test_edited_needs_a_newer_published_version_that_cites_the_new_law(keeper: Viewer) -> None:
    version_id = ask((2, None, None))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    item_id = item_of(amendment_id, version_id)
    with pytest.raises(Conflict, match="question_not_edited"):
        stale.close_item(keeper, item_id, "edited", "", on=TODAY, now=NOW)
    with transaction() as tx:
        row = (
            tx.execute(sa.select(question_versions).where(question_versions.c.id == version_id))
            .mappings()
            .one()
        )
        body = row["body"] | {"citations": [{"law": KITES, "version": "2026-09-01", "article": 2}]}
        values = {name: row[name] for name in row if name != "id"} | {"version": 2, "body": body}
        newer = tx.execute(
            sa.insert(question_versions).values(values).returning(question_versions.c.id)
        ).scalar_one()
        tx.execute(
            sa.update(questions)
            .where(questions.c.id == row["question_id"])
            .values(current_version_id=newer)
        )
    stale.close_item(keeper, item_id, "edited", "", on=TODAY, now=NOW)
    assert drawn(EVE) == {version_id}
    assert drawn(FORCE) == {newer}


def test_nobody_settles_an_own_question_or_one_of_another_bank(keeper: Viewer) -> None:
    version_id = ask((4, None, None), author=keeper.name)
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    item_id = item_of(amendment_id, version_id)
    with pytest.raises(NotAllowed, match="own_question"):
        stale.close_item(keeper, item_id, "kept", "", on=TODAY, now=NOW)
    with transaction() as tx:
        city = make_viewer(tx, "trainer", "130500")
    with pytest.raises(NotAllowed, match="out_of_scope"):
        stale.close_item(city, item_id, "withdrawn", "", on=TODAY, now=NOW)


def test_the_same_text_changes_nothing_and_a_compared_one_stays(keeper: Viewer) -> None:
    with pytest.raises(Conflict, match="law_known"):
        bring(OLD_LINES)
    bring(NEW_LINES)
    with pytest.raises(Conflict, match="law_compared_already"):
        bring(NEW_LINES.replace("孩子", "儿童"))
    old = next(each for each in statutes.list_library() if each.law.version == OLD)
    assert old.law.repealed_on == FORCE


def test_a_law_may_end_without_a_successor(keeper: Viewer) -> None:
    version_id = ask((1, None, None))
    (law,) = statutes.list_library()
    with pytest.raises(Conflict, match="law_dates_wrong"):
        amendments.repeal_law(keeper, law.id, OLD, on=TODAY, now=NOW)
    amendments.repeal_law(keeper, law.id, FORCE, on=TODAY, now=NOW)
    assert drawn(EVE) == {version_id}
    assert drawn(FORCE) == set()
    with pytest.raises(Conflict, match="law_ended"):
        amendments.repeal_law(keeper, law.id, FORCE, on=TODAY, now=NOW)


def test_search_and_citations_find_the_text_of_their_day(keeper: Viewer) -> None:
    bring(NEW_LINES)
    assert law_search.search("风筝 优先", on=EVE).total == 1  # the old article 5
    assert law_search.search("优先", on=TODAY, is_any_day=True).total == 2
    assert [hit.article.number for hit in law_search.search("优先", on=FORCE).hits] == [3]
    for wild in ("%", "_", "%%", "\\", "'", '"', "a' OR 1=1 --", "\0", "*", "《》"):
        assert law_search.search(wild, on=EVE).total == 0
    assert law_search.search("线长不得", short="别的法", on=EVE).total == 0
    before = statutes.resolve(f"《{KITES}》第三条第一款第（二）项", on=EVE)
    assert before.words is not None
    assert before.words.endswith("线长不得超过一百米；")
    assert statutes.resolve(f"《{KITES}》第三条", on=FORCE).citation.version == NEW
    cited = statutes.look_up(parse_citation(f"《{KITES}》第六条之一"), on=EVE)
    assert cited.article is not None
    assert cited.article.text == "灯应当是红色或者黄色。"


def test_an_import_at_the_desk_asks_for_what_the_text_does_not_say(keeper: Viewer) -> None:
    lines = NEW_LINES.replace("自2026年12月1日起施行", "自2020年5月1日起施行")
    upload_id = law_desk.receive(keeper, "新法.txt", lines.encode("gb18030"), now=NOW)
    look = law_desk.look(keeper, upload_id, law_desk.Facts())
    assert look.outlook is None
    assert (look.facts.version, look.facts.effective_on) == (NEW, None)
    told = law_desk.Facts(effective_on=FORCE)
    seen = law_desk.look(keeper, upload_id, told).outlook
    assert seen is not None
    assert seen.steps[0].counts["moved"] == 1
    law_desk.confirm(keeper, upload_id, told, on=TODAY, now=NOW)
    with pytest.raises(Conflict, match="upload_done"):
        law_desk.confirm(keeper, upload_id, told, on=TODAY, now=NOW)
    with transaction() as tx:
        city = make_viewer(tx, "trainer", "130500")
    with pytest.raises(NotAllowed):
        law_desk.receive(city, "新法.txt", lines.encode(), now=NOW)
