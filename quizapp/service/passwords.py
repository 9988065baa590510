"""Making and checking password hashes, one at a time per worker."""

import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from quizapp.domain.passwords import CODE_ALPHABET, CODE_LENGTH
from quizapp.service.apart import Gate, run_apart

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$JVFhbNRcr6isLlZlJeQk9Q"
    "$RJZjDxoDUveMnl5Li8f6dUeV/o6qyNX3p1XbQhc3JSM"
)
"""Checked where there is no account or no slow hash: the same work, never a match."""

HASHING = Gate(longest_queue=100)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password that a person chose."""
    with HASHING:
        return run_apart(_HASHER.hash, password)


def is_password(password: str, stored: str | None) -> bool:
    """Say whether the password fits; always the work of one argon2id check. Inside HASHING only."""
    return run_apart(_verify, password, stored if stored and stored[0] == "$" else _NOBODY)


def _verify(password: str, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def new_code() -> str:
    """Return a random one-time code of 80 bits, ungrouped."""
    bits = secrets.randbits(5 * CODE_LENGTH)
    return "".join(CODE_ALPHABET[bits >> 5 * at & 31] for at in range(CODE_LENGTH))


def new_token() -> str:
    """Return a random token of 128 bits for a link."""
    return secrets.token_urlsafe(16)
