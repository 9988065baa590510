"""回执: the short form of a digest over everything an attempt recorded."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from quizapp.domain.attempts import Answer
from quizapp.domain.clock import to_ms

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_CHARS, RECEIPT_GROUP = 16, 4
LOOK_ALIKES = str.maketrans("ILO", "110", "- ")


def digest(attempt_id: int, started_at: datetime, events: Iterable[Answer]) -> str:
    """Return the SHA-256 (hex) over an attempt's events, whatever order they are given in."""
    rows = sorted(
        [e.no, e.seq, e.response, e.flagged, to_ms(e.given_at), to_ms(e.received_at)]
        for e in events
    )
    text = json.dumps(
        [attempt_id, to_ms(started_at), rows], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def short_receipt(full_digest: str) -> str:
    """Return the receipt an officer notes down: 80 bits of the digest in four groups of four."""
    bits = int(full_digest[: RECEIPT_CHARS * 5 // 4], 16)
    chars = [CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(RECEIPT_CHARS))]
    groups = [chars[at : at + RECEIPT_GROUP] for at in range(0, RECEIPT_CHARS, RECEIPT_GROUP)]
    return "-".join("".join(group) for group in groups)


def read_receipt(text: str) -> str | None:
    """Return a typed receipt in its one written form, or None when it cannot be one.

    Small letters, missing or other separators and the look-alikes I, L, O are understood.
    """
    plain = text.upper().translate(LOOK_ALIKES)
    if len(plain) != RECEIPT_CHARS or any(char not in CROCKFORD for char in plain):
        return None
    return "-".join(plain[at : at + RECEIPT_GROUP] for at in range(0, len(plain), RECEIPT_GROUP))
