"""Awards: declared, simulated, settled, locked; and what a correction may do to locked ones."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.assembly import PaperItem
from quizapp.domain.awards.base import Terms
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.people import Viewer
from quizapp.service import award_acts, awards, corrections, enforcing, laying, results
from quizapp.service.enforcing import Approval
from quizapp.store import past_boards
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from quizapp.store.people import units
from tests.factories import NOW, make_viewer
from tests.sat import OVER, Sat, draft_ruling, sit_exam
from tests.service.test_corrections import by_number, now_scored, ruling

LATER = OVER + timedelta(hours=1)
KEY = "city_prizes"
UNITS = ("130502", "130102")
"""邢台 has the even officers, who know all; 石家庄 the odd ones."""


def all_right(_no: int, _item: PaperItem, key: str) -> str:
    """Everybody knows everything."""
    return key


def sat_by_cities() -> Sat:
    return sit_exam(by_number, people=4, units=UNITS)


def declare(sat: Sat, quotas: tuple[int, ...] = (1, 1, 0), key: str = KEY, **terms: int) -> None:
    award_acts.declare(sat.organizer, sat.exam.id, key, Terms(quotas, **terms), now=NOW)


def second() -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "organizer", "130000")


def winners(sat: Sat, key: str = KEY) -> list[tuple[str, int]]:
    desk = awards.open_desk(sat.organizer, sat.exam.id, now=LATER)
    (view,) = [view for view in desk.views if view.award.key == key]
    return [(one.name, one.level) for one in view.winners]


def reversing(sat: Sat) -> int:
    """Draft a new key by which 石家庄 comes first."""
    for at in range(4):
        draft = ruling(sat, "new_key", "B", at=at)
        correction_id = draft_ruling(sat.organizer, draft, now=LATER)
        if at < 3:
            enforcing.approve(second(), correction_id, Approval({KEY: "keep"}), now=LATER)
    return correction_id


def test_prizes_are_simulated_then_locked_then_public(app: Flask) -> None:
    sat = sat_by_cities()
    assert winners(sat) == []
    declare(sat)
    assert winners(sat) == [("邢台市", 1), ("石家庄市", 2)]
    with pytest.raises(Conflict, match="window_still_open"):
        award_acts.lock(sat.organizer, sat.exam.id, KEY, now=NOW)
    assert award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER) == 2
    with pytest.raises(Conflict, match="award_locked"):
        declare(sat)
    with pytest.raises(Conflict, match="award_locked"):
        award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    with pytest.raises(Conflict, match="results_already_published"):
        award_acts.unlock(sat.organizer, sat.exam.id, KEY, "更正", now=LATER)
    results.withdraw_results(sat.organizer, sat.exam.id, "更正", now=LATER)
    award_acts.unlock(sat.organizer, sat.exam.id, KEY, "更正", now=LATER)
    award_acts.retract(sat.organizer, sat.exam.id, KEY, now=LATER)
    assert winners(sat) == []
    with reading() as tx:
        actions = tx.execute(sa.select(journal.c.action)).scalars().all()
    assert [action for action in actions if action.startswith("award.")] == [
        "award.declared", "award.locked", "award.unlocked", "award.retracted",
    ]  # fmt: skip


def test_equals_wait_for_people(app: Flask) -> None:
    sat = sit_exam(all_right, people=4, units=UNITS)
    declare(sat)
    desk = awards.open_desk(sat.organizer, sat.exam.id, now=LATER)
    (tie,) = desk.views[0].ties
    assert tie.levels == (1, 2)
    with pytest.raises(Conflict, match="award_tie_open"):
        award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    order = [one for one, *_ in tie.members]
    for wrong, reason, code in (
        (order[:1], "抽签", "award_order_wrong"),
        (order, " ", "reason_missing"),
    ):
        with pytest.raises(Invalid) as refused:
            award_acts.settle(sat.organizer, sat.exam.id, KEY, wrong, reason, now=LATER)
        assert refused.value.name == code
    award_acts.settle(sat.organizer, sat.exam.id, KEY, order[::-1], "公开抽签", now=LATER)
    assert award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER) == 2
    assert [level for _, level in winners(sat)] == [1, 2]
    assert winners(sat)[0][0] == tie.members[1][1]


def test_officers_win_by_rank_above_their_floor(app: Flask) -> None:
    sat = sit_exam(by_number, people=4)
    declare(sat, (1, 1, 1), "officer_prizes", floor_bp=9000)
    assert len(winners(sat, "officer_prizes")) == 0
    desk = awards.open_desk(sat.organizer, sat.exam.id, now=LATER)
    assert [len(tie.members) for tie in desk.views[1].ties] == [2]


def test_awards_are_the_organizers_and_of_published_exams(app: Flask) -> None:
    sat = sat_by_cities()
    with transaction() as tx:
        trainer, city = make_viewer(tx, "trainer"), make_viewer(tx, "organizer", "130500")
    for viewer in (trainer, city):
        with pytest.raises(NotAllowed):
            award_acts.declare(viewer, sat.exam.id, KEY, Terms((1, 2, 4)), now=NOW)
        with pytest.raises(NotAllowed):
            awards.open_desk(viewer, sat.exam.id, now=LATER)
    with pytest.raises(Invalid, match="unknown_award"):
        award_acts.declare(sat.organizer, sat.exam.id, "nobel", Terms((1, 2, 4)), now=NOW)
    with pytest.raises(NotFound, match="award_not_declared"):
        award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)


def test_a_locked_prize_moves_only_by_decision(app: Flask) -> None:
    sat = sat_by_cities()
    declare(sat)
    award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    correction_id = reversing(sat)
    before, other = now_scored(sat), second()
    moves = corrections.dry_run(other, correction_id, now=LATER).moves
    assert moves is not None
    assert {(m.name, m.before, m.after) for m in moves.effects.prizes} == {
        ("邢台市", 1, 2), ("石家庄市", 2, 1),
    }  # fmt: skip
    assert moves.to_decide == (KEY,)
    for decisions in ({}, {KEY: "?"}):
        with pytest.raises(Conflict, match="prizes_undecided"):
            enforcing.approve(other, correction_id, Approval(decisions), now=LATER)
    assert now_scored(sat) == before
    enforcing.approve(other, correction_id, Approval({KEY: "follow"}), now=LATER)
    assert winners(sat) == [("石家庄市", 1), ("邢台市", 2)]
    seen = corrections.dry_run(other, correction_id, now=LATER)
    assert seen.effects.decided == ((KEY, "follow"),)
    assert {m.name for m in seen.effects.cities} == {"邢台市", "石家庄市"}


def test_kept_prizes_stay_and_say_so(app: Flask) -> None:
    sat = sat_by_cities()
    declare(sat)
    award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    correction_id = reversing(sat)
    enforcing.approve(second(), correction_id, Approval({KEY: "keep"}), now=LATER)
    view = awards.open_desk(sat.organizer, sat.exam.id, now=LATER).views[0]
    assert [(one.name, one.level) for one in view.winners] == [("邢台市", 1), ("石家庄市", 2)]
    assert view.is_moved
    assert view.stored is not None
    assert view.stored.kept_after == correction_id


def test_prizes_that_follow_into_a_tie_must_be_confirmed_anew(app: Flask) -> None:
    sat = sat_by_cities()
    declare(sat)
    award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    for at in range(4):
        draft = ruling(sat, "void_full", at=at)
        correction_id = draft_ruling(sat.organizer, draft, now=LATER)
        enforcing.approve(second(), correction_id, Approval({KEY: "follow"}), now=LATER)
    view = awards.open_desk(sat.organizer, sat.exam.id, now=LATER).views[0]
    assert view.stored is not None
    assert view.stored.locked_at is None
    assert len(view.ties) == 1


def test_an_award_changed_meanwhile_asks_for_another_look(app: Flask) -> None:
    sat = sat_by_cities()
    declare(sat)
    correction_id = reversing(sat)
    award_acts.lock(sat.organizer, sat.exam.id, KEY, now=LATER)
    before, other = now_scored(sat), second()
    with pytest.raises(Conflict, match="dry_run_stale"):
        enforcing.approve(other, correction_id, now=LATER)
    assert now_scored(sat) == before
    stale = corrections.dry_run(other, correction_id, now=LATER)
    assert stale.moves is None
    laying.lay_down(correction_id, now=LATER)
    seen = corrections.dry_run(other, correction_id, now=LATER)
    assert seen.is_redone
    assert seen.moves is not None
    enforcing.approve(other, correction_id, now=LATER)


def test_a_board_that_was_public_is_kept_as_it_was(app: Flask) -> None:
    sat = sat_by_cities()
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    correction_id = reversing(sat)
    enforcing.approve(second(), correction_id, now=LATER)
    with reading() as tx:
        (past,) = past_boards.list_past(tx, sat.exam.id)
        cities = past_boards.units_of(tx, past.id, "city")
        people = past_boards.officers_of(tx, past.id, sat.officers)
        codes = {row.id: row.code for row in tx.execute(sa.select(units.c.id, units.c.code))}
    ranks = {codes[unit_id]: rank for unit_id, (rank, _) in cities.items()}
    assert (ranks["130500"], ranks["130100"]) == (1, 2)
    assert [people[officer][1] for officer in sat.officers] == [1000, 600, 1000, 600]
    assert past.correction_id is not None
    assert past.published_at == LATER
