import sqlalchemy as sa
from flask import Flask

from quizapp.service import people, seed
from quizapp.service.places import load_places
from quizapp.store.attempts import attempts
from quizapp.store.db import reading, transaction
from quizapp.store.exams import exam_roster
from quizapp.store.people import officers
from tests.factories import NOW, make_bank


def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    with reading() as tx:
        return int(
            tx.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()
        )


def fill_bank() -> None:
    load_places(NOW)
    with transaction() as tx:
        make_bank(tx)


def test_a_seed_makes_accounts_that_can_sign_in_and_repeats_itself(app: Flask) -> None:
    made = seed.seed(200, seed="t", now=NOW)
    again = seed.seed(200, seed="t", now=NOW)
    assert made.credentials == again.credentials
    assert count(officers) == len(made.credentials) == 220
    roles = [credential.role for credential in made.credentials]
    assert [roles.count(r) for r in ("officer", "organizer", "trainer", "administrator")] == [
        200,
        15,
        3,
        2,
    ]
    for credential in (made.credentials[0], made.credentials[-1]):
        outcome = people.sign_in(credential.staff_no, credential.password, "10.0.0.1", now=NOW)
        assert outcome.officer_id is not None
    assert len({credential.unit_code for credential in made.credentials}) > 150


def test_an_open_competition_invites_everybody_and_is_opened_once(app: Flask) -> None:
    fill_bank()
    made = seed.seed(60, seed="t", now=NOW, exam_open=True)
    assert count(exam_roster) == 80
    assert seed.seed(60, seed="t", now=NOW, exam_open=True).exam_id == made.exam_id


def test_started_attempts_run_for_officers_who_had_not_begun(app: Flask) -> None:
    fill_bank()
    assert seed.seed(40, seed="t", now=NOW, started=30).started == 30
    assert seed.seed(40, seed="t", now=NOW, started=100).started == 30
    assert count(attempts, attempts.c.closed_at.is_(None)) == 60
    with reading() as tx:
        rows = tx.execute(sa.select(attempts.c.paper, attempts.c.shape, attempts.c.max_cp)).all()
    assert {(len(row.paper), row.max_cp) for row in rows} == {(80, 10_000)}
    assert len({str(row.paper) for row in rows}) == 60
