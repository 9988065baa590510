"""Every form of every page, spoilt in every way and field by field: never a fault."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from tests.factories import csrf, enter
from tests.office import furnish

Pairs = list[tuple[str, str]]
DIGITS = "9" * 5000
"""More than Python makes a number of, let alone a column."""
NUL = "a NUL"
"""Refused before any form is read."""
SPOILT: dict[str, Callable[[str, str], Pairs]] = {
    "missing": lambda _name, _value: [],
    "huge": lambda name, _: [(name, DIGITS)],
    "beyond a column": lambda name, _: [(name, "99999999999999999999")],
    "words": lambda name, _: [(name, "很长" * 3000)],
    "doubled": lambda name, value: [(name, value), (name, value or "1")],
    NUL: lambda name, value: [(name, f"{value}\0")],
}
KEEPS_OUT = ("/logout", "/preferences")
"""Forms that would end the sign-in; they hold no field that is stored."""


class Sheet(NamedTuple):
    """A form as a browser would send it."""

    action: str
    pairs: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """Reads the forms of a page that are posted, as the page fills them in."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._action = self._select = self._written = ""
        self._pairs: Pairs = []
        self.found: list[Sheet] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        name, value = facts.get("name", ""), facts.get("value", "")
        if tag == "form":
            self._pairs = []
            is_posted = facts.get("method") == "post"
            self._action = facts.get("action") or self._address if is_posted else ""
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._written = name
        elif tag == "option" and self._select:
            self._pairs.append((self._select, value))
            self._select = ""
        elif tag in ("input", "button") and name and not name.endswith("csrf_token"):
            self._pairs.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._written:
            self._pairs.append((self._written, data))
            self._written = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.handle_data("")
        elif tag == "form" and self._action:
            self.found.append(Sheet(self._action, tuple(self._pairs)))
            self._action = ""


def shape(words: str) -> str:
    """Return an address or a name without what only counts: rows, options, questions are alike."""
    return re.sub(r"\d+", "0", words)


def forms_of(client: FlaskClient, addresses: list[str]) -> list[Sheet]:
    """Return the forms of these pages, each shape once."""
    found: dict[tuple[str, ...], Sheet] = {}
    for address in addresses:
        reader = Forms(address)
        reader.feed(client.get(address).text)
        for sheet in reader.found:
            fields = {shape(name) for name, _ in sheet.pairs}
            found.setdefault((shape(sheet.action), *sorted(fields)), sheet)
    return [sheet for sheet in found.values() if not sheet.action.startswith(KEEPS_OUT)]


def spoilt(sheet: Sheet) -> Iterator[tuple[str, Pairs]]:
    """Yield the form spoilt in each way, and each kind of field as no number, the others sound."""
    for way, spoil in SPOILT.items():
        yield way, [one for pair in sheet.pairs for one in spoil(*pair)]
    kinds = {shape(name): name for name, _ in sheet.pairs}
    for name in kinds.values() if len(kinds) > 1 else ():
        yield name, [*(pair for pair in sheet.pairs if pair[0] != name), (name, DIGITS)]


def test_no_field_of_any_form_is_a_fault(app: Flask, counted: Callable[..., None]) -> None:
    office = furnish(app)
    client = app.test_client()
    enter(client, office.boss.officer_id)
    wrong, tried, unheard = [], 0, []
    for sheet in forms_of(client, office.addresses()):
        for way, pairs in spoilt(sheet):
            data: dict[str, list[str]] = {}
            for name, value in pairs:
                data.setdefault(name, []).append(value)
            headers = {"X-CSRFToken": csrf(client)}
            with client.post(sheet.action, data=data, headers=headers) as reply:
                tried += 1
                if reply.status_code >= 500:
                    wrong.append((sheet.action, way, reply.status_code))
                is_out = "/login" in reply.headers.get("Location", "")
                if is_out or (reply.status_code == 400 and way != NUL):
                    unheard.append((sheet.action, way, reply.status_code))
    assert not unheard, "signed in, and with the token of its form"
    counted("I10, every field", tried, len(wrong), str(wrong or ""))
