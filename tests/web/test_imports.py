import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.formats import tabular
from quizapp.service import import_batches, import_reading, imports
from quizapp.store import imports as imports_store
from quizapp.store.db import transaction
from quizapp.web import aside
from tests.factories import enter, make_staff
from tests.question_files import HEADER, mixed, row, sheet
from tests.service.test_imports import here


class Desk:
    """A trainer at the import desk; files are read at once and in this process."""

    def __init__(self, client: FlaskClient) -> None:
        with transaction() as tx:
            self.officer_id = make_staff(tx, "trainer")
        self.client = client
        self.token = enter(client, self.officer_id)

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def upload(self, content: bytes, name: str = "题库.xlsx") -> str:
        reply = self.post("/imports/", file=(io.BytesIO(content), name))
        assert reply.status_code == 303
        return reply.headers["Location"]

    def confirm(self, path: str) -> TestResponse:
        page = self.client.get(path).text
        found = re.search(r'name="report" value="(\w+)"', page)
        assert found
        ticked = re.search(r'name="left_out" value="(\d+)"', page)
        more = {"left_out": ticked[1]} if ticked else {}
        return self.post(path, mode="good", report=found[1], scope="province:13", **more)


@pytest.fixture
def desk(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(aside, "PATIENCE_S", 60)
    read = import_reading.read_upload
    monkeypatch.setattr(
        import_reading,
        "read_upload",
        lambda viewer, upload_id, folder, *, now: read(
            viewer, upload_id, folder, now=now, run=here
        ),
    )
    return Desk(client)


def test_from_the_file_to_drafts_and_back(desk: Desk) -> None:
    path = desk.upload(sheet(mixed()))
    page = desk.client.get(path).text
    assert "导入正确的 2 题" in page
    assert "与本文件第 2 行重复" in page
    assert "试题 第 3 行" in page
    assert desk.confirm(path).status_code == 303
    page = desk.client.get(path).text
    assert "已导入 2 题" in page
    batch = re.search(r"/imports/batches/\d+", page)
    assert batch
    assert "HB-130000-" in desk.client.get(batch[0]).text
    assert "题库.xlsx" in desk.client.get("/imports/").text
    assert desk.post(f"{batch[0]}/undo").status_code == 303
    assert "撤销，题目都已停用" in desk.client.get(batch[0]).text


def test_the_batches_have_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_batches, "PAGE_SIZE", 2)
    for no in range(3):
        desk.confirm(desk.upload(sheet([row(no)]), f"第{no}批.xlsx"))
    first, last = (desk.client.get(f"/imports/{query}").text for query in ("", "?page=2"))
    assert [no for no in range(3) if f"第{no}批.xlsx" in first] == [1, 2]
    assert [no for no in range(3) if f"第{no}批.xlsx" in last] == [0]
    assert 'href="/imports/?page=2"' in first
    for odd in ("9", "0", "x"):
        assert desk.client.get(f"/imports/?page={odd}").status_code == 200


def test_the_page_shows_each_question_as_a_paper_does(desk: Desk) -> None:
    plain = {f"选项{letter}": "" for letter in "ABCD"}
    judge = row(7, 题型="判断题", 答案="错", **plain)
    page = desk.client.get(desk.upload(sheet([row(1), judge]))).text
    assert 'type="radio" name="q1" value="A"' in page
    assert 'name="q2" value="T"' in page


def test_the_page_says_what_it_understood_and_how_many_of_each_type(desk: Desk) -> None:
    header = ["题型（0单选，1判断）", *HEADER[1:]]
    page = desk.client.get(desk.upload(sheet([row(1, 题型="0"), row(2, 题型="0")], header=header)))
    assert "单选题 2" in page.text
    assert "0 = 单选题" in page.text
    assert page.text.count('<option value="option_A" selected>选项A</option>') == 1
    assert "下列哪一项属于第 2 种情形" in page.text.split("</table>")[0]


def test_rows_with_errors_are_given_up_by_a_tick_of_their_own(desk: Desk) -> None:
    path = desk.upload(sheet(mixed()))
    page = desk.client.get(path).text
    assert "放弃 3 行有错误的题" in page
    report = re.search(r'name="report" value="(\w+)"', page)
    assert report
    fields = {"mode": "good", "report": report[1], "scope": "province:13"}
    reply = desk.post(path, **fields)
    assert reply.status_code == 422
    assert "请先勾选“放弃 3 行有错误的题”" in reply.text
    assert desk.post(path, **fields, left_out="3").status_code == 303


def test_a_duplicate_leads_to_the_question_of_the_bank(desk: Desk) -> None:
    desk.confirm(desk.upload(sheet([row(1)])))
    page = desk.client.get(desk.upload(sheet([row(1), row(2)]))).text
    link = re.search(r'<a href="(/bank/[^"]+)" target="_blank"', page)
    assert link
    assert desk.client.get(link[1]).status_code == 200


def test_rows_can_be_looked_at_by_result(desk: Desk) -> None:
    path = desk.upload(sheet(mixed()))
    page = desk.client.get(f"{path}?show=faulty").text
    assert "第 3 种情形" not in page
    assert "题型不支持" in page
    assert "没有这样的题目" in desk.client.get(f"{path}?show=known&page=99").text


def test_markup_in_a_file_is_text_on_the_page(desk: Desk) -> None:
    marked = row(1, 题干="当 a<b 时<b>应当</b>如何处理？", 选项A="<i>甲</i>")
    page = desk.client.get(desk.upload(sheet([marked]))).text
    assert "<b>应当" not in page
    assert "&lt;i&gt;甲" in page


def test_a_file_that_cannot_be_read_is_refused_with_advice(desk: Desk) -> None:
    for content, name, words in (
        (b"", "x.xlsx", "文件里没有内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.xls", ".xls"),
    ):
        reply = desk.post("/imports/", file=(io.BytesIO(content), name))
        assert reply.status_code == 422
        assert words in reply.text
    assert desk.post("/imports/").status_code == 422
    for content, words in (
        (bytes(range(256)) * 9, "文件没有导入"),
        (b"PK\x03\x04 nothing", "文件已损坏"),
    ):
        page = desk.client.get(desk.upload(content, "x.png")).text
        assert words in page
        assert "重新读取" not in page, "it would be refused again"


def test_a_file_refused_for_want_of_time_can_be_read_again(desk: Desk) -> None:
    path = desk.upload(sheet([row(1)]))
    upload_id = int(path.rsplit("/", 1)[1])
    with transaction() as tx:
        started = imports_store.get_reading(tx, upload_id).started_at
        refusal = {"code": "import_too_heavy", "facts": {"seconds": 120}}
        imports_store.put_stage(tx, upload_id, started, state="refused", refusal=refusal)
    assert "重新读取" in desk.client.get(path).text
    assert desk.post(f"{path}/read").status_code == 303


def test_a_file_without_questions_shows_what_was_read(desk: Desk) -> None:
    page = desk.client.get(desk.upload("这是一份说明\n请勿外传".encode(), "说明.txt")).text
    assert "没有认出题目" in page
    assert "请勿外传" in page
    assert "<details open>" in page
    assert "按结果筛选" not in page


def test_a_wrong_mapping_is_corrected_on_the_page(desk: Desk) -> None:
    path = desk.upload(sheet([row(1)], header=["题型", "内容", *HEADER[2:]]))
    page = desk.client.get(path).text
    assert "表头在第 1 行" in page
    assert "缺少题干" in page
    assert "没有认出题干所在的列" in page
    assert "全部不导入" in page
    wrong = desk.post(f"{path}/mapping", **{"t0-0": "type"})
    assert wrong.status_code == 422
    assert "选作题干" in wrong.text
    fields = ("type", "stem", "option_A", "option_B", "option_C", "option_D", "answer")
    chosen = {f"t0-{at}": field for at, field in enumerate(fields)}
    assert desk.post(f"{path}/mapping", **chosen).status_code == 303
    assert 'name="q' in desk.client.get(path).text


def test_a_preview_overtaken_by_another_import_is_compared_again(desk: Desk) -> None:
    first, second = desk.upload(sheet([row(1)])), desk.upload(sheet([row(1)]))
    assert desk.client.get(second).status_code == 200
    report = re.search(r'name="report" value="(\w+)"', desk.client.get(second).text)
    assert report
    assert desk.confirm(first).status_code == 303
    reply = desk.post(second, mode="good", report=report[1], scope="province:13")
    assert reply.status_code == 303
    page = desk.client.get(second).text
    assert "题库有变化" in page
    assert "题库里都有" in page


def test_nothing_is_imported_after_all(desk: Desk) -> None:
    path = desk.upload(sheet([row(1)]))
    assert desk.post(path, mode="none").status_code == 303
    assert desk.client.get(path).status_code == 404
    assert desk.post(path, mode="none").status_code == 404


def test_a_file_still_being_read_shows_its_progress(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_reading, "read_upload", lambda *_, **__: None)
    path = desk.upload(sheet([row(1)]))
    page = desk.client.get(path).text
    assert 'http-equiv="refresh"' in page
    assert "第 1 步，共 4 步" in page
    with transaction() as tx:
        started = imports_store.get_reading(tx, int(path.rsplit("/", 1)[1])).started_at
        imports_store.put_stage(
            tx, int(path.rsplit("/", 1)[1]), started, state="checking", done=1200, total=5000
        )
    page = desk.client.get(path).text
    assert "第 3 步，共 4 步" in page
    assert "1200 / 5000" in page
    assert desk.post(path, mode="good", report="x").status_code == 303
    assert desk.client.get(f"{path}/errors.xlsx").status_code == 409
    monkeypatch.setattr(imports, "INTERRUPTED", -imports.INTERRUPTED)
    page = desk.client.get(path).text
    assert "读取中断了" in page
    assert 'http-equiv="refresh"' not in page
    assert desk.post(f"{path}/read").status_code == 303


def test_failed_rows_are_a_file_of_their_own(desk: Desk) -> None:
    path = desk.upload(sheet(mixed(), "csv"), "题.csv")
    reply = desk.client.get(f"{path}/errors.csv")
    assert reply.status_code == 200
    assert "缺少答案" in reply.get_data(as_text=True)
    assert desk.client.get(f"{path}/errors.pdf").status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_english_reader_gets_english_reasons_and_the_file_can_come_back(
    desk: Desk, kind: str
) -> None:
    desk.client.set_cookie("lang", "en")
    content = desk.client.get(f"{desk.upload(sheet(mixed()))}/errors.{kind}").data
    *_, reason = tabular.read(f"x.{kind}", content)[0].rows[0].cells
    assert reason == "What is wrong"
    path = desk.upload(content, f"x.{kind}")
    again = tabular.read("x.csv", desk.client.get(f"{path}/errors.csv").data)[0].rows
    assert again[0].cells.count("What is wrong") == 1
    assert again[1].cells[-1] == "The answer is missing"


@pytest.mark.parametrize("kind", ["xlsx", "csv", "docx"])
def test_a_template_imports_without_a_fault(desk: Desk, kind: str) -> None:
    content = desk.client.get(f"/imports/template.{kind}").data
    page = desk.client.get(desk.upload(content, f"模板.{kind}")).text
    assert "确认导入" in page
    assert "有错误 0" in page
    assert "没有认出题干所在的列" not in page, "its notes are no table to correct"
    assert desk.client.get("/imports/template.exe").status_code == 422
