"""Prepare the installation and start it: what `make run` runs inside `.venv`.

What is in the way (port taken, disk full, database away) is said in one line.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))

from quizapp.config import ConfigError, make_secret, read_settings  # noqa: E402 — path first

HIGHEST_PORT = 65535


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
        read_settings()
    except (ConfigError, OSError) as problem:
        sys.exit(f"run: {problem}")
    prepare = [BIN / "flask", "--app", "wsgi", "prepare", "--demo" if demo else "--without-demo"]
    if subprocess.run(prepare, check=False).returncode:
        sys.exit("run: not started, see the line above")
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    sys.stdout.write(f"\n  http://{shown}:{port}/\n\n")
    sys.stdout.flush()
    gunicorn = str(BIN / "gunicorn")
    os.execv(gunicorn, [gunicorn, "-c", "gunicorn.conf.py", "-b", f"{host}:{port}", "wsgi:app"])  # noqa: S606


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
