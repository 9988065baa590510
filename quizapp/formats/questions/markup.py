"""HTML inside question files, reduced to the text that a person would read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice

from quizapp.domain.import_findings import Finding

_BREAKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "hr", "pre", "blockquote",
           "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_CELLS = {"td", "th"}
_SILENT = {"script", "style", "head", "title", "template"}
_ACTIVE = {"script", "iframe", "object", "embed", "applet", "form", "base", "meta", "link"}
_MEDIA = {"img", "audio", "video", "source", "svg", "image"}
_ACTIVE_ADDRESS = re.compile(r"^[\0- ]*(?:java|vb)[\0- ]*script[\0- ]*:|^[\0- ]*data:", re.I)

MOST_TAGS, LONGEST = 20_000, 100_000
"""Beyond them a piece is no question's; pictures written into it apart."""
MOST_ATTRIBUTES = 60
_PICTURE = re.compile(r"(?<=data:image/)([a-z+.-]{1,20};base64,)[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_SIGN = re.compile(r"[<>\"']")
_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[A-Za-z!?][\w:-]*)(?P<rest>.*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([^\s=\"'/]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
_BLANKS = re.compile(r"[ \t\r\n\xa0]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without markup; whether something active was in it; the names of pictures in it."""

    text: str
    is_unsafe: bool = False
    pictures: tuple[str, ...] = ()


class _Reducer:
    """Collects what is shown; a program in the page is noticed and never kept."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.pictures: list[str] = []
        self.is_unsafe = False
        self._silent = 0

    def tag(self, name: str, attributes: dict[str, str], *, closes: bool, is_empty: bool) -> None:
        """Note line breaks, pictures and whatever could act."""
        if name in _BREAKS:
            self.pieces.append("\n")
        elif name in _CELLS:
            self.pieces.append(" ")
        if name in _SILENT and not is_empty:
            self._silent = max(0, self._silent + (-1 if closes else 1))
        if not closes:
            is_picture = name in _MEDIA or attributes.get("type", "").startswith("image/")
            self.is_unsafe = (
                self.is_unsafe
                or (name in _ACTIVE and not is_picture)
                or any(map(_acts, attributes.items()))
            )
            if is_picture:
                self.pictures.append(_picture_name(attributes) or name)

    def text(self, text: str) -> None:
        """Keep shown text; line ends of the file are blanks as in a browser."""
        if not self._silent:
            self.pieces.append(_BLANKS.sub(" ", unescape(text)))


def _reduce(html: str, reducer: _Reducer) -> None:
    """Feed text and tags in their order, in one pass: a broken tag is text and costs nothing."""
    at = 0
    while (begin := html.find("<", at)) >= 0:
        reducer.text(html[at:begin])
        end = _end_of_tag(html, begin)
        found = _TAG.match(html, begin, end) if end else None
        if html.startswith("<!--", begin):
            closed = html.find("-->", begin)
            at = closed + 3 if closed > 0 else len(html)
        elif found:
            inside = found["rest"]
            reducer.tag(
                found["name"].lower(),
                _attributes(inside),
                closes=bool(found["closes"]),
                is_empty=inside.rstrip().endswith("/"),
            )
            at = end
        else:
            reducer.text("<")
            at = begin + 1
    reducer.text(html[at:])


def _attributes(inside: str) -> dict[str, str]:
    """Return the first attributes of a tag; no page has more in one."""
    found = islice(_ATTRIBUTE.finditer(inside), MOST_ATTRIBUTES)
    return {each[1].lower(): unescape((each[2] or "").strip("\"'")) for each in found}


def _end_of_tag(html: str, begin: int) -> int:
    """Return where a tag ends that begins here, or 0: a “<” inside it makes it none."""
    at = begin + 1
    while found := _SIGN.search(html, at):
        if found[0] == ">":
            return found.end()
        if found[0] == "<":
            return 0
        at = html.find(found[0], found.end()) + 1
        if not at:
            return 0
    return 0


def _picture_name(attributes: dict[str, str]) -> str:
    """Return where a picture lies, or what it shows when it is written into the tag."""
    address = attributes.get("src") or attributes.get("data", "")
    return attributes.get("alt", "") if address.startswith("data:") else address


def _acts(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    if name.startswith("on"):
        return True
    is_address = name in ("href", "src", "action", "xlink:href", "formaction", "data")
    is_picture = value.strip().lower().startswith("data:image/")
    return is_address and not is_picture and bool(_ACTIVE_ADDRESS.match(value))


@lru_cache(maxsize=64)
def text_of_html(html: str) -> Plain:
    """Return the text of a piece of HTML: blocks on lines of their own, no blank lines.

    What is longer or has more tags than any question stays as it is. The pieces of a question are
    asked for twice: as its parts, and for what none of its parts took.
    """
    if "<" not in html and "&" not in html:
        return Plain(html.strip())
    html = _PICTURE.sub(r"\1", html) if "base64," in html else html
    if html.count("<") > MOST_TAGS or len(html) > LONGEST:
        return Plain(html.strip())
    reducer = _Reducer()
    _reduce(html, reducer)
    lines = (re.sub(r" +", " ", line).strip() for line in "".join(reducer.pieces).split("\n"))
    text = "\n".join(line for line in lines if line)
    return Plain(text, reducer.is_unsafe, tuple(reducer.pictures))


class Pieces:
    """Turns the pieces of one question into text and remembers what was unsafe or left out."""

    def __init__(self) -> None:
        self._is_unsafe = False
        self.pictures: list[str] = []

    def html(self, piece: str) -> str:
        """Return a piece of HTML as plain text."""
        plain = text_of_html(piece)
        self._is_unsafe = self._is_unsafe or plain.is_unsafe
        self.pictures += plain.pictures
        return plain.text

    def findings(self, place: str, no: int) -> list[Finding]:
        """Return what was found so far, for the question at this place."""
        found = [Finding(place, "unsafe_content", field="stem", no=no)] if self._is_unsafe else []
        if self.pictures:
            names = "、".join(dict.fromkeys(self.pictures))[:80]
            found.append(Finding(place, "picture_left_out", field="stem", detail=names, no=no))
        return found
