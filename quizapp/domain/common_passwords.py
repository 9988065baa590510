"""Passwords that are guessed first, by the rules people follow when they make them."""

from functools import lru_cache
from itertools import product

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "qaz", "wsx")
_WORD_LIST = """
    password passw0rd p@ssw0rd p@ssword pass admin administrator root user guest test demo login
    welcome letmein iloveyou hello monkey dragon master sunshine princess football baseball
    superman batman shadow michael secret love money god china beijing shijiazhuang hebei tangshan
    baoding woaini woaiwojia wodemima mima zhongguo aini qwerty qwer asdf zxcv abc abcd aaa qaz wsx
    changeme default system manager office police xiaoming wang zhang chen yang computer internet
    summer winter spring autumn january monday happy lucky family baby angel freedom whatever
    trustno1 starwars
"""
_WORDS = tuple(_WORD_LIST.split())
_TAILS = (
    "", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "0", "00",
    "000", "01", "11", "111", "1111", "22", "88", "888", "66", "666", "520", "521", "1314",
    "5201314", "168", "@123", "@1234", "#123", "!", "!@#", "@", "321", "654321", "abc", "a", "8888",
    "6666", "@2024", "@2025", "@2026",
)  # fmt: skip
_YEARS = tuple(str(year) for year in range(1940, 2036))
_LUCKY = (
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
    "357",
)
_FEW_SIGNS = 2
_SHORTEST_RUN = 3
_LONGEST_PIECE = 5
_SHORT_YEAR = 2
_DATE_LENGTHS = (6, 8)
_MIN_LENGTH = 8


def is_common(folded: str) -> bool:
    """Say whether a password (case-folded) is one of those guessed first."""
    return (
        len(set(folded)) <= _FEW_SIGNS
        or _is_repeated(folded)
        or _is_run(folded)
        or _is_date(folded)
        or folded in _built()
    )


def _is_repeated(text: str) -> bool:
    """Say whether it is a shorter piece over and over: abcabcabc, 12341234."""
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, min(_LONGEST_PIECE, len(text) // 2) + 1)
    )


def _is_run(text: str) -> bool:
    """Say whether it is made of pieces of keyboard rows, columns and alphabet: 1qaz2wsx, 123qwe."""
    rest = text
    while rest:
        size = _run_length(rest)
        if size < _SHORTEST_RUN:
            return False
        rest = rest[size:]
    return True


def _run_length(text: str) -> int:
    """Return how many signs from the start stand beside each other on the keyboard."""
    longest = 0
    for line in _lines():
        while longest < len(text) and text[: longest + 1] in line:
            longest += 1
    return longest


@lru_cache(maxsize=1)
def _lines() -> tuple[str, ...]:
    zigzag = ("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp")
    forward = ("12345678901234567890", *zigzag, *_ROWS, *_COLUMNS)
    return (*forward, *(line[::-1] for line in forward))


def _is_date(text: str) -> bool:
    """Say whether it is a day as people write their birthday: 19900131, 1990.01.31, 900131ab."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    letters = "".join(sign for sign in text if sign.isalpha())
    if len(letters) > _FEW_SIGNS or len(digits) not in _DATE_LENGTHS:
        return False
    year, month, day = digits[:-4], digits[-4:-2], digits[-2:]
    whole = len(year) == _SHORT_YEAR or year in _YEARS
    return whole and "01" <= month <= "12" and "01" <= day <= "31"


@lru_cache(maxsize=1)
def _built() -> frozenset[str]:
    """Return words with the usual tails and years, pairs of words, pairs of lucky numbers."""
    built = {word + tail for word, tail in product(_WORDS, (*_TAILS, *_YEARS))}
    built |= {tail + word for word, tail in product(_WORDS, _TAILS)}
    built |= {first + second for first, second in product(_WORDS, _WORDS)}
    built |= {"".join(parts) for parts in product(_LUCKY, _LUCKY, ("", *_LUCKY))}
    built |= {letter + run for letter in "aqzwlc" for run in ("123456789", "1234567", "12345678")}
    return frozenset(word for word in built if len(word) >= _MIN_LENGTH)
