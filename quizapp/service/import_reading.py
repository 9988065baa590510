"""Reading an uploaded file beside the requests: one at a time, in a process that can be killed."""

import fcntl
import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Busy
from quizapp.domain.people import Viewer
from quizapp.service.desk import reach_in
from quizapp.service.import_lines import laws_to_plain
from quizapp.service.import_process import (
    FILE,
    ORDER,
    RESULT,
    RUN_S,
    TOO_HEAVY,
    pack,
    unpack,
)
from quizapp.store import bank, imports
from quizapp.store.db import reading, transaction

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "quizapp.service.import_process")
WAIT_S = 150
"""How long a file waits for those before it."""
_PAUSE_S = 0.1
_LOG = logging.getLogger(__name__)
Tell = Callable[[str], object]
Runner = Callable[[Mapping[str, Any], bytes, Tell], bytes]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the one place there is for reading files on this machine. Raises Busy."""
    with (folder / "import.lock").open("a", encoding="ascii") as handle:
        waited = 0.0
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if waited >= WAIT_S:
                    raise Busy(retry_after_s=30) from None
                time.sleep(_PAUSE_S)
                waited += _PAUSE_S
            else:
                break
        yield


def run_in_process(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
    """Return what the process leaves for an order; empty when it was killed or gave up.

    It gets no more than RUN_S seconds, and nothing of our environment.
    """
    with tempfile.TemporaryDirectory(prefix="quiz-import-") as name:
        folder = Path(name)
        (folder / ORDER).write_bytes(pack(order))
        (folder / FILE).write_bytes(content)
        with subprocess.Popen(  # noqa: S603 — our own module, in a folder of our own
            [*COMMAND, name],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process:
            killer = threading.Timer(RUN_S, process.kill)
            killer.start()
            try:
                for line in process.stdout or ():
                    tell(line.strip())
                process.wait()
            finally:
                killer.cancel()
                process.kill()
        result = folder / RESULT
        if process.returncode != 0 or not result.exists():
            _LOG.warning("the reading of a file ended with status %s", process.returncode)
            return b""
        return result.read_bytes()


def read_upload(
    viewer: Viewer, upload_id: int, folder: Path, *, now: datetime, run: Runner = run_in_process
) -> None:
    """Leave the desk of an upload, or why it is refused, in the store; how far it is on the way.

    `folder`: where the lock of this installation is. A reading that began later wins. Raises Busy
    never: a file that does not get its turn is refused as busy.
    """
    with reading() as tx:
        begun = imports.get_reading(tx, upload_id).started_at
        name, content = imports.get_file(tx, upload_id)

    def tell(line: str) -> None:
        stage, done, total = line.split()
        with suppress(Busy), transaction() as tx:  # it reads on; the next word comes soon
            imports.put_stage(tx, upload_id, begun, state=stage, done=int(done), total=int(total))

    try:
        with alone(folder):
            packed = run(_order(viewer, upload_id, name, now), content, tell)
    except Busy:
        packed = pack({"refused": "busy", "facts": {}})
    values = _outcome(packed)
    with transaction() as tx:
        imports.put_stage(tx, upload_id, begun, **values)


def _order(viewer: Viewer, upload_id: int, name: str, now: datetime) -> dict[str, Any]:
    with reading() as tx:
        stamp = imports.newest_version(tx)  # before the texts: what comes between is in both
    with reading() as tx:
        texts = imports.list_texts(tx, reach_in(tx, viewer))
        return {
            "work": "read",
            "name": name,
            "mapping": imports.get_reading(tx, upload_id).mapping or None,
            "remembered": imports.list_mappings(tx, viewer.officer_id),
            "bank": [[each.code, each.stem, each.options] for each in texts],
            "laws": laws_to_plain(bank.list_laws(tx)),
            "stamp": stamp,
            "today": civil_date(now).isoformat(),
        }


def _outcome(packed: bytes) -> dict[str, Any]:
    """Return what to store of a result: a report, or why there is none."""
    if not packed:
        return {
            "state": imports.REFUSED,
            "refusal": {"code": TOO_HEAVY, "facts": {"seconds": RUN_S}},
        }
    found = unpack(packed)
    if "refused" in found:
        refusal = {"code": found["refused"], "facts": found["facts"]}
        return {"state": imports.REFUSED, "refusal": refusal}
    return {
        "state": imports.READY,
        "report": packed,
        "report_hash": sha256(packed).hexdigest(),
    }
