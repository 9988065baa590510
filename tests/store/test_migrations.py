"""Boards and analyses of an older installation are all there after its migration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from quizapp.store import schema
from tests import postgres
from tests.conftest import DATABASES, TEST_DATABASE, with_driver

HEAD = (
    "published_at, published_by, metric, ties, rules_text, min_participation_bp, totals",
    "7, 1, 'average', '[]', '', 0, '{}'",
)
ROWS = (
    (
        "INSERT INTO attempts (id, exam_id, officer_id, try_no, unit_id, scoring_unit_id, seed, "
        "paper, shape, max_cp, started_at, limit_s, due_at, one_device, duration_s, submitted_at) "
        "VALUES (11, 3, 5, 1, 8, 9, '', '[]', '', 100, 1, 60, 2, false, 33, 44)"
    ),
    f"INSERT INTO publications (exam_id, {HEAD[0]}) VALUES (3, {HEAD[1]})",
    "INSERT INTO officer_results VALUES (3, 5, 11, 8, 9, 900, 33, 44, 1, 1)",
    "INSERT INTO unit_results VALUES (3, 'city', 9, 10, 1, 900, 1, 1, 0, 900, 1000, 90, 1, NULL)",
    (
        "INSERT INTO past_publications "
        f"(id, exam_id, {HEAD[0]}, withdrawn_at, withdrawn_by, reason) "
        f"VALUES (4, 3, {HEAD[1]}, 8, 2, '更正')"
    ),
    "INSERT INTO past_officer_results VALUES (4, 5, 11, 800, 2, 1)",
    "INSERT INTO past_unit_results VALUES (4, 'city', 9, 10, 1, 800, 80, 2)",
    (
        "INSERT INTO exam_analyses VALUES (3, 5, 1, '[]', "
        """'{"items": [{"version_id": 6, "part": -1, "n": 12, "facility": 0.5, """
        """"discrimination": null, "flags": ["too_easy"]}]}')"""
    ),
)
"""What an installation held before; what these rows point to is left out."""


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    else:
        parent = request.getfixturevalue("postgres_url")
        url = with_driver(postgres.new_database(parent, f"{TEST_DATABASE}_old"))
    made = sa.create_engine(url)
    yield made
    made.dispose()


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        for row in ROWS:
            connection.exec_driver_sql(row)


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_boards_keep_their_publication(engine: Engine) -> None:
    schema.upgrade(engine, "0005")
    fill(engine)
    schema.upgrade(engine)
    assert rows(
        engine, "SELECT id, exam_id, is_current, published_at, withdrawn_at, reason "
        "FROM publications ORDER BY id",
    ) == [(4, 3, False, 7, 8, "更正"), (7, 3, True, 7, None, "")]  # fmt: skip
    assert rows(
        engine, "SELECT publication_id, officer_id, attempt_id, unit_id, scoring_unit_id, "
        "score_cp, duration_s, submitted_at, rank FROM officer_results ORDER BY publication_id",
    ) == [(4, 5, 11, 8, 9, 800, 33, 44, 2), (7, 5, 11, 8, 9, 900, 33, 44, 1)]  # fmt: skip
    assert rows(
        engine, "SELECT publication_id, unit_id, score_sum_cp, top_cp, value_cp, rank "
        "FROM unit_results ORDER BY publication_id",
    ) == [(4, 9, 800, 0, 80, 2), (7, 9, 900, 900, 90, 1)]  # fmt: skip
    assert rows(
        engine, "SELECT exam_id, version_id, part, n, facility, is_void FROM item_figures"
    ) == [(3, 6, -1, 12, 0.5, False)]  # fmt: skip
    left = sa.inspect(engine).get_table_names()
    assert not [name for name in left if name.startswith(("before_", "past_"))]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        added = connection.exec_driver_sql(
            f"INSERT INTO publications (exam_id, is_current, {HEAD[0]}) "
            f"VALUES (3, false, {HEAD[1]}) RETURNING id"
        ).scalar_one()
    assert added == 8


def test_versions_name_the_picture_in_their_body(engine: Engine) -> None:
    columns = (
        "question_id, version, content_hash, type, law, difficulty, topics, parts, body, as_of, "
        "author, created_at"
    )
    rest = "'', 'single', '', 1, '[]', 1, '{}', '2026-01-05', '', 1"
    stems = ('{{"stem": "图", "picture": {{"id": 6, "alt": "牌"}}}}', '{{"stem": "\\"picture\\""}}')
    schema.upgrade(engine, "0009")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("INSERT INTO pictures VALUES (6, 'same', 'image/png', '', 1, 1)")
        for no, stem in enumerate(stems, 1):
            row = rest.replace("{}", stem.format())
            connection.exec_driver_sql(
                f"INSERT INTO question_versions ({columns}) VALUES (4, {no}, {row})"
            )
    schema.upgrade(engine)
    assert rows(engine, "SELECT version, picture_id FROM question_versions ORDER BY version") == [
        (1, 6), (2, None),
    ]  # fmt: skip
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("INSERT INTO pictures VALUES (7, 'same', 'image/png', '', 2, 1)")
