"""Planning, publication and excusing, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.exams import Audience, Blueprint, Cell
from quizapp.domain.people import Viewer
from quizapp.domain.plans import PlanInvalid
from quizapp.service import exams
from quizapp.service.exams import BlueprintUnsatisfiable
from quizapp.store import exam_rosters
from quizapp.store import exams as store
from quizapp.store.bank import questions
from quizapp.store.db import reading, transaction
from quizapp.store.journal import find_break, journal
from tests.factories import (
    NOW,
    make_exam,
    make_officer,
    make_plan,
    make_questions,
    make_small_bank,
    make_viewer,
    place_of,
)


@pytest.fixture
def organizer(app: Flask) -> Viewer:
    """An organizer of the province, a small bank and nobody else."""
    with transaction() as tx:
        make_small_bank(tx)
        return make_viewer(tx, "organizer")


def actions() -> list[str]:
    with reading() as tx:
        assert find_break(tx) is None
        return list(tx.execute(sa.select(journal.c.action).order_by(journal.c.id)).scalars())


def roster(exam_id: int) -> list[tuple[int, int, str]]:
    with reading() as tx:
        rows = tx.execute(
            sa.select(
                store.exam_roster.c.officer_id,
                store.exam_roster.c.scoring_unit_id,
                store.exam_roster.c.cadre_level,
            )
            .where(store.exam_roster.c.exam_id == exam_id)
            .order_by(store.exam_roster.c.officer_id)
        )
        return [tuple(row) for row in rows]


def test_a_draft_reads_back_as_it_was_planned(organizer: Viewer) -> None:
    plan = make_plan(
        organizer,
        theme="规范执法行为年",
        audience=Audience(("130500",), ("section",)),
        credit_ch=150,
        ties=("most_right", "earliest"),
        rules_text="一、……",
    )
    exam = exams.get_exam(exams.create(organizer, plan, now=NOW))
    for name in type(plan).__dataclass_fields__:
        assert getattr(exam, name) == getattr(plan, name), name
    assert (exam.state, exam.unit.code, len(exam.seed)) == ("draft", "130000", 64)


def test_publication_freezes_the_roster(organizer: Viewer) -> None:
    with transaction() as tx:
        here = make_officer(tx, "130503", cadre_level="division")
        gone = make_officer(tx, "130503", disabled_at=NOW)
    exam = make_exam(organizer)
    with transaction() as tx:
        late = make_officer(tx, "130503")
        xingtai = place_of(tx, "130500").id
    frozen = roster(exam.id)
    assert (here, xingtai, "division") in frozen
    assert {row[0] for row in frozen} == {organizer.officer_id, here}
    assert not {gone, late} & {row[0] for row in frozen}
    assert actions() == ["exam.drafted", "exam.published"]


def test_publication_freezes_the_pool(organizer: Viewer) -> None:
    exam = make_exam(organizer)
    with transaction() as tx:
        before = store.list_exam_pool(tx, exam.id)
        tx.execute(sa.update(questions).values(state="retired"))
        make_questions(tx, "single", 3)
    with reading() as tx:
        assert store.list_exam_pool(tx, exam.id) == before
    assert len(before) == 8


@pytest.mark.parametrize(
    ("unit", "audience", "invited"),
    [
        ("130000", Audience(), {"province", "xindu", "xingtai", "tangshan"}),
        ("130000", Audience(("130500",)), {"xindu", "xingtai"}),
        ("130000", Audience(("130503",)), {"xindu"}),
        ("130000", Audience(("130500", "130200")), {"xindu", "xingtai", "tangshan"}),
        ("130000", Audience((), ("division",)), {"xindu"}),
        ("130000", Audience(("130200",), ("division",)), set()),
        ("130500", Audience(), {"xindu", "xingtai"}),
        ("130503", Audience(), {"xindu"}),
    ],
)
def test_who_is_invited(app: Flask, unit: str, audience: Audience, invited: set[str]) -> None:
    with transaction() as tx:
        ids = {
            "province": make_officer(tx, "130000"),
            "xindu": make_officer(tx, "130503", cadre_level="division"),
            "xingtai": make_officer(tx, "130500"),
            "tangshan": make_officer(tx, "130202"),
        }
        place = place_of(tx, unit)
        found = {row.officer_id for row in tx.execute(exam_rosters.invited(place, audience))}
        assert found == {ids[name] for name in invited}
        assert exam_rosters.count_invited(tx, place, audience) == len(invited)


def test_a_blueprint_that_cannot_be_filled_is_refused_by_its_cells(organizer: Viewer) -> None:
    blueprint = Blueprint((Cell("single", 4, 100), Cell("judge", 5, 100)))
    exam_id = exams.create(organizer, make_plan(organizer, blueprint=blueprint), now=NOW)
    with pytest.raises(BlueprintUnsatisfiable) as refused:
        exams.publish(organizer, exam_id, now=NOW)
    assert refused.value.problems == [{"cell": 2, "available": 2, "missing": 3}]
    assert exams.get_exam(exam_id).state == "draft"
    assert roster(exam_id) == []
    assert actions() == ["exam.drafted"]


def test_nothing_is_published_twice(organizer: Viewer) -> None:
    exam = make_exam(organizer)
    for act in (exams.publish, exams.delete_draft):
        with pytest.raises(Conflict, match="exam_not_draft"):
            act(organizer, exam.id, now=NOW)
    with pytest.raises(Conflict, match="exam_not_draft"):
        exams.save_plan(organizer, exam.id, make_plan(organizer, title="另一个"), now=NOW)
    assert exams.get_exam(exam.id).title == "法律知识竞赛"


def test_a_window_that_is_over_and_an_empty_audience_are_refused(organizer: Viewer) -> None:
    exam_id = exams.create(organizer, make_plan(organizer), now=NOW)
    with pytest.raises(Conflict, match="window_over"):
        exams.publish(organizer, exam_id, now=NOW + timedelta(hours=7))
    nobody = make_plan(organizer, audience=Audience(("130900",)))
    exams.save_plan(organizer, exam_id, nobody, now=NOW)
    with pytest.raises(Conflict, match="nobody_invited"):
        exams.publish(organizer, exam_id, now=NOW)
    assert exams.get_exam(exam_id).state == "draft"


def test_a_faulty_plan_is_not_stored(organizer: Viewer) -> None:
    with pytest.raises(PlanInvalid):
        exams.create(organizer, make_plan(organizer, duration_s=0), now=NOW)
    assert exams.list_managed(organizer) == []


def call_all(viewer: Viewer, exam_id: int) -> list[Any]:
    calls: list[Any] = [
        lambda: exams.get_managed(viewer, exam_id),
        lambda: exams.publish(viewer, exam_id, now=NOW),
        lambda: exams.save_plan(viewer, exam_id, make_plan(viewer), now=NOW),
        lambda: exams.delete_draft(viewer, exam_id, now=NOW),
        lambda: exams.copy_exam(viewer, exam_id, warm_up=True, now=NOW),
        lambda: exams.draw_sample(viewer, exam_id, 1),
        lambda: exams.excuse(viewer, exam_id, "1", "病假", now=NOW),
        lambda: exams.list_excused(viewer, exam_id),
    ]
    return calls


def test_only_an_organizer_of_the_exams_unit_touches_it(organizer: Viewer) -> None:
    with transaction() as tx:
        outsiders = [
            make_viewer(tx, "organizer", "130200"),
            make_viewer(tx, "organizer", "130503"),
            make_viewer(tx, "trainer"),
            make_viewer(tx, "administrator"),
            make_viewer(tx),
        ]
        unit_id = place_of(tx, "130500").id
    exam_id = exams.create(organizer, make_plan(organizer, unit_id=unit_id), now=NOW)
    before = actions()
    for viewer in outsiders:
        for call in call_all(viewer, exam_id):
            with pytest.raises(NotAllowed, match="out_of_scope"):
                call()
        with pytest.raises(NotAllowed, match="out_of_scope"):
            exams.create(viewer, make_plan(organizer), now=NOW)
    assert actions() == before


def test_a_draft_cannot_be_moved_into_another_scope(app: Flask) -> None:
    with transaction() as tx:
        viewer = make_viewer(tx, "organizer", "130500")
        other = place_of(tx, "130200").id
    exam_id = exams.create(viewer, make_plan(viewer), now=NOW)
    with pytest.raises(NotAllowed, match="out_of_scope"):
        exams.save_plan(viewer, exam_id, make_plan(viewer, unit_id=other), now=NOW)


def test_lists_by_scope(organizer: Viewer) -> None:
    with transaction() as tx:
        xingtai, tangshan = (make_viewer(tx, "organizer", code) for code in ("130500", "130200"))
    province = make_exam(organizer)
    exams.create(organizer, make_plan(organizer), now=NOW)
    city = exams.create(xingtai, make_plan(xingtai), now=NOW)
    assert len(exams.list_managed(organizer)) == 3
    assert {(row.exam.id, row.may_change) for row in exams.list_managed(xingtai)} == {
        (province.id, False),
        (city, True),
    }
    assert [row.exam.id for row in exams.list_managed(tangshan)] == [province.id]
    assert [row.eligible for row in exams.list_managed(tangshan)] == [3]


def test_a_warm_up_copy_shows_answers_and_gives_nothing(organizer: Viewer) -> None:
    exam = make_exam(organizer)
    copied = exams.get_exam(exams.copy_exam(organizer, exam.id, warm_up=True, now=NOW))
    assert copied.title == "法律知识竞赛（训练赛）"
    assert (copied.answers_release, copied.board_release, copied.credit_ch) == (
        "handed_in",
        "never",
        0,
    )
    assert (copied.state, copied.blueprint) == ("draft", exam.blueprint)
    assert copied.seed != exam.seed


def test_a_sample_meets_the_blueprint_and_changes_with_its_number(organizer: Viewer) -> None:
    exam_id = exams.create(organizer, make_plan(organizer), now=NOW)
    first, again, other = (exams.draw_sample(organizer, exam_id, no) for no in (1, 1, 2))
    assert first == again
    assert first != other
    assert [row.item.type for row in first] == ["single", "single", "multiple", "judge"]
    assert all(row.key for row in first)


def test_the_desk_knows_scope_laws_and_topics(organizer: Viewer) -> None:
    with transaction() as tx:
        make_questions(tx, law="邢台市条例", scope="city:130500")
        city = make_viewer(tx, "organizer", "130500")
    whole = exams.lay_desk(organizer, None, on=NOW.date())
    assert whole.unit.code == "130000"
    assert whole.laws == (("行政处罚法", 8),)
    assert len(whole.audience_places) == 15
    desk = exams.lay_desk(city, None, on=NOW.date())
    assert [place.code for place in desk.organizing] == ["130500"]
    assert dict(desk.laws)["邢台市条例"] == 1
    assert {place.code for place in desk.audience_places} >= {"130500", "130503"}
    with pytest.raises(NotAllowed):
        exams.lay_desk(city, organizer.place.id, on=NOW.date())


def test_excusing_leaves_somebody_out_and_counting_again_takes_back(organizer: Viewer) -> None:
    with transaction() as tx:
        make_officer(tx, "130503", staff_no="0077", name="王五")
    exam = make_exam(organizer)
    exams.excuse(organizer, exam.id, " 0077 ", "产假 ", now=NOW)
    (row,) = exams.list_excused(organizer, exam.id)
    assert (row.name, row.unit, row.reason) == ("王五", "信都区", "产假")
    assert exams.list_managed(organizer)[0].eligible == 1
    exams.excuse(organizer, exam.id, "0077", None, now=NOW)
    assert exams.list_excused(organizer, exam.id) == []
    assert actions()[-2:] == ["exam.excused", "exam.counted_again"]


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201, "a\0"])
def test_excusing_needs_a_reason(organizer: Viewer, reason: str) -> None:
    exam = make_exam(organizer)
    with pytest.raises(Invalid, match="reason_"):
        exams.excuse(organizer, exam.id, organizer.staff_no, reason, now=NOW)


def test_nobody_is_excused_who_is_not_invited_or_after_the_results(organizer: Viewer) -> None:
    exam = make_exam(organizer)
    with pytest.raises(NotFound, match="not_on_roster"):
        exams.excuse(organizer, exam.id, "999", "病假", now=NOW)
    with transaction() as tx:
        tx.execute(sa.update(store.exams).values(results_published_at=NOW))
    with pytest.raises(Conflict, match="results_published"):
        exams.excuse(organizer, exam.id, organizer.staff_no, "病假", now=NOW)


def test_an_unknown_exam_is_not_found(organizer: Viewer) -> None:
    for call in call_all(organizer, 404):
        with pytest.raises(NotFound, match="exam_not_found"):
            call()
