"""A phone without a page: keeps its own log of what it sent and what was acknowledged."""

import http.client
import json
import re
import socket
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 20.0
TOKEN = re.compile(r'name="csrf[-_]token"[^>]*(?:content|value)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Offline(Exception):  # noqa: N818 — a state of the network
    """No answer came: the request may or may not have arrived."""


class Phone:
    """One officer's phone. `sent` and `acknowledged` are its own log, by item number."""

    def __init__(self, port: int, staff_no: str, secret: str, *, agent: str = "phone") -> None:
        self.port, self.staff_no, self.secret, self.agent = port, staff_no, secret, agent
        self.address = "127.0.0.1"
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.attempt_id = 0
        self.items: list[dict[str, Any]] = []
        self.sent: dict[tuple[int, int], list[str]] = {}
        self.acknowledged: dict[int, int] = {}
        self.failed = 0
        self.refusals: list[int] = []
        self._connection: http.client.HTTPConnection | None = None
        self._seq: dict[int, int] = {}

    # --- the wire -----------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        """Send one request over the kept connection; JSON by default. Raises Offline."""
        sent = {"User-Agent": self.agent, "Accept": "application/json"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        data = raw
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        elif body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if method not in ("GET", "HEAD"):
            sent["X-CSRFToken"] = self.token
        try:
            reply = self._exchange(method, path, data, sent | (headers or {}))
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            raise Offline(str(error)) from error
        for line in reply.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name.strip()] = value
        return reply

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> Reply:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=TIMEOUT_S, source_address=(self.address, 0)
            )
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.request(method, path, data, headers)
        response = self._connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        if response.will_close:
            self.hang_up()
        return reply

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def page(self, path: str) -> Reply:
        """Fetch a page as a browser does and keep its CSRF token."""
        reply = self.call("GET", path, headers={"Accept": "text/html"})
        found = TOKEN.search(reply.text)
        if found:
            self.token = found.group(1)
        return reply

    # --- what an officer does -----------------------------------------------------------------

    def sign_in(self, *, next_path: str = "") -> Reply:
        self.page("/login")
        form = {"staff_no": self.staff_no, "password": self.secret, "csrf_token": self.token}
        reply = self.call("POST", "/login", form=form | {"next": next_path})
        if reply.status == 303:
            self.page("/privacy")
        return reply

    def start(self, exam_id: int) -> Reply:
        reply = self.call("POST", f"/exams/{exam_id}/attempts", {"pledge": True})
        if reply.status == 201:
            self.attempt_id = reply.json["attempt_id"]
        return reply

    def insist(self, method: str, path: str, body: Any = None, tries: int = 60) -> Reply:
        """Ask again until an answer comes that is not 503: for what may be repeated harmlessly."""
        for _ in range(tries):
            try:
                reply = self.call(method, path, body)
            except Offline:
                reply = None
            if reply is not None and reply.status != 503:
                return reply
            time.sleep(0.2)
        raise Offline(f"no answer to {method} {path} in {tries} tries")

    def read_paper(self) -> dict[str, Any]:
        reply = self.insist("GET", f"/attempts/{self.attempt_id}")
        assert reply.status == 200, reply.text
        self.items = reply.json["items"]
        return dict(reply.json)

    def begin(self, exam_id: int) -> "Phone":
        assert self.sign_in().status == 303
        reply = self.start(exam_id)
        assert reply.status == 201, reply.text
        self.read_paper()
        return self

    def save(self, no: int, response: list[str], *, age_ms: int = 0) -> int:
        """Send one answer with the next sequence number; return the status, 0 when offline."""
        self._seq[no] = seq = self._seq.get(no, 0) + 1
        self.sent[no, seq] = response
        entry = {"no": no, "response": response, "seq": seq, "flagged": False, "age_ms": age_ms}
        return self.send([entry])

    def send(self, entries: list[dict[str, Any]]) -> int:
        try:
            reply = self.call("PUT", f"/attempts/{self.attempt_id}/answers", {"answers": entries})
        except Offline:
            self.failed += 1
            return 0
        if reply.status == 200:
            for one in reply.json["saved"]:
                known = self.acknowledged.get(one["no"], 0)
                self.acknowledged[one["no"]] = max(known, one["seq"])
        else:
            self.failed += 1
            self.refusals.append(reply.status)
        return reply.status

    def waiting(self) -> list[dict[str, Any]]:
        """What the outbox would send again: the newest answer of an item, if unacknowledged."""
        return [
            {"no": no, "response": self.sent[no, seq], "seq": seq, "flagged": False, "age_ms": 0}
            for no, seq in self._seq.items()
            if self.acknowledged.get(no, 0) < seq
        ]

    def flush(self) -> int:
        entries = self.waiting()
        return self.send(entries) if entries else 200

    def submit(self) -> Reply:
        return self.insist("POST", f"/attempts/{self.attempt_id}/submit", {})

    # --- the log against the product ------------------------------------------------------------

    def count_lost(self) -> int:
        """Count acknowledged answers that the paper no longer shows, and shown ones never sent."""
        lost = 0
        for item in self.read_paper()["items"]:
            no, seq = item["no"], item["seq"]
            is_older = seq < self.acknowledged.get(no, 0)
            is_foreign = seq > 0 and self.sent.get((no, seq)) != item["response"]
            lost += is_older or is_foreign
        return lost

    def expected_cp(self) -> int:
        """Marks of what was acknowledged, by our own key (see `right_answer`)."""
        return sum(
            item["points_cp"]
            for item in self.items
            if self.latest(item["no"]) == right_answer(item)
        )

    def latest(self, no: int) -> list[str]:
        return sorted(self.sent.get((no, self.acknowledged.get(no, 0)), []))


def right_answer(item: dict[str, Any]) -> list[str]:
    """甲 for single, 甲 and 乙 for multiple, T for judge: the key of `factories.make_bank`."""
    if item["type"] == "judge":
        return ["T"]
    wanted = ("甲",) if item["type"] == "single" else ("甲", "乙")
    return sorted(option["key"] for option in item["options"] if option["text"] in wanted)
