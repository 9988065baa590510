"""Rules of one sitting: time, shape, events, receipt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.assembly import PaperItem
from quizapp.domain.attempts import (
    Answer,
    AnswerInvalid,
    Entry,
    check_entries,
    current,
    duration_s,
    is_in_time,
    remaining_s,
    state_of,
    submitted_at,
)
from quizapp.domain.drawn import paper_from_plain, paper_to_plain, parse_shape, shape_of
from quizapp.domain.ids import VersionId
from quizapp.domain.receipts import digest, read_receipt, short_receipt

DUE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)

PAPER = [
    PaperItem(VersionId(7), "single", 100, (2, 0, 1, 3)),
    PaperItem(VersionId(8), "multiple", 200, (1, 0, 2, 3, 4)),
    PaperItem(VersionId(9), "judge", 100, ()),
    PaperItem(VersionId(5), "single", 100, (0, 1, 2, 3), part=0, case_no=1),
    PaperItem(VersionId(5), "judge", 100, (), part=1, case_no=1),
]


def event(no: int, seq: int, response: str = "A", **over) -> Answer:
    return Answer(no, seq, response, over.get("flagged", False), DUE, over.get("at", DUE))


def test_a_paper_is_read_as_it_was_written():
    types = [slot.type.key for slot in parse_shape(shape_of(PAPER))]
    assert shape_of(PAPER) == "s4m5j0s4j0"
    assert paper_from_plain(paper_to_plain(PAPER), types) == PAPER


@pytest.mark.parametrize(
    ("given", "arrived", "counts"),
    [
        (-SECOND, -SECOND, True),
        (timedelta(), timedelta(), True),
        (-SECOND, 30 * SECOND, True),
        (-SECOND, 31 * SECOND, False),
        (SECOND, 2 * SECOND, False),
    ],
)
def test_answers_count_when_given_by_the_deadline_and_here_within_the_allowance(
    given, arrived, counts
):
    assert is_in_time(DUE + given, DUE + arrived, DUE, 30) is counts


def test_time_left_is_never_negative_and_states_follow_the_deadline():
    assert remaining_s(DUE, DUE - 90 * SECOND) == 90
    assert remaining_s(DUE, DUE + SECOND) == 0
    assert state_of(None, DUE, DUE) == "open"
    assert state_of(None, DUE, DUE + SECOND) == "time_over"
    assert state_of(DUE, DUE, DUE - SECOND) == "closed"


def test_nobody_hands_in_after_the_deadline():
    assert submitted_at(DUE, DUE + timedelta(days=1)) == DUE
    assert duration_s(DUE - timedelta(seconds=61, milliseconds=900), DUE) == 61


def test_the_highest_sequence_number_counts_in_whatever_order_they_come():
    answers = [event(1, 3, "C"), event(2, 1, "T"), event(1, 1, "A"), event(1, 2, "B")]
    assert {no: a.response for no, a in current(answers).items()} == {1: "C", 2: "T"}


def test_every_impossible_answer_is_named():
    shape = parse_shape("s4m4j0")
    check_entries([Entry(2, ("D", "A"), 1, flagged=False), Entry(3, (), 1, flagged=True)], shape)
    with pytest.raises(AnswerInvalid) as refused:
        check_entries(
            [
                Entry(4, ("A",), 1, flagged=False),
                Entry(1, ("A", "B"), 1, flagged=False),
                Entry(3, ("T",), 0, flagged=False),
            ],
            shape,
        )
    assert [p["code"] for p in refused.value.problems] == [
        "unknown_number",
        "impossible_response",
        "seq_out_of_range",
    ]


events = st.lists(
    st.builds(
        event,
        st.integers(1, 80),
        st.integers(1, 9),
        st.sampled_from(["", "A", "BD", "T"]),
        flagged=st.booleans(),
    ),
    max_size=20,
    unique_by=lambda e: (e.no, e.seq),
)


@given(events, st.randoms())
def test_the_receipt_does_not_depend_on_the_order_of_the_events(found, chance):
    mixed = found[:]
    chance.shuffle(mixed)
    assert digest(1, DUE, found) == digest(1, DUE, mixed)


@given(events.filter(bool), st.data())
def test_any_change_of_an_event_changes_the_receipt(found, data):
    at = data.draw(st.integers(0, len(found) - 1))
    old = found[at]
    new = Answer(old.no, old.seq, old.response + "X", old.flagged, old.given_at, old.received_at)
    changed = [*found[:at], new, *found[at + 1 :]]
    assert digest(1, DUE, found) != digest(1, DUE, changed)
    assert digest(1, DUE, found) != digest(2, DUE, found)


@given(st.binary(min_size=32, max_size=32))
def test_a_receipt_is_sixteen_plain_letters_and_reads_as_it_is_typed(raw):
    receipt = short_receipt(raw.hex())
    assert [len(group) for group in receipt.split("-")] == [4, 4, 4, 4]
    assert not set(receipt) & set("ILOU")
    assert read_receipt(receipt.lower().replace("-", " ")) == receipt
    assert read_receipt(receipt.replace("0", "o").replace("1", "l")) == receipt


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 16, "0" * 17, "张" * 16, "0000-0000-0000-000!"])
def test_what_cannot_be_a_receipt_is_none(typed):
    assert read_receipt(typed) is None
