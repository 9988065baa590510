"""Blanks and orderings on a real paper: saved, shown again, marked, never given away."""

from datetime import timedelta

import pytest
from flask import Flask

from quizapp.domain.attempts import AnswerInvalid, Caller, Entry
from quizapp.domain.bank import Question
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.papers import ShownItem
from quizapp.domain.people import Viewer
from quizapp.service import attempts, closing, review, saving
from quizapp.store.db import transaction
from tests.factories import NOW, make_exam, make_question, make_viewer

STEPS = ("立案", "调查", "告知", "决定")
PAPER = Blueprint((Cell("blank", 1, 100), Cell("ordering", 1, 200)))


@pytest.fixture
def sat(app: Flask) -> tuple[Viewer, int]:
    with transaction() as tx:
        make_question(tx, Question("blank", "几日内提出？", ("五日", "5日"), (0, 1)))
        make_question(tx, Question("ordering", "按先后排列", STEPS, (0, 1, 2, 3)))
        organizer, officer = make_viewer(tx, "organizer"), make_viewer(tx)
    exam = make_exam(organizer, blueprint=PAPER, answers_release="closed", score_release="closed")
    return officer, attempts.start(officer, exam.id, pledged=True, now=NOW).attempt_id


def items(sat: tuple[Viewer, int]) -> tuple[ShownItem, ...]:
    return attempts.read_sheet(*sat, now=NOW).items


def save(sat: tuple[Viewer, int], no: int, response: tuple[str, ...], seq: int) -> None:
    caller = Caller(sat[0].officer_id, 1, "")
    entry = Entry(no, response, seq, flagged=False)
    saving.save_answers(caller, sat[1], [entry], now=NOW, allowance_s=30)


def order_of(item: ShownItem) -> tuple[str, ...]:
    letters = {str(option.text): option.key for option in item.options}
    return tuple(letters[step] for step in STEPS)


def test_what_is_written_comes_back_and_earns_its_points(sat: tuple[Viewer, int]) -> None:
    blank, ordering = items(sat)
    assert blank.options == ()
    right = order_of(ordering)
    save(sat, 1, (" ５日。",), 1)
    save(sat, 2, ("-", *right[1:3], "-"), 1)
    assert [item.response for item in items(sat)] == [(" ５日。",), ("-", *right[1:3], "-")]
    save(sat, 2, right, 2)
    caller = Caller(sat[0].officer_id, 1, "")
    closing.submit(sat[0], caller, sat[1], [], now=NOW, allowance_s=30)
    result = review.get_result(*sat, now=NOW + timedelta(hours=9))
    assert result.score_cp == 300
    assert [entry.key for entry in result.items] == [("五日", "5日"), right]
    assert result.answered == 2


def test_an_empty_answer_is_none(sat: tuple[Viewer, int]) -> None:
    save(sat, 1, ("五日",), 1)
    save(sat, 1, (), 2)
    save(sat, 2, ("-",) * 4, 1)
    assert not any(item.is_answered for item in items(sat) if item.no == 1)
    assert items(sat)[1].response == ()


@pytest.mark.parametrize(
    ("no", "response"),
    [(1, ("五", "日")), (1, ("长" * 201,)), (2, ("A", "A")), (2, ("Z",)), (2, ("A",) * 5)],
)
def test_what_cannot_be_given_is_refused(
    sat: tuple[Viewer, int], no: int, response: tuple[str, ...]
) -> None:
    with pytest.raises(AnswerInvalid):
        save(sat, no, response, 1)
