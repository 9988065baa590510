"""HTML inside question files, reduced to the text that a person would read."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from quizapp.domain.import_findings import Finding

_BREAKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "hr", "pre", "blockquote",
           "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
_SILENT = {"script", "style", "head", "title", "template"}
_ACTIVE = {"script", "iframe", "object", "embed", "applet", "form", "base", "meta", "link"}
_MEDIA = {"img", "audio", "video", "source", "svg", "image"}
_ACTIVE_ADDRESS = re.compile(r"^[\0- ]*(?:java|vb)[\0- ]*script[\0- ]*:|^[\0- ]*data:", re.I)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without markup; whether something active was in it; the names of pictures in it."""

    text: str
    is_unsafe: bool = False
    pictures: tuple[str, ...] = ()


class _Reducer(HTMLParser):
    """Collects what is shown; a program in the page is noticed and never kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.pictures: list[str] = []
        self.is_unsafe = False
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note line breaks, pictures and whatever could act."""
        self.is_unsafe = self.is_unsafe or tag in _ACTIVE or any(map(_acts, attrs))
        if tag in _MEDIA:
            self.pictures.append(dict(attrs).get("src") or tag)
        if tag in _BREAKS:
            self.pieces.append("\n")
        if tag in _SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        """Note line breaks and the end of what is not shown."""
        if tag in _BREAKS:
            self.pieces.append("\n")
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat a closed tag as a start: an empty script opens nothing."""
        self.handle_starttag(tag, attrs)
        if tag in _SILENT:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Keep shown text; line ends of the file are blanks as in a browser."""
        if not self._silent:
            self.pieces.append(re.sub(r"[ \t\r\n\xa0]+", " ", data))


def _acts(attribute: tuple[str, str | None]) -> bool:
    name, value = attribute
    if name.startswith("on"):
        return True
    is_address = name in ("href", "src", "action", "xlink:href", "formaction", "data")
    is_picture = (value or "").strip().lower().startswith("data:image/")
    return is_address and not is_picture and bool(_ACTIVE_ADDRESS.match(value or ""))


def text_of_html(html: str) -> Plain:
    """Return the text of a piece of HTML: blocks on lines of their own, no blank lines."""
    if "<" not in html and "&" not in html:
        return Plain(html.strip())
    reducer = _Reducer()
    reducer.feed(html)
    reducer.close()
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
