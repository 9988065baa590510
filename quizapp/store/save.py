"""The hot path: one guarded statement appends answers, and one tells why it did not.

The statement authorises (sign-in valid, own attempt), checks state, device and deadline and
appends, all in one step; nothing can happen between the check and the insert.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.domain.attempts import Answer, Caller
from quizapp.domain.clock import from_ms, to_ms
from quizapp.store.db import DriverTx

_GUARD = """
  a.id = {attempt} AND a.officer_id = {officer} AND a.closed_at IS NULL
  AND o.session_epoch = {epoch} AND o.disabled_at IS NULL
  AND (a.one_device = {no} OR a.device IS NULL OR a.device = {device})
  AND a.due_at + {allowance} >= {now}
  AND NOT EXISTS (SELECT 1 FROM ended_sign_ins e WHERE e.sign_in = {device})
"""
_ON_CONFLICT = """
ON CONFLICT (attempt_id, no, seq) DO UPDATE SET seq = excluded.seq
  WHERE answer_events.response = excluded.response AND answer_events.flagged = excluded.flagged
RETURNING no, seq,
  (SELECT due_at FROM attempts WHERE attempts.id = attempt_id),
  (SELECT revision FROM attempts WHERE attempts.id = attempt_id)
"""
_COLUMNS = "(attempt_id, no, seq, response, flagged, given_at, received_at)"


def _sqlite_append() -> str:
    guard = _GUARD.format(
        attempt="?1", officer="?2", epoch="?3", device="?4", now="?5", allowance="?6", no="0"
    )
    row = ", ".join(f"json_extract(r.value, '$[{place}]')" for place in range(5))
    return (
        f"INSERT INTO answer_events {_COLUMNS} SELECT a.id, {row}, ?5 "  # noqa: S608 — no input in it
        "FROM attempts a JOIN officers o ON o.id = a.officer_id CROSS JOIN json_each(?7) r "
        f"WHERE {guard} AND json_extract(r.value, '$[4]') <= a.due_at {_ON_CONFLICT}"
    )


def _postgresql_append() -> str:
    """FOR SHARE holds the attempt open until the commit, so closing never misses an answer."""
    guard = _GUARD.format(
        attempt="%(attempt)s", officer="%(officer)s", epoch="%(epoch)s", device="%(device)s",
        now="%(now)s", allowance="%(allowance)s", no="false",
    )  # fmt: skip
    return (
        "WITH a AS MATERIALIZED (SELECT a.id, a.due_at FROM attempts a "  # noqa: S608
        f"JOIN officers o ON o.id = a.officer_id WHERE {guard} FOR SHARE OF a) "
        f"INSERT INTO answer_events {_COLUMNS} "
        "SELECT a.id, (r->>0)::int, (r->>1)::int, r->>2, (r->>3)::int = 1, (r->>4)::bigint, "
        "%(now)s FROM a CROSS JOIN json_array_elements(%(rows)s::json) r "
        f"WHERE (r->>4)::bigint <= a.due_at {_ON_CONFLICT}"
    )


APPEND_SQLITE, APPEND_POSTGRESQL = _sqlite_append(), _postgresql_append()


@dataclass(frozen=True, slots=True)
class Appended:
    """What was stored, as (number, sequence number), and the attempt's present time."""

    stored: tuple[tuple[int, int], ...]
    due_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that can stand in the way of a save; `attempt_officer_id` None: no attempt."""

    is_signed_in: bool
    attempt_officer_id: int | None
    closed_at: datetime | None
    submitted_at: datetime | None
    started_at: datetime | None
    due_at: datetime | None
    revision: int
    one_device: bool
    device: str | None
    held_before: bool


def append(
    tx: DriverTx,
    caller: Caller,
    attempt_id: int,
    answers: Sequence[Answer],
    *,
    now: datetime,
    allowance_s: int,
) -> Appended | None:
    """Append answers where every guard holds; None when nothing was stored.

    Equal events that are there already count as stored. Fewer than sent: some were given
    too late, or their sequence number is taken by another answer.
    """
    rows = json.dumps(
        [[a.no, a.seq, a.response, int(a.flagged), to_ms(a.given_at)] for a in answers],
        separators=(",", ":"),
    )
    now_ms, allowance_ms = to_ms(now), allowance_s * 1000
    officer, epoch, device = caller.officer_id, caller.epoch, caller.sign_in
    cursor = tx.cursor
    if tx.is_sqlite:
        cursor.execute(
            APPEND_SQLITE,
            (attempt_id, officer, epoch, device, now_ms, allowance_ms, rows),
        )
    else:
        cursor.execute(
            APPEND_POSTGRESQL,
            {
                "attempt": attempt_id, "officer": officer, "epoch": epoch, "device": device,
                "now": now_ms, "allowance": allowance_ms, "rows": rows,
            },
        )  # fmt: skip
    stored = cursor.fetchall()
    if not stored:
        return None
    _, _, due_ms, revision = stored[0]
    return Appended(tuple((row[0], row[1]) for row in stored), from_ms(due_ms), revision)


_STANDING = """
SELECT o.id IS NOT NULL AND o.session_epoch = {epoch} AND o.disabled_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM ended_sign_ins e WHERE e.sign_in = {device}),
       a.officer_id, a.closed_at, a.submitted_at, a.started_at, a.due_at, a.revision, a.one_device,
       a.device,
       EXISTS (SELECT 1 FROM attempt_devices d WHERE d.attempt_id = a.id AND d.device = {device})
FROM (SELECT 1 AS one) AS anchor
LEFT JOIN officers o ON o.id = {officer}
LEFT JOIN attempts a ON a.id = {attempt}
"""


def get_standing(tx: DriverTx, caller: Caller, attempt_id: int) -> Standing:
    """Return what stands in the way of a save, in one statement."""
    row = _one(tx, _STANDING, caller, attempt_id)
    return Standing(
        is_signed_in=bool(row[0]),
        attempt_officer_id=row[1],
        closed_at=_moment(row[2]),
        submitted_at=_moment(row[3]),
        started_at=_moment(row[4]),
        due_at=_moment(row[5]),
        revision=row[6] or 0,
        one_device=bool(row[7]),
        device=row[8],
        held_before=bool(row[9]),
    )


_COUNT = """
SELECT count(*) FROM (
  SELECT no, max(seq) FROM answer_events WHERE attempt_id = {attempt} GROUP BY no) AS answered
"""


def count_saved(tx: DriverTx, attempt_id: int) -> int:
    """Return how many items have an answer stored."""
    return int(_one(tx, _COUNT, None, attempt_id)[0])


def list_highest(tx: DriverTx, attempt_id: int) -> dict[int, int]:
    """Return the highest stored sequence number of each answered item."""
    mark = "?" if tx.is_sqlite else "%s"
    tx.cursor.execute(
        f"SELECT no, max(seq) FROM answer_events WHERE attempt_id = {mark} GROUP BY no",  # noqa: S608
        (attempt_id,),
    )
    return {no: seq for no, seq in tx.cursor.fetchall()}  # noqa: C416 — rows are no pairs to the checker


def find_shape(tx: DriverTx, attempt_id: int) -> tuple[int, str] | None:
    """Return the officer and the shape of an attempt's paper; both never change."""
    mark = "?" if tx.is_sqlite else "%s"
    tx.cursor.execute(
        f"SELECT officer_id, shape FROM attempts WHERE id = {mark}",  # noqa: S608
        (attempt_id,),
    )
    row = tx.cursor.fetchone()
    return (row[0], row[1]) if row else None


def put_device(tx: DriverTx, attempt_id: int, device: str, *, browser: str, now: datetime) -> None:
    """Let `device` hold the paper from now on and keep the record of it."""
    marks = ("?",) * 4 if tx.is_sqlite else ("%s",) * 4
    tx.cursor.execute(
        "INSERT INTO attempt_devices (attempt_id, device, since_at, browser) "  # noqa: S608
        f"VALUES ({', '.join(marks)}) ON CONFLICT (attempt_id, device) "
        "DO UPDATE SET since_at = excluded.since_at, browser = excluded.browser",
        (attempt_id, device, to_ms(now), browser[:200]),
    )
    tx.cursor.execute(
        f"UPDATE attempts SET device = {marks[0]} WHERE id = {marks[0]}",  # noqa: S608
        (device, attempt_id),
    )


def _one(tx: DriverTx, statement: str, caller: Caller | None, attempt_id: int) -> Any:
    names = ("attempt", "officer", "epoch", "device")
    values = (attempt_id, *((caller.officer_id, caller.epoch, caller.sign_in) if caller else ()))
    known = dict(zip(names, values, strict=False))
    style = ":{}" if tx.is_sqlite else "%({})s"
    marks = {name: style.format(name) for name in names}
    tx.cursor.execute(statement.format(**marks), known)
    return tx.cursor.fetchone()


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
