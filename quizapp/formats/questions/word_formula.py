"""A formula of a Word document, written in one line as on a keyboard."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from quizapp.formats.questions.word_signs import raised

_UNSURE = {"m", "eqArr", "limLow", "limUpp", "acc", "groupChr", "sPre", "borderBox"}
"""Parts that no line of text can show."""


def formula(element: Element) -> tuple[str, bool]:
    """Return the formula in one line, and whether it says all that the formula shows."""
    sure = not any(one.tag in _UNSURE for one in element.iter())
    return _line(element), sure


def _line(element: Element | None) -> str:
    if element is None:
        return ""
    if element.tag == "t":
        return element.text or ""
    shape = _SHAPES.get(element.tag)
    return shape(element) if shape else "".join(map(_line, element))


def _part(element: Element, name: str) -> str:
    return _line(element.find(name)).strip()


def _grouped(text: str) -> str:
    return text if text.isalnum() or len(text) <= 1 else f"({text})"


def _script(element: Element) -> str:
    base, below, above = (_part(element, name) for name in ("e", "sub", "sup"))
    return base + _small(below, "_", lower=True) + _small(above, "^", lower=False)


def _small(text: str, sign: str, *, lower: bool) -> str:
    small = raised(text, lower=lower)
    return f"{sign}{_grouped(text)}" if text and small == text else small


def _property(element: Element, name: str, default: str) -> str:
    for properties in element:
        if properties.tag.endswith("Pr"):
            found = properties.find(name)
            return default if found is None else found.get("val", "")
    return default


def _brackets(element: Element) -> str:
    inner = _property(element, "sepChr", "|").join(_line(one) for one in element.findall("e"))
    return f"{_property(element, 'begChr', '(')}{inner}{_property(element, 'endChr', ')')}"


def _sum(element: Element) -> str:
    sign = _property(element, "chr", "∫")
    below, above = _part(element, "sub"), _part(element, "sup")
    return f"{sign}{_small(below, '_', lower=True)}{_small(above, '^', lower=False)}" + _part(
        element, "e"
    )


_SHAPES: dict[str, Callable[[Element], str]] = {
    "f": lambda one: f"{_grouped(_part(one, 'num'))}/{_grouped(_part(one, 'den'))}",
    "rad": lambda one: f"{raised(_part(one, 'deg'))}√{_grouped(_part(one, 'e'))}",
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "d": _brackets,
    "nary": _sum,
}
