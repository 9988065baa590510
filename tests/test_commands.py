"""The commands as an operator calls them: what they print, and one line when they cannot."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from quizapp import cli
from quizapp.service import demo
from quizapp.store.db import db


def run(app: Flask, *words: str, answer: str = "") -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(words), input=answer)
    return done.exit_code, done.output


def test_the_first_administrator_is_made_from_an_empty_database(app: Flask) -> None:
    assert run(app, "create-admin", "00000001", "王主任")[0] == 1
    assert run(app, "load-places") == (0, "units added: 180, English names filled in: 0\n")
    assert run(app, "load-places") == (0, "units added: 0, English names filled in: 0\n")
    status, printed = run(app, "create-admin", "00000001", "王主任")
    assert status == 0
    assert "/activate" in printed
    assert run(app, "create-admin", " ", "王主任")[0] == 1


def test_backup_restore_and_verify(app: Flask, tmp_path: Path) -> None:
    run(app, "load-places")
    copy = tmp_path / "copy.sqlite"
    status, printed = run(app, "backup", str(copy))
    if db.engine.dialect.name == "postgresql":
        assert status == 1
        assert "pg_dump" in printed
    else:
        assert status == 0
        assert run(app, "restore", str(copy), answer="n\n")[0] == 1
        status, printed = run(app, "restore", str(copy), "--yes")
        assert status == 0
        Path(printed.split()[-1]).unlink()
    assert run(app, "verify")[0] == 0


def test_closing_by_hand_finds_nothing_to_close(app: Flask) -> None:
    assert run(app, "close-expired") == (0, "closed: 0\n")


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        ("database or disk is full", "free some space"),
        ("unable to open database file", "check folder and rights"),
        ("attempt to write a readonly database", "owner and rights"),
        ("connection refused", "DATABASE_URL"),
        ("no such table: officers", "migrate"),
    ],
)
def test_a_fault_is_one_line_of_advice(
    app: Flask, monkeypatch: pytest.MonkeyPatch, fault: str, advice: str
) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception(fault))

    monkeypatch.setattr(cli.upkeep, "migrate", fail)
    status, printed = run(app, "migrate")
    assert status == 1
    assert advice in printed
    assert len(printed.splitlines()) == 1


def test_a_seed_writes_the_sign_ins_it_made(app: Flask, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    words = ("seed", "--officers", "30", "--seed", "t", "--credentials", str(accounts))
    status, printed = run(app, *words)
    assert status == 0, printed
    assert "50 sign-ins" in printed
    lines = accounts.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "role,staff_no,password,unit_code,name"
    assert len(lines) == 51
    assert accounts.stat().st_mode & 0o777 == 0o600
    assert run(app, *words)[0] == 0
    assert accounts.read_text(encoding="utf-8").splitlines() == lines
    assert run(app, "seed", "--officers", "0")[0] == 2


def test_the_demo_prints_one_sign_in_of_each_role(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "OFFICERS", 20)
    status, printed = run(app, "demo")
    assert status == 0, printed
    lines = [line.split() for line in printed.splitlines() if line.startswith("demo ")]
    assert [words[1] for words in lines[-4:]] == [
        "officer",
        "trainer",
        "organizer",
        "administrator",
    ]
    assert run(app, "demo")[1].splitlines()[-4:] == printed.splitlines()[-4:]
    Path(app.extensions["quizapp_settings"].instance_dir, "demo-sign-ins.txt").unlink()
