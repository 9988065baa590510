"""Secrets of accounts: what a chosen password must be, and machine-made secrets."""

import hashlib
import hmac

from quizapp.domain.common_passwords import is_common
from quizapp.domain.errors import Invalid

MIN_LENGTH = 8
MAX_LENGTH = 128
OWN_PART = 6
"""Signs that must be left when number, name or a common word of the trade is taken away."""
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs without I, L, O and U: what is read aloud or copied from paper stays unmistakable."""
CODE_LENGTH = 16
"""16 signs of 5 bits: 80 bits."""
FAST = "sha256$"
_CONTEXT_WORDS = ("城管", "chengguan", "hebei", "河北", "执法", "zhifa")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class PasswordRefused(Invalid):
    """A chosen password does not do; the code says why."""

    code = "password_refused"


def check_password(password: str, *, staff_no: str, name: str = "") -> None:
    """Pass a password that may be chosen: 8 to 128 signs, nothing that is guessed first.

    No rule of composition. Raises PasswordRefused("password_too_short" | "password_too_long" |
    "password_common" | "password_has_own_number" | "password_has_context_word").
    """
    if len(password) < MIN_LENGTH:
        raise PasswordRefused("password_too_short", minimum=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise PasswordRefused("password_too_long", maximum=MAX_LENGTH)
    folded = password.casefold()
    if _leans_on(folded, staff_no.casefold(), 4) or _leans_on(folded, name.casefold(), 2):
        raise PasswordRefused("password_has_own_number")
    if any(_leans_on(folded, word, 2) for word in _CONTEXT_WORDS):
        raise PasswordRefused("password_has_context_word")
    if is_common(folded):
        raise PasswordRefused("password_common")


def _leans_on(password: str, word: str, shortest: int) -> bool:
    """Say whether the word is most of the password: with it gone, less than OWN_PART is left."""
    return (
        len(word) >= shortest
        and word in password
        and len(password.replace(word, "").strip("@#.!-_ ")) < OWN_PART
    )


def hash_machine_secret(secret: str) -> str:
    """Return the stored form of a machine-made secret of at least 80 bits.

    Fast, since no guessing helps against so many bits; never for a password that a person chose.
    """
    return FAST + hashlib.sha256(secret.encode()).hexdigest()


def is_machine_hash(stored: str) -> bool:
    """Say whether a stored hash is the fast one."""
    return stored.startswith(FAST)


def matches_machine_hash(secret: str, stored: str | None) -> bool:
    """Say whether the secret is the one behind a fast hash; time tells nothing."""
    expected = stored if stored is not None and is_machine_hash(stored) else FAST
    return hmac.compare_digest(hash_machine_secret(secret), expected)


def plain_code(typed: str) -> str:
    """Return a one-time code as it was made from what was typed: case, blanks, dashes, O for 0."""
    signs = "".join(sign for sign in typed.upper() if sign not in " -–—　\t")
    return signs.translate(_ALIKE)


def shown_code(code: str) -> str:
    """Return a one-time code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
