"""The numbers that Word computes: they stand in no text, only in the definitions of lists."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.domain.statutes import numeral

LEVELS = 9
_PLACEHOLDERS = [f"%{level + 1}" for level in range(LEVELS)]
_CHINESE = {"chineseCounting", "chineseCountingThousand", "chineseLegalSimplified",
            "ideographDigital", "japaneseCounting", "taiwaneseCountingThousand",
            "ideographTraditional", "taiwaneseCounting"}  # fmt: skip
_SILENT = {"bullet", "none"}
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
          (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_ENCLOSED = {"decimalEnclosedCircle": 0x2460, "decimalEnclosedCircleChinese": 0x2460,
             "decimalEnclosedParen": 0x2474, "decimalEnclosedFullstop": 0x2488}  # fmt: skip
MOST_ENCLOSED = 20
ALPHABET = 26
MOST_LETTERS = 9 * ALPHABET
MOST_COUNTED = 99_999
MOST_DIGITS = 6


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restarts_after: int | None = None
    is_legal: bool = False


@dataclass(slots=True)
class _List:
    """A definition with its running numbers, shared by all lists that refer to it."""

    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


@dataclass(frozen=True, slots=True)
class _Use:
    """A list in the text: its definition, its own levels, and where it starts anew."""

    definition: str
    starts: dict[int, int]
    levels: dict[int, _Level]


def value_of(element: Element | None, name: str) -> str:
    """Return the value of a child of that name, or ""."""
    child = element.find(name) if element is not None else None
    return child.get("val", "") if child is not None else ""


class Numbering:
    """The lists of a document; `label` must be asked for in the order of the text."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = {style.get("styleId", ""): style for style in _children(styles, "style")}
        self._lists = {
            each.get("abstractNumId", ""): _List(_levels(each))
            for each in _children(numbering, "abstractNum")
        }
        self._uses = {each.get("numId", ""): _use(each) for each in _children(numbering, "num")}
        self._begun: set[tuple[str, int]] = set()
        for each in _children(numbering, "abstractNum"):
            self._follow_style(each)

    def _follow_style(self, definition: Element) -> None:
        """Let a definition that only names a style share the definition of that style's list."""
        style = self._styles.get(value_of(definition, "numStyleLink"))
        use = self._uses.get(value_of(_path(style, "pPr", "numPr"), "numId"))
        if use is not None and use.definition in self._lists:
            self._lists[definition.get("abstractNumId", "")] = self._lists[use.definition]

    def label(self, properties: Element | None) -> str:
        """Return the number that Word shows before a paragraph of these properties, or ""."""
        list_id, level = self._place(properties)
        use = self._uses.get(list_id)
        found = self._lists.get(use.definition) if use else None
        if use is None or found is None or not 0 <= level < LEVELS:
            return ""
        definition = use.levels.get(level) or found.levels.get(level)
        if definition is None:
            return ""
        self._count(list_id, use, found, level)
        return _shown(found.counts, {**found.levels, **use.levels}, level)

    def _place(self, properties: Element | None) -> tuple[str, int]:
        """Return list and level of a paragraph: its own, else those of its style."""
        number = _path(properties, "numPr")
        list_id, level = value_of(number, "numId"), value_of(number, "ilvl")
        style_id, seen = value_of(properties, "pStyle"), set[str]()
        while not list_id and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            inherited = _path(style, "pPr", "numPr")
            list_id = value_of(inherited, "numId")
            level = level or value_of(inherited, "ilvl")
            style_id = value_of(style, "basedOn")
        return list_id, small_number(level, 0)

    def _count(self, list_id: str, use: _Use, found: _List, level: int) -> None:
        begins = (list_id, level) not in self._begun
        self._begun.add((list_id, level))
        before = found.counts[level]
        if begins and level in use.starts:
            found.counts[level] = use.starts[level]
        elif before is None:
            definition = use.levels.get(level) or found.levels[level]
            found.counts[level] = use.starts.get(level, definition.start)
        else:
            found.counts[level] = before + 1
        for deeper in range(level + 1, LEVELS):
            restarts = found.levels[deeper].restarts_after if deeper in found.levels else None
            if restarts is None or level < restarts:
                found.counts[deeper] = None


def _children(element: Element | None, name: str) -> Iterable[Element]:
    return element.findall(name) if element is not None else []


def _path(element: Element | None, *names: str) -> Element | None:
    for name in names:
        element = element.find(name) if element is not None else None
    return element


def _levels(parent: Element) -> dict[int, _Level]:
    return {small_number(each.get("ilvl", ""), 0): _level(each) for each in parent.findall("lvl")}


def _level(element: Element) -> _Level:
    restart = value_of(element, "lvlRestart")
    legal = element.find("isLgl")
    return _Level(
        start=small_number(value_of(element, "start"), 1),
        form=value_of(element, "numFmt") or "decimal",
        text=value_of(element, "lvlText"),
        restarts_after=small_number(restart, 0) if restart else None,
        is_legal=legal is not None and legal.get("val", "1") not in ("0", "false"),
    )


def _use(element: Element) -> _Use:
    starts, levels = {}, {}
    for each in element.findall("lvlOverride"):
        at = small_number(each.get("ilvl", ""), 0)
        inner = each.find("lvl")
        if inner is not None:
            levels[at] = _level(inner)
        start = value_of(each, "startOverride")
        if start:
            starts[at] = small_number(start, 1)
    return _Use(value_of(element, "abstractNumId"), starts, levels)


def small_number(text: str, default: int) -> int:
    """Return the number of a property; what is no number of six digits is the default."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else default


def _shown(counts: list[int | None], levels: dict[int, _Level], level: int) -> str:
    own = levels[level]
    if own.form in _SILENT:
        return ""
    text = own.text
    for at, placeholder in enumerate(_PLACEHOLDERS):
        if placeholder in text:
            definition = levels.get(at, _Level())
            count = counts[at]
            form = "decimal" if own.is_legal else definition.form
            text = text.replace(placeholder, written(count or definition.start, form))
    text = text.strip()
    return f"{text}." if text.isalnum() and text.isascii() else text


def written(number: int, form: str) -> str:
    """Return a number as a list's format writes it; unknown formats read as decimal."""
    if form in _CHINESE and number <= MOST_COUNTED:
        return numeral(number)
    if form in ("upperLetter", "lowerLetter") and 0 < number <= MOST_LETTERS:
        letter = chr(ord("A") + (number - 1) % ALPHABET) * ((number - 1) // ALPHABET + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form in _ENCLOSED and 0 < number <= MOST_ENCLOSED:
        return chr(_ENCLOSED[form] + number - 1)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for size, sign in _ROMAN:
        count, number = divmod(number, size)
        text += sign * min(count, 9)
    return text
