"""Reading a file of questions in a process of its own, so that no file can hurt the server.

`python -m quizapp.service.import_process FOLDER` reads `order` and `file` there and leaves `result`
(all but the file: JSON, packed); how far it is goes to the standard output, `stage done total` a
line. It knows neither the network nor the database.
"""

import contextlib
import gc
import hashlib
import json
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from quizapp.domain.errors import Refusal
from quizapp.domain.import_desk import Surroundings, desk_to_plain, lay_out
from quizapp.domain.import_likeness import BankText
from quizapp.domain.imports import Mapping as Columns
from quizapp.domain.imports import ReadResult, TableFound
from quizapp.domain.likeness_keys import folded
from quizapp.domain.pace import heard_by
from quizapp.formats.questions.all import find_reader
from quizapp.service.import_errors import with_reasons
from quizapp.service.import_lines import laws_from_plain, with_drafts

MEMORY_BYTES = 300 * 1024 * 1024
ADDRESSES_BYTES = 3 * MEMORY_BYTES
"""Address space also counts what is mapped and never touched."""
RUN_S = 60
TOLD_EVERY_S = 0.5
"""How often it is told how far a stage is: each time is a write in the database."""
ORDER, FILE, RESULT = "order", "file", "result"
TOO_HEAVY = "import_too_heavy"
Order = Mapping[str, Any]
Tell = Callable[[str], object]


def work(order: Order, content: bytes, tell: Tell = str) -> dict[str, Any]:
    """Return what an order asks for: the desk of a file, or {"refused", "facts"}.

    `tell` hears how far it is, as `stage done total`: reading, checking, comparing.
    """
    voice = Voice(tell)
    try:
        with heard_by(voice.count):
            return _read(order, content, voice.begin)
    except Refusal as refusal:
        return {"refused": refusal.name, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        return {"refused": TOO_HEAVY, "facts": {"seconds": RUN_S}}


class Voice:
    """Says how far the work is: each stage as it begins, its counts now and then."""

    def __init__(self, tell: Tell, stage: str = "") -> None:
        self._tell = tell
        self._stage = stage
        self._said_at = 0.0

    def begin(self, stage: str) -> None:
        """Say that a stage begins: nothing of it is done yet."""
        self._stage = stage
        self._say(0, 0)

    def count(self, done: int, total: int) -> None:
        """Say how many are done, of how many (0: not known), unless it was said just now."""
        if time.monotonic() - self._said_at >= TOLD_EVERY_S:
            self._say(done, total)

    def _say(self, done: int, total: int) -> None:
        self._said_at = time.monotonic()
        self._tell(f"{self._stage} {done} {total}")


def _read(order: Order, content: bytes, tell: Tell) -> dict[str, Any]:
    tell("reading")
    reader = find_reader(order["name"], content)
    mapping = _columns(order["mapping"])
    read = reader.read(content, mapping)
    remembered: Columns = {}
    if mapping is None:
        remembered = _remembered(read, order["remembered"])
        read = reader.read(content, remembered) if remembered else read
    desk = lay_out(read, _surroundings(order), tell)
    return {
        "format": reader.key,
        "tables": [_table(table, table.sheet in remembered) for table in read.tables],
        "skipped": [[each.place, each.text[:500], each.why] for each in read.skipped],
        "stamp": order["stamp"],
    } | desk_to_plain(desk)


def _columns(plain: Mapping[str, Mapping[str, str]] | None) -> Columns | None:
    """Return a mapping as JSON holds it: there every key is a text."""
    if plain is None:
        return None
    return {sheet: {int(at): field for at, field in columns.items()}
            for sheet, columns in plain.items()}  # fmt: skip


def signature(headings: tuple[str, ...]) -> str:
    """Return what is the same for every table with these headings: a SHA-256 (hex)."""
    plain = [folded(cell) for cell in headings]
    return hashlib.sha256(
        json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
    ).hexdigest()


def _remembered(read: ReadResult, known: Mapping[str, Mapping[str, str]]) -> Columns:
    found = {table.sheet: known[key] for table in read.tables
             if table.headings and (key := signature(table.headings)) in known}  # fmt: skip
    return _columns(found) or {}


def _table(table: TableFound, was_remembered: bool) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "heading_no": table.heading_no,
        "headings": table.headings,
        "columns": table.columns,
        "samples": table.samples,
        "codes": table.codes,
        "signature": signature(table.headings),
        "remembered": was_remembered,
    }


def _surroundings(order: Order) -> Surroundings:
    return Surroundings(
        [BankText(code, stem, tuple(options)) for code, stem, options in order["bank"]],
        laws_from_plain(order["laws"]),
        date.fromisoformat(order["today"]),
    )  # fmt: skip


def pack(plain: Mapping[str, Any]) -> bytes:
    """Return JSON-ready data packed; signs that no database takes are left out."""
    text = json.dumps(plain, ensure_ascii=False).replace("\\u0000", "")
    return zlib.compress(text.encode("utf-8", "replace"), 1)


def unpack(packed: bytes) -> dict[str, Any]:
    """Return the data that `pack` packed."""
    return json.loads(zlib.decompress(packed))  # type: ignore[no-any-return]


def confine() -> None:
    """Let this process take no more than its share of memory, time and the processor."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES_BYTES, ADDRESSES_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (RUN_S, RUN_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(10)


def say(stage: str) -> None:
    """Let the one who waits for the result know how far it is."""
    print(stage, flush=True)  # noqa: T201


def main(folder: Path) -> None:
    """Do what the folder's order asks for and leave the result there."""
    confine()
    gc.set_threshold(200_000, 20, 100)  # a short life: rows and cells make no circles
    order = unpack((folder / ORDER).read_bytes())
    content = (folder / FILE).read_bytes()
    if order["work"] == "reasons":
        result = with_reasons(order, content)
    elif order["work"] == "drafts":
        with heard_by(Voice(say, "taking").count):
            result = with_drafts(order, unpack(content))
    else:
        result = pack(work(order, content, say))
    (folder / RESULT).write_bytes(result)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
