"""Whole numbers out of forms and addresses."""

MOST_DIGITS = 9
"""What every column and every counter holds."""


def whole(text: str) -> int | None:
    """Return the number that plain digits make; None of anything else, and of too many digits."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_number else None
