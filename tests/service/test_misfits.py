"""A confirmed award that no longer fits the ranks is not published without a decision."""

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.awards.base import Terms
from quizapp.domain.errors import NotAllowed
from quizapp.service import award_acts, awards, results
from quizapp.service.results import AwardsDoNotFit
from quizapp.store.db import reading, transaction
from quizapp.store.exams import exam_roster
from quizapp.store.journal import journal
from quizapp.store.people import units
from tests.factories import NOW, make_viewer
from tests.sat import Sat
from tests.service.test_awards import KEY, LATER, sat_by_cities

WHY = "请假在确认之后批准，名单不变"


def excuse_late(sat: Sat) -> None:
    """Confirm the award while 石家庄 lacks one of three; who was missing is excused afterwards."""
    mine = sa.and_(
        exam_roster.c.exam_id == sat.exam.id,
        exam_roster.c.officer_id == sat.organizer.officer_id,
    )

    def unit(code: str) -> sa.ScalarSelect[int]:
        return sa.select(units.c.id).where(units.c.code == code).scalar_subquery()

    with transaction() as tx:
        place = {"unit_id": unit("130102"), "scoring_unit_id": unit("130100")}
        tx.execute(sa.update(exam_roster).where(mine).values(place))
    terms = Terms((1, 1, 0), floor_bp=7000)
    award_acts.declare(sat.organizer, sat.exam.id, KEY, terms, now=NOW)
    assert award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER) == 1
    assert results.find_misfits(sat.organizer, sat.exam.id) == []
    with transaction() as tx:
        tx.execute(sa.update(exam_roster).where(mine).values(excused_reason="产假"))


def test_it_is_named_and_asks_for_a_decision(app: Flask) -> None:
    sat = sat_by_cities()
    excuse_late(sat)
    (misfit,) = results.find_misfits(sat.organizer, sat.exam.id)
    assert [(m.name, m.before, m.after) for m in misfit.moves] == [("石家庄市", None, 2)]
    for kept in ({}, {KEY: "  "}, {"officer_prizes": WHY}):
        with pytest.raises(AwardsDoNotFit):
            results.publish_results(sat.organizer, sat.exam.id, kept, now=LATER)
    with transaction() as tx:
        city = make_viewer(tx, "organizer", "130500")
    with pytest.raises(NotAllowed):
        results.find_misfits(city, sat.exam.id)


def test_it_is_kept_for_a_reason_that_stays(app: Flask) -> None:
    sat = sat_by_cities()
    excuse_late(sat)
    results.publish_results(sat.organizer, sat.exam.id, {KEY: WHY}, now=LATER)
    view = awards.open_desk(sat.organizer, sat.exam.id, now=LATER).views[0]
    assert view.stored is not None
    assert (view.stored.kept_reason, view.is_moved) == (WHY, True)
    with reading() as tx:
        facts = tx.execute(
            sa.select(journal.c.facts).where(journal.c.action == "results.published")
        ).scalar_one()
    assert WHY in str(facts)


def test_it_is_unlocked_and_confirmed_anew(app: Flask) -> None:
    sat = sat_by_cities()
    excuse_late(sat)
    award_acts.unlock(sat.organizer, sat.exam.id, KEY, "请假", now=LATER)
    assert award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER) == 2
    assert results.publish_results(sat.organizer, sat.exam.id, now=LATER) == 4
    view = awards.open_desk(sat.organizer, sat.exam.id, now=LATER).views[0]
    assert view.stored is not None
    assert (view.stored.kept_reason, view.is_moved) == ("", False)
