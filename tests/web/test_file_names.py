"""A file's name is for its owner to read; whatever stands in it."""

import pytest
from flask import Flask

from quizapp.store.db import transaction
from tests.factories import enter, make_grant, make_officer
from tests.law_of_kites import NEW_LINES

ROSTER = "工号,姓名,城市,县区\r\n0101,张三,石家庄市,桥西区\r\n"


@pytest.mark.parametrize("name", ["a%00b", "a%ED%A0%80b", "%E9%95%BF" * 400])
@pytest.mark.parametrize(
    ("address", "suffix", "content"),
    [("/imports/", "txt", "1．罚款？（A）"), ("/laws/import", "txt", NEW_LINES),
     ("/manage/roster", "csv", ROSTER)],
)  # fmt: skip
def test_no_name_of_a_file_is_a_fault(
    app: Flask, address: str, suffix: str, content: str, name: str
) -> None:
    with transaction() as tx:
        officer_id = make_officer(tx, "130000")
        for role in ("trainer", "administrator"):
            make_grant(tx, officer_id, role)
    client = app.test_client()
    token = enter(client, officer_id)
    named = f"filename*=UTF-8''{name}.{suffix}"
    parts = (
        f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n',
        f'Content-Disposition: form-data; name="file"; {named}\r\n\r\n{content}\r\n',
    )
    body = "".join(f"--edge\r\n{part}" for part in parts) + "--edge--\r\n"
    reply = client.post(
        address, data=body.encode(), content_type="multipart/form-data; boundary=edge"
    )
    assert reply.status_code == 303, reply.text
