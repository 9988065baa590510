"""Names of files and words of questions that were written to do harm: shown, never obeyed."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.store.db import transaction
from quizapp.web.downloads import file_of
from tests.factories import enter, make_draft, make_viewer
from tests.question_files import row, sheet
from tests.web.test_imports import Desk, desk

__all__ = ["desk"]

MARK = "zq7"
HARM = f"{MARK}(1)"
PAYLOADS = (
    *(f"<{tag} src=x onerror={HARM}>" for tag in ("img", "video", "audio", "input", "image")),
    *(f"<{tag} onload={HARM}>" for tag in ("svg", "body", "iframe", "svg/", "style", "object")),
    *(f"<script>{HARM}</script>", f"<ScRiPt>{HARM}</sCrIpT>", f"<script\n>{HARM}</script >"),
    *(f"</script><script>{HARM}</script>", f"</textarea><script>{HARM}</script>"),
    *(f"</title><script>{HARM}</script>", f"</style><script>{HARM}</script>"),
    *(f"</option></select><script>{HARM}</script>", f"--><script>{HARM}</script><!--"),
    *(f'"><script>{HARM}</script>', f"'><script>{HARM}</script>", f"]]><script>{HARM}</script>"),
    *(f'" onmouseover="{HARM}', f"' onfocus='{HARM}' autofocus='", f"` onfocus=`{HARM}"),
    *(f'"><img src=x onerror="{HARM}">', f"' onclick={HARM} x='", f'" style="x:{MARK}'),
    *(f"<a href='javascript:{HARM}'>甲</a>", f"<a href='java\tscript:{HARM}'>甲</a>"),
    *(f"<a href=' \x01javascript:{HARM}'>乙</a>".replace("\x01", ""), f"javascript:{HARM}"),
    *(f"[点这里](javascript:{HARM})", f"![图](javascript:{HARM})", f"<javascript:{HARM}>"),
    *(f"data:text/html,<script>{HARM}</script>", f"<iframe src='data:text/html,{MARK}'>"),
    *(f"<iframe srcdoc='<script>{HARM}</script>'>", f"<embed src='javascript:{HARM}'>"),
    *(f"<object data='javascript:{HARM}'>", f"<form action='javascript:{HARM}'><button>提交"),
    *(f"<button formaction='javascript:{HARM}'>甲</button>", f"<base href='//{MARK}.example/'>"),
    *(f"<meta http-equiv=refresh content='0;url=javascript:{HARM}'>", f"<link rel={MARK} href=x>"),
    *(f"<style>@import '//{MARK}.example/x.css'</style>", f"<p style='background:url({MARK})'>"),
    *(f"<div style=\"width:expression({HARM})\">", f"<x onclick={HARM}>甲", f"<math href={HARM}>"),
    *(f"<svg><animate onbegin={HARM} attributeName=x>", f"<svg><a xlink:href=javascript:{HARM}>"),
    *(f"<details open ontoggle={HARM}>", f"<marquee onstart={HARM}>", f"<select onfocus={HARM}>"),
    *(f"&lt;script&gt;{HARM}&lt;/script&gt;", f"&#60;script&#62;{HARM}&#60;/script&#62;"),
    *(f"\\u003cscript\\u003e{HARM}\\u003c/script\\u003e", f"%3Cscript%3E{HARM}%3C/script%3E"),
    *(f"＜script＞{HARM}＜/script＞", f"<\u200bscript>{HARM}</script>", f"<scr<b>ipt>{HARM}"),
    *(f"{{{{7*7}}}}{MARK}", f"{{% raw %}}{MARK}", f"${{7*7}}{MARK}", f"#{{7*7}}{MARK}"),
    *(f"{{{{config}}}}{MARK}", f"%(code)s {MARK}", f"%s%n {MARK}", f"{{0.__class__}}{MARK}"),
    *(f"\u202e{MARK}\u202c", f"甲\u200d\u200b乙{MARK}", f"=cmd|' /C calc'!A0 {MARK}"),
)  # fmt: skip
NAMES = (
    "法规 题库（2026）.txt", "a\r\nSet-Cookie: x=1.txt", 'a"; filename="b.html".txt', "a'b.txt",
    "../../../etc/passwd.txt", "..\\..\\boot.ini.txt", "/etc/cron.d/x.txt", "C:\\x.txt",
    "名" * 300 + ".txt", "😀🚔.txt", "\u202egpj.exe.txt", "a\0b.txt", ".htaccess.txt", "....txt",
    "<script>zq7(1)</script>.txt", "a;b,c%0d%0aX-Y: z.txt", " .txt", "con.txt", "a%2f..%2fb.txt",
)  # fmt: skip


class _Page(HTMLParser):
    """Finds the mark wherever a browser would obey it and not only show it."""

    SHOWN = ("value", "title", "aria-label", "alt", "placeholder", "content", "id", "name", "for")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.obeyed: list[str] = []
        self.text: list[str] = []
        self._program = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._program = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            shown = name in self.SHOWN or name.startswith("data-")
            if MARK in name or (MARK in (value or "") and not shown):
                self.obeyed.append(f"<{tag} {name}={value}>")
        if MARK in tag:
            self.obeyed.append(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._program = ""

    def handle_data(self, data: str) -> None:
        if MARK in data and self._program:
            self.obeyed.append(data)
        self.text.append(data)


def check_page(client: FlaskClient, path: str) -> str:
    """Return what a page shows; it must show the mark and obey it nowhere."""
    reply = client.get(path)
    assert reply.status_code == 200, path
    page = _Page()
    page.feed(reply.text)
    text = "".join(page.text)
    assert page.obeyed == []
    assert MARK in text
    assert f"49{MARK}" not in text
    return text


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60
    assert all(MARK in payload for payload in PAYLOADS)


def test_whatever_stands_in_an_imported_field_is_text_on_every_page(desk: Desk) -> None:
    names = ("题干", "选项A", "选项D", "解析", "依据", "难度", "题型", "答案")
    rows = [
        row(no, **{name: f"第{no}处{payload}{name}" for name in names[: 5 + no % 4]})
        for no, payload in enumerate(PAYLOADS)
    ]
    path = desk.upload(sheet(rows), f"{PAYLOADS[0].replace('/', '')}.xlsx")
    first = check_page(desk.client, path)
    pages = re.search(r"/ (\d+) 页", first)
    assert pages
    others = [check_page(desk.client, f"{path}?page={no}") for no in range(2, int(pages[1]) + 1)]
    shown = "".join([first, *others])
    missing = [each for each in PAYLOADS if each not in shown and each.strip() not in shown]
    assert missing == []


def test_drafts_of_harmful_words_are_text_in_bank_editor_and_review(desk: Desk) -> None:
    fields = ("题干", "选项A", "解析")
    rows = [row(no, **{name: f"{payload}{name}{no}" for name in fields})
            for no, payload in enumerate(PAYLOADS)]  # fmt: skip
    path = desk.upload(sheet(rows), f"{PAYLOADS[0]}.xlsx")
    assert desk.confirm(path).status_code == 303
    batch = re.search(r"/imports/batches/\d+", desk.client.get(path).text)
    assert batch
    listed = desk.client.get(batch[0]).text
    check_page(desk.client, batch[0])
    check_page(desk.client, "/imports/")
    codes = list(dict.fromkeys(re.findall(r"/bank/questions/([\w-]+)", listed)))
    assert len(codes) > 5
    for code in codes:
        check_page(desk.client, f"/bank/questions/{code}")
        check_page(desk.client, f"/bank/questions/{code}/edit")
    check_page(desk.client, "/bank/?state=draft")


def test_words_typed_at_the_desk_are_text_for_the_reviewer(app: Flask) -> None:
    with transaction() as tx:
        author, reviewer = make_viewer(tx, "trainer"), make_viewer(tx, "trainer")
    client, other = app.test_client(), app.test_client()
    token = enter(client, author.officer_id)
    enter(other, reviewer.officer_id)
    for no, payload in enumerate(each for each in PAYLOADS if each.isprintable()):
        code = make_draft(author, stem=f"{payload}怎么办（ ）{no}？", explanation=payload,
                          options=(payload, "甲", "乙", "丙"), topics=(payload[:20],))  # fmt: skip
        client.post(
            f"/bank/questions/{code}/comments",
            data={"text": payload},
            headers={"X-CSRFToken": token},
        )
        check_page(other, f"/bank/questions/{code}")
        check_page(client, f"/bank/questions/{code}/edit")


@pytest.mark.parametrize("name", [name for name in NAMES if "\r" not in name])
def test_an_uploaded_file_is_known_by_its_name_and_stored_under_none(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    path = desk.upload("谁？{=甲 ~乙}\n\n缺？{~甲 ~乙}".encode(), name)
    assert desk.client.get(path).status_code == 200
    assert "<script>zq7" not in desk.client.get("/imports/").text
    reply = desk.client.get(f"{path}/errors.xlsx")
    assert reply.status_code == 200
    check_header(reply.headers["Content-Disposition"], ".xlsx")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_download_has_a_plain_name(app: Flask, name: str) -> None:
    with app.test_request_context():
        reply = file_of(name, "text/plain", b"x")
        check_header(reply.headers["Content-Disposition"], ".txt")
        assert "Set-Cookie" not in reply.headers
        assert "X-Y" not in reply.headers
        reply.close()


def check_header(header: str, suffix: str) -> None:
    """One line, an attachment, and a name that a file system takes and no path has."""
    assert header.isascii()
    assert header.isprintable()
    written = re.fullmatch(
        r"attachment; filename=(?:\"?([^\";]*)\"?)(?:; filename\*=UTF-8''([\w.%~+!$&#^`|-]+))?",
        header,
    )
    assert written, header
    name = unquote(written[2]) if written[2] else written[1]
    assert name.endswith(suffix)
    assert name.isprintable()
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|')
    assert len(name.encode()) <= 255


def test_downloads_are_named_in_one_place() -> None:
    web = Path(__file__).resolve().parents[2] / "quizapp" / "web"
    words = re.compile("as_attachment|Content-Disposition")
    naming = [path.name for path in web.glob("*.py") if words.search(path.read_text("utf-8"))]
    assert naming == ["downloads.py"]
