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
from quizapp.web.pages import linked
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


def test_every_fact_that_a_text_does_not_say_is_asked_for_at_its_field(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    where = trainer("/laws/import", **upload("第一条　放风筝。".encode(), "无题.txt")).headers[
        "Location"
    ]
    missing = ("full", "short", "version", "effective_on")
    page = client.get(where).text
    assert [f'id="{name}-bad"' in page for name in missing] == [True] * 4
    assert [f'<li><a href="#{name}">' in page for name in missing] == [True] * 4
    told = {"full": "放风筝办法", "short": "放风筝办法", "version": "2026-09-02"}
    reply = trainer(where, **told, effective_on="2026-09-01")
    assert reply.status_code == 422
    assert 'id="effective_on-bad">施行日期不能早于版本日期' in reply.text
    assert 'id="version-bad"' not in reply.text


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
    for path in ("/laws/import", "/laws/amendments"):
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


def test_a_name_with_a_number_goes_to_the_article(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    for text in ("纸鸢场管理条例 3", "纸鸢场管理条例第三条", "管理条例 3"):
        reply = client.get("/laws/", query_string={"text": text})
        assert (reply.status_code, reply.headers["Location"]) == (302, "/laws/1/3")
    page = client.get("/laws/?text=纸鸢场").text
    assert "名称相符的法律" in page
    assert "<mark>纸鸢场</mark>" in page
    assert "没有找到" in client.get("/laws/?text=纸鸢场管理条例 99").text
    page = client.get("/laws/", query_string={"text": "放飞", "on": "2010-01-01"}).text
    assert "没有找到" in page
    for wild in ("%", "_", "'", '"', "\\", "a' OR 1=1 --", "<b>"):
        page = client.get("/laws/", query_string={"text": wild, "law": wild, "on": wild}).text
        assert "没有找到" in page


def test_an_article_says_what_became_of_it(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    bring(NEW_LINES.replace("2026年12月1日", "2026年10月1日").replace("2026年9月", "2026年8月"))
    old = client.get("/laws/1/4").text
    assert "2026-10-01 起已变化" in old
    assert 'href="/laws/2/5"' in old
    assert "本条未变" in client.get("/laws/1/1").text
    assert "删除" in client.get("/laws/1/5").text
    assert "修改前" in client.get("/laws/2/5").text
    assert "新增的" in client.get("/laws/2/3").text

    def leads(article: int, **place: int) -> str:
        query = {"law": KITES, "version": OLD.isoformat(), "article": article} | place
        return str(client.get("/laws/cited", query_string=query).headers["Location"])

    assert leads(1) == "/laws/2/1", "nothing touched it: the version in force is shown"
    assert leads(2, paragraph=1) == "/laws/2/2?paragraph=1"
    assert leads(4) == "/laws/1/4", "what changed since is shown as it was"


def test_an_import_is_taken_back_in_the_browser(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    bring(OLD_LINES)
    bring(NEW_LINES)
    assert client.get("/laws/1/take-back").status_code == 200
    reply = trainer("/laws/1/take-back")
    assert (reply.status_code, 'role="alert"' in reply.text) == (422, True)
    assert trainer("/laws/2/take-back").status_code == 303
    assert client.get("/laws/2").status_code == 404


def test_what_may_be_wrong_with_a_text_is_shown_by_line(
    client: FlaskClient, trainer: Callable[..., FlaskClient]
) -> None:
    text = OLD_LINES.replace("第五条　", "第四条　").encode("gb18030")
    page = client.get(trainer("/laws/import", **upload(text, "法.txt")).headers["Location"]).text
    line = 1 + OLD_LINES.split("\n").index("第五条　两只风筝缠线的，先放飞的一方优先收线。")
    assert "条号重复，这一条未读入" in page
    assert f'data-label="行">{line}</th>' in page


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


def test_citations_in_running_text_open_the_article(app: Flask) -> None:
    bring(OLD_LINES)
    with app.test_request_context("/"):
        text = f"<b>见《{KITES}》第三条第一款、《别的法》第二条。"
        page = str(linked(text))
        assert page.count("<a ") == 1
        assert "&lt;b&gt;" in page
        assert "version=2020-03-01" in str(linked(text, [Citation(KITES, OLD, 3)]))
        assert str(linked("没有引用")) == "没有引用"
