"""Who takes a batch in is alone with it, lives long enough, and says why nothing came in."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from quizapp.domain.import_likeness import BankText
from quizapp.domain.people import Viewer
from quizapp.service import import_taking, imports
from quizapp.service.import_reading import Tell, read_upload
from quizapp.service.import_remains import remove_left
from quizapp.service.import_taking import BankChanged, GivenWay
from quizapp.store import imports as store
from quizapp.store.db import reading
from tests.factories import NOW
from tests.service.test_import_taking import (
    CONTENT,
    LATER,
    coming,
    found,
    slices_of_two,
    stored,
    viewer,
)
from tests.service.test_imports import confirm, here, upload

__all__ = ["coming", "slices_of_two", "viewer"]


def test_who_was_overtaken_while_its_process_ran_adds_nothing(viewer: Viewer, coming: int) -> None:
    def slow(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
        imports.give_up(viewer, coming)
        assert confirm(viewer, coming)["imported"] == 5
        return here(order, content, tell)

    with pytest.raises(GivenWay):
        import_taking.carry_on(viewer, coming, now=LATER, run=slow)
    assert (stored(), found(viewer)) == ((5, 5, 5), (5, 1))


def test_a_long_process_gives_signs_of_life_and_stops_when_it_is_given_up(
    viewer: Viewer, coming: int
) -> None:
    def slow(_order: Mapping[str, Any], _content: bytes, tell: Tell) -> bytes:
        lives = []
        for _ in range(2):
            with reading() as tx:
                lives.append(store.get_reading(tx, coming).started_at)
            tell("taking 100 5")
        assert LATER <= lives[0] <= lives[1]
        imports.give_up(viewer, coming)
        tell("taking 200 5")
        raise AssertionError("it goes on though nobody wants it")

    with pytest.raises(GivenWay):
        import_taking.carry_on(viewer, coming, now=LATER, run=slow)
    assert stored() == (0, 0, 0)


def test_only_what_was_given_up_is_removed(viewer: Viewer, coming: int) -> None:
    remove_left(coming)
    assert stored() == (2, 2, 2)
    import_taking.carry_on(viewer, coming, now=LATER, run=here)
    remove_left(coming)
    assert stored() == (5, 5, 5)


def test_an_old_file_that_comes_in_is_not_swept_away(viewer: Viewer, coming: int) -> None:
    late = NOW + timedelta(days=2)

    def swept(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
        imports.receive(viewer, "y.xlsx", CONTENT, now=late)
        return here(order, content, tell)

    import_taking.carry_on(viewer, coming, now=late, run=swept)
    assert found(viewer) == (5, 1)


def test_a_question_that_comes_in_while_a_file_is_compared_is_noticed(
    viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        upload(viewer, CONTENT, tmp_path),
        imports.receive(viewer, "x", CONTENT, now=NOW),
    )
    listed = store.list_texts

    def meanwhile_in(*args: Any, **more: Any) -> list[BankText]:
        texts = listed(*args, **more)
        monkeypatch.setattr(store, "list_texts", listed)
        confirm(viewer, first)
        return texts

    monkeypatch.setattr(store, "list_texts", meanwhile_in)
    read_upload(viewer, second, tmp_path, now=NOW, run=here)
    with pytest.raises(BankChanged):
        confirm(viewer, second)
    assert found(viewer) == (5, 1)


def test_why_nothing_came_in_is_kept_for_its_owner(viewer: Viewer, coming: int) -> None:
    heavy = {"code": "import_too_heavy", "facts": {"seconds": 60}}
    import_taking.carry_on(viewer, coming, now=LATER, run=lambda *_: b"")
    assert imports.preview(viewer, coming).refusal == heavy
    assert stored() == (0, 0, 0)
    assert confirm(viewer, coming)["imported"] == 5
    assert imports.preview(viewer, coming).refusal == {}
