"""The exam page as a phone gets it: bytes, requests and paint in a real Chromium."""

import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.place import Installation, running
from tests.bench.table import Row

SLOW_4G = {
    "offline": False, "latency": 562.5, "downloadThroughput": 1_474_560 / 8,
    "uploadThroughput": 675_000 / 8,
}  # fmt: skip
QUESTIONS = 80
VISITS = 5
WATCH = """
window.paint = 0; window.blocked = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) window.paint = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => {
  for (const e of l.getEntries()) window.blocked += Math.max(0, e.duration - 50); })
  .observe({type: 'longtask', buffered: true});
"""


def exam_page(installed: Installation, folder: Path) -> list[Row]:
    visits = []
    with running("wsgi:app", folder, installed.url) as real, sync_playwright() as play:
        path = next(
            (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()),
            None,
        )
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for no in range(VISITS):
            sitter = installed.sitters[1000 + no]
            context = browser.new_context(
                viewport={"width": 360, "height": 740}, device_scale_factor=2, has_touch=True
            )
            base = f"http://127.0.0.1:{real.port}"
            context.add_cookies([{"name": "session", "value": sitter["cookie"], "url": base}])
            visits.append(visit(context.new_page(), f"{base}/attempts/{sitter['attempt']}"))
            context.close()
        browser.close()
    middle = {key: statistics.median(one[key] for one in visits) for key in visits[0]}
    return [
        Row(
            "exam page with 80 real questions, cold, on the wire",
            f"{middle['bytes'] / 1024:.1f} KB, {middle['requests']:.0f} requests",
            "≤ 40 KB, ≤ 3",
            "headers included, as the browser counts them",
        ),
        Row(
            "its LCP / TBT, slow 4G, 4× CPU",
            f"{middle['lcp'] / 1000:.2f} s / {middle['tbt']:.0f} ms",
            "≤ 2.0 s / ≤ 50 ms",
            f"median of {VISITS} visits, Chromium, 360×740",
        ),
    ]


def visit(page: Page, address: str) -> dict[str, float]:
    wire: dict[str, Any] = {"bytes": 0, "requests": 0}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def finished(event: dict[str, Any]) -> None:
        wire["bytes"] += event["encodedDataLength"]
        wire["requests"] += 1

    session.on("Network.loadingFinished", finished)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    if page.locator("fieldset.q").count() < QUESTIONS:
        raise RuntimeError(f"no paper at {page.url}")
    return {
        "bytes": wire["bytes"],
        "requests": wire["requests"],
        "lcp": page.evaluate("window.paint"),
        "tbt": page.evaluate("window.blocked"),
    }
