"""A whole exam, statements per request, and the city board."""

import http.client
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from quizapp.service import closing
from quizapp.store.db import db, reading
from quizapp.store.people import grants, officers
from tests.bench.place import Installation, Running, drive, running
from tests.bench.saves import BARE, HELLO
from tests.bench.table import Row

EXAMS, PHONES = 60, 6
MOODLE_CPU_S = 1.58
BOARDS = 40


class Phone:
    """One officer's phone: keeps its connection, reads everything."""

    def __init__(self, server: Running, sitter: dict[str, Any]) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.sitter = sitter

    def ask(self, method: str, path: str, body: object = None, *, page: bool = False) -> bytes:
        headers = {
            "Cookie": f"session={self.sitter['cookie']}",
            "Accept": "text/html" if page else "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "bench",
        }
        data = None
        if method != "GET":
            headers |= {"X-CSRFToken": self.sitter["token"], "Content-Type": "application/json"}
            data = json.dumps(body or {})
        self.line.request(method, path, data, headers)
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return text

    def sit(self, exam_id: int) -> None:
        """Home, paper page, every answer when it is given, hand-in, result, city board."""
        self.ask("GET", "/", page=True)
        started = json.loads(self.ask("POST", f"/exams/{exam_id}/attempts"))
        path = f"/attempts/{started['attempt_id']}"
        self.ask("GET", path, page=True)
        for no, keys in enumerate(self.sitter["keys"], 1):
            answer = {"no": no, "response": [keys[0]], "seq": 9_000_000, "flagged": False}
            self.ask("PUT", f"{path}/answers", {"answers": [answer]})
        self.ask("POST", f"{path}/submit")
        self.ask("GET", f"{path}/result", page=True)


def whole_exam(installed: Installation, folder: Path) -> list[Row]:
    """Server CPU of complete exams, the attempt already running replaced by starting anew."""
    sitters = installed.sitters[-EXAMS:]
    with running("wsgi:app", folder, installed.url) as real:
        phones = [Phone(real, sitter) for sitter in sitters]
        for phone in phones[:PHONES]:
            phone.ask("GET", "/", page=True)
        for phone in phones:  # their seeded attempt makes room for one that is begun here
            phone.ask("POST", f"/attempts/{phone.sitter['attempt']}/submit")
        before = real.cpu_s()
        began = time.perf_counter()
        with ThreadPoolExecutor(PHONES) as pool:
            list(pool.map(lambda phone: phone.sit(installed.exam_id), phones))
        seconds = time.perf_counter() - began
        spent = (real.cpu_s() - before) / EXAMS
    return [
        Row(
            "whole exam: server CPU (home, start, paper, 80 saves, hand-in, result)",
            f"{spent * 1000:.0f} ms = 1/{MOODLE_CPU_S / spent:.0f} of Moodle's 1.58 s",
            "≤ 1/10",
            f"{EXAMS} exams, {PHONES} phones at a time, {EXAMS / seconds:.1f} exams/s",
        )
    ]


def statements(installed: Installation) -> list[Row]:
    """SQL statements per request, transaction brackets not counted; each page asked for twice."""
    sitter = installed.sitters[0]
    app = installed.app
    seen: list[str] = []
    with app.app_context():
        connection = db.engine.raw_connection()
        connection.close()

        @sa.event.listens_for(db.engine.pool, "checkout")
        def watch(raw: Any, _record: object, _proxy: object) -> None:
            raw.set_trace_callback(seen.append)

        client = app.test_client()
        client.set_cookie("session", sitter["cookie"], domain="localhost")
        attempt = f"/attempts/{sitter['attempt']}"
        headers = {"X-CSRFToken": sitter["token"], "Accept": "application/json"}
        counts: dict[str, int] = {}
        for seq in (8_000_000, 8_000_001):
            body = {"answers": [{"no": 1, "response": [sitter["keys"][0][0]], "seq": seq}]}
            seen.clear()
            assert client.put(f"{attempt}/answers", json=body, headers=headers).status_code == 200
            counts["save"] = real_statements(seen)
            for path in ("/", "/exams", attempt, f"{attempt}/confirm", f"{attempt}/state", "/me"):
                seen.clear()
                if client.get(path).status_code == 200:
                    counts[path.replace(attempt, "paper")] = real_statements(seen)
        db.engine.dispose()
    pages = {name: count for name, count in counts.items() if name != "save"}
    return [
        Row("SQL statements per save", str(counts["save"]), "≤ 2"),
        Row(
            "SQL statements per page, most",
            str(max(pages.values())),
            "≤ 5",
            ", ".join(f"{name} {count}" for name, count in pages.items()),
        ),
    ]


def real_statements(seen: list[str]) -> int:
    brackets = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|--)", re.IGNORECASE)
    return sum(1 for statement in seen if not brackets.match(statement))


def city_board(installed: Installation, folder: Path) -> list[Row]:
    """Close everything, publish, and ask for the board of all cities, uncached and in turn."""
    with installed.app.app_context():
        later = datetime.now(UTC) + timedelta(hours=12)
        began = time.process_time()
        closed = closing.close_expired(now=later, allowance_s=30)
        spent = time.process_time() - began
        staff = organizer(installed)
        db.engine.dispose()
    rows = [
        Row(
            f"closing and marking {closed:,} attempts",
            f"{spent:.1f} CPU-s, {spent / max(1, closed) * 1000:.2f} ms each",
            "",
            "in slices of 200",
        )
    ]
    with running(BARE, folder) as bare, running("wsgi:app", folder, installed.url) as real:
        phone = Phone(real, staff)
        path = f"/standings/{installed.exam_id}/cities.json"
        phone.ask("GET", path)
        ratios, costs = [], []
        for _ in range(3):
            floor = drive(bare, folder, HELLO | {"connections": 1, "count": 1000})
            before = real.cpu_s()
            for _ in range(BOARDS):
                phone.ask("GET", path)
            costs.append((real.cpu_s() - before) / BOARDS * 1000)
            ratios.append(costs[-1] * 1000 / floor.cpu_us)
    return [
        *rows,
        Row(
            f"city board over {closed:,} attempts ÷ bare Flask page",
            f"{statistics.median(ratios):.0f}, {statistics.median(costs):.1f} ms CPU",
            "≤ 25 ms",
            "organizer's live board as JSON",
        ),
    ]


def organizer(installed: Installation) -> dict[str, Any]:
    """Return a session of the province's organizer."""
    with reading() as tx:
        row = tx.execute(
            sa.select(officers.c.id, officers.c.session_epoch)
            .join(grants, grants.c.officer_id == officers.c.id)
            .where(grants.c.role == "organizer")
            .order_by(grants.c.unit_id)
            .limit(1)
        ).one()
    signer = installed.app.session_interface.get_signing_serializer(installed.app)  # type: ignore[attr-defined]
    session = {"_user_id": f"{row.id}.{row.session_epoch}.bench", "_fresh": True}
    return {"cookie": signer.dumps(session), "token": ""}
