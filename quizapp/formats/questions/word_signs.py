"""Signs that Word writes other than as letters: sign fonts, circled figures, raised figures."""

import re

CHECKED, CROSSED = "√", "×"
_WINGDINGS = {0xFC: CHECKED, 0xFE: CHECKED, 0xFB: CROSSED, 0xFD: CROSSED, 0xA8: "□", 0x6F: "□",
              0x71: "□", 0x72: "□", 0xA1: "○", 0x6C: "●", 0x6E: "■",
              **{0x81 + at: chr(0x2460 + at) for at in range(10)},
              **{0x8C + at: chr(0x2460 + at) for at in range(10)}}  # fmt: skip
_WINGDINGS_2 = {0x50: CHECKED, 0x52: CHECKED, 0x4F: CROSSED, 0x51: CROSSED, 0x53: CROSSED,
                0x54: CROSSED, 0xA3: "□", 0x2A: "□"}  # fmt: skip
_SYMBOL = {0xD6: CHECKED, 0xB4: CROSSED, 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB0: "°", 0xB8: "÷",
           0xB9: "≠", 0xBB: "≈", 0xB7: "·", 0xD7: "·", 0xA5: "∞", 0xDE: "⇒", 0xAE: "→",
           0x61: "α", 0x62: "β", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x53: "Σ",
           0x44: "Δ"}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_IN_FONT = (range(0x100), range(0xF000, 0xF100))
_LOW_BYTE = 0xFF
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_CIRCLED = re.compile(r"\s*eq\s*\\o\s*(?:\\a[clr]\s*)?\(\s*[○〇◯]\s*,\s*(.*?)\s*\)\s*", re.I | re.S)
_FRACTION = re.compile(r"\s*eq\s*\\f\s*\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)\s*", re.I)
MOST_CIRCLED = 20


def sign_of(font: str, code: str) -> str:
    """Return the sign that a font shows for a hexadecimal code, or an empty text."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return _FONTS.get(font.lower(), {}).get(number & _LOW_BYTE, "")


def in_font(text: str, font: str) -> tuple[str, str]:
    """Return a text as its sign font shows it, and those of its signs that are not known."""
    signs = _FONTS.get(font.lower())
    if signs is None or not text.strip():
        return text, ""
    shown = unknown = ""
    for sign in text:
        is_drawn = not sign.isspace() and any(ord(sign) in codes for codes in _IN_FONT)
        known = signs.get(ord(sign) & _LOW_BYTE, "") if is_drawn else sign
        shown += known
        unknown += "" if known else sign
    return shown, unknown


def raised(text: str, *, lower: bool = False) -> str:
    """Return figures as small figures above or below the line; anything else as it is."""
    small = text.translate(_LOWERED if lower else _RAISED)
    changed = all(now != before for now, before in zip(small, text, strict=True))
    return small if changed else text


def field_words(instruction: str) -> str | None:
    """Return what a field without a result shows: a circled figure, a fraction; None if unknown.

    Fields that compute no words, such as a page number, give an empty text.
    """
    if not re.match(r"\s*eq\b", instruction, re.I):
        return ""
    circled = _CIRCLED.fullmatch(instruction)
    if circled:
        inner = circled[1]
        known = inner.isdecimal() and 0 < int(inner) <= MOST_CIRCLED
        return chr(0x2460 + int(inner) - 1) if known else f"（{inner}）"
    fraction = _FRACTION.fullmatch(instruction)
    return f"{fraction[1]}/{fraction[2]}" if fraction else None
