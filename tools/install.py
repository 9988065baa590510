"""Install the pinned packages into `.venv`; nothing is done twice. Standard library only.

`--tests` adds what the tests need, among it Chromium. Whatever is missing is said in one line.
"""

import argparse
import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PACKAGES = ["chromium", "fonts-noto-cjk"]
DRIVER_NEEDS = ["libatomic1"]
"""A library of Playwright's driver which a small Debian has not."""
NO_SPACE = "no space left on the disk: free some (about 500 MB are needed), then run it again"
NO_VENV = "Python's venv module is missing: apt-get install python3-venv, then run it again"
PIP_ENDED = """could not install the packages (see above).
Is the package index reachable? Behind a mirror: PIP_INDEX_URL=https://… make setup"""


class Stop(Exception):  # noqa: N818 — an advice, not a fault
    """One line that says what is missing and what to do."""


def main() -> None:
    """Install what is missing; end with status 1 and one line when something cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    with_tests = parser.parse_args().tests
    try:
        make_environment()
        install("requirements.txt")
        if with_tests:
            install("requirements-dev.txt")
            if "browser" not in os.environ.get("WITHOUT", "").split():
                find_chromium()
        compile_catalogues()
        make_secret()
    except Stop as stop:
        sys.exit(f"setup: {stop}")
    except OSError as error:
        sys.exit(f"setup: {NO_SPACE if error.errno == errno.ENOSPC else error}")


def make_environment() -> None:
    """Leave a working `.venv`; one that was moved or whose Python went away is made anew."""
    if PYTHON.exists() and run([PYTHON, "-c", "import pip"]).returncode == 0:
        return
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    if importlib.util.find_spec("ensurepip") is None:
        install_venv()
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError:
        raise Stop(NO_VENV) from None


def install_venv() -> None:
    """Leave Python's venv module usable: Debian keeps it in a package that root may install."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Stop(NO_VENV)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    say(f"installing {package}")
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qqy", package]):
        if run(command).returncode:
            raise Stop(NO_VENV)
    importlib.invalidate_caches()


def install(requirements: str) -> None:
    """Leave the packages of that file installed; pip is not asked when the file is unchanged."""
    names = {"requirements.txt", requirements}
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in sorted(names))
    stamp = VENV / f".{requirements}.sha256"
    digest = hashlib.sha256(text.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"installing {requirements}")
    done = run(
        [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input",
         "-r", ROOT / requirements]
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        raise Stop(NO_SPACE if "No space left" in done.stderr else PIP_ENDED)
    stamp.write_text(digest)


def compile_catalogues() -> None:
    """Leave every catalogue compiled that is older than its source."""
    for source in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        done = run(
            [PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source,
             "-o", compiled]
        )  # fmt: skip
        if done.returncode:
            raise Stop(f"{source} does not compile:\n{done.stderr}")


def make_secret() -> None:
    """Leave the secret of this installation in its instance folder, unless it is there."""
    folder = Path(os.environ.get("QUIZAPP_INSTANCE_DIR") or ROOT / "instance")
    if not os.environ.get("SECRET_KEY") and not (folder / "secret.key").exists():
        code = "import pathlib, sys; from quizapp.config import make_secret as m; "
        done = run([PYTHON, "-c", code + "m(pathlib.Path(sys.argv[1]))", folder])
        if done.returncode:
            raise Stop(f"cannot write {folder}: {done.stderr.strip().splitlines()[-1]}")


def find_chromium() -> None:
    """Leave a Chromium that Playwright can drive: Debian's for root, else Playwright's own."""
    driver_runs = run([PYTHON, "-m", "playwright", "--version"]).returncode == 0
    has_one = any(map(shutil.which, CHROMIUM)) or (driver_runs and playwright_has_one())
    if has_one and driver_runs:
        return
    is_root, is_debian = os.geteuid() == 0, "\nID=debian" in "\n" + release()
    say("installing Chromium for the browser tests (WITHOUT=browser leaves them out)")
    if is_root and is_debian:
        packages = [*([] if has_one else CHROMIUM_PACKAGES), *([] if driver_runs else DRIVER_NEEDS)]
        commands = [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qqy", "--no-install-recommends", *packages],
        ]
    else:
        options = ["--with-deps"] if is_root else []
        commands = [[str(PYTHON), "-m", "playwright", "install", *options, "chromium"]]
    for command in commands:
        done = run(command)
        if done.returncode:
            sys.stderr.write(done.stderr[-2000:])
            raise Stop(
                "no Chromium for the browser tests: install one (Debian: apt-get install "
                f"{' '.join(CHROMIUM_PACKAGES + DRIVER_NEEDS)}), "
                'or leave them out by name: make test WITHOUT="browser"'
            )


def playwright_has_one() -> bool:
    """Say whether Playwright has downloaded its own Chromium already."""
    question = (
        "from playwright.sync_api import sync_playwright as s; import os, sys\n"
        "with s() as p: sys.exit(not os.path.exists(p.chromium.executable_path))"
    )
    return run([PYTHON, "-c", question]).returncode == 0


def release() -> str:
    """Return the text of /etc/os-release, empty where there is none."""
    path = Path("/etc/os-release")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def run(command: list[str | Path]) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end; its output is kept for the advice."""
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def say(words: str) -> None:
    """Tell the caller what takes time."""
    sys.stderr.write(f"setup: {words}\n")


if __name__ == "__main__":
    main()
