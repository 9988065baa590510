"""A load driver on plain sockets, in a process of its own: `python -m tests.bench.driver PLAN`.

Reads a plan (JSON), writes the outcome (JSON) to standard output. One epoll loop, ready requests,
so that the driver costs little beside the server it measures. Closed loop: every connection sends
its next request when the last is answered. Open loop: requests are due at fixed moments whatever
the server does, and latency counts from the moment a request was due.
"""

import json
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GRACE_S = 20.0


@dataclass
class Link:
    """One kept-open connection."""

    sock: socket.socket
    due: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)


class Loop:
    """Drives all connections; `requests` yields ready bytes."""

    def __init__(self, port: int, connections: int, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.poll = select.epoll()
        self.links: dict[int, Link] = {}
        self.free: deque[int] = deque()
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.port = port
        for _ in range(connections):
            self.connect()

    def connect(self) -> None:
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.links[sock.fileno()] = Link(sock)
        self.poll.register(sock.fileno(), select.EPOLLIN)
        self.free.append(sock.fileno())

    def send(self, request: bytes, due: float) -> None:
        link = self.links[self.free.popleft()]
        link.due = due
        link.sock.sendall(request)

    def turn(self, wait_s: float) -> int:
        """Take in what has arrived; return how many answers were completed."""
        done = 0
        for handle, _ in self.poll.poll(wait_s):
            link = self.links[handle]
            data = link.sock.recv(65536)
            if not data:
                self.lost(handle)
                continue
            link.buffer += data
            if is_whole(link.buffer):
                self.latencies.append(time.perf_counter() - link.due)
                status = link.buffer[9:12].decode()
                self.statuses[status] = self.statuses.get(status, 0) + 1
                closing = b"connection: close" in bytes(link.buffer[:400]).lower()
                link.buffer.clear()
                done += 1
                if closing:
                    self.lost(handle, counted=True)
                else:
                    self.free.append(handle)
        return done

    def lost(self, handle: int, *, counted: bool = False) -> None:
        link = self.links.pop(handle)
        self.poll.unregister(handle)
        link.sock.close()
        if not counted and link.due:
            self.statuses["lost"] = self.statuses.get("lost", 0) + 1
        self.connect()

    def closed(self, count: int) -> float:
        """Send `count` requests back to back on every connection; return the seconds it took."""
        began = time.perf_counter()
        sent = done = 0
        while done < count:
            while self.free and sent < count:
                self.send(next(self.requests), time.perf_counter())
                sent += 1
            done += self.turn(1.0)
        return time.perf_counter() - began

    def open(self, rate: float, seconds: float) -> float:
        """Send at a fixed rate; return the seconds until the last answer."""
        count = int(rate * seconds)
        began = time.perf_counter() + 0.05
        sent = done = 0
        while done < count:
            now = time.perf_counter()
            while sent < count and self.free and now >= began + sent / rate:
                self.send(next(self.requests), began + sent / rate)
                sent += 1
            next_due = began + sent / rate if sent < count and self.free else now + 0.05
            done += self.turn(max(0.0, min(next_due - time.perf_counter(), 0.05)))
            if now > began + seconds + GRACE_S:
                break
        return time.perf_counter() - began


def is_whole(answer: bytearray) -> bool:
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    lines = bytes(answer[:head]).lower()
    at = lines.find(b"content-length:")
    if at < 0:
        return answer.endswith(b"0\r\n\r\n")
    end = lines.find(b"\r\n", at)
    length = int(lines[at + 15 : end if end > 0 else len(lines)])
    return len(answer) >= head + 4 + length


def saves(sitters: list[dict[str, Any]], items: int, seq_from: int) -> Iterator[bytes]:
    """Every officer's next answer in turn: fresh sequence numbers, no repetition."""
    heads = [
        (
            f"PUT /attempts/{one['attempt']}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: session={one['cookie']}\r\nX-CSRFToken: {one['token']}\r\n"
            "User-Agent: bench\r\nAccept: application/json\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        for one in sitters
    ]
    seq = seq_from
    while True:
        for no in range(1, items + 1):
            for head, sitter in zip(heads, sitters, strict=True):
                key = sitter["keys"][no - 1][seq % 2]
                body = b'{"answers":[{"no":%d,"response":["%b"],"seq":%d,"flagged":false}]}' % (
                    no, key.encode(), seq,
                )  # fmt: skip
                yield head + b"%d\r\n\r\n%b" % (len(body), body)
        seq += 1


def same(request: str) -> Iterator[bytes]:
    while True:
        yield request.encode()


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if plan["what"] == "saves":
        requests = saves(plan["sitters"], plan["items"], plan["seq_from"])
    else:
        requests = same(plan["request"])
    loop = Loop(plan["port"], plan["connections"], requests)
    spent = time.process_time()
    if "rate" in plan:
        seconds = loop.open(plan["rate"], plan["seconds"])
    else:
        seconds = loop.closed(plan["count"])
    outcome = {
        "seconds": seconds,
        "driver_cpu_s": time.process_time() - spent,
        "statuses": loop.statuses,
        "latencies_ms": [round(one * 1000, 3) for one in loop.latencies],
    }
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main()
