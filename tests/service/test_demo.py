from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.exams import Exam
from quizapp.domain.people import Viewer
from quizapp.service import demo, people, training
from quizapp.service.closing import check_receipts
from quizapp.service.places import load_places
from quizapp.store import exams
from quizapp.store.attempts import attempts
from quizapp.store.db import reading, transaction
from quizapp.store.journal import find_break
from quizapp.store.people import officers
from quizapp.store.standings import publications, unit_results
from quizapp.store.training import hour_postings
from tests.factories import NOW, make_bank, make_viewer


def rows(statement: sa.Select[tuple[object, ...]]) -> list[sa.Row[tuple[object, ...]]]:
    with reading() as tx:
        return list(tx.execute(statement).all())


def by_phase(app: Flask) -> dict[str, Exam]:
    with reading() as tx:
        return {exam.phase(NOW): exam for exam in exams.list_exams(tx)}


def test_the_demo_is_whole_and_made_once(app: Flask, tmp_path: Path) -> None:
    """One test, since the demo takes seconds to make."""
    load_places(NOW)
    with transaction() as tx:
        make_bank(tx, per_level=16)
    path = tmp_path / "demo-sign-ins.txt"
    made = demo.make_demo(path, now=NOW)
    assert made.has_competitions
    check_competitions(app)
    check_ledger()
    check_sign_ins(app, made)
    check_repetition(made, path)
    check_lost_file(made, tmp_path / "elsewhere" / "demo.txt")


def check_competitions(app: Flask) -> None:
    assert len(rows(sa.select(officers.c.id))) == 500
    phases = by_phase(app)
    assert set(phases) == {"closed", "open", "upcoming"}
    finished = phases["closed"]
    assert finished.results_published_at is not None
    cities = rows(
        sa.select(unit_results)
        .join(publications, publications.c.id == unit_results.c.publication_id)
        .where(
            publications.c.exam_id == finished.id,
            unit_results.c.level == "city",
            unit_results.c.rank.is_not(None),
        )
    )
    assert len(cities) == 14
    for city in cities:
        assert 0.78 <= city.participants / city.eligible <= 0.99, city
    averages = [city.score_sum_cp / city.participants for city in cities]
    assert 5000 < min(averages) < max(averages) < 9500
    assert max(averages) - min(averages) > 500
    assert rows(sa.select(attempts.c.id).where(attempts.c.close_reason == "time_over"))
    assert not rows(sa.select(attempts.c.id).where(attempts.c.closed_at.is_(None)))
    with reading() as tx:
        assert find_break(tx) is None
        assert check_receipts(tx)[1] == ()


def check_ledger() -> None:
    with transaction() as tx:
        viewer = make_viewer(tx, "organizer")
    for year in (2024, 2025, 2026):
        table = training.totals(viewer, "cadre", year=year)
        assert all(row.times > 0 for row in table.rows), year
    kinds = {row.kind for row in rows(sa.select(hour_postings.c.kind).distinct())}
    assert kinds == {"classroom", "online", "lecture", "contest"}


def check_sign_ins(app: Flask, made: demo.Demo) -> None:
    assert [sign_in.role for sign_in in made.sign_ins] == list(demo.ROLES)
    for sign_in in made.sign_ins:
        outcome = people.sign_in(sign_in.staff_no, sign_in.password, "10.0.0.1", now=NOW)
        assert outcome.officer_id is not None
        viewer = people.find_viewer(outcome.officer_id, outcome.epoch, "x")
        assert isinstance(viewer, Viewer)
        assert viewer.has(sign_in.role)
    others = sa.select(officers.c.id).where(
        officers.c.password_hash.is_not(None), officers.c.is_demo
    )
    assert len(rows(others)) == 4
    begun = (
        sa.select(attempts.c.exam_id)
        .join(officers, officers.c.id == attempts.c.officer_id)
        .where(officers.c.staff_no == made.sign_ins[0].staff_no)
    )
    assert by_phase(app)["open"].id not in {row.exam_id for row in rows(begun)}


def check_repetition(made: demo.Demo, path: Path) -> None:
    def count() -> list[object]:
        tables = (officers, attempts, hour_postings, exams.exams)
        return [rows(sa.select(sa.func.count()).select_from(table))[0][0] for table in tables]

    before = count()
    assert path.stat().st_mode & 0o777 == 0o600
    assert demo.make_demo(path, now=NOW + timedelta(days=400)) == made
    assert count() == before


def check_lost_file(made: demo.Demo, path: Path) -> None:
    """New passwords for those we made, and none for the one that a person has chosen."""
    with transaction() as tx:
        tx.execute(
            sa.update(officers)
            .where(officers.c.staff_no == made.sign_ins[1].staff_no)
            .values(password_hash="$argon2id$chosen")
        )
    again = demo.make_demo(path, now=NOW)
    assert again.sign_ins[1].password == ""
    for old, new in zip(made.sign_ins, again.sign_ins, strict=True):
        assert old.password != new.password
    first = again.sign_ins[0]
    assert people.sign_in(first.staff_no, first.password, "10.0.0.1", now=NOW).officer_id


def test_without_questions_there_are_people_and_hours_and_competitions_follow_later(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "OFFICERS", 40)
    path = tmp_path / "demo.txt"
    assert not demo.make_demo(path, now=NOW).has_competitions
    with transaction() as tx:
        make_bank(tx, per_level=16)
    assert demo.make_demo(path, now=NOW).has_competitions
    assert len(by_phase(app)) == 3
