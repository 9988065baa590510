"""The product as it is shipped: gunicorn started by the documented command, killed for real."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from quizapp.config import ROOT
from tests.conftest import SECRET

START_LIMIT_S = 30.0
COMMAND = ["gunicorn", "-c", "gunicorn.conf.py", "-b"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One installation's server; `start` returns when it answers."""

    def __init__(self, database_url: str, folder: Path, **settings: object) -> None:
        self.port = free_port()
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environ = {
            name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")
        } | {
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "QUIZAPP_INSTANCE_DIR": str(folder),
            "QUIZAPP_UPKEEP_S": "1",
            **{f"QUIZAPP_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def start(self) -> float:
        """Start by the documented command; return the seconds until it is ready."""
        began = time.monotonic()
        gunicorn = str(Path(sys.executable).parent / COMMAND[0])
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [gunicorn, *COMMAND[1:], f"127.0.0.1:{self.port}", "wsgi:app"],
                cwd=ROOT, env=self._environ, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        while not self.is_ready():
            if time.monotonic() - began > START_LIMIT_S or self._process.poll() is not None:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)
        return time.monotonic() - began

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def master(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def workers(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return list(self.master().children())
        return []

    def kill_all(self) -> None:
        """SIGKILL for the master and every worker at once: what a crash of the host leaves."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, limit_s: float = 40.0) -> None:
        """SIGTERM, as a service manager does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill_all()

    def reload(self) -> None:
        self.master().send_signal(signal.SIGHUP)

    def limit_files(self, size: int) -> None:
        """Let no file of the workers grow beyond `size` bytes: a full disk, as they see it."""
        for worker in self.workers():
            worker.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def faults_logged(self) -> list[str]:
        """Lines of the log that tell of an unforeseen fault."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or " failed" in line]
