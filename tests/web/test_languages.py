"""One language at a time: a page has no word of the other one, but what people wrote themselves.

Everything written in Chinese in the database is veiled, sign by sign, before the pages are read.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from quizapp.store import schema
from quizapp.store.db import db, metadata
from quizapp.store.memory import forget_all
from tests.factories import enter
from tests.office import NO_PAGES, Office, furnish

CHINESE = "\\u3000-\\u303f\\u3400-\\u9fff\\uff00-\\uffef"
"""Signs and full-width punctuation."""
HAN = re.compile(f"[{CHINESE}]+")
VEIL = {sign: sign + 0xF0000 for sign in range(0x3000, 0x10000) if HAN.match(chr(sign))}
UNVEIL = {veiled: sign for sign, veiled in VEIL.items()}
LATIN = re.compile(r"[A-Za-z]{2,}")
IN_ENGLISH = re.compile(r"《|》|for example [^)]*|[(（][一二三四五六七八九十]+[)）]")
"""Marks of a law's name, examples of what is written in Chinese, numbers as the law has them."""
IN_CHINESE = re.compile(
    r"[\w.]*\.(?:xlsx?|docx?|csv|txt|md|xml)\b|[A-Z0-9]+(?:-[A-Z0-9]+)+|\b[A-G]{2,4}\b"
    r"|XLSX|CSV|DOCX|GIFT|Aiken|Moodle|XML|QTI|JSON|Word|Excel|PNG|JPEG|MB|UTF|GB18030|KR|cov|var|pq"
)
"""Names of files and formats, codes, letters of options, formulas."""
UNREAD = ("script", "style", "code", "textarea")
VOID = ("br", "img", "input", "link", "meta", "wbr", "hr")
BEFORE_SIGN_IN = ("people.login", "people.activate", "people.ticket")
SHOWN_ATTRIBUTES = ("alt", "aria-label", "data-label", "placeholder", "title")


def veiled(written: Any) -> Any:
    """Return a value of a column with every Chinese sign in it replaced by one of no language."""
    if isinstance(written, str):
        return written.translate(VEIL)
    if isinstance(written, list):
        return [veiled(each) for each in written]
    if isinstance(written, dict):
        return {name: veiled(each) for name, each in written.items()}
    return written


def veil(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            for row in connection.execute(table.select()).mappings().all():
                changed = {
                    name: veiled(value) for name, value in row.items() if veiled(value) != value
                }
                if changed:
                    here = sa.and_(*(table.c[key] == row[key] for key in keys))
                    connection.execute(table.update().where(here).values(changed))
    forget_all()


class Shown(HTMLParser):
    """Collects what a reader of the page sees or hears; words marked as of a language are not."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._quiet: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if self._quiet or tag in UNREAD or ("lang" in named and tag != "html"):
            self._quiet += [tag] if tag not in VOID else []
        else:
            self.texts += [text for name in SHOWN_ATTRIBUTES if (text := named.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and self._quiet[-1] == tag:
            self._quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self._quiet and data.strip():
            self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def office(whole_app: Flask) -> Office:
    schema.empty(db.engine)
    office = furnish(whole_app)
    veil(db.engine)
    return office


def reader(app: Flask, office: Office, language: str) -> tuple[FlaskClient, str]:
    client = app.test_client()
    client.set_cookie("lang", language)
    return client, enter(client, office.boss.officer_id)


def foreign(page: str, language: str, quoted: str) -> list[str]:
    """Return the texts of a page that hold words of another language than its own."""
    sign, allowed = (HAN, IN_ENGLISH) if language == "en" else (LATIN, IN_CHINESE)
    return sorted(
        {
            text.translate(UNVEIL)
            for text in (allowed.sub(" ", text) for text in Shown(page).texts)
            for found in sign.finditer(text)
            if with_neighbour(text, found) not in quoted
        }
    )


def with_neighbour(text: str, found: re.Match[str]) -> str:
    """Return what was found; if it is but one sign, what stands beside it too."""
    begin, end = found.span()
    return text[max(0, begin - 1) : end + 1] if end - begin == 1 else found[0].rstrip("…")


def test_every_page_stands_in_the_office(whole_app: Flask, office: Office) -> None:
    rules = whole_app.url_map.iter_rules()
    gets = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert gets == set(office.pages) | NO_PAGES


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_speaks_one_language(whole_app: Flask, office: Office, language: str) -> None:
    client, _ = reader(whole_app, office, language)
    stranger = whole_app.test_client()
    stranger.set_cookie("lang", language)
    wrong: dict[str, str] = {}
    for endpoint, addresses in office.pages.items():
        for address in addresses:
            page = (stranger if endpoint in BEFORE_SIGN_IN else client).get(address).text
            wrong |= dict.fromkeys(foreign(page, language, office.quoted), address)
    assert wrong == {}


FORM = re.compile(r'<form[^>]*method="post"(?P<facts>[^>]*)>(?P<fields>.*?)</form>', re.DOTALL)
ACTION, NAME = re.compile(r'action="([^"]*)"'), re.compile(r'\sname="(\w[^"]*)"')


def forms(client: FlaskClient, addresses: Iterable[str]) -> dict[str, set[str]]:
    """Return what can be sent from these pages: address → names of the fields."""
    found: dict[str, set[str]] = {}
    for address in addresses:
        for form in FORM.finditer(client.get(address).text):
            action = ACTION.search(form["facts"])
            target = action[1] if action else address
            if target not in ("/logout", "/preferences", "/me/leave-others"):
                found.setdefault(target, set()).update(NAME.findall(form["fields"]))
    return found


@pytest.mark.parametrize("sent", ["", "?"])
def test_a_refusal_speaks_english(whole_app: Flask, office: Office, sent: str) -> None:
    """Every form, sent with nothing in it or with nonsense; the page that answers is English."""
    client, token = reader(whole_app, office, "en")
    wrong: dict[str, str] = {}
    for target, names in forms(client, office.addresses()).items():
        fields = dict.fromkeys(names, sent) | {"csrf_token": token}
        reply = client.post(target, data=fields, follow_redirects=True)
        assert reply.status_code < 500, target
        if "html" in reply.mimetype:
            wrong |= dict.fromkeys(foreign(reply.text, "en", office.quoted), target)
    assert wrong == {}
