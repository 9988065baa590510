"""Passwords that are guessed first, by the rules people follow when they make them; our own list."""

from functools import lru_cache
from itertools import product

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = (
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik",
    "9ol",
    "0p",
    "qaz",
    "wsx",
)
_WORDS = (
    "password passw0rd p@ssw0rd p@ssword pass admin administrator root user guest test demo login "
    "welcome letmein iloveyou hello monkey dragon master sunshine princess football baseball superman "
    "batman shadow michael secret love money god china beijing shijiazhuang hebei tangshan baoding "
    "woaini woaiwojia wodemima mima zhongguo aini qwerty qwer asdf zxcv abc abcd aaa qaz wsx changeme "
    "default system manager office police xiaoming wang zhang chen yang computer internet summer winter "
    "spring autumn january monday happy lucky family baby angel freedom whatever trustno1 starwars"
).split()
_TAILS = (
    "", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "0", "00", "000", "01",
    "11", "111", "1111", "22", "88", "888", "66", "666", "520", "521", "1314", "5201314", "168", "@123", "@1234",
    "#123", "!", "!@#", "@", "321", "654321", "abc", "a", "8888", "6666", "@2024", "@2025", "@2026",
)  # fmt: skip
_YEARS = tuple(str(year) for year in range(1940, 2036))
_PAIRS = (
    "520",
    "521",
    "1314",
    "168",
    "888",
    "666",
    "999",
    "110",
    "119",
    "147",
    "258",
    "369",
    "159",
    "357",
)


def is_common(folded: str) -> bool:
    """Say whether a password (case-folded) is one of those guessed first."""
    return (
        len(set(folded)) <= 2
        or _is_repeated(folded)
        or _is_run(folded)
        or _is_date(folded)
        or folded in _built()
    )


def _is_repeated(text: str) -> bool:
    """Say whether it is a shorter piece (up to 5 signs) over and over: abcabcabc, 12341234."""
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, min(5, len(text) // 2) + 1)
    )


def _is_run(text: str) -> bool:
    """Say whether it is made of pieces of keyboard rows and alphabet, each at least 3 signs long."""
    rest = text
    while rest:
        size = _run_length(rest)
        if size < 3:
            return False
        rest = rest[size:]
    return True


def _run_length(text: str) -> int:
    longest = 0
    for row in (*_ROWS, *_COLUMNS):
        for line in (row * 2 if row[0].isdigit() and len(row) == 10 else row, row[::-1]):
            size = longest + 1
            while size <= len(text) and text[:size] in line:
                longest = size
                size += 1
    return longest


def _is_date(text: str) -> bool:
    """Say whether it is a day as people write their birthday: 19900131, 1990.01.31, 900131ab."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    letters = "".join(sign for sign in text if sign.isalpha())
    if len(letters) > 2 or len(digits) not in (6, 8):
        return False
    year, month, day = digits[:-4], digits[-4:-2], digits[-2:]
    whole = len(year) == 2 or year in _YEARS
    return whole and "01" <= month <= "12" and "01" <= day <= "31"


@lru_cache(maxsize=1)
def _built() -> frozenset[str]:
    """Return words with the usual tails and years, pairs of words, pairs of lucky numbers."""
    built = {word + tail for word, tail in product(_WORDS, (*_TAILS, *_YEARS))}
    built |= {tail + word for word, tail in product(_WORDS, _TAILS)}
    built |= {first + second for first, second in product(_WORDS, _WORDS)}
    built |= {"".join(parts) for parts in product(_PAIRS, _PAIRS, ("", *_PAIRS))}
    built |= {letter + run for letter in "aqzwlc" for run in ("123456789", "1234567", "12345678")}
    return frozenset(word for word in built if len(word) >= 8)
