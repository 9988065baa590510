"""`make bench`: every figure as a ratio of one run, in one table (docs/benchmarks.md).

    python -m tests.bench [--officers N] [--seconds S] [--bank DIR] [--only save,open] [--out FILE]

Nothing is asserted; the goals stand beside the figures. Each ratio has its floor, a bare Flask page
under the same gunicorn settings, measured in turn with it. Other load on the machine shows in both.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from quizapp.config import ROOT
from tests import postgres
from tests.bench import flow, page
from tests.bench.corrections import correction_rows
from tests.bench.import_commands import command_rows
from tests.bench.import_saves import saves_beside
from tests.bench.imports import import_rows
from tests.bench.place import Installation, install
from tests.bench.saves import cost_of_a_save, flushes_per_commit, open_loop
from tests.bench.table import Row, write_table

PARTS = ("save", "flush", "open", "statements", "exam", "page", "imports", "corrections", "board")
"""In this order: the board closes every running attempt."""


def main() -> None:
    wanted = read_arguments()
    only = wanted.only.split(",") if wanted.only else list(PARTS)
    folder = Path(tempfile.mkdtemp(prefix="quiz-bench-", dir="/tmp"))
    rows: list[Row] = []
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        lite = install("SQLite", url, folder, wanted.bank, wanted.officers)
        say(f"seeded {wanted.officers} running attempts in SQLite")
        for part in only:
            say(part)
            rows += measure(part, lite, folder, wanted.seconds)
        if {"save", "imports", "corrections"} & set(only) and not wanted.without_postgresql:
            rows += on_postgresql(stack, wanted, only)
    write_table(wanted.out, rows, conditions(wanted))
    say(f"written: {wanted.out}")


def measure(part: str, lite: Installation, folder: Path, seconds: float) -> list[Row]:
    parts: dict[str, Callable[[], list[Row]]] = {
        "save": lambda: cost_of_a_save(lite, folder),
        "flush": lambda: flushes_per_commit(lite, folder),
        "open": lambda: open_loop(lite, folder, seconds),
        "statements": lambda: flow.statements(lite),
        "exam": lambda: flow.whole_exam(lite, folder),
        "board": lambda: flow.city_board(lite, folder),
        "page": lambda: page.exam_page(lite, folder),
        "imports": lambda: import_rows() + command_rows(folder) + saves_beside(lite, folder),
        "corrections": lambda: correction_rows(lite, folder),
    }
    return parts[part]()


def on_postgresql(stack: ExitStack, wanted: argparse.Namespace, only: list[str]) -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="quiz-bench-pg-", dir="/tmp"))
    folder.chmod(0o755)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    (folder / "server").mkdir()
    url = stack.enter_context(postgres.running(folder / "server"))
    officers = min(wanted.officers, 3000)
    installed = install("PostgreSQL", url, folder, wanted.bank, officers)
    say(f"seeded {officers} running attempts in PostgreSQL")
    rows = cost_of_a_save(installed, folder, beside="postgres") if "save" in only else []
    rows += saves_beside(installed, folder) if "imports" in only else []
    return rows + (correction_rows(installed, folder) if "corrections" in only else [])


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officers", type=int, default=27_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--bank", type=Path, default=ROOT / "question_bank")
    parser.add_argument("--only", default="", help=f"some of {','.join(PARTS)}")
    parser.add_argument("--without-postgresql", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    return parser.parse_args()


def conditions(wanted: argparse.Namespace) -> list[str]:
    load = os.getloadavg()[0]
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        f"load average at the end {load:.1f} (the load driver is part of it)",
        f"`{' '.join(['python -m tests.bench', *sys.argv[1:]])}`",
        f"{wanted.officers:,} officers with running attempts; driver on the same cores",
    ]


def say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")


if __name__ == "__main__":
    main()
