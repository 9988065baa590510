"""Corrections of a part of a case, and where the best of several tries counts."""

from datetime import timedelta

from flask import Flask

from quizapp.domain.assembly import PaperItem
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.regrading import key_of
from quizapp.service import corrections, enforcing, results, review, standings
from quizapp.store import ranked, sittings
from quizapp.store.db import reading
from tests.sat import OVER, Sat, draft_ruling, sit_again, sit_exam
from tests.service.test_corrections import by_number, now_scored, other, put_in_force, ruling
from tests.typed_questions import CASE

LATER = OVER + timedelta(hours=1)
WITH_CASE = Blueprint((Cell("judge", 2, 100), Cell("case", 1, 200, parts=2)))


def second_part_wrong(no: int, item: PaperItem, key: str) -> str:
    """Odd officers are wrong in the second part of the case."""
    return "F" if item.part == 1 and no % 2 else key


def points(sat: Sat) -> list[list[int]]:
    """Return the points of the parts, in their order, of everybody."""
    version_id = sat.versions["case"][0]
    with reading() as tx:
        return [
            [
                got
                for item, got in zip(one.sitting.items, one.item_cp, strict=True)
                if key_of(item)[0] == version_id
            ]
            for one in sittings.list_marked(tx, sat.attempts)
        ]


def test_only_the_part_that_was_ruled_on_is_marked_anew(app: Flask) -> None:
    sat = sit_exam(second_part_wrong, people=2, blueprint=WITH_CASE, cases=[CASE],
                   score_release="handed_in", answers_release="handed_in")  # fmt: skip
    assert points(sat) == [[200, 200], [200, 0]]
    draft = ruling(sat, "new_key", "F", kind="case", part=1)
    correction_id = draft_ruling(sat.organizer, draft, now=LATER)
    seen = corrections.dry_run(other(), correction_id, now=LATER)
    assert seen.question.stem == "第二问。"
    enforcing.approve(other(), correction_id, now=LATER)
    assert (points(sat), now_scored(sat)) == ([[200, 0], [200, 200]], [400, 600])
    put_in_force(sat, ruling(sat, "void_none", kind="case", part=0))
    assert points(sat) == [[0, 0], [0, 200]]
    assert now_scored(sat) == [300, 600]
    officer = sat.organizer.__class__(sat.officers[0], "x", "李", sat.organizer.place)
    shown = review.get_result(officer, sat.attempts[0], now=LATER)
    ruled = [entry.ruling.ruling for entry in shown.items if entry.ruling]
    assert ruled == ["void_none", "new_key"]


def counting(sat: Sat) -> list[tuple[int, int]]:
    """Return which try counts for everybody, and its score."""
    with reading() as tx:
        found = {one.officer_id: one for one in ranked.list_best(tx, sat.exam)}
    people = len(sat.officers)
    return [
        (sat.attempts.index(found[officer].attempt_id) // people + 1, found[officer].score_cp)
        for officer in sat.officers
    ]


def test_the_best_of_several_tries_is_chosen_anew(app: Flask) -> None:
    """At the first try all singles are wrong, at the second a multiple one and a judgement."""
    sat = sit_exam(by_number, people=2, attempts_allowed=2)

    def second(_no: int, item: PaperItem, key: str) -> str:
        wrong = (sat.versions["multiple"][0], sat.versions["judge"][0])
        return "" if item.version_id in wrong else key

    sit_again(sat, second, try_no=2)
    assert counting(sat) == [(1, 1000), (2, 700)]
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    draft = ruling(sat, "new_key", "B")
    correction_id = draft_ruling(sat.organizer, draft, now=LATER)
    moves = corrections.dry_run(other(), correction_id, now=LATER).moves
    assert moves is not None
    assert (moves.attempts, moves.scored) == (4, 1)
    enforcing.approve(other(), correction_id, now=LATER)
    assert counting(sat) == [(1, 900), (1, 700)]
    results.publish_results(sat.organizer, sat.exam.id, now=LATER)
    board = standings.officer_board(None, sat.exam.id, now=LATER, cache_s=0)
    assert [row.score_cp for row in board.rows] == [900, 700]
    put_in_force(sat, ruling(sat, "new_key", "A"))
    assert counting(sat) == [(1, 1000), (2, 700)]
