"""Trainers see the bank, nobody else does; no address makes it fail."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from quizapp.service.bank import load_folder
from quizapp.store.db import reading, transaction
from quizapp.store.journal import journal
from tests.bank_files import changed, write_bank
from tests.factories import NOW, enter, make_officer, make_staff


def test_an_empty_bank_offers_nothing_to_search(client: FlaskClient) -> None:
    with transaction() as tx:
        enter(client, make_staff(tx, "trainer", "130000"))
    page = client.get("/bank/").text
    assert "题库还没有题目" in page
    assert 'role="search"' not in page
    page = client.get("/bank/?state=draft").text
    assert "没有符合条件的题目" in page
    assert 'role="search"' in page


@pytest.fixture
def trainer(app: Flask, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    load_folder(write_bank(tmp_path), now=NOW)
    load_folder(write_bank(tmp_path, changed("    D: 五百元", "    D: 一千元")), now=NOW)
    with transaction() as tx:
        enter(client, make_staff(tx, "trainer", "130000"))
    return client


def test_the_list_shows_what_the_search_finds(trainer: FlaskClient) -> None:
    page = trainer.get("/bank/").text
    assert "共 3 题" in page
    for query, count in (
        ("type=single", 1),
        ("difficulty=3", 1),
        ("law=行政处罚法", 3),
        ("law=刑法", 0),
        ("topic=听证", 1),
        ("topic=听", 0),
        ("state=in_review", 1),
        ("state=retired", 0),
        ("text=拒绝接受检查", 1),
        ("text=xzcf-051", 1),
        ("text=%25", 0),
        ("text=_", 0),
        ("type=judge&difficulty=2&topic=听证", 1),
    ):
        page = trainer.get(f"/bank/?{query}").text
        assert (f"共 {count} 题" in page) if count else ("没有符合条件的题目" in page), query


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-3", "page=99999999999999999999", "page=x", "type=essay", "difficulty=9",
        "difficulty=x", "state=gone", "text=" + "问" * 500, "text='\"\\%", "topic=%5C",
        "law=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_fault(trainer: FlaskClient, query: str) -> None:
    assert trainer.get(f"/bank/?{query}").status_code == 200


def test_a_question_shows_key_explanation_citation_and_versions(trainer: FlaskClient) -> None:
    page = trainer.get("/bank/questions/HB-XZCF-051-01").text
    assert "一千元" in page
    assert "五百元" not in page
    assert "《行政处罚法》第五十一条" in page
    assert "（2021-01-22 版）" in page
    old = trainer.get("/bank/questions/HB-XZCF-051-01?version=1").text
    assert "五百元" in old
    assert "这是旧版本" in old
    case = trainer.get("/bank/questions/HB-XZCF-055-01").text
    assert "案例材料" in case
    assert "第 2 小题" in case


@pytest.mark.parametrize(
    "path",
    [
        "/bank/questions/HB-NO-001-01",
        "/bank/questions/HB-XZCF-051-01?version=7",
        "/bank/questions/%0A",
    ],
)
def test_what_is_not_there_is_not_found(trainer: FlaskClient, path: str) -> None:
    assert trainer.get(path).status_code == 404


def test_an_export_holds_the_keys_and_is_written_down(trainer: FlaskClient) -> None:
    answer = trainer.get("/bank/export.csv?type=single")
    assert answer.status_code == 200
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "HB-XZCF-051-01" in lines[1]
    assert ",C," in lines[1]
    assert trainer.get("/bank/export.xlsx").data.startswith(b"PK")
    assert trainer.get("/bank/export.pdf").status_code == 422
    with reading() as tx:
        facts = tx.execute(
            sa.select(journal.c.facts).where(journal.c.action == "bank.exported")
        ).scalars()
        assert [each["questions"] for each in facts] == [1, 3]


@pytest.mark.parametrize("path", ["/bank/", "/bank/questions/HB-XZCF-051-01", "/bank/export.csv"])
def test_nobody_but_trainers_sees_a_key(app: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 303
    with transaction() as tx:
        enter(client, make_officer(tx))
    assert client.get(path).status_code == 403
    with transaction() as tx:
        enter(client, make_staff(tx, "organizer"))
    assert client.get(path).status_code == 403


def test_an_empty_bank_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    with transaction() as tx:
        enter(client, make_staff(tx, "trainer"))
    page = client.get("/bank/").text
    assert "可以从文件导入" in page
    assert 'class="button" href="/imports/"' in page
