import contextlib
from datetime import timedelta

import pytest
from flask import Flask

from quizapp.domain.errors import Busy, TooMany
from quizapp.service import people
from quizapp.service.apart import Gate
from quizapp.service.passwords import new_code
from quizapp.store.db import transaction
from tests.factories import NOW, make_officer

BUREAU = 300


def test_a_bureau_of_300_behind_one_address_signs_in(app: Flask) -> None:
    with transaction() as tx:
        for no in range(BUREAU):
            make_officer(tx, staff_no=f"a{no:03d}", secret=f"machine-made secret of {no}")
    for no in range(BUREAU):
        if no % 30 == 0:
            people.sign_in(f"nobody{no}", "wrong", "10.0.0.1", now=NOW)
        secret = f"machine-made secret of {no}"
        assert people.sign_in(f"a{no:03d}", secret, "10.0.0.1", now=NOW).officer_id is not None


def test_a_guesser_gets_few_guesses_an_hour(app: Flask) -> None:
    with transaction() as tx:
        make_officer(tx, staff_no="victim")
    tried = 0
    for second in range(0, 3600, 10):
        address = f"10.0.{second % 250}.1"
        with contextlib.suppress(TooMany):
            people.sign_in("victim", "wrong", address, now=NOW + timedelta(seconds=second))
            tried += 1
    assert tried <= 25


def test_a_sign_in_ends_with_its_sign_out_only(app: Flask) -> None:
    with transaction() as tx:
        officer_id = make_officer(tx)
    phone = people.find_viewer(officer_id, 1, "phone")
    assert phone is not None
    people.sign_out(phone, session=timedelta(hours=12), now=NOW)
    people.sign_out(phone, session=timedelta(hours=12), now=NOW)
    assert people.find_viewer(officer_id, 1, "phone") is None
    assert people.find_viewer(officer_id, 1, "desk") is not None
    assert people.find_viewer(officer_id, 2, "desk") is None
    assert people.find_viewer(officer_id + 999, 1, "desk") is None


def test_a_gate_refuses_when_too_many_stand_before_it() -> None:
    gate = Gate(longest_queue=1)
    with gate, pytest.raises(Busy), gate:
        pass
    with gate as had_to_wait:
        assert not had_to_wait


def test_codes_are_long_and_all_different() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {16}
