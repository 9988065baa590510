"""What a save costs, how many a second the server bears, how often the disk flushes."""

import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.bench.place import Installation, Load, Running, drive, running
from tests.bench.table import Row

HELLO = {"what": "same", "request": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"}
BARE = "tests.bench.bare:app"
CONNECTIONS = 32
WARM_OFFICERS = 400
ROUNDS = 5
REQUESTS = 4000
RATES = ((600, "≤ 200 ms"), (900, "≤ 300 ms"), (1200, "reported"))
FLUSHED = 300


def saves_plan(installed: Installation, officers: int | None, seq_from: int) -> dict[str, Any]:
    return {
        "what": "saves",
        "sitters": installed.sitters[:officers],
        "items": installed.items,
        "seq_from": seq_from,
    }


def cost_of_a_save(installed: Installation, folder: Path, beside: str = "") -> list[Row]:
    """Closed loop, 32 connections, in turn with the floor."""
    ratios, rates, batches = [], [], []
    with running(BARE, folder) as bare, running("wsgi:app", folder, installed.url, beside) as real:
        warm = saves_plan(installed, WARM_OFFICERS, 1) | {"connections": CONNECTIONS}
        drive(real, folder, warm | {"count": 3 * WARM_OFFICERS})
        for no in range(ROUNDS):
            floor = drive(bare, folder, HELLO | {"connections": CONNECTIONS, "count": REQUESTS})
            plan = saves_plan(installed, WARM_OFFICERS, 100 * (no + 1))
            load = drive(real, folder, plan | {"connections": CONNECTIONS, "count": REQUESTS})
            ratios.append(load.cpu_us / floor.cpu_us)
            rates.append(load.answered / load.seconds)
            batches.append(f"{load.cpu_us:.0f}/{floor.cpu_us:.0f}")
            if load.errors:
                batches.append(f"{load.errors} errors")
    return [
        Row(
            f"server CPU per durable save ÷ bare Flask page, {installed.name}",
            f"{statistics.median(ratios):.2f}",
            "≤ 3.0",
            f"median of {ROUNDS}; µs {', '.join(batches)}; {statistics.median(rates):.0f} saves/s",
        )
    ]


def open_loop(installed: Installation, folder: Path, seconds: float) -> list[Row]:
    """Requests due at fixed moments over all attempts; latency from the moment they were due."""
    rows = []
    with running(BARE, folder) as bare, running("wsgi:app", folder, installed.url) as real:
        warm = saves_plan(installed, None, 1000) | {"connections": 64}
        drive(real, folder, warm | {"count": 4 * len(installed.sitters)})
        for no, (rate, goal) in enumerate(RATES, 1):
            shape = {"connections": 500, "rate": rate, "seconds": seconds}
            floor = drive(bare, folder, HELLO | shape)
            load = drive(real, folder, saves_plan(installed, None, 1000 + 100 * no) | shape)
            rows.append(
                Row(
                    f"open loop {rate} saves/s, p99",
                    f"{load.percentile(0.99):.0f} ms, {load.errors} errors",
                    goal,
                    f"p50/p90/max {spread(load)} ms; floor p50/p90/p99 "
                    f"{floor.percentile(0.5):.0f}/{floor.percentile(0.9):.0f}/"
                    f"{floor.percentile(0.99):.0f} ms, {floor.errors} errors; {seconds:.0f} s",
                )
            )
    return rows


def spread(load: Load) -> str:
    return "/".join(f"{load.percentile(share):.0f}" for share in (0.5, 0.9, 1.0))


def flushes_per_commit(installed: Installation, folder: Path) -> list[Row]:
    """Saves one after the other, so that each is a commit of its own; strace counts the flushes."""
    what = "device flushes per commit on the answers (SQLite)"
    if shutil.which("strace") is None:
        return [Row(what, "not measured", "1", "strace is not installed")]
    with running("wsgi:app", folder, installed.url) as real:
        plan = saves_plan(installed, 5, 5000) | {"connections": 1}
        drive(real, folder, plan | {"count": 50})
        counted = trace(real, folder, plan | {"seq_from": 6000, "count": FLUSHED})
    return [
        Row(
            what,
            f"{counted / FLUSHED:.2f}",
            "1",
            f"{counted} fdatasync and fsync calls in {FLUSHED} commits, counted by strace",
        )
    ]


def trace(real: Running, folder: Path, plan: dict[str, Any]) -> int:
    out = folder / "strace.txt"
    targets = [part for one in real.workers() for part in ("-p", str(one.pid))]
    watcher = subprocess.Popen(
        ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(out), *targets],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1)
    try:
        drive(real, folder, plan)
    finally:
        watcher.terminate()
        watcher.wait()
    return len(re.findall(r"\b(?:fdatasync|fsync)\(", out.read_text()))
