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
from quizapp.store.standings import unit_results
from quizapp.store.training import hour_postings
from tests.factories import NOW, make_bank, make_viewer


def rows(statement: sa.Select[tuple[object, ...]]) -> list[sa.Row[tuple[object, ...]]]:
    with reading() as tx:
        return list(tx.execute(statement).all())


def by_phase(app: Flask) -> dict[str, Exam]:
    with reading() as tx:
        return {exam.phase(NOW): exam for exam in exams.list_exams(tx)}


@pytest.fixture
def made(app: Flask, tmp_path: Path) -> demo.Demo:
    load_places(NOW)
    with transaction() as tx:
        make_bank(tx, per_level=16)
    return demo.make_demo(tmp_path / "demo-sign-ins.txt", now=NOW)


def test_the_demo_has_a_believable_past_present_and_future(
    app: Flask, made: demo.Demo, tmp_path: Path
) -> None:
    assert made.has_competitions
    assert len(rows(sa.select(officers.c.id))) == 500
    phases = by_phase(app)
    assert set(phases) == {"closed", "open", "upcoming"}
    finished = phases["closed"]
    assert finished.results_published_at is not None
    cities = rows(
        sa.select(unit_results).where(
            unit_results.c.exam_id == finished.id,
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


def test_the_ledger_has_three_years_of_all_levels_and_the_passed_contest(
    app: Flask, made: demo.Demo
) -> None:
    with transaction() as tx:
        viewer = make_viewer(tx, "organizer")
    for year in (2024, 2025, 2026):
        table = training.totals(viewer, "cadre", year=year)
        assert all(row.times > 0 for row in table.rows), year
    kinds = {row.kind for row in rows(sa.select(hour_postings.c.kind).distinct())}
    assert kinds == {"classroom", "online", "lecture", "contest"}


def test_the_four_sign_ins_work_and_the_officer_may_begin(app: Flask, made: demo.Demo) -> None:
    assert [sign_in.role for sign_in in made.sign_ins] == list(demo.ROLES)
    for sign_in in made.sign_ins:
        outcome = people.sign_in(sign_in.staff_no, sign_in.password, "10.0.0.1", now=NOW)
        assert outcome.officer_id is not None
        viewer = people.find_viewer(outcome.officer_id, outcome.epoch, "x")
        assert isinstance(viewer, Viewer)
        assert viewer.has(sign_in.role)
    others = sa.select(officers.c.id).where(officers.c.password_hash.is_not(None))
    assert len(rows(others)) == 4
    officer = rows(
        sa.select(attempts.c.id)
        .join(officers, officers.c.id == attempts.c.officer_id)
        .where(
            officers.c.staff_no == made.sign_ins[0].staff_no,
            attempts.c.exam_id == by_phase(app)["open"].id,
        )
    )
    assert officer == []


def test_a_second_call_changes_nothing(app: Flask, made: demo.Demo, tmp_path: Path) -> None:
    def count() -> list[int]:
        tables = (officers, attempts, hour_postings, exams.exams)
        return [rows(sa.select(sa.func.count()).select_from(table))[0][0] for table in tables]  # type: ignore[misc]

    path = tmp_path / "demo-sign-ins.txt"
    before = count()
    assert path.stat().st_mode & 0o777 == 0o600
    assert demo.make_demo(path, now=NOW + timedelta(days=400)) == made
    assert count() == before


def test_a_lost_file_gives_new_passwords_but_never_touches_a_chosen_one(
    app: Flask, made: demo.Demo, tmp_path: Path
) -> None:
    with transaction() as tx:
        tx.execute(
            sa.update(officers)
            .where(officers.c.staff_no == made.sign_ins[1].staff_no)
            .values(password_hash="$argon2id$chosen")
        )
    again = demo.make_demo(tmp_path / "elsewhere" / "demo.txt", now=NOW)
    assert again.sign_ins[1].password == ""
    for old, new in zip(made.sign_ins, again.sign_ins, strict=True):
        assert old.password != new.password
    outcome = people.sign_in(
        again.sign_ins[0].staff_no, again.sign_ins[0].password, "10.0.0.1", now=NOW
    )
    assert outcome.officer_id is not None


def test_without_questions_there_are_people_and_hours_and_competitions_follow_later(
    app: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "demo.txt"
    assert not demo.make_demo(path, now=NOW).has_competitions
    with transaction() as tx:
        make_bank(tx, per_level=16)
    assert demo.make_demo(path, now=NOW).has_competitions
    assert len(by_phase(app)) == 3
