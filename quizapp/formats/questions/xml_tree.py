"""XML of exchange formats: parsed within limits, without declarations of its own."""

import re
from collections.abc import Collection, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quizapp.domain.sheets import FileRefused
from quizapp.formats.archives import check_tag_length
from quizapp.formats.safety import decode

MAX_DEPTH = 100
MAX_ELEMENTS = 300_000
MAX_ATTRIBUTES = 1_000_000
MAX_NAMES = 5_000
"""Different ones of elements and attributes: no format has a tenth of them."""
_DECLARED = re.compile(r"^(\s*<\?xml\b[^>]*?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
LOOKED_AT = 100_000
"""How far into a file its root element is looked for (bytes)."""


class _Locals(dict[str, str]):
    """Names as the parser gives them, with their space → without it."""

    def __missing__(self, name: str) -> str:
        if len(self) >= MAX_NAMES:
            raise FileRefused("file_unpacks_too_large")
        self[name] = local = name.rpartition("}")[2]
        return local


class _Bounded(TreeBuilder):
    """Builds a tree that is neither endlessly deep nor endlessly large; names lose their space."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = self._attributes = 0
        self._locals = _Locals()
        self._open, self._close = super().start, super().end

    def listen_to(self, parser: Any) -> None:
        """Hear of elements from the parser itself: a file has a hundred thousand of them."""
        parser.ordered_attributes = False
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Open an element. Raises FileRefused beyond the limits."""
        self._depth += 1
        self._count += 1
        if attrs:
            self._attributes += len(attrs)
            attrs = {self._locals[name]: value for name, value in attrs.items()}
        if (
            self._depth > MAX_DEPTH
            or self._count > MAX_ELEMENTS
            or self._attributes > MAX_ATTRIBUTES
        ):
            raise FileRefused("file_unpacks_too_large")
        return self._open(self._locals[tag], attrs)

    def end(self, tag: str) -> Element:
        """Close an element."""
        self._depth -= 1
        return self._close(self._locals[tag])


def parse_xml(content: bytes) -> Element:
    """Return the root; names are local, text is exact. GB18030 files read too.

    Raises FileRefused("file_unsafe") for a DTD or entities of its own, ("file_broken_xml") for
    what is no XML, with its line.
    """
    text = _DECLARED.sub(r"\1", decode(content).lstrip("\ufeff \t\r\n"), count=1)
    if text.count("<") > 2 * MAX_ELEMENTS:  # counted first: the parser would take its time
        raise FileRefused("file_unpacks_too_large")
    plain = text.encode("utf-8", "surrogatepass")
    check_tag_length(plain)
    tree = _Bounded()
    parser: Any = DefusedXMLParser(target=tree, forbid_dtd=True)
    tree.listen_to(parser.parser)
    try:
        parser.feed(plain)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise FileRefused("file_unsafe") from error
    except ParseError as error:
        raise FileRefused("file_broken_xml", line=error.position[0]) from error
    return root


def root_name(content: bytes) -> str:
    """Return the local name of the root element, or "" for what does not begin like XML."""
    head = content[:LOOKED_AT]
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if is_wide else "utf-8-sig", "ignore").lstrip()
    if not text.startswith("<"):
        return ""
    at = 0
    while found := _BEFORE_ROOT.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root[1] if root else ""


def first(element: Element, *names: str) -> Element | None:
    """Return the first element of any of these names, at any depth, in the order of the file."""
    return next(every(element, *names), None)


def every(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of any of these names below this one, in the order of the file."""
    wanted = frozenset(names)
    return (inner for inner in element.iter() if inner.tag in wanted and inner is not element)


def inner_markup(element: Element | None, leave_out: Collection[str] = ()) -> str:
    """Return what an element holds as markup, without the elements named in `leave_out`."""
    if element is None:
        return ""
    return _escape(element.text) + "".join(
        (_markup(child, leave_out) if child.tag not in leave_out else " ") + _escape(child.tail)
        for child in element
    )


def _markup(element: Element, leave_out: Collection[str]) -> str:
    attributes = "".join(
        f' {name}="{_escape(value).replace(chr(34), "&quot;")}"' for name, value in element.items()
    )
    return f"<{element.tag}{attributes}>{inner_markup(element, leave_out)}</{element.tag}>"


def _escape(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
