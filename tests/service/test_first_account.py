import pytest
from flask import Flask

from quizapp.domain.errors import Conflict
from quizapp.service import first_account, people, places
from tests.factories import NOW


def test_the_first_administrator_signs_in_with_the_code_and_has_the_province(app: Flask) -> None:
    places.load_places(NOW)
    code = first_account.create_administrator("00000001", "王主任", now=NOW)
    outcome = people.sign_in("00000001", code, "127.0.0.1", now=NOW)
    assert outcome.officer_id is not None
    viewer = people.find_viewer(outcome.officer_id, outcome.epoch, "first")
    assert viewer is not None
    assert viewer.has("administrator")
    assert viewer.must_change_password


def test_it_is_the_way_back_in_and_ends_what_was_before(app: Flask) -> None:
    places.load_places(NOW)
    first = first_account.create_administrator("00000001", "王主任", now=NOW)
    second = first_account.create_administrator("00000001", "别人", now=NOW)
    assert people.sign_in("00000001", first, "127.0.0.1", now=NOW).officer_id is None
    outcome = people.sign_in("00000001", second, "127.0.0.1", now=NOW)
    assert outcome.officer_id is not None
    viewer = people.find_viewer(outcome.officer_id, outcome.epoch, "second")
    assert viewer is not None
    assert viewer.name == "王主任"


def test_without_units_there_is_nobody_to_administer(app: Flask) -> None:
    with pytest.raises(Conflict, match="places_missing"):
        first_account.create_administrator("00000001", "王主任", now=NOW)
