"""A law comes in beside all else: compared where nobody waits, written once, whatever changes."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from quizapp.domain.errors import Busy, Refusal
from quizapp.domain.people import Viewer
from quizapp.service import amendments, law_basis, law_outlook, law_versions, stale, statutes
from quizapp.store import journal
from quizapp.store.db import transaction
from tests.factories import NOW, make_viewer
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.service.test_amendments import FORCE, TODAY, ask, bring
from tests.service.test_law_versions import THIRD

PATIENCE_S = 20


@pytest.fixture
def keeper(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def first_time(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, act: Any) -> None:
    """Let something happen just before a function of that place runs the first time."""
    whole, waiting = getattr(place, name), [act]

    def late(*arguments: Any, **more: Any) -> Any:
        if waiting:
            waiting.pop()()
        return whole(*arguments, **more)

    monkeypatch.setattr(place, name, late)


def write_something() -> None:
    """Write as any other request would; refused when somebody else holds the write lock."""
    with transaction(wait_s=0) as tx:
        journal.add_entry(tx, "bank.loaded", "bank", {}, actor_id=None, now=NOW)


def test_while_the_texts_are_compared_others_write(
    keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD_LINES)
    ask((4, None, None))
    first_time(monkeypatch, law_outlook, "align", write_something)
    first_time(monkeypatch, amendments, "look_ahead", write_something)
    first_time(monkeypatch, law_outlook, "find_touched", write_something)
    assert bring(NEW_LINES) is not None
    first_time(monkeypatch, amendments, "find_touched", write_something)
    newest = max(statutes.list_library(), key=lambda each: each.law.version)
    amendments.repeal_law(keeper, newest.id, FORCE.replace(year=2030), on=TODAY, now=NOW)


def test_a_question_published_meanwhile_is_on_the_list(
    keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD_LINES)
    early, late = ask((4, None, None)), []
    first_time(monkeypatch, law_basis, "transaction", lambda: late.append(ask((5, None, None))))
    amendment_id = bring(NEW_LINES)
    assert amendment_id is not None
    items = stale.get_sheet(keeper, amendment_id).items
    assert {item.version.id for item in items} == {early, *late}


def test_who_finds_no_quiet_moment_is_asked_to_come_again(
    keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_basis, "basis_of", lambda *_: object())
    with pytest.raises(Busy):
        bring(OLD_LINES)
    assert statutes.list_library() == []


def test_a_version_that_came_meanwhile_is_compared_as_well(
    keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD_LINES)
    first_time(monkeypatch, law_basis, "transaction", lambda: bring(NEW_LINES))
    bring(THIRD)
    compared = [each.amendment for each in stale.list_progress(keeper)]
    assert [(one.old.version.year, one.new and one.new.version.year) for one in compared] == [
        (2026, 2027),
        (2020, 2026),
    ]


def both(app: Flask, call: Callable[[], Any]) -> list[str]:
    """Make a call twice at once; return how each ended, in order of the words."""
    ended: list[str] = []

    def run() -> None:
        with app.app_context():
            try:
                call()
            except Refusal as refusal:
                ended.append(refusal.name)
            else:
                ended.append("done")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return sorted(ended)


def meet(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let both calls have looked before either writes; who looks again goes on alone."""
    whole, gate = getattr(amendments, name), threading.Barrier(2)
    met: set[int] = set()

    def look(*arguments: Any, **more: Any) -> Any:
        seen = whole(*arguments, **more)
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            gate.wait(PATIENCE_S)
        return seen

    monkeypatch.setattr(amendments, name, look)


def test_of_two_imports_at_once_one_is_told_that_the_text_is_there(
    app: Flask, keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD_LINES)
    ask((4, None, None))
    meet(monkeypatch, "look_ahead")
    assert both(app, lambda: bring(NEW_LINES)) == ["done", "law_known"]
    (progress,) = stale.list_progress(keeper)
    assert progress.total == 1


def test_of_two_who_end_a_law_at_once_one_is_told_that_it_has_ended(
    app: Flask, keeper: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD_LINES)
    ask((4, None, None))
    (law,) = statutes.list_library()
    meet(monkeypatch, "find_touched")
    ending = partial(amendments.repeal_law, keeper, law.id, FORCE, on=TODAY, now=NOW)
    assert both(app, ending) == ["done", "law_ended"]
    assert len(stale.list_progress(keeper)) == 1


def test_of_two_who_take_an_import_back_one_is_told_that_it_is_gone(
    app: Flask, keeper: Viewer
) -> None:
    bring(OLD_LINES)
    (law,) = statutes.list_library()
    taking = partial(law_versions.withdraw_import, keeper, law.id, on=TODAY, now=NOW)
    assert both(app, taking) == ["done", "law_not_found"]


def test_a_late_text_touches_questions_two_amendments_on(keeper: Viewer) -> None:
    bring(NEW_LINES)
    later = bring(THIRD)
    assert later is not None
    version_id = ask((1, None, None))
    seen = law_outlook.preview(statutes.read_file("old.md", OLD_LINES.encode()))
    assert [(step.amendment_id, len(step.touched)) for step in seen.steps] == [
        (None, 0),
        (later, 1),
    ]
    first = bring(OLD_LINES)
    assert first is not None
    assert stale.get_sheet(keeper, first).items == []
    (item,) = stale.get_sheet(keeper, later).items
    assert (item.version.id, item.effect) == (version_id, "changed")
