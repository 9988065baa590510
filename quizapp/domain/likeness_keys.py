"""When two short texts of a question file count as the same."""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(
    r"[\s\u200b-\u200f\u2060\ufeff\ufe0f,。、;!?\"'“”‘’()《》〈〉【】\[\]「」…—_·`]"
    r"|[.:](?!\d)|(?<!\d)[.:]"
)


def folded(text: str) -> str:
    """Return the text in half width, without signs of no width and blanks at its ends."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\u200b-\u200f\u2060\ufeff\ufe0f]", "", text).strip()


@lru_cache(1024)
def compare_key(text: str) -> str:
    """Return what is left of a text without width, case, blanks and marks of punctuation.

    Marks that carry meaning stay: “3%” is not “3”, “1.5” not “15”. A text of marks alone is kept.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return _MARKS.sub("", plain) or "".join(plain.split())
