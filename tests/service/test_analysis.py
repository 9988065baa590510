"""Statistics of an exam that was sat: from events and papers to figures, and who may see them."""

from datetime import timedelta

import pytest
from flask import Flask

from quizapp.domain.assembly import PaperItem
from quizapp.domain.errors import NotAllowed, NotFound
from quizapp.service import analysis
from quizapp.service.results import WindowStillOpen
from quizapp.store.db import transaction
from tests.factories import NOW, make_viewer
from tests.sat import OVER, Sat, sit_exam
from tests.service.test_corrections import by_number, put_in_force, ruling

LATER = OVER + timedelta(minutes=1)


def first_half(no: int, item: PaperItem, key: str) -> str:
    """Everybody below six is right in single choices, the others choose the last option there."""
    if item.type != "single":
        return key if no < 9 else ""
    return key if no < 6 else "ABCD"[item.order.index(3)]


def figures(sat: Sat, kind: str, at: int = 0) -> analysis.ItemLine:
    version_id = sat.versions[kind][at]
    return analysis.get_item(sat.organizer, sat.exam.id, version_id, -1, now=LATER)[1]


def test_an_exam_is_analysed_from_papers_and_events(app: Flask) -> None:
    sat = sit_exam(first_half)
    assert analysis.get_analysis(sat.organizer, sat.exam.id, now=LATER).stored is None
    found = analysis.analyse(sat.organizer, sat.exam.id, now=LATER)
    assert (found.paper.n, found.paper.items, found.paper.is_random) == (12, 8, False)
    assert found.paper.mean_cp == pytest.approx((6 * 1000 + 3 * 600) / 12)
    single = figures(sat, "single").figures
    assert single.facility == 0.5
    assert single.median_s == 10.0
    assert [option.count for option in single.options] == [6, 0, 0, 6]
    assert [option.is_right for option in single.options] == [True, False, False, False]
    assert "idle_option" in single.flags
    judge = figures(sat, "judge").figures
    assert [(o.count, o.is_right) for o in judge.options] == [(9, True), (0, False)]
    assert [o.count for o in figures(sat, "multiple").figures.options] == [9, 9, 0, 0]
    seen = analysis.get_analysis(sat.organizer, sat.exam.id, now=LATER)
    assert seen.stored is not None
    assert seen.stored.analysis == found
    assert not seen.is_stale


def test_drawn_papers_are_called_so(app: Flask) -> None:
    sat = sit_exam(first_half, people=14, spare=3)
    found = analysis.analyse(sat.organizer, sat.exam.id, now=LATER)
    assert found.paper.is_random
    assert all(item.facility is None for item in found.items if item.n < 10)


def test_not_before_the_end_and_not_for_others(app: Flask) -> None:
    sat = sit_exam(first_half, people=2)
    with transaction() as tx:
        city, officer = make_viewer(tx, "trainer", "130500"), make_viewer(tx)
        trainer = make_viewer(tx, "trainer")
    with pytest.raises(WindowStillOpen):
        analysis.analyse(sat.organizer, sat.exam.id, now=NOW)
    for viewer in (city, officer):
        with pytest.raises(NotAllowed):
            analysis.get_analysis(viewer, sat.exam.id, now=LATER)
        assert analysis.list_exams(viewer, now=LATER) == []
    assert analysis.analyse(trainer, sat.exam.id, now=LATER).paper.mean_cp is None
    assert [row.computed_at for row in analysis.list_exams(trainer, now=LATER)] == [LATER]
    with pytest.raises(NotFound):
        analysis.get_item(trainer, sat.exam.id, 10**6, -1, now=LATER)


def test_figures_are_stale_also_when_gains_and_losses_balance(app: Flask) -> None:
    sat = sit_exam(by_number, people=4)
    analysis.analyse(sat.organizer, sat.exam.id, now=LATER)
    put_in_force(sat, ruling(sat, "new_key", "B"))
    assert analysis.get_analysis(sat.organizer, sat.exam.id, now=LATER).is_stale
