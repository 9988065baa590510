"""The statute library in the browser: read by everybody, kept by the trainers of the province."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.bank import Question
from quizapp.domain.statutes import Citation
from quizapp.service import amendments, statutes
from quizapp.store.db import transaction
from tests.factories import NOW, enter, make_officer, make_question, make_staff
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.service.test_amendments import FORCE, KITES, OLD, TODAY, ask, bring, drawn

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(text: str) -> bytes:
    """Return the lines as the paragraphs of a Word file."""
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{line[:3]}</w:t></w:r><w:r><w:t>{line[3:]}</w:t></w:r></w:p>"
        for line in text.splitlines()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>',
        )
    return out.getvalue()


@pytest.fixture
def trainer(app: Flask, client: FlaskClient) -> Callable[..., object]:
    with transaction() as tx:
        token = enter(client, make_staff(tx, "trainer", name="王教"))

    def send(path: str, **form: object) -> object:
        return client.post(path, data={"csrf_token": token} | form)

    return send


def upload(content: bytes, name: str) -> dict[str, object]:
    return {"file": (io.BytesIO(content), name)}


def test_a_law_goes_in_and_its_new_version_opens_the_work_list(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    moved = ask((4, None, None))
    reply = trainer("/laws/import", **upload(document(NEW_LINES), "新法.docx"))
    assert reply.status_code == 303
    where = reply.headers["Location"]
    page = client.get(where).text
    assert "受影响的题目，共 1 道" in page
    assert "确认入库" in page
    assert drawn(FORCE) == {moved}, "nothing is stored before the confirmation"
    reply = trainer(where)
    assert reply.status_code == 303
    amendment = reply.headers["Location"]
    page = client.get(amendment).text
    assert "已处理 0 / 1" in page
    assert drawn(FORCE) == set()
    page = client.get(f"{amendment}/articles").text
    assert "<del>一百米</del>" in page or "<del>一百</del>" in page
    assert client.get(f"{amendment}/articles?show=moved").status_code == 200
    item = "/laws/stale/1"
    assert "第四条 → 第五条" in client.get(item).text
    assert trainer(item, outcome="edited", note="写下的话").status_code == 422
    assert "写下的话" in trainer(item, outcome="edited", note="写下的话").text
    assert trainer(item, outcome="kept").status_code == 303
    assert "已处理 1 / 1" in client.get(amendment).text
    for kind in ("xlsx", "csv"):
        assert client.get(f"{amendment}/worklist.{kind}").status_code == 200
    assert "仍正确" in client.get(f"{amendment}/worklist.csv").data.decode("utf-8-sig")
    assert client.get("/laws/amendments").text.count(KITES) >= 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.txt"),
        (b"\0\0", "a.txt"),
        ("没有条文".encode(), "a.txt"),
        (b"PK\x03\x04broken", "a.docx"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.md"),
        (document("甲").replace(b"document.xml", b"dokument.xml"), "a.docx"),
        (b"\xff\xfe\xfd\x81", "a.txt"),
    ],
)
def test_what_holds_no_law_is_refused_with_a_reason(
    trainer: Callable[..., FlaskClient], content: bytes, name: str
) -> None:
    reply = trainer("/laws/import", **upload(content, name))
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text


def test_markup_in_a_law_is_shown_as_text(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES.replace("有地方飞", "<script>alert(1)</script>飞"))
    for path in ("/laws/1", "/laws/1/1", "/laws/?text=alert"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_officer_reads_and_searches_but_keeps_nothing(app: Flask, client: FlaskClient) -> None:
    bring(OLD_LINES)
    with transaction() as tx:
        token = enter(client, make_officer(tx))
    assert KITES in client.get("/laws/").text
    assert "第六条之一" in client.get("/laws/?text=红色").text
    assert "没有找到同时含有这些词的条文" in client.get("/laws/?text=没有的词").text
    page = client.get("/laws/1").text
    assert "第一章 总则" in page
    reply = client.get(f"/laws/cited?law={KITES}&version=2020-03-01&article=3&paragraph=1&item=2")
    assert reply.status_code == 302
    page = client.get(reply.headers["Location"]).text
    assert "线长不得超过一百米" in page
    assert client.get("/laws/1/6?sub=1").status_code == 200
    assert "没有所引的款或项" in client.get("/laws/1/6?paragraph=9").text
    for path in ("/laws/1/99", "/laws/9", "/laws/cited", "/laws/cited?law=x&article=-1"):
        assert client.get(path).status_code == 404
    for path in ("/laws/import", "/laws/amendments", "/laws/lookup?text=x"):
        assert client.get(path).status_code == 403
    assert client.post("/laws/import", data={"csrf_token": token}).status_code == 403


def test_a_city_trainer_reads_the_list_but_imports_and_repeals_nothing(
    app: Flask, client: FlaskClient
) -> None:
    bring(OLD_LINES)
    with transaction() as tx:
        enter(client, make_staff(tx, "trainer", "130500"))
    assert client.get("/laws/amendments").status_code == 200
    for path in ("/laws/import", "/laws/1/repeal"):
        assert client.get(path).status_code == 403


def test_the_editor_looks_a_citation_up(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    text = f"《{KITES}》第三条第一款第（二）项"
    found = client.get(f"/laws/lookup?text={text}").get_json()
    assert found["written"] == text
    assert found["cited"].endswith("线长不得超过一百米；")
    assert found["citation"]["version"] == OLD.isoformat()
    assert client.get(found["href"]).status_code == 200
    for wrong, status in (("第三条", 422), ("《没有的法》第一条", 404)):
        headers = {"Accept": "application/json"}
        assert client.get(f"/laws/lookup?text={wrong}", headers=headers).status_code == status


def test_a_law_is_repealed_on_a_day(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    ask((1, None, None))
    assert trainer("/laws/1/repeal", on="").status_code == 422
    assert trainer("/laws/1/repeal", on="2019-01-01").status_code == 422
    reply = trainer("/laws/1/repeal", on=FORCE.isoformat())
    assert reply.status_code == 303
    assert "起废止" in client.get(reply.headers["Location"]).text
    assert drawn(FORCE) == set()


def test_a_citation_in_the_bank_opens_the_article(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    with transaction() as tx:
        cited = (Citation(KITES, OLD, 3, 0, 1, 2), Citation("别的法", OLD, 1))
        make_question(tx, Question("judge", "问", key=True, citations=cited))
        code = tx.connection().exec_driver_sql("SELECT code FROM questions").scalar_one()
    page = client.get(f"/bank/questions/{code}").text
    assert page.count("/laws/cited?") == 1, "only a law whose text is there gets a link"


def test_the_command_prints_what_it_did(app: Flask, tmp_path: object) -> None:
    run = app.test_cli_runner().invoke
    for name, lines in (("old.md", OLD_LINES), ("new.md", NEW_LINES)):
        (tmp_path / name).write_text(lines, encoding="utf-8")  # type: ignore[operator]
    ask((5, None, None))
    assert run(args=["import-law", f"{tmp_path}/old.md"]).exit_code == 0
    dry = run(args=["import-law", f"{tmp_path}/new.md", "--dry-run"]).output
    assert "1 repealed" in dry
    assert "questions touched: 1" in dry
    assert len(statutes.list_library()) == 1
    assert run(args=["import-law", f"{tmp_path}/new.md"]).output == dry
    again = run(args=["import-law", f"{tmp_path}/new.md"])
    assert again.exit_code == 1
    assert amendments.suspend_due(on=TODAY, now=NOW) == 0
