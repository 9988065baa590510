"""What officers' saves notice of an import: while 5,000 rows are read, and while they are taken."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from quizapp.domain.people import Grant, Viewer
from quizapp.service import (
    import_batches,
    import_confirm,
    import_reading,
    import_taking,
    imports,
    slices,
)
from quizapp.store import bulk, places
from quizapp.store.db import Tx, transaction
from tests.bench.imports import ROWS, content_of
from tests.bench.place import Installation, Load, Running, drive, running
from tests.bench.saves import saves_plan
from tests.bench.table import Row

OFFICERS, RATE, SECONDS, CONNECTIONS = 400, 100, 8.0, 64
BORDER = "a-line-that-no-file-holds"
SCOPE = "province:13"


def saves_beside(installed: Installation, folder: Path) -> list[Row]:
    """Return the latency of saves without, during the reading, and during the confirmation."""
    desk = make_trainer(installed)
    taken_ms, undone_ms = longest_locks(installed, desk, folder)
    with running("wsgi:app", folder, installed.url) as real:
        trainer = Trainer(real.port, installed.sitters[0])
        warm = saves_plan(installed, OFFICERS, 1000) | {"connections": CONNECTIONS}
        drive(real, folder, warm | {"count": 3 * OFFICERS})
        quiet = load(real, installed, folder, 1, time.sleep)
        path: list[str] = []
        during_read = load(
            real, installed, folder, 2, lambda _: path.append(trainer.upload(content_of(1)))
        )
        during_confirm = load(real, installed, folder, 3, lambda _: trainer.confirm(path[0]))
    return [
        row(installed, during_read, quiet, "read"),
        row(installed, during_confirm, quiet, "taken as drafts"),
        Row(
            f"longest transaction of taking {ROWS:,} drafts, {installed.name}",
            f"{taken_ms:.0f} ms",
            "< 100 ms",
            "on an idle server; on SQLite the one write lock is held so long; undoing them, in one "
            f"transaction: {undone_ms:.0f} ms",
        ),
    ]


def row(installed: Installation, found: Load, quiet: Load, done: str) -> Row:
    ratio = found.percentile(0.95) / quiet.percentile(0.95)
    return Row(
        f"saves while a file of {ROWS:,} rows is {done}: p95 ÷ p95 without, {installed.name}",
        f"{ratio:.1f}",
        "p95 < 1 s",
        f"p50/p95/max {spread(found)} ms, without {spread(quiet)} ms; {RATE} saves/s for "
        f"{SECONDS:.0f} s, {found.errors} not answered",
    )


def spread(found: Load) -> str:
    return "/".join(f"{found.percentile(share):.0f}" for share in (0.5, 0.95, 1.0))


def load(
    real: Running, installed: Installation, folder: Path, no: int, beside: Callable[[float], Any]
) -> Load:
    """Drive saves at a fixed rate, and a second later begin what goes on beside them."""
    worker = threading.Timer(1.0, beside, [0.0])
    plan = saves_plan(installed, OFFICERS, 10_000 * no)
    worker.start()
    found = drive(
        real, folder, plan | {"connections": CONNECTIONS, "rate": RATE, "seconds": SECONDS}
    )
    worker.join()
    return found


class Trainer:
    """The first officer of the load, who is a trainer too, at the import desk."""

    def __init__(self, port: int, sitter: dict[str, Any]) -> None:
        self.port = port
        self.headers = {"Cookie": f"session={sitter['cookie']}", "X-CSRFToken": sitter["token"]}

    def call(
        self, method: str, path: str, body: bytes = b"", kind: str = ""
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, self.headers | {"Content-Type": kind})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply, text

    def upload(self, content: bytes) -> str:
        """Return the page of the preview once the file is read."""
        head = 'Content-Disposition: form-data; name="file"; filename="x.xlsx"'
        body = f"--{BORDER}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{BORDER}--".encode()
        reply, _ = self.call("POST", "/imports/", body, f"multipart/form-data; boundary={BORDER}")
        path = reply.headers["Location"]
        self.wait(path)
        return path

    def confirm(self, path: str) -> None:
        report = re.search(r'name="report" value="(\w+)"', self.call("GET", path)[1])
        form = f"mode=good&scope={SCOPE}&report={report[1] if report else ''}"
        reply, _ = self.call("POST", path, form.encode(), "application/x-www-form-urlencoded")
        if reply.status != http.client.SEE_OTHER:
            raise SystemExit(f"not taken: {reply.status}")
        self.wait(path)

    def wait(self, path: str) -> None:
        """Look at the page of an upload until nothing of it goes on any more."""
        while 'http-equiv="refresh"' in self.call("GET", path)[1]:
            time.sleep(0.2)


def make_trainer(installed: Installation) -> Viewer:
    """Let the first officer of the load be a trainer of the province."""
    officer_id = installed.sitters[0]["officer"]
    with installed.app.app_context(), transaction() as tx:
        place = places.find_place(tx, "130000")
        assert place is not None
        bulk.add_grants(tx, [(officer_id, "trainer", place.id)])
        return Viewer(officer_id, "", "教官", place, (Grant("trainer", place),))


def longest_locks(installed: Installation, desk: Viewer, folder: Path) -> tuple[float, float]:
    """Take a file in this process and undo it; return the milliseconds of the longest transactions.

    First of taking, then of undoing.
    """
    spans: list[float] = []

    @contextmanager
    def timed() -> Iterator[Tx]:
        with transaction() as tx:
            begun = time.perf_counter()
            yield tx
        spans.append(time.perf_counter() - begun)

    now = datetime.now(UTC)
    with installed.app.app_context():
        upload_id = imports.receive(desk, "x.xlsx", content_of(0), now=now)
        import_reading.read_upload(desk, upload_id, folder, now=now)
        report = imports.preview(desk, upload_id).report_hash
        with ExitStack() as stack:
            for part in (import_confirm, import_taking, slices):
                stack.enter_context(patch.object(part, "transaction", timed))
            import_confirm.begin(desk, upload_id, "good", scope=SCOPE, report_hash=report, now=now)
            import_taking.carry_on(desk, upload_id, now=now)
        taken_s = max(spans)
        spans.clear()
        with patch.object(import_batches, "transaction", timed):
            import_batches.undo(desk, import_batches.list_batches(desk).batches[0].id, now=now)
    return 1000 * taken_s, 1000 * max(spans)
