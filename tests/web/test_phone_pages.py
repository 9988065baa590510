"""What holds for pages, sheet and script without any browser: weight, old engines, plain markup."""

import gzip
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from quizapp.config import ROOT

STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
SHEET = (STATIC / "site.css").read_text(encoding="utf-8")
SCRIPTS = sorted(STATIC.glob("*.js"))
KB = 1024
NEWER_THAN_ES2017 = {
    "optional chaining": r"\?\.[A-Za-z_\[(]",
    "nullish coalescing": r"\?\?",
    "object spread": r"[{,]\s*\.\.\.\w+",
    "catch without a name": r"catch\s*\{",
    "async iteration": r"for\s+await",
    "logical assignment": r"(\|\||&&)=",
    "private field": r"this\.#|^\s*#\w+\s*[=(]",
    "class field": r"^\s*static\s*\{",
    "numeric separator": r"\b\d+_\d+\b",
    "big integer": r"\b\d+n\b",
    "named group or look-behind": r"\(\?<",
    "module": r"^\s*(import|export)\s",
    "young method": r"\.(flat|flatMap|matchAll|replaceAll|at|finally|allSettled|fromEntries)\(",
    "young global": r"\b(globalThis|structuredClone|queueMicrotask|ResizeObserver)\b",
}
TOO_NEW_FOR_OLD_VIEWS = {
    ":has": r":has\(",
    ":is and :where": r":(is|where)\(",
    "dynamic units": r"\d(dvh|svh|lvh|dvw|cqw)\b",
    "gap in flex": r"(?<![-\w])(?<!grid-)gap\s*:",
    "inset": r"[{;\s]inset\s*:",
    "aspect-ratio": r"aspect-ratio\s*:",
    "clamp, min, max": r"[:\s](clamp|min|max)\(",
    "nesting": r"^\s*&",
    "layers and containers": r"@(layer|container)",
    "colours": r"(color-mix|oklch|oklab|lab)\(",
    "import and foreign address": r"@import|url\(\s*['\"]?(https?:)?//",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("what", NEWER_THAN_ES2017)
def test_scripts_are_written_for_old_engines(script: Path, what: str) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.S)
    assert not re.findall(NEWER_THAN_ES2017[what], code, flags=re.M)


@pytest.mark.parametrize("what", TOO_NEW_FOR_OLD_VIEWS)
def test_the_sheet_is_written_for_old_engines(what: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
    assert not re.findall(TOO_NEW_FOR_OLD_VIEWS[what], rules, flags=re.M)


@pytest.mark.parametrize("name", ["site.css", "exam.js"])
def test_sheet_and_script_stay_small(name: str) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes())) <= 8 * KB


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_are_plain_markup(page: Path) -> None:
    """No inline style or script, no stranger, every button says its type, tables are headed."""
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style\b|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    assert re.findall(r"<button(?![^>]*\btype=)[^>]*>", text) == []
    assert re.findall(r"<th(?![^>]*\bscope=)[\s>][^>]*", text) == []
    assert "user-scalable" not in text
    assert "maximum-scale" not in text


class Markup(HTMLParser):
    """Collects what a reader's machine needs: language, labels, names of fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.inside_label = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        elif tag == "label":
            self.inside_label += 1
            self.labelled.add(found.get("for") or "")
        elif tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.fields.append(found | {"inside": "yes" if self.inside_label else None})

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1

    def nameless(self) -> list[dict[str, str | None]]:
        return [
            one
            for one in self.fields
            if not one["inside"] and one.get("id") not in self.labelled and "aria-label" not in one
        ]


@pytest.mark.parametrize("path", ["/login", "/activate", "/privacy", "/verify/ABCD", "/nowhere"])
@pytest.mark.parametrize(("chosen", "language"), [("zh", "zh-CN"), ("en", "en")])
def test_public_pages_say_their_language_and_name_their_fields(
    client: FlaskClient, path: str, chosen: str, language: str
) -> None:
    client.set_cookie("lang", chosen)
    markup = Markup(client.get(path).text)
    assert markup.language == language
    assert markup.nameless() == []


@pytest.mark.parametrize("path", ["/login", "/activate"])
def test_the_door_is_light(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert len(page.data) <= 4 * KB


def test_type_and_language_are_kept_by_the_browser(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get("/login").text)
    assert token
    form = {"csrf_token": token[1], "type": "large", "next": "/login"}
    assert client.post("/preferences", data=form).location == "/login"
    assert '<html lang="zh-CN" class="large">' in client.get("/login").text


def test_a_token_of_an_hour_ago_is_still_good(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D28: a page left alone for 65 minutes may still send what is on it."""
    long_ago = int(time.time()) - 65 * 60
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _self: long_ago)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    assert token
    reply = client.post("/preferences", data={"csrf_token": token[1], "lang": "en"})
    assert reply.status_code == 303


def test_a_refusal_is_a_page_with_a_way_back(app: Flask, client: FlaskClient) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert 'href="/"' in page.text
    assert "编号" in page.text


def test_sheet_and_script_travel_small_and_stay_for_a_year(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/site\.css\?v=\w+)"', client.get("/login").text)
    assert address
    reply = client.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(reply.data) == (STATIC / "site.css").read_bytes()
    assert "immutable" in reply.headers["Cache-Control"]
    assert "Cookie" not in reply.headers["Vary"]
    again = client.get(
        address[1], headers={"Accept-Encoding": "gzip", "If-None-Match": reply.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.get("/static/site.css").data == gzip.decompress(reply.data)
    assert client.get("/static/site.css?v=old").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.css", "../wsgi.py", "%2e%2e/wsgi.py", "."])
def test_only_static_files_are_static(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
