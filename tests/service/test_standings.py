"""Boards past the gate: what is published, to whom, and what organizers see before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.people import Grant, Viewer
from quizapp.service import live, results, standings
from quizapp.service.looking import BoardNotPublished
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from tests.boards import Contest, make_contest, make_exam, sit
from tests.factories import NOW, make_viewer, place_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def contest(app: Flask) -> Contest:
    with transaction() as tx:
        return make_contest(tx)


def officer(contest: Contest, nick: str) -> Viewer:
    with reading() as tx:
        return replace(
            contest.local,
            officer_id=contest.people[nick],
            place=place_of(tx, "130102"),
            grants=(),
        )


def cities(viewer: Viewer | None, contest: Contest, **over: Any) -> standings.UnitBoard:
    return standings.unit_board(
        viewer, contest.exam_id, "city", **({"now": LATER, "cache_s": 0.0} | over)
    )


def lines(viewer: Viewer | None, contest: Contest, **over: Any) -> standings.OfficerBoard:
    return standings.officer_board(
        viewer, contest.exam_id, **({"now": LATER, "cache_s": 0.0} | over)
    )


def shown(board: standings.UnitBoard) -> list[tuple[str, int | None, int | None]]:
    return [(s.tally.unit.name, s.value_cp, s.rank) for s in board.rows if s.tally.eligible]


BY_HAND = [("邢台市", 7500, 1), ("石家庄市", 6000, 2), ("定州市", 4500, 3)]


def test_the_published_board_is_the_one_computed_by_hand(contest: Contest) -> None:
    assert results.publish_results(contest.organizer, contest.exam_id, now=NOW) == 6
    board = cities(None, contest)
    assert shown(board) == BY_HAND
    assert [s.reason for s in board.rows[3:]] == ["no_roster"] * 11
    assert board.totals is not None
    assert (board.totals.eligible, board.totals.participants) == (8, 6)
    assert board.head.published_at == NOW
    counties = standings.unit_board(None, contest.exam_id, "county", now=LATER, cache_s=0.0)
    assert [s.tally.unit.name for s in counties.rows[:3]] == ["襄都区", "长安区", "信都区"]
    assert sum(s.tally.score_sum_cp for s in counties.rows) == board.totals.score_sum_cp


def test_officers_share_ranks_and_strangers_read_no_names(contest: Contest) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    board = lines(None, contest)
    assert [(r.name, r.rank, r.rank_in_city) for r in board.rows] == [
        ("戊**", 1, 1), ("甲**", 2, 1), ("庚**", 2, 1), ("乙**", 4, 2),
        ("丙**", 5, 3), ("己**", 6, 2),
    ]  # fmt: skip
    assert {r.badge_no for r in board.rows} == {None}
    assert {r.officer_id for r in board.rows} == {0}
    assert board.own is None
    assert board.total == 6


def test_an_officer_reads_the_own_line_in_full_and_organizers_those_in_scope(
    contest: Contest,
) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    mine = lines(officer(contest, "乙"), contest, size=50)
    assert [r.name for r in mine.rows if "某某" in r.name] == ["乙某某"]
    assert mine.own is not None
    assert (mine.own.rank, mine.own.rank_in_city) == (4, 2)
    local = lines(contest.local, contest)
    assert [r.name for r in local.rows if "某某" in r.name] == ["戊某某", "己某某"]
    assert all("某某" in r.name and r.badge_no for r in lines(contest.organizer, contest).rows)


def test_nothing_before_publication_for_strangers_and_officers(contest: Contest) -> None:
    for viewer in (None, officer(contest, "甲")):
        for read in (cities, lines):
            with pytest.raises(BoardNotPublished):
                read(viewer, contest)
        assert standings.list_boards(viewer, now=LATER) == []
    assert standings.find_own_line(officer(contest, "甲"), contest.exam_id, now=LATER) is None
    for read_live in (live.read_live, live.list_absent):
        with pytest.raises(NotAllowed):
            read_live(officer(contest, "甲"), contest.exam_id, now=LATER, cache_s=0.0)
    with pytest.raises(NotAllowed):
        live.list_fast(officer(contest, "甲"), contest.exam_id, now=LATER)


def test_withdrawn_results_are_gone_for_everybody_but_organizers(contest: Contest) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    me = officer(contest, "甲")
    own = standings.find_own_line(me, contest.exam_id, now=LATER)
    assert own is not None
    assert own.rank == 2
    with pytest.raises(Invalid):
        results.withdraw_results(contest.organizer, contest.exam_id, " ", now=LATER)
    results.withdraw_results(contest.organizer, contest.exam_id, "题目勘误", now=LATER)
    with pytest.raises(BoardNotPublished):
        cities(me, contest)
    assert standings.find_own_line(me, contest.exam_id, now=LATER) is None
    assert shown(cities(contest.organizer, contest)) == BY_HAND
    with pytest.raises(Conflict):
        results.withdraw_results(contest.organizer, contest.exam_id, "再次", now=LATER)
    assert results.publish_results(contest.organizer, contest.exam_id, now=LATER) == 6
    with reading() as tx:
        actions = tx.execute(sa.select(journal.c.action).order_by(journal.c.id)).scalars().all()
    assert actions == ["results.published", "results.withdrawn", "results.published"]


def test_a_published_board_does_not_move(contest: Contest) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    with transaction() as tx:
        sit(tx, contest.exam_id, contest.people["辛"], 100)
    assert shown(cities(None, contest)) == BY_HAND
    assert lines(contest.organizer, contest).total == 6


def test_results_wait_for_the_window_and_for_every_attempt(contest: Contest) -> None:
    early = NOW - timedelta(days=1, hours=1)
    with pytest.raises(results.WindowStillOpen):
        results.publish_results(contest.organizer, contest.exam_id, now=early)
    with transaction() as tx:
        sit(tx, contest.exam_id, contest.people["辛"], None)
    with pytest.raises(results.AttemptsStillOpen):
        results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    _, obstacle = results.find_obstacle(contest.organizer, contest.exam_id, now=NOW)
    assert isinstance(obstacle, results.AttemptsStillOpen)
    assert obstacle.facts == {"count": 1}


def test_a_mark_that_changes_while_ranks_are_made_stops_the_publication(
    contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rank_and_change(work: Callable[..., object], *arguments: object) -> object:
        with transaction() as tx:
            sit(tx, contest.exam_id, contest.people["辛"], 100)
        return work(*arguments)

    monkeypatch.setattr(results, "run_apart", rank_and_change)
    with pytest.raises(Conflict, match="marks_changed"):
        results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    monkeypatch.undo()
    assert results.publish_results(contest.organizer, contest.exam_id, now=NOW) == 7


def test_results_are_published_once_and_only_by_the_exams_own_organizer(contest: Contest) -> None:
    for act in (results.publish_results, results.find_obstacle):
        with pytest.raises(NotAllowed):
            act(contest.local, contest.exam_id, now=NOW)
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    with pytest.raises(Conflict, match="results_already_published"):
        results.publish_results(contest.organizer, contest.exam_id, now=NOW)


def test_a_draft_is_not_there_and_a_board_that_stays_closed_stays_closed(app: Flask) -> None:
    with transaction() as tx:
        contest = make_contest(tx, board_release="never")
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    with pytest.raises(BoardNotPublished):
        cities(None, contest)
    assert shown(cities(contest.organizer, contest)) == BY_HAND
    with pytest.raises(NotFound):
        standings.unit_board(None, 999, "city", now=NOW, cache_s=0.0)


def test_a_city_organizer_sees_only_the_own_city_and_no_ranks_before_publication(
    contest: Contest,
) -> None:
    board = cities(contest.local, contest)
    assert shown(board) == [("邢台市", 7500, None)]
    assert board.totals is None
    assert board.head.is_local
    own = lines(contest.local, contest)
    assert [(r.name, r.rank, r.rank_in_city) for r in own.rows] == [
        ("戊某某", None, 1), ("己某某", None, 2),
    ]  # fmt: skip
    assert own.total == 2
    view = live.read_live(contest.local, contest.exam_id, now=LATER, cache_s=0.0)
    assert [t.unit.name for t in view.units] == ["邢台市"]
    assert (view.totals.eligible, view.open_attempts) == (2, None)
    assert [count for _, count in view.hours] == [2]
    assert live.list_absent(contest.local, contest.exam_id, now=LATER, cache_s=0.0).total == 0
    _, _, fast = live.list_fast(contest.local, contest.exam_id, now=LATER)
    assert [row.name for row in fast] == ["戊某某"]


def reads(contest: Contest) -> list[Callable[[Viewer, str], object]]:
    def read(call: Callable[..., object], **more: Any) -> Callable[[Viewer, str], object]:
        return lambda viewer, city: call(
            viewer, contest.exam_id, city_code=city, now=LATER, cache_s=0.0, **more
        )

    return [
        read(standings.unit_board, level="city"),
        read(standings.unit_board, level="county"),
        read(standings.officer_board),
        read(live.read_live),
        read(live.list_absent),
    ]


def test_another_city_in_the_address_is_refused_and_an_unknown_one_not_found(
    contest: Contest,
) -> None:
    for read in reads(contest):
        with pytest.raises(NotAllowed):
            read(contest.local, "130100")
        with pytest.raises(NotFound):
            read(contest.organizer, "999999")
        read(contest.local, "130500")


def test_the_live_view_stays_local_after_publication(contest: Contest) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    view = live.read_live(contest.local, contest.exam_id, now=LATER, cache_s=0.0)
    assert [t.unit.name for t in view.units] == ["邢台市"]
    assert len(cities(contest.local, contest).rows) == 14


def test_a_county_organizer_sees_the_own_county(contest: Contest) -> None:
    with reading() as tx:
        changan = place_of(tx, "130102")
    viewer = replace(contest.local, place=changan, grants=(Grant("organizer", changan),))
    board = lines(viewer, contest)
    assert [(r.name[0], r.rank, r.rank_in_city) for r in board.rows] == [
        ("甲", None, None), ("乙", None, None),
    ]  # fmt: skip
    assert cities(viewer, contest).rows == []
    view = live.read_live(viewer, contest.exam_id, now=LATER, cache_s=0.0)
    assert [t.unit.name for t in view.units] == ["长安区"]


def test_a_drill_down_shows_the_units_of_one_city(contest: Contest) -> None:
    view = live.read_live(
        contest.organizer, contest.exam_id, city_code="130100", now=LATER, cache_s=0.0
    )
    assert [(t.unit.name, t.participants) for t in view.units] == [("长安区", 2), ("桥西区", 1)]
    assert (view.totals.participants, view.open_attempts) == (3, 0)


def test_a_quiet_hour_is_part_of_the_trend(contest: Contest) -> None:
    with transaction() as tx:
        sit(tx, contest.exam_id, contest.people["丁"], 80, started_s=7200)
    view = live.read_live(contest.organizer, contest.exam_id, now=LATER, cache_s=0.0)
    assert [count for _, count in view.hours] == [6, 0, 1]


def test_pages_follow_each_other_and_the_last_is_the_last(contest: Contest) -> None:
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    assert lines(None, contest, page=9).page == 1
    for bad in ({"page": 0}, {"size": 7}):
        with pytest.raises(Invalid):
            lines(None, contest, **bad)
    assert lines(None, contest, city_code="130500").total == 2
    assert lines(None, contest, size=standings.WHOLE_BOARD).size == 200
    assert lines(contest.local, contest, size=standings.WHOLE_BOARD).size == 200
    whole = {"size": standings.WHOLE_BOARD}
    assert lines(contest.local, contest, city_code="130500", **whole).size > 200


def test_live_figures_are_counted_again_only_after_their_time(contest: Contest) -> None:
    first = cities(contest.organizer, contest, cache_s=5.0)
    with transaction() as tx:
        sit(tx, contest.exam_id, contest.people["辛"], 100)
    again = cities(contest.organizer, contest, now=LATER + timedelta(seconds=4), cache_s=5.0)
    assert (shown(again), again.head.counted_at) == (shown(first), first.head.counted_at)
    with pytest.raises(BoardNotPublished):
        cities(officer(contest, "甲"), contest, cache_s=5.0)
    later = cities(contest.organizer, contest, now=LATER + timedelta(seconds=5), cache_s=5.0)
    assert shown(later) != shown(first)


def test_a_competition_of_one_city_lists_that_city(app: Flask) -> None:
    with transaction() as tx:
        contest = make_contest(tx)
        organizer = make_viewer(tx, "organizer", "130500")
        exam_id = make_exam(tx, organizer)
    board = standings.unit_board(organizer, exam_id, "city", now=LATER, cache_s=0.0)
    assert board.rows == []
    assert {e.id for e in standings.list_boards(contest.organizer, now=LATER)} == {
        contest.exam_id, exam_id,
    }  # fmt: skip
