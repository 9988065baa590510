"""Prepare the installation and start it: what `make run` runs inside `.venv`.

What is in the way (port taken, disk full, database away) is said in one line.
"""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))

from quizapp.config import ConfigError, Settings, make_secret, read_settings  # noqa: E402 — path first

HIGHEST_PORT = 65535
SOURCES = (
    "question_bank/**/*.yaml",
    "quizapp/regions/*",
    "quizapp/store/migrations/versions/*.py",
)
"""What `prepare` puts into the database."""


def main() -> None:
    """Never return: become gunicorn, or end with status 1 and one line of advice."""
    os.chdir(ROOT)
    os.umask(0o077)  # database, secret and logs are the owner's alone
    host, port = os.environ.get("LISTEN") or "0.0.0.0", os.environ.get("PORT") or "8000"  # noqa: S104
    check_port(host, port)
    demo = os.environ.get("DEMO", "1") not in ("0", "no", "false")
    try:
        if not os.environ.get("SECRET_KEY"):
            make_secret(Path(os.environ.get("QUIZAPP_INSTANCE_DIR") or ROOT / "instance"))
        settings = read_settings()
    except (ConfigError, OSError) as problem:
        sys.exit(f"run: {problem}")
    prepare(settings, demo=demo)
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    sys.stdout.write(f"\n  http://{shown}:{port}/\n\n")
    sys.stdout.flush()
    gunicorn = str(BIN / "gunicorn")
    os.execv(gunicorn, [gunicorn, "-c", "gunicorn.conf.py", "-b", f"{host}:{port}", "wsgi:app"])  # noqa: S606


def prepare(settings: Settings, *, demo: bool) -> None:
    """Leave database, places, bank and demo up to date; end here when that cannot be.

    Asking costs seconds, so it is not asked again while neither the SQLite file nor what would go
    into it has changed since. Another database is always asked.
    """
    stamp, mark = settings.instance_dir / ".prepared", fingerprint(settings, demo=demo)
    if mark and stamp.exists() and stamp.read_text(encoding="ascii") == mark:
        accounts = settings.instance_dir / "demo-sign-ins.txt"
        if demo and accounts.exists():
            sys.stdout.write("demo sign-ins, unless a password was changed:\n")
            sys.stdout.write(accounts.read_text(encoding="utf-8"))
        return
    words = ["prepare", "--demo" if demo else "--without-demo"]
    if subprocess.run([BIN / "flask", "--app", "wsgi", *words], check=False).returncode:
        sys.exit("run: not started, see the line above")
    stamp.write_text(fingerprint(settings, demo=demo), encoding="ascii")


def fingerprint(settings: Settings, *, demo: bool) -> str:
    """Return what the prepared state depends on, hashed; empty unless it is an SQLite file."""
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    if not settings.database_url.startswith("sqlite:///") or not database.exists():
        return ""
    digest = hashlib.sha256(f"{database.stat().st_ino} {demo}".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def check_port(host: str, port: str) -> None:
    """End here when nobody can listen there."""
    if not port.isdigit() or not 0 < int(port) <= HIGHEST_PORT:
        sys.exit(f"run: PORT={port} is not a port: choose 1–65535, for example PORT=8080")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            sys.exit(
                f"run: cannot listen on {host}:{port} ({error.strerror}): "
                f"stop what runs there or choose another, for example make run PORT={int(port) + 1}"
            )


if __name__ == "__main__":
    main()
