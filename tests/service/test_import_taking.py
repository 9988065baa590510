"""A batch comes in slice by slice and is shown at once, whatever dies in between."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Search
from quizapp.domain.errors import Conflict, NotFound
from quizapp.domain.people import Viewer
from quizapp.service import bank_pages, import_batches, import_confirm, import_taking, imports
from quizapp.service.desk import reach_in
from quizapp.service.import_reading import read_upload
from quizapp.service.import_taking import BankChanged, GivenWay
from quizapp.store import bank_search, editing
from quizapp.store import import_taking as store
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from quizapp.store.imports import import_items
from tests.factories import NOW, make_viewer
from tests.question_files import row, sheet
from tests.service.test_imports import confirm, here, upload

CONTENT = sheet([row(no) for no in range(1, 6)])
LATER = NOW + timedelta(minutes=1)


class DeadError(RuntimeError):
    """The process is gone."""


@pytest.fixture
def viewer(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


@pytest.fixture
def slices_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    class Two(import_taking.Slices):
        size = property(lambda _: 2, lambda _self, _size: None)  # type: ignore[assignment]

    monkeypatch.setattr(import_taking, "Slices", Two)


@pytest.fixture
def coming(
    viewer: Viewer, tmp_path: Path, slices_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> int:
    """An upload of five questions; two of them were in when the process died."""
    upload_id = upload(viewer, CONTENT, tmp_path)
    meanwhile(monkeypatch, die)
    with pytest.raises(DeadError):
        confirm(viewer, upload_id)
    meanwhile(monkeypatch, lambda: None)
    return upload_id


def die() -> None:
    raise DeadError


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between two slices."""
    monkeypatch.setattr(import_taking, "rest", happens)


def stored() -> tuple[int, int, int]:
    """Return how many questions, wordings and items there are, shown or not."""
    with reading() as tx:
        counts = [
            tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (questions, question_versions, import_items)
        ]
    return counts[0], counts[1], counts[2]


def found(viewer: Viewer) -> tuple[int, int]:
    """Return how many questions a trainer finds, those out of use included, and how many files."""
    searches = (Search(), Search(state="retired"))
    shown = sum(bank_pages.list_questions(viewer, each, page=1)[0].total for each in searches)
    return shown, len(import_batches.list_batches(viewer).batches)


def test_nothing_is_seen_of_what_is_coming_in(viewer: Viewer, coming: int) -> None:
    assert stored() == (2, 2, 2)
    assert found(viewer) == (0, 0)
    with reading() as tx:
        batch = store.find_coming(tx, coming)
    assert batch is not None
    with pytest.raises(NotFound):
        import_batches.get_batch(viewer, batch.id)
    with pytest.raises(Conflict, match="import_not_ready"):
        imports.preview(viewer, coming)
    with reading() as tx:
        (code, _) = tx.execute(sa.select(questions.c.code)).scalars()
        assert editing.list_scopes(tx) == []
        with pytest.raises(NotFound):
            bank_search.get_history(tx, code, reach_in(tx, viewer))
    stand = imports.progress(viewer, coming, now=NOW)
    assert (stand.state, stand.done, stand.total) == ("taking", 2, 5)
    assert not stand.is_interrupted
    assert imports.progress(viewer, coming, now=LATER).is_interrupted


def test_whoever_looks_completes_it_once(viewer: Viewer, coming: int) -> None:
    import_taking.carry_on(viewer, coming, now=LATER, run=here)
    done = imports.preview(viewer, coming).upload.outcome
    assert done
    assert (done["imported"], stored(), found(viewer)) == (5, (5, 5, 5), (5, 1))
    _, items, _ = import_batches.get_batch(viewer, done["batch"])
    assert [state for _, _, state in items] == ["draft"] * 5
    assert len({place for _, place, _ in items}) == 5
    with pytest.raises(GivenWay):
        import_taking.carry_on(viewer, coming, now=LATER, run=here)
    assert confirm(viewer, coming) == done


@pytest.mark.parametrize("leave", ["read again", "discard", "a day later"])
def test_what_came_in_of_a_file_that_is_given_up_is_removed(
    viewer: Viewer, coming: int, leave: str
) -> None:
    if leave == "read again":
        imports.read_again(viewer, coming, now=LATER)
    elif leave == "discard":
        import_confirm.discard(viewer, coming)
    else:
        imports.receive(viewer, "x.xlsx", CONTENT, now=NOW + timedelta(days=2))
    assert stored() == (0, 0, 0)


def test_of_two_that_take_it_in_one_gives_way(
    viewer: Viewer, tmp_path: Path, slices_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = upload(viewer, CONTENT, tmp_path)

    def twin() -> None:
        meanwhile(monkeypatch, lambda: None)
        import_taking.carry_on(viewer, upload_id, now=LATER, run=here)

    meanwhile(monkeypatch, twin)
    with pytest.raises(GivenWay):
        confirm(viewer, upload_id)
    assert (stored(), found(viewer)) == ((5, 5, 5), (5, 1))


def test_it_stops_where_it_was_given_up(
    viewer: Viewer, tmp_path: Path, slices_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = upload(viewer, CONTENT, tmp_path)
    meanwhile(monkeypatch, lambda: imports.give_up(viewer, upload_id))
    with pytest.raises(GivenWay):
        confirm(viewer, upload_id)
    assert stored() == (0, 0, 0)
    meanwhile(monkeypatch, lambda: None)
    assert confirm(viewer, upload_id)["imported"] == 5


def test_a_file_read_while_its_like_comes_in_does_not_come_in_too(
    viewer: Viewer, coming: int, tmp_path: Path
) -> None:
    second = upload(viewer, CONTENT, tmp_path)
    assert imports.preview(viewer, second).desk.counts()["known"] == 0
    import_taking.carry_on(viewer, coming, now=LATER, run=here)
    with pytest.raises(BankChanged):
        confirm(viewer, second)
    read_upload(viewer, second, tmp_path, now=LATER, run=here)
    assert imports.preview(viewer, second).desk.counts()["known"] == 5
    assert found(viewer) == (5, 1)


def test_of_two_like_files_that_come_in_together_one_does(
    viewer: Viewer, tmp_path: Path, slices_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (upload(viewer, CONTENT, tmp_path) for _ in range(2))

    def other() -> None:
        meanwhile(monkeypatch, lambda: None)
        confirm(viewer, second)

    meanwhile(monkeypatch, other)
    with pytest.raises(BankChanged):
        confirm(viewer, first)
    assert found(viewer) == (5, 1)
    assert stored() == (5, 5, 5)
