"""How large a file may be: one limit for the request and for the file, and it is said."""

import pytest
from flask import Flask

from quizapp.domain.sheets import FileRefused
from quizapp.formats.safety import MAX_FILE_MB
from quizapp.service import imports
from quizapp.store.db import transaction
from tests.factories import enter, make_staff

MB = 1024 * 1024


def send(app: Flask, content: bytes, language: str) -> tuple[int, str]:
    with transaction() as tx:
        trainer = make_staff(tx, "trainer")
    client = app.test_client()
    token = enter(client, trainer)
    client.set_cookie("lang", language)
    parts = [
        f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode(),
        b'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n%b\r\n' % content,
    ]
    body = b"".join(b"--edge\r\n" + part for part in parts) + b"--edge--\r\n"
    with client.post(
        "/imports/", data=body, content_type="multipart/form-data; boundary=edge"
    ) as reply:
        return reply.status_code, reply.text


@pytest.mark.parametrize(("language", "words"), [("zh", "最大 20 MB"), ("en", "at most 20 MB")])
@pytest.mark.parametrize(("size", "status"), [(MAX_FILE_MB * MB + 1, 422), (40 * MB, 413)])
def test_too_large_a_file_is_told_how_large_it_may_be(
    app: Flask, language: str, words: str, size: int, status: int
) -> None:
    answered, page = send(app, b"a" * size, language)
    assert answered == status
    assert words in page
    assert status != 413 or '<a class="button main" href="/imports/">' in page, "back to the desk"


def test_the_largest_file_that_may_be_read_gets_through(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[int] = []

    def receive(viewer: object, name: str, content: bytes, **_: object) -> int:
        received.append(len(content))
        raise FileRefused("file_empty")

    monkeypatch.setattr(imports, "receive", receive)
    send(app, b"a" * (MAX_FILE_MB * MB), "zh")
    assert received == [MAX_FILE_MB * MB]
