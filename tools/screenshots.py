"""The pictures in docs/images, made by the product itself: a demo province of its own, a browser.

Run by `make screenshots`; leaves phone.png (an officer's paper) and board.png (the cities).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {
    "viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "is_mobile": True,
    "has_touch": True, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
}  # fmt: skip
DESK = {"viewport": {"width": 1366, "height": 900}, "locale": "zh-CN"}
START_LIMIT_S = 120


def main() -> None:
    """Leave both pictures in docs/images."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with installation() as (address, accounts), sync_playwright() as driver:
        found = next((path for path in map(shutil.which, CHROMIUM) if path), None)
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        photograph_paper(browser, address, accounts["officer"])
        photograph_board(browser, address, accounts["officer"])
        browser.close()


@contextmanager
def installation() -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Run a fresh demo province; yield its address and {role: (staff number, password)}."""
    folder = Path(tempfile.mkdtemp(prefix="quiz-pictures-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {
        "QUIZAPP_INSTANCE_DIR": str(folder), "PORT": str(port), "LISTEN": "127.0.0.1", "DEMO": "1",
    }  # fmt: skip
    environ.pop("DATABASE_URL", None)
    server = subprocess.Popen([sys.executable, ROOT / "tools" / "serve.py"], env=environ, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        lines = (folder / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
        rows = [line.split() for line in lines]
        yield address, {row[0]: (row[1], row[2]) for row in rows}
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Return when the server answers; end here when it does not."""
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    sys.exit("screenshots: the product did not start, see above")


def sign_in(page: Page, address: str, account: tuple[str, str]) -> None:
    """Open the home page of that account."""
    page.goto(f"{address}/login")
    page.locator("input[name=staff_no]").fill(account[0])
    page.locator("input[name=password]").fill(account[1])
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"{address}/")


def photograph_paper(browser: Browser, address: str, account: tuple[str, str]) -> None:
    """Leave the picture of a question that has just been answered."""
    page = browser.new_context(**PHONE).new_page()
    sign_in(page, address, account)
    cards = page.request.get(f"{address}/exams", headers={"Accept": "application/json"}).json()
    exam = next(card for card in cards if card["state"] == "open")
    page.goto(f"{address}/exams/{exam['id']}")
    if "/attempts/" not in page.url:
        page.locator("input[name=pledge]").check()
        page.locator("main button[type=submit]").first.click()
    page.wait_for_selector("#paper")
    page.locator("#paper label:visible").nth(1).click()
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "phone.png")


def photograph_board(browser: Browser, address: str, account: tuple[str, str]) -> None:
    """Leave the picture of the cities of the competition that is over."""
    page = browser.new_context(**DESK).new_page()
    sign_in(page, address, account)
    page.goto(f"{address}/standings")
    page.locator("main a[href^='/standings/']").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / "board.png")


if __name__ == "__main__":
    main()
