"""What no phone sends: oversized, malformed, half-sent. The worker answers and lives on."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from tests.faults.conftest import MakeStage
from tests.faults.phone import Phone, right_answer

Report = Callable[..., None]
SILENT = 200
REFUSED = {400, 401, 404, 408, 413, 414, 415, 422, 431}
pytestmark = pytest.mark.parametrize("make_stage", ["sqlite"], indirect=True)


def exchange(port: int, *parts: bytes) -> int:
    """Send bytes as they are; return the status, 0 when the server just hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        with suppress(OSError):
            for part in parts:
                wire.sendall(part)
        head = b""
        with suppress(OSError):
            head = wire.recv(64)
    return int(head.split()[1]) if head.startswith(b"HTTP/") else 0


def request(head: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [head, "Host: localhost", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def monsters(phone: Phone) -> Iterator[tuple[str, bytes]]:
    """Requests with one thing far too large or badly formed, by name."""
    path = f"/attempts/{phone.attempt_id}/answers"
    cookie = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
    own = {"Cookie": cookie, "X_CSRFToken": phone.token, "Content_Type": "application/json"}
    many = {"answers": [{"no": 1, "response": ["A"], "seq": 1, "flagged": False}] * 50_000}
    huge = json.dumps(many).encode()
    deep = b"[" * 100_000
    form = "&".join(f"f{n}=1" for n in range(10_000)).encode()
    for name, body in (
        ("oversized JSON", huge),
        ("deep JSON", deep),
        ("bad UTF-8", b'{"a":"\xff"}'),
    ):
        yield name, request(f"PUT {path} HTTP/1.1", body, **own, Content_Length=str(len(body)))
    plain = own | {"Content_Type": "application/x-www-form-urlencoded"}
    yield "10,000 fields", request("POST /login HTTP/1.1", form, **plain,
                                   Content_Length=str(len(form)))  # fmt: skip
    yield "200 MB announced", request(f"PUT {path} HTTP/1.1", b"{", **own,
                                      Content_Length="200000000")  # fmt: skip
    yield "chunks without end", request(f"PUT {path} HTTP/1.1", b"fffffff\r\n" + b"x" * 100_000,
                                        **own, Transfer_Encoding="chunked")  # fmt: skip
    yield "long address", request(f"GET /{'a' * 10_000} HTTP/1.1")
    yield "long header", request("GET / HTTP/1.1", X_Long="a" * 20_000)
    yield "200 headers", request("GET / HTTP/1.1", **{f"X_{n}": "a" for n in range(200)})
    yield "long cookie", request("GET / HTTP/1.1", Cookie="session=" + "a" * 20_000)
    yield "no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64 + b"\r\n\r\n"
    yield "two lengths", request(f"PUT {path} HTTP/1.1", b"{}", **own, Content_Length="2",
                                 content_length="20")  # fmt: skip
    yield "length and chunks", request(f"PUT {path} HTTP/1.1", b"0\r\n\r\n", **own,
                                       Content_Length="5", Transfer_Encoding="chunked")  # fmt: skip


def test_monsters_are_refused_and_the_worker_lives(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=1)
    phone = stage.phone(0).begin(stage.open_exam())
    workers = {worker.pid for worker in stage.server.workers()}
    wrong, tried = [], 0
    for name, raw in monsters(phone):
        status = exchange(stage.server.port, raw)
        tried += 1
        if status not in REFUSED | {0}:
            wrong.append((name, status))
        assert phone.save(1, right_answer(phone.items[0])) == 200, name
    assert not wrong
    assert {worker.pid for worker in stage.server.workers()} == workers
    assert not stage.server.faults_logged()
    counted("I9", tried, len(wrong) + phone.count_lost())


def test_silent_connections_hold_nobody_up(make_stage: MakeStage, counted: Report) -> None:
    stage = make_stage(officers=1)
    phone = stage.phone(0).begin(stage.open_exam())
    failed = 0
    with ExitStack() as stack:
        for number in range(SILENT):
            wire = socket.create_connection(("127.0.0.1", stage.server.port), timeout=20)
            stack.enter_context(wire)
            wire.sendall(b"PUT /attempts/1/answers HTTP/1.1\r\nHost: x\r\nContent-"[: number % 60])
        for item in phone.items:
            phone.hang_up()
            failed += phone.save(item["no"], right_answer(item)) != 200
    counted("D18", len(phone.items), failed + phone.count_lost(), f"{SILENT} silent connections")
