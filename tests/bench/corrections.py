"""A correction of a whole competition: what it costs, and what officers at another one notice."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from quizapp.domain.corrections import Draft
from quizapp.domain.ids import ExamId
from quizapp.domain.people import Grant, Viewer
from quizapp.service import corrections, enforcing, laying, results
from quizapp.store import bulk, places
from quizapp.store.db import Tx, db, reading, transaction
from tests.bench.finished import Finished, finish_exam
from tests.bench.import_saves import CONNECTIONS, OFFICERS, RATE, SECONDS, Trainer, load, spread
from tests.bench.place import Installation, Load, drive, running
from tests.bench.saves import saves_plan
from tests.bench.table import Row

PAPERS = 27_000
GOAL_MS = 100


def correction_rows(installed: Installation, folder: Path) -> list[Row]:
    """Return what regrading costs and how long it locks, and the saves beside it."""
    over = finish_exam(installed.app, installed.exam_id, PAPERS)
    first, second = organizers(installed)
    with installed.app.app_context():
        results.publish_results(first, over.exam_id, now=datetime.now(UTC))
        floor_s, _, _ = measured(lambda: read_rows(over))
        drafted = draft(first, over, "void_none")
        lay_s, _, lay_spans = measured(lambda: laying.lay_down(drafted, now=datetime.now(UTC)))
        approve_s, wall_s, spans = measured(
            lambda: enforcing.approve(second, drafted, now=datetime.now(UTC))
        )
    name = installed.name
    return [
        Row(
            f"dry run of a correction of {PAPERS:,} papers ÷ reading the same rows, CPU, {name}",
            f"{lay_s / floor_s:.1f}",
            "",
            f"{lay_s:.1f} s and {floor_s:.1f} s; marked anew, laid down, ranked",
        ),
        Row(
            f"its approval: {PAPERS:,} new scores, the public board withdrawn, {name}",
            f"{approve_s:.1f} CPU-s",
            "",
            f"{wall_s:.1f} s, with a rest after every {enforcing.WRITTEN} papers",
        ),
        Row(
            f"longest wait of another writer meanwhile, {name}",
            f"{1000 * max(lay_spans + spans):.0f} ms",
            f"< {GOAL_MS} ms",
            f"dry run {1000 * max(lay_spans):.0f} ms, approval {1000 * max(spans):.0f} ms"
            + ("" if name == "SQLite" else ": the longest transaction, which locks its rows"),
        ),
        *saves_beside(installed, folder, over, (first, second)),
    ]


def organizers(installed: Installation) -> tuple[Viewer, Viewer]:
    """Let the first two officers of the load be organizers of the province."""
    ids = [sitter["officer"] for sitter in installed.sitters[:2]]
    with installed.app.app_context(), transaction() as tx:
        place = places.find_place(tx, "130000")
        assert place is not None
        bulk.add_grants(tx, [(officer_id, "organizer", place.id) for officer_id in ids])
    who = Viewer(ids[0], "", "赵管", place, (Grant("organizer", place),))
    return who, replace(who, officer_id=ids[1])


def draft(viewer: Viewer, over: Finished, ruling: str) -> int:
    ruled = Draft(ExamId(over.exam_id), over.version_id, -1, ruling, "", "recalculate", "题目有误")
    return corrections.draft(viewer, ruled, now=datetime.now(UTC))


def read_rows(over: Finished) -> None:
    """Read the papers, the points and the answers that marking anew needs: the floor."""
    with reading() as tx:
        rows = tx.connection().exec_driver_sql(
            "SELECT a.id, a.paper, a.item_cp, e.response FROM attempts a JOIN answer_events e "
            f"ON e.attempt_id = a.id AND e.no = {over.no} WHERE a.exam_id = {over.exam_id}"
        )
        for _, paper, item_cp, _ in rows:
            if isinstance(paper, str):  # PostgreSQL's driver has parsed them already
                json.loads(paper)
                json.loads(item_cp)


class Waiter(threading.Thread):
    """Another writer of the same SQLite: `waits` are the seconds until it had the lock."""

    def __init__(self, path: str) -> None:
        super().__init__(daemon=True)
        self.path, self.waits, self.is_over = path, [0.0], False

    def run(self) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=0)) as connection:
            while not self.is_over:
                begun = time.perf_counter()
                self.take(connection)
                self.waits.append(time.perf_counter() - begun)
                connection.execute("ROLLBACK")
                time.sleep(0.002)

    def take(self, connection: sqlite3.Connection) -> None:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                time.sleep(0.001)
            else:
                return


def measured(work: Callable[[], Any]) -> tuple[float, float, list[float]]:
    """Return processor seconds, seconds, and how long others were kept from writing.

    On SQLite what another writer waited; else how long the transactions took, rows are locked.
    """
    spans: list[float] = []

    @contextmanager
    def timed() -> Iterator[Tx]:
        begun = time.perf_counter()
        with transaction() as tx:
            yield tx
        spans.append(time.perf_counter() - begun)

    url = db.engine.url
    waiter = Waiter(str(url.database)) if url.get_backend_name() == "sqlite" else None
    with ExitStack() as stack:
        for part in (laying, enforcing):
            stack.enter_context(patch.object(part, "transaction", timed))
        if waiter is not None:
            waiter.start()
        cpu_s, begun = time.process_time(), time.perf_counter()
        work()
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - begun
    if waiter is not None:
        waiter.is_over = True
        waiter.join()
        return cpu_s, wall_s, waiter.waits
    return cpu_s, wall_s, spans or [0.0]


def saves_beside(
    installed: Installation, folder: Path, over: Finished, people: tuple[Viewer, Viewer]
) -> list[Row]:
    """Return the latency of saves at the running exam without, and while scores are corrected."""
    with installed.app.app_context():
        drafted = draft(people[0], over, "void_full")
    path = f"/manage/corrections/case/{drafted}"
    with running("wsgi:app", folder, installed.url) as real:
        desk = Trainer(real.port, installed.sitters[1])
        warm = saves_plan(installed, OFFICERS, 1000) | {"connections": CONNECTIONS}
        drive(real, folder, warm | {"count": 3 * OFFICERS})

        def look(_: float) -> None:
            while 'id="stand"' in desk.call("GET", path)[1]:
                time.sleep(0.2)

        def approve(_: float) -> None:
            desk.call("POST", f"{path}/approve", b"checked=1", "application/x-www-form-urlencoded")
            look(0)

        quiet = load(real, installed, folder, 4, time.sleep)
        during_look = load(real, installed, folder, 5, look)
        during_approval = load(real, installed, folder, 6, approve)
    with installed.app.app_context(), reading() as tx:
        state = corrections.store.get_correction(tx, drafted).state
        assert state == "applied", state
    return [
        row(installed, during_look, quiet, "the dry run"),
        row(installed, during_approval, quiet, "the approval"),
    ]


def row(installed: Installation, found: Load, quiet: Load, done: str) -> Row:
    return Row(
        f"saves during {done} of a correction of {PAPERS:,} papers: p95 ÷ p95 without, "
        f"{installed.name}",
        f"{found.percentile(0.95) / quiet.percentile(0.95):.1f}",
        "p95 < 1 s",
        f"p50/p95/max {spread(found)} ms, without {spread(quiet)} ms; {RATE} saves/s for "
        f"{SECONDS:.0f} s, {found.errors} not answered",
    )
