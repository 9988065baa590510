"""Where the figures come from: a seeded installation and servers started as they are shipped."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from quizapp.app import create_app
from quizapp.config import ROOT, Settings
from quizapp.domain.drawn import parse_shape
from quizapp.service import bank, places, seed, upkeep
from quizapp.store.db import db
from tests.faults.server import free_port

SECRET = "a secret of the bench alone, long enough"
TOKEN = "0" * 40
READY_S = 30


@dataclass
class Installation:
    """A database filled with officers whose attempts run."""

    name: str
    app: Flask
    url: str
    folder: Path
    exam_id: int
    sitters: list[dict[str, Any]]
    items: int


def install(name: str, url: str, folder: Path, bank_folder: Path, officers: int) -> Installation:
    """Fill a database: everybody sits the open competition."""
    app = create_app(Settings(secret_key=SECRET, database_url=url, instance_dir=folder, upkeep_s=0))
    now = datetime.now(UTC)
    with app.app_context():
        upkeep.migrate()
        places.load_places(now)
        bank.load_folder(bank_folder, now=now)
        made = seed.seed(officers, seed="bench", now=now, exam_open=True, started=officers)
        sitters, items = read_sitters(app)
        db.engine.dispose()
    assert made.exam_id is not None
    return Installation(name, app, url, folder, made.exam_id, sitters, items)


def read_sitters(app: Flask) -> tuple[list[dict[str, Any]], int]:
    """Return a session and a paper's keys for every running attempt."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(TOKEN)
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT a.id, a.officer_id, o.session_epoch, a.shape FROM attempts a "
            "JOIN officers o ON o.id = a.officer_id WHERE a.closed_at IS NULL ORDER BY a.id"
        ).all()
    sitters = []
    shape: tuple[Any, ...] = ()
    for attempt_id, officer_id, epoch, text in rows:
        shape = parse_shape(text)
        session = {
            "_user_id": f"{officer_id}.{epoch}.bench-{officer_id}",
            "_fresh": True,
            "csrf_token": TOKEN,
        }
        keys = [slot.type.shown_letters(slot.options)[:2] for slot in shape]
        sitters.append(
            {
                "attempt": attempt_id,
                "officer": officer_id,
                "cookie": signer.dumps(session),
                "token": token,
                "keys": keys,
            }
        )
    return sitters, len(shape)


class Running:
    """A gunicorn started by the documented command; knows what its processes have spent."""

    def __init__(self, target: str, folder: Path, url: str = "", beside: str = "") -> None:
        self.port = free_port()
        self.beside = beside
        self.log = folder / f"{target.split(':', maxsplit=1)[0]}.log"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("QUIZAPP_")} | {
            "SECRET_KEY": SECRET,
            "QUIZAPP_INSTANCE_DIR": str(folder),
            "QUIZAPP_UPKEEP_S": "5",
            "DATABASE_URL": url,
        }
        command = [str(Path(sys.executable).parent / "gunicorn"), "-c", "gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "-b", f"127.0.0.1:{self.port}", target],
                cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        began = time.monotonic()
        while len(self.workers()) < 2 or "Listening" not in self.log.read_text():
            if time.monotonic() - began > READY_S or self.process.poll() is not None:
                raise RuntimeError(f"not started:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)
        time.sleep(1.5)  # the workers load the application

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def cpu_s(self) -> float:
        """Return what master, workers and the database beside them have spent so far."""
        spent = sum(cpu_of(one) for one in [psutil.Process(self.process.pid), *self.workers()])
        if self.beside:
            spent += sum(
                cpu_of(one)
                for one in psutil.process_iter(["name"])
                if one.info["name"] == self.beside
            )
        return spent

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


def cpu_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


@contextmanager
def running(target: str, folder: Path, url: str = "", beside: str = "") -> Iterator[Running]:
    server = Running(target, folder, url, beside)
    try:
        yield server
    finally:
        server.stop()


@dataclass(frozen=True)
class Load:
    """What a load did to a server."""

    answered: int
    errors: int
    seconds: float
    cpu_s: float
    latencies_ms: list[float]

    @property
    def cpu_us(self) -> float:
        """Server CPU microseconds per answered request."""
        return self.cpu_s / max(1, self.answered) * 1e6

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def drive(server: Running, folder: Path, plan: dict[str, Any]) -> Load:
    """Run the driver in a process of its own and return what it saw and the server spent."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan | {"port": server.port}), encoding="utf-8")
    before = server.cpu_s()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.driver", str(path)],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    spent = server.cpu_s() - before
    outcome = json.loads(done.stdout)
    good = outcome["statuses"].get("200", 0)
    wanted = plan["count"] if "count" in plan else int(plan["rate"] * plan["seconds"])
    return Load(good, wanted - good, outcome["seconds"], spent, outcome["latencies_ms"])
