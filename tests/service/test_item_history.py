"""The record of a question over its exams: who sees it, what counts, what is pooled."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import NotFound
from quizapp.domain.item_history import Sighting, record_of
from quizapp.domain.people import Viewer
from quizapp.domain.scopes import scope_of
from quizapp.service import analysis, item_history, results
from quizapp.store import bank
from quizapp.store.bank import questions
from quizapp.store.db import reading, transaction
from tests.factories import NOW, make_viewer, place_of
from tests.sat import OVER, Sat, sit_exam
from tests.service.test_analysis import first_half
from tests.service.test_corrections import put_in_force, ruling

LATER = OVER + timedelta(hours=1)


def trainer(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer", unit)


def code_of(sat: Sat, kind: str = "single") -> str:
    version_id = sat.versions[kind][0]
    with reading() as tx:
        return bank.get_versions(tx, [version_id])[version_id].code


def publish(sat: Sat, *, now: datetime = LATER) -> None:
    analysis.analyse(sat.organizer, sat.exam.id, now=now)
    results.publish_results(sat.organizer, sat.exam.id, now=now)


def test_figures_come_with_the_publication_and_go_with_it(app: Flask) -> None:
    sat = sit_exam(first_half)
    code, viewer = code_of(sat), trainer()
    analysis.analyse(sat.organizer, sat.exam.id, now=LATER)
    assert item_history.list_records(viewer, code, now=LATER) == []
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    (record,) = item_history.list_records(viewer, code, now=LATER)
    (seen,) = record.sightings
    assert (seen.n, seen.facility, seen.title) == (12, 0.5, sat.exam.title)
    assert "idle_option" in seen.flags
    assert (record.version, record.n, record.exams, record.facility) == (1, 12, 1, 0.5)
    results.withdraw_results(sat.organizer, sat.exam.id, "更正", now=LATER)
    assert item_history.list_records(viewer, code, now=LATER) == []


def test_small_groups_and_void_items_have_no_figures(app: Flask) -> None:
    small = sit_exam(first_half, people=4)
    publish(small)
    (record,) = item_history.list_records(trainer(), code_of(small), now=LATER)
    assert [(s.n, s.facility, s.flags) for s in record.sightings] == [(4, None, ())]
    assert (record.n, record.facility) == (0, None)
    put_in_force(small, ruling(small, "void_full"))
    publish(small)
    (record,) = item_history.list_records(trainer(), code_of(small), now=LATER)
    assert record.sightings[0].is_void


def test_a_correction_makes_figures_old(app: Flask) -> None:
    sat = sit_exam(first_half)
    analysis.analyse(sat.organizer, sat.exam.id, now=LATER - timedelta(minutes=1))
    put_in_force(sat, ruling(sat, "accept_also", "D"))
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    (record,) = item_history.list_records(trainer(), code_of(sat), now=LATER)
    assert record.sightings[0].is_old


def test_who_may_not_read_the_question_sees_nothing(app: Flask) -> None:
    sat = sit_exam(first_half, people=2)
    with pytest.raises(NotFound):
        item_history.list_records(trainer(), "HB-NONE", now=LATER)
    code = code_of(sat)
    with transaction() as tx:
        own = scope_of(place_of(tx, "130500"))
        tx.execute(sa.update(questions).where(questions.c.code == code).values(scope=own))
    assert item_history.list_records(trainer("130500"), code, now=LATER) == []
    with pytest.raises(NotFound):
        item_history.list_records(trainer("130100"), code, now=LATER)


def sighting(n: int, facility: float | None) -> Sighting:
    return Sighting(1, "竞赛", NOW, 7, -1, n, facility, None, (), is_void=False, is_old=False)


@pytest.mark.parametrize(
    ("difficulty", "seen", "expected"),
    [
        (1, [(30, 0.9), (10, 0.5)], (40, 0.8, "")),
        (1, [(20, 0.5), (10, 0.5)], (30, 0.5, "harder")),
        (1, [(29, 0.5)], (29, 0.5, "")),
        (3, [(100, 0.9), (9, None)], (100, 0.9, "easier")),
        (2, [(30, 0.44)], (30, 0.44, "harder")),
        (2, [], (0, None, "")),
    ],
)
def test_exams_are_pooled_by_their_people(
    difficulty: int, seen: list[tuple[int, float | None]], expected: tuple[int, float | None, str]
) -> None:
    record = record_of(1, -1, difficulty, [sighting(*one) for one in seen])
    n, facility, alarm = expected
    assert (record.n, record.alarm) == (n, alarm)
    assert record.facility == (None if facility is None else pytest.approx(facility))
